"""The protocol that learners implement: they turn results into numbered model versions with
scores."""

from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any, Protocol, TypedDict

from planner.campaign.campaign import Campaign
from planner.record.record import Record

GROUP = "kyoso.learners"


class ModelFile(TypedDict):
    """A file that the record keeps with a trial: a model that a stage trained, for example."""

    trial: int
    stage: str
    name: str


@dataclass(frozen=True)
class Lesson:
    """What a learner made of the record: scores that people read, and the state that predicts."""

    scores: dict[str, float]
    state: dict[str, Any] = field(default_factory=dict)
    """Plain data. A ``ModelFile`` stands under ``model_file``: executors are handed that file with
    their orders, as ``learned/LEARNER/NAME``, while the version is in use."""
    better: bool = True
    """Whether to use it rather than the version before."""


class Learner(Protocol):
    """Fits the results of a campaign. Pure: the same record gives the same lesson."""

    name: str

    def learn(self, campaign: Campaign, record: Record) -> Lesson | None:
        """A lesson from the record; None where there is nothing to learn from yet."""


def installed_learners() -> list[Learner]:
    """All learners that are installed, by name."""
    return [entry.load()() for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name)]
