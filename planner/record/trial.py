"""Trials: points with an origin and a life.

Numbers count from 1 within a campaign and are never used twice.
"""

from enum import StrEnum
from typing import TypedDict

from pydantic import ConfigDict, Field, with_config

from planner.campaign.values import Point
from planner.record.entry import Entry, Time


class TrialState(StrEnum):
    """The life of a trial.

    ::

        PROPOSED --> APPROVED --> RUNNING --> COMPLETED    measured, perhaps in parts
            |            |           |--> FAILED           the sample failed: that is data
            |            |           '--> ABANDONED        a technical fault: not data
            '--> VETOED <'

    What a person takes back leads from APPROVED, or from RUNNING while nobody has begun, to
    PROPOSED, and from FAILED or ABANDONED to RUNNING, where results can be entered. A veto that is
    taken back leaves its trial VETOED: its point and its region are free again.
    """

    PROPOSED = "proposed"
    APPROVED = "approved"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    ABANDONED = "abandoned"
    VETOED = "vetoed"

    @property
    def is_open(self) -> bool:
        """Whether the trial still waits for something."""
        return self in (TrialState.PROPOSED, TrialState.APPROVED, TrialState.RUNNING)

    @property
    def is_spent(self) -> bool:
        """Whether the trial counts against the budget: somebody, or the policy, decided for it."""
        return self.takes_place and self is not TrialState.PROPOSED

    @property
    def takes_place(self) -> bool:
        """Whether the trial takes a place in the budget: it is spent, or proposed and may be."""
        return self not in (TrialState.VETOED, TrialState.ABANDONED)


MOVES: dict[TrialState, tuple[TrialState, ...]] = {
    TrialState.PROPOSED: (TrialState.APPROVED, TrialState.VETOED, TrialState.ABANDONED),
    TrialState.APPROVED: (TrialState.RUNNING, TrialState.VETOED, TrialState.ABANDONED),
    TrialState.RUNNING: (TrialState.COMPLETED, TrialState.FAILED, TrialState.ABANDONED),
    TrialState.COMPLETED: (),
    TrialState.FAILED: (),
    TrialState.ABANDONED: (),
    TrialState.VETOED: (),
}
BACK: dict[TrialState, TrialState] = {
    TrialState.APPROVED: TrialState.PROPOSED,
    TrialState.RUNNING: TrialState.PROPOSED,
    TrialState.FAILED: TrialState.RUNNING,
    TrialState.ABANDONED: TrialState.RUNNING,
    TrialState.VETOED: TrialState.VETOED,
}
"""Where it leads to take back what was decided, or said, last of a trial."""


class Origin(StrEnum):
    """Where a trial came from."""

    PLANNER = "planner"
    RESEARCHER = "researcher"
    IMPORTED = "imported"


BOTORCH, EXACT = "botorch", "exact-ei"
"""The generators with a model behind them: BoTorch's search of a space, and the exact expected
improvement of every candidate of a finite set."""


class Push(TypedDict):
    """What one hypothesis did to a proposal."""

    credence: float
    weight: float
    """Below 0 its opposite speaks."""
    gain: float
    """By how much, in nats, it speaks for this point rather than the other one."""


@with_config(ConfigDict(extra="allow", allow_inf_nan=True))  # as it was kept, whatever it is
class Guidance(TypedDict, total=False):
    """How hypotheses moved a proposal."""

    moved_by: dict[str, Push]
    """By title."""
    without: Point
    """What would have been proposed without hypotheses."""
    score: float
    """The acquisition of the proposal, from data alone; not told of the first design."""
    score_without: float
    """The same of the point without hypotheses."""


class Proposal(Entry):
    """What a planner proposes, and what it expects of it."""

    point: Point
    generator: str
    """What really made it: ``botorch``, ``exact-ei``, ``sobol``, ``hypotheses`` (which seeded the
    first design), or ``researcher`` for an injected condition."""
    reason: str = ""
    prediction: dict[str, tuple[float, float]] = {}
    """Predicted mean and standard deviation of each outcome as it will be measured (noise
    included), in its unit, when it was proposed."""
    feasibility: float | None = Field(default=None, ge=0, le=1)
    """Predicted probability that the sample survives and every requirement on outcomes holds."""
    acquisition: float | None = None
    """The value of the acquisition function at the point; comparable within one turn only."""
    guidance: Guidance = {}
    """How hypotheses moved it; empty where they had no say."""
    seed: int | None = None
    packages: dict[str, str] = {}
    """Versions of the packages that made it: with the seed, enough to repeat it."""

    @property
    def is_by_model(self) -> bool:
        """Whether a model stands behind it."""
        return self.generator in (BOTORCH, EXACT)


class Trial(Proposal):
    """A point with an origin and a life."""

    campaign: str
    number: int = Field(ge=1)
    origin: Origin
    state: TrialState = TrialState.PROPOSED
    version: int = Field(default=1, ge=1)
    """Rises with every move and every edit; a decision names the version it was made on."""
    campaign_version: int = Field(ge=1)
    author: str
    created_at: Time
    message: str = ""
    """Why it failed or was abandoned or vetoed."""
