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
class _Seen:
    """The events of a campaign as they were read, and what is wrong with the others."""

    events: tuple[LoggedEvent, ...] = ()
    faults: tuple[str, ...] = ()
    last: int = 0
    """The id of the last one that was looked at."""


class Events:
    """The events of all campaigns."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, _Seen] = {}

    def add(self, event: Event) -> None:
        """A note of the loop, or of a person."""
        with self._database.write(event.campaign) as db:
            insert(db, [event])

    def newest(self, campaign: str, *kinds: EventKind) -> int:
        """The id of the last event of a campaign, or of the last of these kinds; 0 before the
        first."""
        events = table_of(Event)
        highest = sa.select(sa.func.max(events.c.id)).where(events.c.campaign == campaign)
        if kinds:
            highest = highest.where(events.c.kind.in_(kinds))
        with self._database.read() as db:
            return db.scalar(highest) or 0

    def last(self, campaign: str, kind: EventKind) -> LoggedEvent | None:
        """The newest event of a kind, if there is one that can be read."""
        events = table_of(Event)
        wanted = sa.select(events).where(events.c.campaign == campaign, events.c.kind == kind)
        with self._database.read() as db:
            found, _ = readable(db, LoggedEvent, wanted.order_by(events.c.id.desc()).limit(1))
        return next(iter(found), None)

    def log(self, campaign: str) -> tuple[LoggedEvent, ...]:
        """All events of a campaign, in order, for whoever looks at them again and again: what was
        read before is kept, as events are only ever added."""
        return self._looked_at(campaign).events

    def list(self, campaign: str, after_id: int = 0) -> builtins.list[LoggedEvent]:
        """Events after the last one seen, in the order of their ids, which may have gaps. One that
        is damaged is left out: ``damage`` tells of it."""
        return self._read(campaign, after_id)[0]

    def damage(self, campaign: str) -> builtins.list[str]:
        """What is wrong with events that cannot be read."""
        return [f"campaign {campaign!r}: {fault}" for fault in self._looked_at(campaign).faults]

    def _looked_at(self, campaign: str) -> "_Seen":
        """Everything up to now; what was read before is not read again."""
        known = self._known.get(campaign, _Seen())
        newest = self.newest(campaign)
        if newest > known.last:
            events, faults = self._read(campaign, known.last)
            events = [event for event in events if event.id <= newest]
            known = _Seen((*known.events, *events), (*known.faults, *faults), newest)
            self._known[campaign] = known
        return known

    def of_kinds(
        self, campaign: str, kinds: Sequence[EventKind], after_id: int, most: int
    ) -> builtins.list[LoggedEvent]:
        """The newest events of these kinds, in the order of their ids."""
        wanted = _after(campaign, after_id).where(table_of(Event).c.kind.in_(kinds))
        newest = wanted.order_by(table_of(Event).c.id.desc()).limit(most)
        with self._database.read() as db:
            return readable(db, LoggedEvent, newest)[0][::-1]

    def _read(
        self, campaign: str, after_id: int = 0
    ) -> tuple[builtins.list[LoggedEvent], builtins.list[str]]:
        wanted = _after(campaign, after_id).order_by(table_of(Event).c.id)
        with self._database.read() as db:
            return readable(db, LoggedEvent, wanted)


def _after(campaign: str, last: int) -> sa.Select[Any]:
    events = table_of(Event)
    return sa.select(events).where(events.c.campaign == campaign, events.c.id > last)
