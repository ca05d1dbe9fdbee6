"""What happened, in order. Every other part of the store writes its own events; this reads them."""

import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from planner.record.event import Event, EventKind, LoggedEvent
from planner.store.engine import Database
from planner.store.rows import insert, readable, table_of


@dataclass(frozen=True)
class LogPart:
    """Events of a campaign in the order of their ids, and what is wrong with those among them that
    cannot be read."""

    events: tuple[LoggedEvent, ...]
    faults: tuple[str, ...]
    last: int
    """The id of the newest event at that moment, damaged or not; 0 before the first."""


class Events:
    """The events of all campaigns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, event: Event) -> None:
        """A note of the loop, or of a person."""
        with self._database.write(event.campaign) as db:
            insert(db, [event])

    def newest(self, campaign: str, *kinds: EventKind) -> int:
        """The id of the last event of a campaign, or of the last of these kinds; 0 before the
        first."""
        highest = _highest(campaign)
        if kinds:
            highest = highest.where(table_of(Event).c.kind.in_(kinds))
        with self._database.read() as db:
            return db.scalar(highest) or 0

    def last(self, campaign: str, kind: EventKind) -> LoggedEvent | None:
        """The newest event of a kind, if there is one that can be read."""
        events = table_of(Event)
        wanted = sa.select(events).where(events.c.campaign == campaign, events.c.kind == kind)
        with self._database.read() as db:
            found, _ = readable(db, LoggedEvent, wanted.order_by(events.c.id.desc()).limit(1))
        return next(iter(found), None)

    def list(self, campaign: str, after_id: int = 0) -> builtins.list[LoggedEvent]:
        """Events after the last one seen, in the order of their ids, which may have gaps. One that
        is damaged is left out: ``damage`` tells of it."""
        return [*self.part(campaign, after_id).events]

    def damage(self, campaign: str) -> builtins.list[str]:
        """What is wrong with events that cannot be read."""
        return [*self.part(campaign).faults]

    def part(self, campaign: str, after_id: int = 0) -> LogPart:
        """What came after the last one seen. Events are only ever added, so whoever goes on from
        ``last`` misses none and reads none twice."""
        wanted = _after(campaign, after_id).order_by(table_of(Event).c.id)
        with self._database.read() as db:
            last = db.scalar(_highest(campaign)) or 0
            events, faults = readable(db, LoggedEvent, wanted)
        return LogPart(tuple(events), tuple(f"campaign {campaign!r}: {f}" for f in faults), last)

    def of_kinds(
        self, campaign: str, kinds: Sequence[EventKind], after_id: int, most: int
    ) -> builtins.list[LoggedEvent]:
        """The newest events of these kinds, in the order of their ids."""
        wanted = _after(campaign, after_id).where(table_of(Event).c.kind.in_(kinds))
        newest = wanted.order_by(table_of(Event).c.id.desc()).limit(most)
        with self._database.read() as db:
            return readable(db, LoggedEvent, newest)[0][::-1]


def _after(campaign: str, last: int) -> sa.Select[Any]:
    events = table_of(Event)
    return sa.select(events).where(events.c.campaign == campaign, events.c.id > last)


def _highest(campaign: str) -> sa.Select[Any]:
    events = table_of(Event)
    return sa.select(sa.func.max(events.c.id)).where(events.c.campaign == campaign)
