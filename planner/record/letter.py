"""Notices on their way to people."""

from typing import Any

from planner.record.entry import Entry, Time


class Letter(Entry):
    """A notice on its way to people through one channel."""

    campaign: str
    channel: str
    key: str
    """The same notice is put down once for each channel."""
    up_to: int
    """The last event that it takes into account."""
    content: dict[str, Any]
    created_at: Time
    next_at: Time
    """When it is tried next."""
    sent_at: Time | None = None
    attempts: int = 0
    error: str = ""
    """Why the last attempt failed."""


class Posted(Letter):
    """A letter in the outbox. Its id lets a receiver see that it came twice."""

    id: int
