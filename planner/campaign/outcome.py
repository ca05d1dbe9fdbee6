"""What a campaign measures, and which of it is to become large, small or just right."""

from typing import Any, Literal

from pydantic import Field, model_validator

from planner.campaign.parameter import LARGEST, Unit, read_number
from planner.campaign.units import convert, convert_spread
from planner.campaign.values import Frozen

PLAIN = "1"
"""The unit of what is a plain number, such as a share."""


class Outcome(Frozen):
    """One measured or computed quantity. ``threshold`` is the worst value of an objective that
    is of
    interest (the reference point of the hypervolume); ``at_least`` and ``at_most`` are
    requirements."""

    goal: Literal["maximize", "minimize", "target", "none"]
    unit: Unit = ""
    threshold: float | None = None
    value: float | None = None
    """The value to hit; only for the goal ``target``."""
    tolerance: float | None = Field(default=None, gt=0)
    """Half-width around ``value`` that counts as hit; only for the goal ``target``."""
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _goal_has_what_it_needs(self) -> "Outcome":
        if self.goal == "target" and self.value is None:
            raise ValueError("the goal 'target' needs a value")
        if self.goal != "target" and (self.value is not None or self.tolerance is not None):
            raise ValueError(
                f"value and tolerance belong to the goal 'target', not to {self.goal!r}"
            )
        if self.goal in ("none", "target") and self.threshold is not None:
            raise ValueError(f"a threshold belongs to an objective, not to the goal {self.goal!r}")
        if None not in (self.at_least, self.at_most) and self.at_least > self.at_most:  # type: ignore[operator]
            raise ValueError(f"at_least ({self.at_least:g}) is above at_most ({self.at_most:g})")
        return self

    @property
    def is_objective(self) -> bool:
        """Whether the campaign optimises it."""
        return self.goal != "none"

    @property
    def direction(self) -> int:
        """1 where more is better, -1 where less is, 0 where neither; of an outcome without a goal,
        what its requirement asks for."""
        match self.goal:
            case "maximize":
                return 1
            case "minimize":
                return -1
            case "none":
                return (self.at_least is not None) - (self.at_most is not None)
        return 0

    def merit(self, measured: float) -> float:
        """Larger is better, in the outcome's unit: the value, its negative, or minus the
        distance to the target."""
        if self.goal == "target":
            return -abs(measured - self.value)  # type: ignore[operator]
        return -measured if self.goal == "minimize" else measured

    def allows(self, measured: float) -> bool:
        """Whether ``at_least`` and ``at_most`` hold."""
        return (self.at_least is None or measured >= self.at_least) and (
            self.at_most is None or measured <= self.at_most
        )

    def read(self, value: Any, standard_error: Any, unit: str | None) -> tuple[float, float | None]:
        """A measurement in the outcome's unit; that of a share is ``1``, which percent take, too.
        ValueError where the unit is missing or of another dimension, the value is no finite number,
        or the standard error is negative."""
        number = read_number(value, "")
        if abs(number) > LARGEST:
            raise ValueError(f"{number:g} is beyond {LARGEST:g}; choose a larger unit")
        if self.unit and not unit:
            raise ValueError(f"the value {number:g} came without a unit; {self.unit!r} is expected")
        if unit == PLAIN and not self.unit:
            unit = ""
        if unit and not self.unit:
            raise ValueError(f"the unit {unit!r} came for an outcome without a unit")
        if standard_error is None:
            return convert(number, unit or "", self.unit), None
        spread = read_number(standard_error, "")
        if spread < 0:
            raise ValueError(f"the standard error {spread:g} is negative")
        return (
            convert(number, unit or "", self.unit),
            convert_spread(number, spread, unit or "", self.unit),
        )
