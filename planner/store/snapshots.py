"""Reading a whole campaign again and again: what cannot have changed is not read twice.

Results, decisions and model versions are only ever added, and what has ended (a trial, a job) stays
as it is: triggers of the database and ``MOVES`` see to that; who takes something back makes a new
decision. So a record is the one before, with what is new, and with what was still open, or was
decided on since, as it is now.
"""

from operator import attrgetter

import sqlalchemy as sa

from planner.record.decision import Decision
from planner.record.entry import Entry
from planner.record.job import Job
from planner.record.record import Record
from planner.record.result import ModelVersion, Result
from planner.record.trial import Trial
from planner.store.results import current
from planner.store.rows import find, table_of

PARTS = ("trials", "jobs", "results", "decisions", "versions")
MANY = 500
"""Open trials; where there are more, everything is read anew."""


def read_record(db: sa.Connection, name: str, before: Record | None = None) -> Record:
    """The record of a campaign as the transaction sees it. ``before`` was read earlier: the very
    same comes back where nothing has changed since. Unreadable where a part is damaged."""
    known = before or Record()
    moving = _moving(known)
    if len(moving) > MANY:
        known, moving = Record(), []
    decisions = _read(db, name, known.decisions, Decision, _newer(Decision, known.decisions))
    new = decisions[len(known.decisions) :]
    moving = sorted({*moving, *(decision.trial for decision in new)})
    trials, jobs = table_of(Trial).c, table_of(Job).c
    last = max((t.number for t in known.trials), default=0)
    now = Record(
        trials=_read(db, name, known.trials, Trial, _later(trials.number, last, moving)),
        jobs=_read(db, name, known.jobs, Job, _later(jobs.trial, last, moving)),
        results=_results(db, name, known.results),
        decisions=decisions,
        versions=_read(db, name, known.versions, ModelVersion, _newer_versions(known.versions)),
    )
    same = all(getattr(now, part) is getattr(known, part) for part in PARTS)
    return known if same else now


def _moving(record: Record) -> list[int]:
    """The trials of which something may still change: open ones, and those with an open job."""
    trials = {t.number for t in record.trials if t.state.is_open}
    return sorted(trials | {job.trial for job in record.jobs if job.state.is_open})


def _read[R: Entry](
    db: sa.Connection,
    name: str,
    known: tuple[R, ...],
    record: type[R],
    where: sa.ColumnElement[bool],
) -> tuple[R, ...]:
    """What is known, with what the condition finds; the same tuple where that is no news."""
    key = attrgetter(*(c.name for c in table_of(record).primary_key))
    found = {key(entry): entry for entry in find(db, record, where, campaign=name)}
    if not found:
        return known
    kept = {key(entry): entry for entry in known}
    if all(kept.get(place) == entry for place, entry in found.items()):
        return known
    return tuple(entry for _, entry in sorted((kept | found).items()))


def _later(number: sa.Column[int], last: int, moving: list[int]) -> sa.ColumnElement[bool]:
    return (number > last) | number.in_(moving)


def _newer[R: Result | Decision](record: type[R], known: tuple[R, ...]) -> sa.ColumnElement[bool]:
    return table_of(record).c.number > max((entry.number for entry in known), default=0)


def _newer_versions(known: tuple[ModelVersion, ...]) -> sa.ColumnElement[bool]:
    """Each learner counts its own."""
    table = table_of(ModelVersion).c
    last = {version.learner: version.number for version in known}  # by number within a learner
    newer = [(table.learner == name) & (table.number > number) for name, number in last.items()]
    return sa.or_(table.learner.not_in(last), *newer)


def _results(db: sa.Connection, name: str, known: tuple[Result, ...]) -> tuple[Result, ...]:
    """The current ones; the newest is always among them."""
    found = find(db, Result, _newer(Result, known), campaign=name)
    return tuple(current([*known, *found])) if found else known
