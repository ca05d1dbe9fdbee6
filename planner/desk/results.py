"""What people hand in: results, files, failures, corrections. Checked first, stored in one go."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from planner.desk import tasks
from planner.desk.people import action
from planner.desk.uploads import Upload
from planner.executor import Measurement
from planner.loop.laboratory import utc_now
from planner.record.job import Job, JobState
from planner.record.measured import check_as_run, in_campaign_units
from planner.record.plausible import Implausible, implausible
from planner.record.result import Result
from planner.store import NotFound, Store

_NOTHING = (JobState.FAILED, JobState.ABANDONED)


@action
def hand_in(
    store: Store,
    job: Job,
    measurements: Sequence[Measurement],
    as_run: Mapping[str, Any],
    files: Iterable[Upload],
    who: str,
    partial: bool = False,
    at: datetime | None = None,
    anyway: bool = False,
) -> None:
    """Store what was done for a job that was seen open, and end it unless ``partial``. Conflict
    where somebody ended it meanwhile; Implausible where a value may be a slip, unless it is to be
    stored ``anyway``."""
    files, now = list(files), at or utc_now()
    if not anyway:
        _check_plausible(store, job.campaign, job.stage, measurements)
    if partial:
        _store(store, job, measurements, as_run, files, who, now)
    else:
        tasks.complete(store, job, measurements, as_run, files, who, now)


@action
def record(
    store: Store,
    name: str,
    trial: int,
    measurements: Sequence[Measurement],
    who: str,
    *,
    stage: str | None = None,
    as_run: Mapping[str, Any] | None = None,
    files: Iterable[Upload] = (),
    partial: bool = False,
    at: datetime | None = None,
    anyway: bool = False,
) -> list[Result]:
    """Store what was measured of a trial, whenever it comes: those results that are new. An open
    job ends with it unless ``partial``.

    ValueError where nothing came, the stage is not clear, or a value is not valid; Implausible
    where one may be a slip, unless it is to be stored ``anyway``.
    """
    files, campaign = list(files), store.campaigns.get(name)
    if not measurements and not files:
        raise ValueError(f"no value came; the outcomes are {', '.join(campaign.outcomes)}")
    stage = tasks.stage_meant(campaign, stage, [m.outcome for m in measurements])
    if stage:
        in_campaign_units(campaign, stage, measurements)  # what was typed, before what is missing
    job = tasks.job_of(store, name, trial, stage) if stage else tasks.open_job(store, name, trial)
    if not anyway:
        _check_plausible(store, name, job.stage, measurements)
    if partial or not job.state.is_open:
        return _store(store, job, measurements, as_run or {}, files, who, at or utc_now())
    before = {r.number for r in store.results.history(name, trial)}
    tasks.complete(store, job, measurements, as_run or {}, files, who, at or utc_now())
    return [r for r in store.results.history(name, trial) if r.number not in before]


@action
def end_without(
    store: Store,
    job: Job,
    state: JobState,
    because: str,
    who: str,
    files: Iterable[Upload] = (),
    at: datetime | None = None,
) -> Job:
    """End a job without results: FAILED is what happened to the sample (data), ABANDONED is a
    technical fault."""
    if state not in _NOTHING:
        raise ValueError(f"a job without results is {' or '.join(_NOTHING)}, not {state}")
    if not because.strip():
        raise ValueError("say what happened")
    message = because.strip()
    return tasks.end(store, job, state, files, who, at or utc_now(), message=message)


@action
def correct(
    store: Store,
    name: str,
    number: int,
    measured: Measurement,
    who: str,
    reason: str,
    as_run: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    anyway: bool = False,
) -> Result:
    """Supersede a result by another value of the same outcome, and say with ``as_run`` what was
    really different when the sample was made. Implausible as in ``record``."""
    if not reason.strip():
        raise ValueError("a correction needs a reason")
    campaign = store.campaigns.get(name)
    results = store.snapshot(name).results
    wrong = next((r for r in results if r.number == number), None)
    if wrong is None:
        raise NotFound(f"{name} has no current result number {number}")
    outcome = campaign.outcomes[wrong.outcome]
    value, error = outcome.read(measured.value, measured.standard_error, measured.unit)
    if not anyway:
        others = [r for r in results if r is not wrong]
        _refuse([_doubt(others, wrong.outcome, value, wrong.unit)])
    planned = store.trial(name, wrong.trial).point | (wrong.as_run or {})
    changed = check_as_run(campaign, planned, as_run or {})
    return store.results.correct(
        name,
        number,
        value=value,
        standard_error=error,
        unit=wrong.unit,
        author=who,
        at=at or utc_now(),
        reason=reason.strip(),
        as_run={**(wrong.as_run or {}), **changed} if changed else None,
    )


def _check_plausible(
    store: Store, name: str, stage: str, measurements: Sequence[Measurement]
) -> None:
    """Implausible names the values that may be slips beside what the campaign knows."""
    results = store.snapshot(name).results
    found = in_campaign_units(store.campaigns.get(name), stage, measurements)
    _refuse([_doubt(results, m.outcome, m.value, m.unit) for m in found])


def _doubt(results: Iterable[Result], outcome: str, value: float, unit: str) -> str:
    """Why a value may be a slip beside these results; empty where it may not."""
    known = [r.value for r in results if r.outcome == outcome]
    why = "" if value in known else implausible(value, known, unit)
    return why and f"{outcome}: {why}"


def _refuse(doubts: Iterable[str]) -> None:
    if told := "; ".join(filter(None, doubts)):
        raise Implausible(f"{told}; look again, or store it anyway")


def _store(
    store: Store,
    job: Job,
    measurements: Sequence[Measurement],
    as_run: Mapping[str, Any],
    files: Sequence[Upload],
    who: str,
    at: datetime,
) -> list[Result]:
    """Results of a job that goes on, or has ended."""
    if files and job.state.is_open:
        raise ValueError("files are kept when the task ends; hand them in with the last value")
    if files:
        raise ValueError(
            f"files are kept when the task ends, and {job.stage} of trial {job.trial} is "
            f"{job.state} already"
        )
    campaign = store.campaigns.get(job.campaign)
    if not measurements:
        raise ValueError(f"no value came; the outcomes are {', '.join(campaign.outcomes)}")
    found = in_campaign_units(campaign, job.stage, measurements)
    changed = check_as_run(campaign, store.trial(job.campaign, job.trial).point, as_run)
    return store.results.record(job.campaign, job.trial, job.stage, found, changed, who, at)
