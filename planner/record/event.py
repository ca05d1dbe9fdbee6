"""Events: an append-only record of everything that happened."""

from enum import StrEnum
from typing import Any

from planner.record.entry import Entry, Time


class EventKind(StrEnum):
    """What can happen: of a trial, a job, a result, a model, the planner, a campaign."""

    PROPOSED = "trial.proposed"
    APPROVED = "trial.approved"
    EDITED = "trial.edited"
    VETOED = "trial.vetoed"
    TAKEN_BACK = "trial.taken-back"
    STARTED = "trial.running"
    COMPLETED = "trial.completed"
    FAILED = "trial.failed"
    ABANDONED = "trial.abandoned"

    JOB_OPENED = "job.opened"
    JOB_CLAIMED = "job.claimed"
    JOB_COMPLETED = "job.completed"
    JOB_FAILED = "job.failed"
    JOB_ABANDONED = "job.abandoned"

    RECORDED = "result.recorded"
    CORRECTED = "result.corrected"

    LEARNED = "model.learned"
    MODEL_FAILED = "planner.failed"
    """The model could not plan: the ``error``, and the number of the ``last_trial`` before it. A
    change of the reason is noted too."""
    NOTHING_PROPOSED = "planner.idle"
    """Nothing could be proposed where something was wanted: the ``error``, and the ``last_trial``
    before it."""

    ADDED = "campaign.added"
    REVISED = "campaign.revised"
    RESUMED = "campaign.active"
    PAUSED = "campaign.paused"
    FINISHING = "campaign.finishing"
    STOPPED = "campaign.stopped"
    REMOVED = "campaign.removed"
    IMPORTED = "trials.imported"

    @classmethod
    def trial(cls, now: StrEnum) -> "EventKind":
        """That a trial came into a state, or met with a verdict."""
        return cls(f"trial.{now}")

    @classmethod
    def job(cls, now: StrEnum) -> "EventKind":
        """That a job came to its end."""
        return cls(f"job.{now}")

    @classmethod
    def campaign(cls, now: StrEnum) -> "EventKind":
        """That a campaign was given a status."""
        return cls(f"campaign.{now}")


class Event(Entry):
    """An append-only line of everything that happened."""

    campaign: str
    at: Time
    kind: str
    """An ``EventKind``; or what a newer Kyoso wrote."""
    author: str
    trial: int | None = None
    data: dict[str, Any] = {}


class LoggedEvent(Event):
    """An event in its place: ids rise within a campaign, perhaps with gaps."""

    id: int
