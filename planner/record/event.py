"""Events: an append-only record of everything that happened."""

from typing import Any

from planner.record.entry import Entry, Time


class Event(Entry):
    """An append-only line of everything that happened."""

    campaign: str
    at: Time
    kind: str
    """For example ``trial.proposed``, ``job.completed``, ``result.corrected``."""
    author: str
    trial: int | None = None
    data: dict[str, Any] = {}


class LoggedEvent(Event):
    """An event in its place: ids rise within a campaign, perhaps with gaps."""

    id: int
