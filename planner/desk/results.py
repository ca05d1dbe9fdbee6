"""What people hand in: results, failures, corrections. Checked first, stored in one go."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from planner.campaign.campaign import Campaign
from planner.campaign.outside import file_name
from planner.campaign.units import split_quantity
from planner.executor import Measurement
from planner.loop.laboratory import utc_now
from planner.record.job import Job, JobState
from planner.record.measured import check_as_run, in_campaign_units
from planner.record.record import Record
from planner.record.result import Result
from planner.store import Conflict, NotFound, Store

_ENDS = tuple(f"job.{state}" for state in JobState if not state.is_open)


class Upload(NamedTuple):
    """A file that somebody hands in."""

    name: str
    stream: BinaryIO


def measurement(
    outcome: str, value: str, error: str, unit: str, method: str = "", source: str = ""
) -> Measurement:
    """What was typed as a measurement; a unit behind the value holds rather than the field's."""
    try:
        number, own_unit = split_quantity(value)
        spread = split_quantity(error)[0] if error.strip() else None
    except ValueError as problem:
        raise ValueError(f"{outcome}: {problem}") from problem
    return Measurement(outcome, number, own_unit or unit.strip(), spread, method, source)


def hand_in(
    store: Store,
    job: Job,
    measurements: Sequence[Measurement],
    as_run: Mapping[str, Any],
    files: Iterable[Upload],
    who: str,
    partial: bool = False,
) -> None:
    """Store what was done for a job, and end it unless ``partial``."""
    files = list(files)
    if partial:
        if files:
            raise ValueError("files are kept when the task ends; hand them in with the last value")
        record_results(
            store, job.campaign, job.trial, job.stage, measurements, as_run, who, utc_now(), True
        )
        return
    campaign = store.campaigns.get(job.campaign)
    gives = campaign.stage(job.stage).gives
    if gives and not measurements and not _has_results(store, job):
        elsewhere = f" ({job.executor} reads files in its own folder: {job.message})"
        reads_itself = files and job.executor != "manual"
        raise ValueError(
            f"no value came; this stage gives {', '.join(gives)}{elsewhere if reads_itself else ''}"
        )
    found = in_campaign_units(campaign, job.stage, measurements)
    changed = check_as_run(campaign, store.trials.get(job.campaign, job.trial).point, as_run)
    with _on_disk(files) as paths, _naming_who_was_faster(store, job):
        store.jobs.finish(
            job,
            JobState.COMPLETED,
            author=who,
            at=utc_now(),
            measurements=found,
            as_run=changed,
            artifacts=paths,
            person=who,
        )


def end_without(
    store: Store, job: Job, state: JobState, because: str, who: str, files: Iterable[Upload] = ()
) -> Job:
    """End a job without results: FAILED is what happened to the sample (data), ABANDONED is a
    technical fault."""
    if not because.strip():
        raise ValueError("say what happened")
    with _on_disk(list(files)) as paths, _naming_who_was_faster(store, job):
        return store.jobs.finish(
            job,
            state,
            author=who,
            at=utc_now(),
            message=because.strip(),
            artifacts=paths,
            person=who,
        )


def correct(
    store: Store, name: str, number: int, value: str, error: str, unit: str, reason: str, who: str
) -> Result:
    """Supersede a result by a better one."""
    if not reason.strip():
        raise ValueError("a correction needs a reason")
    measured = measurement("value", value, error, unit)
    return correct_result(store, name, number, measured, who, utc_now(), reason.strip())


@contextmanager
def _naming_who_was_faster(store: Store, job: Job) -> Iterator[None]:
    """A Conflict over a job says who ended it, and when."""
    try:
        yield
    except Conflict as conflict:
        ends = [
            event
            for event in store.events.list(job.campaign)
            if event.kind in _ENDS
            and (event.trial, event.data.get("stage")) == (job.trial, job.stage)
        ]
        if not ends:
            raise
        end = ends[-1]
        raise Conflict(
            f"{job.stage} of trial {job.trial} was ended by {end.author} at "
            f"{end.at:%Y-%m-%d %H:%M} UTC: it is {end.kind.removeprefix('job.')}"
        ) from conflict


def _has_results(store: Store, job: Job) -> bool:
    history = store.results.history(job.campaign, job.trial)
    return any(result.stage == job.stage for result in history)


@contextmanager
def _on_disk(files: Sequence[Upload]) -> Iterator[dict[str, Path]]:
    """Files that were handed in, by a safe name, in a folder that goes away afterwards."""
    names = [file_name(file.name) for file in files]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two files have the name {', '.join(sorted(doubled))}")
    with tempfile.TemporaryDirectory() as folder:
        places = [_written(Path(folder) / str(i), file.stream) for i, file in enumerate(files)]
        yield dict(zip(names, places, strict=True))


