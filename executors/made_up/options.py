"""What a virtual laboratory can be told: what it measures, and what goes wrong there."""

from typing import Annotated

from pydantic import Field, field_validator

from planner.campaign.values import Frozen, shown

Probability = Annotated[float, Field(ge=0, le=1)]
Sd = Annotated[float, Field(ge=0)]
Polls = Annotated[int, Field(ge=0, le=1_000_000)]


class Options(Frozen):
    """Options of the stage. Probabilities are per job; draws repeat for the same seed and job."""

    outcomes: dict[str, str] = Field(min_length=1)
    """A formula over parameters for each outcome, in the units of the campaign."""
    codes: dict[str, dict[str, float]] = Field(default={})
    """Numbers that stand for the values of a choice in formulas: ``{route: {SPS: 0, HIP: 1}}``."""
    noise: dict[str, Sd] = Field(default={})
    """Standard deviation of each outcome, reported as its standard error; else 0: exact."""
    fails_when: str | None = None
    """The sample fails where this formula is above 0: ``temperature - 850``."""
    delay: Polls | tuple[Polls, Polls] = 0
    """Polls before the answer, or the least and the most of them."""
    hang: Probability = 0
    """The job never ends."""
    crash: Probability = 0
    """A technical fault ends it."""
    lose: Probability = 0
    """The first submission has no effect, and the job is Lost."""
    partial: Probability = 0
    """Some outcomes are missing, never all."""
    twice: bool = False
    """The measurements of the end come along while the job still runs."""
    drift: dict[str, Sd] = Field(default={})
    """Standard deviation of as-run values from the plan, in the unit of each parameter."""
    seed: int = 0

    @field_validator("codes", mode="before")
    @classmethod
    def _words(cls, codes: object) -> object:
        """Values such as ``true`` and ``2`` are known by how they are written."""
        if not isinstance(codes, dict):
            return codes
        return {
            name: {shown(k): v for k, v in c.items()} if isinstance(c, dict) else c
            for name, c in codes.items()
        }

    @field_validator("delay")
    @classmethod
    def _rises(cls, delay: int | tuple[int, int]) -> int | tuple[int, int]:
        if isinstance(delay, tuple) and delay[0] > delay[1]:
            raise ValueError(f"the least ({delay[0]}) is above the most ({delay[1]})")
        return delay

    @property
    def delays(self) -> tuple[int, int]:
        """The least and the most polls before the answer."""
        return self.delay if isinstance(self.delay, tuple) else (self.delay, self.delay)
