"""Reading and writing records inside a transaction. Conditions are equalities, by name.

``find(db, Trial, campaign="a", state=[State.PROPOSED])`` gives trials, never rows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.error import KyosoError
from planner.door.words import short
from planner.record.decision import Decision
from planner.record.entry import Entry
from planner.record.event import Event, EventKind, LoggedEvent
from planner.record.job import Artifact, Job
from planner.record.letter import Letter, Posted
from planner.record.result import ModelVersion, Result
from planner.record.status import CampaignHead, CampaignVersion
from planner.record.trial import Trial
from planner.store import schema

_TABLES: dict[type[Entry], sa.Table] = {
    CampaignHead: schema.CAMPAIGN,
    CampaignVersion: schema.CAMPAIGN_VERSION,
    Trial: schema.TRIAL,
    Decision: schema.DECISION,
    Job: schema.JOB,
    Result: schema.RESULT,
    Artifact: schema.ARTIFACT,
    ModelVersion: schema.MODEL_VERSION,
    Event: schema.EVENT,
    LoggedEvent: schema.EVENT,
    Letter: schema.OUTBOX,
    Posted: schema.OUTBOX,
}


class Conflict(KyosoError):
    """Somebody was faster: what the caller saw is no longer so, and nothing was changed."""


class Differs(Conflict):
    """Another value of the same outcome is stored already; a correction would supersede it."""


class StoreError(KyosoError):
    """The database cannot be opened, read or written: damaged, locked, read-only, or not there."""


class Unreadable(StoreError):
    """What is stored of one campaign cannot be loaded. The others can."""

    def __init__(self, campaign: str, why: str) -> None:
        super().__init__(f"campaign {campaign!r} cannot be loaded: {why}")


class NotFound(KyosoError, LookupError):
    """There is no such thing; the message says what there is."""


def table_of(record: type[Entry]) -> sa.Table:
    """The table that keeps these records."""
    return _TABLES[record]


def find[R: Entry](
    db: sa.Connection,
    record: type[R],
    *conditions: sa.ColumnElement[bool],
    lock: bool = False,
    **where: Any,
) -> list[R]:
    """All records for which the conditions hold, by their key; a list means one of these.

    ``lock`` lets no other transaction change them (SQLite: nobody can, while this one writes).
    """
    table = table_of(record)
    wanted = sa.select(*(table.c[name] for name in record.model_fields))
    wanted = wanted.where(*_hold(table, where), *conditions).order_by(*table.primary_key)
    rows = db.execute(wanted.with_for_update() if lock else wanted)
    return loaded(record, rows, where.get("campaign", where.get("name", "of these")))


def loaded[R: Entry](record: type[R], rows: sa.CursorResult[Any], campaign: str) -> list[R]:
    """Rows of a campaign as records. Unreadable where they are none."""
    names = tuple(rows.keys())
    try:
        return [record.model_validate(dict(zip(names, row, strict=True))) for row in rows]
    except (LookupError, TypeError, ValueError) as error:  # the driver's own, or pydantic's
        raise Unreadable(campaign, f"{table_of(record).name}: {short(error)}") from error


def readable[R: Entry](
    db: sa.Connection, record: type[R], wanted: sa.Select[Any]
) -> tuple[list[R], list[str]]:
    """The rows that are records, and what is wrong with the others: one that is damaged hides no
    other."""
    try:
        return loaded(record, db.execute(wanted), ""), []
    except Unreadable:
        return _one_by_one(record, db.execute(wanted))


def _one_by_one[R: Entry](record: type[R], rows: sa.CursorResult[Any]) -> tuple[list[R], list[str]]:
    found: list[R] = []
    faults: list[str] = []
    while True:
        try:
            if (row := rows.fetchone()) is None:
                return found, faults
            found.append(record.model_validate(dict(row._mapping)))
        except (LookupError, TypeError, ValueError) as error:
            faults.append(f"{table_of(record).name}: {short(error)}")


def first[R: Entry](
    db: sa.Connection, record: type[R], *, lock: bool = False, **where: Any
) -> R | None:
    """The one record for which the conditions hold, if there is one."""
    return next(iter(find(db, record, lock=lock, **where)), None)


def insert(db: sa.Connection, records: Sequence[Entry]) -> None:
    """Add records, all of one kind."""
    if records:
        rows = [record.model_dump() for record in records]
        db.execute(sa.insert(table_of(type(records[0]))), rows)


def change[R: Entry](db: sa.Connection, before: R, **values: Any) -> R:
    """The record with new values, in the table too. The caller holds the campaign's lock."""
    after = type(before).model_validate(before.model_dump() | values)
    table = table_of(type(before))
    key = {column.name: getattr(before, column.name) for column in table.primary_key}
    db.execute(
        sa.update(table).where(*_hold(table, key)).values(after.model_dump(include={*values}))
    )
    return after


def next_number(db: sa.Connection, record: type[Entry], **where: Any) -> int:
    """One more than the highest number so far. The caller holds the campaign's lock."""
    table = table_of(record)
    highest = db.scalar(sa.select(sa.func.max(table.c.number)).where(*_hold(table, where)))
    return (highest or 0) + 1


def note(
    db: sa.Connection,
    campaign: str,
    at: datetime,
    kind: EventKind,
    author: str,
    *,
    trial: int | None = None,
    **data: Any,
) -> None:
    """Write down what happened, in the transaction in which it happens."""
    event = Event(campaign=campaign, at=at, kind=kind, author=author, trial=trial, data=data)
    insert(db, [event])


def _hold(table: sa.Table, where: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    return [
        table.c[name].in_(value) if isinstance(value, list | tuple) else table.c[name] == value
        for name, value in where.items()
    ]