def _written(path: Path, stream: BinaryIO) -> Path:
    with path.open("wb") as file:
        while block := stream.read(1 << 20):
            file.write(block)
    return path


def record_results(
    store: Store,
    name: str,
    trial: int,
    stage: str | None,
    measurements: Sequence[Measurement],
    as_run: Mapping[str, Any],
    author: str,
    at: datetime,
    partial: bool = False,
) -> list[Result]:
    """Store measurements of one stage; the job of a person ends with them unless ``partial``.

    ValueError where nothing came, the stage is not clear, or a value is not valid.
    """
    campaign, record = store.campaigns.get(name), store.snapshot(name)
    if not measurements:
        raise ValueError(f"no value came; the outcomes are {', '.join(campaign.outcomes)}")
    stage = stage or _stage_of(campaign, [m.outcome for m in measurements])
    if stage not in {s.name for s in campaign.stages}:
        names = ", ".join(s.name for s in campaign.stages)
        raise NotFound(f"campaign {name!r} has no stage {stage!r}; there are {names}")
    found = in_campaign_units(campaign, stage, measurements)
    changed = check_as_run(campaign, store.trials.get(name, trial).point, as_run)
    job = _job(record, trial, stage)
    if job.state.is_open and not partial:
        before = {r.number for r in record.results}
        store.jobs.finish(
            job,
            JobState.COMPLETED,
            person=author,
            author=author,
            at=at,
            measurements=found,
            as_run=changed,
        )
        return [r for r in store.snapshot(name).results if r.number not in before]
    return store.results.record(name, trial, stage, found, changed, author, at)


def record_failure(
    store: Store,
    name: str,
    trial: int,
    stage: str | None,
    failed: str,
    abandoned: str,
    author: str,
    at: datetime,
) -> Job:
    """End the open job of a trial: ``failed`` is data on the sample, ``abandoned`` is not."""
    if failed and abandoned:
        raise ValueError("failed and abandoned are two things; say one")
    record = store.snapshot(name)
    open_jobs = [job for job in record.jobs_of(trial).values() if job.state.is_open]
    chosen = [job for job in open_jobs if stage in (None, job.stage)]
    if len(chosen) != 1:
        names = ", ".join(job.stage for job in open_jobs) or "none"
        raise ValueError(f"trial {trial}: name one stage that is open ({names})")
    state = JobState.FAILED if failed else JobState.ABANDONED
    return store.jobs.finish(
        chosen[0], state, person=author, author=author, at=at, message=failed or abandoned
    )


def correct_result(
    store: Store,
    name: str,
    number: int,
    measured: Measurement,
    author: str,
    at: datetime,
    reason: str,
    as_run: Mapping[str, Any] | None = None,
) -> Result:
    """Supersede a result by another value of the same outcome, and say with ``as_run`` what was
    really different when the sample was made."""
    campaign = store.campaigns.get(name)
    wrong = next((r for r in store.snapshot(name).results if r.number == number), None)
    if wrong is None:
        raise NotFound(f"{name} has no current result number {number}")
    value, error = campaign.outcomes[wrong.outcome].read(
        measured.value, measured.standard_error, measured.unit
    )
    planned = store.trials.get(name, wrong.trial).point | (wrong.as_run or {})
    changed = check_as_run(campaign, planned, as_run or {})
    return store.results.correct(
        name,
        number,
        value=value,
        standard_error=error,
        unit=wrong.unit,
        author=author,
        at=at,
        reason=reason,
        as_run={**(wrong.as_run or {}), **changed} if changed else None,
    )


def missing_outcomes(store: Store, name: str, trial: int, stage: str) -> list[str]:
    """The outcomes of a stage that have no result yet."""
    results = store.snapshot(name).results_of.get(trial, [])
    known = {result.outcome for result in results}
    return [o for o in store.campaigns.get(name).stage(stage).gives if o not in known]


def _stage_of(campaign: Campaign, outcomes: Sequence[str]) -> str:
    stages = {s.name for s in campaign.stages for name in outcomes if name in s.gives}
    unknown = [name for name in outcomes if name not in campaign.outcomes]
    if unknown:
        allowed = ", ".join(campaign.outcomes)
        raise ValueError(f"{unknown[0]}: no such outcome; there are {allowed}")
    if len(stages) != 1:
        raise ValueError(f"these outcomes belong to several stages: {', '.join(sorted(stages))}")
    return stages.pop()


def _job(record: Record, trial: int, stage: str) -> Job:
    jobs = record.jobs_of(trial)
    if stage not in jobs:
        begun = ", ".join(jobs) or "none"
        raise NotFound(f"trial {trial} has no job {stage!r} yet; begun stages: {begun}")
    return jobs[stage]
