"""Results: stored once for each outcome, corrected by a later one, never overwritten."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from planner.campaign.values import Point, shown
from planner.executor import Measurement
from planner.record.event import EventKind
from planner.record.result import Result
from planner.record.trial import Trial, TrialState
from planner.store.engine import Database
from planner.store.rows import (
    Conflict,
    Differs,
    NotFound,
    find,
    first,
    insert,
    next_number,
    note,
)
from planner.store.trials import get_trial

_NOT_RUN = (TrialState.PROPOSED, TrialState.APPROVED, TrialState.VETOED)


class Results:
    """The results of all campaigns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self,
        campaign: str,
        trial: int,
        stage: str,
        measurements: Sequence[Measurement],
        as_run: Point | None,
        author: str,
        at: datetime,
    ) -> list[Result]:
        """Store what a person enters, late results too: those that are new.

        Conflict where the trial has not run or was abandoned, where an outcome has another current
        result, or where only ``as_run`` is new.
        """
        with self._database.write(campaign) as db:
            _check_takes_results(get_trial(db, campaign, trial))
            known = current(find(db, Result, campaign=campaign, trial=trial))
            drafts = draft(campaign, trial, stage, measurements, as_run, author, at)
            stored = store(db, drafts, known)
            if as_run is not None and not stored and not _hold_as_run(known, drafts):
                raise Conflict(
                    f"trial {trial}: these results are stored already; "
                    "correct one of them to say how it was really run"
                )
            return stored

    def correct(
        self,
        campaign: str,
        number: int,
        *,
        value: float,
        standard_error: float | None,
        unit: str,
        author: str,
        at: datetime,
        reason: str,
        as_run: Point | None = None,
    ) -> Result:
        """Supersede a result by a better one; ``as_run`` is kept where none comes.

        Conflict where it was superseded before.
        """
        with self._database.write(campaign) as db:
            old = _get(db, campaign, number)
            later = first(db, Result, campaign=campaign, supersedes=number)
            if later is not None:
                raise Conflict(
                    f"result {number} was corrected by {later.author} at "
                    f"{later.at:%Y-%m-%d %H:%M} UTC; result {later.number} holds now"
                )
            update = {
                "number": next_number(db, Result, campaign=campaign),
                "value": value,
                "standard_error": standard_error,
                "unit": unit,
                "author": author,
                "at": at,
                "reason": reason,
                "as_run": old.as_run if as_run is None else as_run,
                "supersedes": number,
            }
            new = Result.model_validate(old.model_dump() | update)
            insert(db, [new])
            _note(db, new, EventKind.CORRECTED)
            return new

    def history(self, campaign: str, trial: int) -> list[Result]:
        """All results of a trial by number, superseded ones too."""
        with self._database.read() as db:
            get_trial(db, campaign, trial)
            return find(db, Result, campaign=campaign, trial=trial)


def current(results: Iterable[Result]) -> list[Result]:
    """Those that no later one supersedes."""
    results = list(results)
    superseded = {result.supersedes for result in results}
    return [result for result in results if result.number not in superseded]


def draft(
    campaign: str,
    trial: int,
    stage: str,
    measurements: Sequence[Measurement],
    as_run: Point | None,
    author: str,
    at: datetime,
) -> list[Result]:
    """Measurements as results, numbered from 1 until they are stored."""
    return [
        Result(
            campaign=campaign,
            number=number,
            trial=trial,
            stage=stage,
            outcome=measured.outcome,
            value=measured.value,
            standard_error=measured.standard_error,
            unit=measured.unit,
            method=measured.method,
            source=measured.source,
            as_run=as_run,
            author=author,
            at=at,
        )
        for number, measured in enumerate(measurements, 1)
    ]


def store(db: sa.Connection, drafts: Sequence[Result], known: Sequence[Result]) -> list[Result]:
    """Store the drafts that say something new, under the next numbers.

    One that repeats a known value is passed over; Conflict where a known value differs.
    """
    new: list[Result] = []
    for result in drafts:
        if not _is_known(result, [*known, *new]):
            number = next_number(db, Result, campaign=result.campaign) + len(new)
            new.append(result.model_copy(update={"number": number}))
    insert(db, new)
    for result in new:
        _note(db, result, EventKind.RECORDED)
    return new


def _check_takes_results(trial: Trial) -> None:
    if trial.state in _NOT_RUN:
        raise Conflict(
            f"trial {trial.number} is {trial.state}: it has not run, so it has no results"
        )
    if trial.state is TrialState.ABANDONED:
        why = f" ({trial.message})" if trial.message else ""
        raise Conflict(
            f"trial {trial.number} was abandoned{why}: its results would not count; "
            "inject its point again to try it anew"
        )


def _is_known(result: Result, known: Sequence[Result]) -> bool:
    same = [other for other in known if other.outcome == result.outcome]
    if not same:
        return False
    if any(_repeats(result, other) for other in same):
        return True
    there = same[-1]
    raise Differs(
        f"trial {there.trial} has {there.outcome} = {shown(there.value)} {there.unit} by "
        f"{there.author} (result {there.number}); correct it to say {shown(result.value)}"
    )


def _repeats(result: Result, other: Result) -> bool:
    return result.value == other.value and result.standard_error in (None, other.standard_error)


def _hold_as_run(known: Sequence[Result], drafts: Sequence[Result]) -> bool:
    return all(any(d.outcome == k.outcome and d.as_run == k.as_run for k in known) for d in drafts)


def _get(db: sa.Connection, campaign: str, number: int) -> Result:
    result = first(db, Result, campaign=campaign, number=number)
    if result is None:
        last = next_number(db, Result, campaign=campaign) - 1
        raise NotFound(f"campaign {campaign!r} has no result {number}; the last one is {last}")
    return result


def _note(db: sa.Connection, result: Result, kind: EventKind) -> None:
    note(
        db,
        result.campaign,
        result.at,
        kind,
        result.author,
        trial=result.trial,
        result=result.number,
        outcome=result.outcome,
        supersedes=result.supersedes,
    )
