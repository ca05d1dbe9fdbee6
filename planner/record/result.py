"""Results of jobs, and the model versions that learners make of them."""

from typing import Any

from pydantic import Field

from planner.campaign.values import Point
from planner.record.entry import Entry, Time


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
    at: Time
    reason: str = ""
    """Why it supersedes an earlier result."""


class ModelVersion(Entry):
    """What a learner made of the results so far, with its scores."""

    campaign: str
    learner: str
    number: int = Field(ge=1)
    at: Time
    results: int
    """How many current results it was made from."""
    scores: dict[str, float] = {}
    state: dict[str, Any] = {}
    """What the learner needs to predict again; plain data."""
    used: bool = True
    """A version that scores worse than the one before is stored and not used."""
