"""What happened, in order. Every other part of the store writes its own events; this reads them."""

import builtins

import sqlalchemy as sa

from planner.record.event import Event, EventKind, LoggedEvent
from planner.store.engine import Database
from planner.store.rows import insert, loaded, table_of


class Events:
    """The events of all campaigns."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[LoggedEvent, ...]] = {}

    def add(self, event: Event) -> None:
        """A note of the loop, or of a person."""
        with self._database.write(event.campaign) as db:
            insert(db, [event])

    def newest(self, campaign: str) -> int:
        """The id of the last event of a campaign; 0 before the first."""
        events = table_of(Event)
        highest = sa.select(sa.func.max(events.c.id)).where(events.c.campaign == campaign)
        with self._database.read() as db:
            return db.scalar(highest) or 0

    def last(self, campaign: str, kind: EventKind) -> LoggedEvent | None:
        """The newest event of a kind, if there is one."""
        events = table_of(Event)
        wanted = sa.select(events).where(events.c.campaign == campaign, events.c.kind == kind)
        with self._database.read() as db:
            rows = db.execute(wanted.order_by(events.c.id.desc()).limit(1))
            return next(iter(loaded(LoggedEvent, rows, campaign)), None)

    def log(self, campaign: str) -> tuple[LoggedEvent, ...]:
        """All events of a campaign, in order, for whoever looks at them again and again: what was
        read before is kept, as events are only ever added."""
        known = self._known.get(campaign, ())
        new = self.list(campaign, known[-1].id if known else 0)
        if new or campaign not in self._known:
            known = self._known[campaign] = (*known, *new)
        return known

    def list(self, campaign: str, after_id: int = 0) -> builtins.list[LoggedEvent]:
        """Events after the last one seen, in the order of their ids, which may have gaps."""
        events = table_of(Event)
        wanted = sa.select(events).where(events.c.campaign == campaign, events.c.id > after_id)
        with self._database.read() as db:
            return loaded(LoggedEvent, db.execute(wanted.order_by(events.c.id)), campaign)
