"""Trials and what happens to them: decisions, jobs, results, events. Frozen records that check
themselves.

Numbers count from 1 within a campaign and are never used twice. Tables inherit these records
(``planner.store.tables``), so no field is written twice.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from pydantic import ConfigDict, field_validator
from sqlmodel import Field, SQLModel

from planner.values import Point


class Entry(SQLModel):
    """Base of the records: validated when made, frozen afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)  # type: ignore[assignment]

    @field_validator("*", mode="after", check_fields=False)
    @classmethod
    def _time_has_a_zone(cls, value: Any) -> Any:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError("a time needs its zone")
            return value.astimezone(UTC)
        return value


class State(StrEnum):
    """The life of a trial.

    ::

        PROPOSED --> APPROVED --> RUNNING --> COMPLETED    measured, perhaps in parts
            |            |           |--> FAILED           the sample failed: that is data
            |            |           '--> ABANDONED        a technical fault: not data
            '--> VETOED <'
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
        return self in (State.PROPOSED, State.APPROVED, State.RUNNING)

    @property
    def is_spent(self) -> bool:
        """Whether the trial counts against the budget."""
        return self not in (State.VETOED, State.ABANDONED)


MOVES: dict[State, tuple[State, ...]] = {
    State.PROPOSED: (State.APPROVED, State.VETOED, State.ABANDONED),
    State.APPROVED: (State.RUNNING, State.VETOED, State.ABANDONED),
    State.RUNNING: (State.COMPLETED, State.FAILED, State.ABANDONED),
    State.COMPLETED: (),
    State.FAILED: (),
    State.ABANDONED: (),
    State.VETOED: (),
}


class Origin(StrEnum):
    """Where a trial came from."""

    PLANNER = "planner"
    RESEARCHER = "researcher"
    IMPORTED = "imported"


class Verdict(StrEnum):
    """What a reviewer did with a trial."""

    APPROVED = "approved"
    EDITED = "edited"
    VETOED = "vetoed"


class JobState(StrEnum):
    """READY --> RUNNING --> COMPLETED | FAILED (the sample) | ABANDONED (a technical fault)."""

    READY = "ready"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    ABANDONED = "abandoned"

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it or has to."""
        return self in (JobState.READY, JobState.RUNNING)


BOTORCH, EXACT = "botorch", "exact-ei"
"""The generators with a model behind them: BoTorch's search of a space, and the exact expected
improvement of every candidate of a finite set."""


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
    guidance: dict[str, Any] = {}
    """How hypotheses moved it: ``moved_by`` (for each, its credence, its weight, and by how much in
    nats it speaks for this point rather than the other one), ``without`` (what would have been
    proposed without hypotheses), ``score`` and ``score_without`` (the acquisition of both, from
    data alone). Empty where hypotheses had no say."""
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
    state: State = State.PROPOSED
    version: int = Field(default=1, ge=1)
    """Rises with every move and every edit; a decision names the version it was made on."""
    campaign_version: int = Field(ge=1)
    author: str
    created_at: datetime
    message: str = ""
    """Why it failed or was abandoned or vetoed."""


class VetoCode(StrEnum):
    """Why a point or a region is vetoed, and so what the veto teaches.

    ``unsafe`` and ``impossible`` forbid it, ``not-in-stock`` forbids it until a day,
    ``already-known`` counts as tried, ``not-interesting`` is a soft belief, ``other`` teaches
    nothing more.
    """

    UNSAFE = "unsafe"
    IMPOSSIBLE = "impossible"
    NOT_IN_STOCK = "not-in-stock"
    ALREADY_KNOWN = "already-known"
    NOT_INTERESTING = "not-interesting"
    OTHER = "other"


class Decision(Entry):
    """Who approved, edited or vetoed which version of a trial, when, why, and what they saw."""

    campaign: str
    number: int = Field(ge=1)
    trial: int
    trial_version: int
    verdict: Verdict
    author: str = Field(min_length=1)
    at: datetime
    reason: str = ""
    code: VetoCode | None = None
    """For a veto: what kind of reason it is."""
    scope: dict[str, Any] | None = None
    """For a veto of a region: its limits (``within``) and inequalities (``where``); None: the point
    alone."""
    expires: date | None = None
    """For a veto: the last day on which it holds."""
    seen: dict[str, Any] = {}
    """The trial as it stood before the decision: point, prediction, feasibility, generator,
    reason."""


@dataclass(frozen=True)
class Choice:
    """What a reviewer wants of one trial, in the version that they saw."""

    number: int
    version: int
    verdict: Verdict
    reason: str = ""
    point: Point | None = None
    """The new point; only for an edit."""
    code: VetoCode | None = None
    scope: dict[str, Any] | None = None
    expires: date | None = None


class Job(Entry):
    """A stage for one trial, given to an executor. Its id is the same for every attempt."""

    campaign: str
    trial: int
    stage: str
    executor: str
    state: JobState = JobState.READY
    attempt: int = 0
    """How often it was submitted."""
    fence: int = 0
    """Rises with every claim; whoever holds an older fence can no longer write."""
    holder: str | None = None
    lease_until: datetime | None = None
    """When another process may take the job over; none for the work of people."""
    due: datetime | None = None
    progress: float | None = Field(default=None, ge=0, le=1)
    as_run: Point | None = None
    """The parameters that were really different from the plan, as the executor told at the end."""
    created_at: datetime
    ended_at: datetime | None = None
    message: str = ""

    @property
    def id(self) -> str:
        """The idempotency key that executors see: ``campaign/trial/stage``."""
        return f"{self.campaign}/{self.trial}/{self.stage}"


class Result(Entry):
    """One measured or computed outcome of a job. Never overwritten: a correction supersedes it."""

    campaign: str
    number: int = Field(ge=1)
    trial: int
    stage: str
    outcome: str
    value: float
    standard_error: float | None = Field(default=None, ge=0)
    unit: str
    method: str = ""
    source: str = ""
    as_run: Point | None = None
    """The parameters as they really were, where they differed from the plan."""
    supersedes: int | None = None
    author: str
    at: datetime
    reason: str = ""
    """Why it supersedes an earlier result."""


class Artifact(Entry):
    """A file that belongs to a job, stored once by the hash of its content."""

    campaign: str
    trial: int
    stage: str
    name: str
    sha256: str = Field(min_length=64, max_length=64)
    size: int
    """Bytes."""
    at: datetime


class ModelVersion(Entry):
    """What a learner made of the results so far, with its scores."""

    campaign: str
    learner: str
    number: int = Field(ge=1)
    at: datetime
    results: int
    """How many current results it was made from."""
    scores: dict[str, float] = {}
    state: dict[str, Any] = {}
    """What the learner needs to predict again; plain data."""
    used: bool = True
    """A version that scores worse than the one before is stored and not used."""


class Event(Entry):
    """An append-only line of everything that happened."""

    campaign: str
    at: datetime
    kind: str
    """For example ``trial.proposed``, ``job.completed``, ``result.corrected``."""
    author: str
    trial: int | None = None
    data: dict[str, Any] = {}
