"""The jobs in the hands of people: which one is meant, what it still lacks, and how it ends."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from planner.campaign.campaign import Campaign
from planner.desk.uploads import Upload, on_disk
from planner.executor import Measurement
from planner.record.event import EventKind
from planner.record.job import Job, JobState
from planner.record.measured import check_as_run, in_campaign_units
from planner.store import Conflict, NotFound, Store

_ENDS = tuple(EventKind.job(state) for state in JobState if not state.is_open)


def open_job(store: Store, name: str, trial: int, stage: str | None = None) -> Job:
    """The one open job of a trial, or that of a stage. ValueError names those that are open."""
    store.trials.get(name, trial)
    jobs = [j for j in store.snapshot(name).jobs_of(trial).values() if j.state.is_open]
    chosen = [job for job in jobs if stage in (None, job.stage)]
    if len(chosen) != 1:
        names = ", ".join(job.stage for job in jobs) or "none"
        raise ValueError(f"trial {trial}: name one stage that is open ({names})")
    return chosen[0]


def job_of(store: Store, name: str, trial: int, stage: str) -> Job:
    """The job of a stage, open or ended. NotFound names the stages that were begun."""
    store.trials.get(name, trial)
    jobs = store.snapshot(name).jobs_of(trial)
    if stage not in jobs:
        begun = ", ".join(jobs) or "none"
        raise NotFound(f"trial {trial} has no job {stage!r} yet; begun stages: {begun}")
    return jobs[stage]


def stage_meant(campaign: Campaign, stage: str | None, outcomes: Sequence[str]) -> str | None:
    """The stage that was named, else the one that gives these outcomes; None where neither came.
    NotFound or ValueError where there is no such one."""
    names = [s.name for s in campaign.stages]
    if stage is not None and stage not in names:
        raise NotFound(
            f"campaign {campaign.name!r} has no stage {stage!r}; there are {', '.join(names)}"
        )
    return stage or (_stage_of(campaign, outcomes) if outcomes else None)


def _stage_of(campaign: Campaign, outcomes: Sequence[str]) -> str:
    if unknown := [name for name in outcomes if name not in campaign.outcomes]:
        allowed = ", ".join(campaign.outcomes)
        raise ValueError(f"{unknown[0]}: no such outcome; there are {allowed}")
    stages = {s.name for s in campaign.stages for name in outcomes if name in s.gives}
    if len(stages) != 1:
        raise ValueError(f"these outcomes belong to several stages: {', '.join(sorted(stages))}")
    return stages.pop()


def missing_outcomes(store: Store, name: str, trial: int, stage: str) -> list[str]:
    """The outcomes of a stage that have no result yet."""
    results = store.snapshot(name).results_of.get(trial, [])
    known = {result.outcome for result in results}
    return [o for o in store.campaigns.get(name).stage(stage).gives if o not in known]


def complete(
    store: Store,
    job: Job,
    measurements: Sequence[Measurement],
    as_run: Mapping[str, Any],
    files: Iterable[Upload],
    who: str,
    at: datetime,
) -> Job:
    """End a job with what was found, in the campaign's units. ValueError where nothing came of a
    stage that gives something."""
    files, campaign = list(files), store.campaigns.get(job.campaign)
    gives = campaign.stage(job.stage).gives
    if gives and not measurements and not _has_results(store, job):
        elsewhere = f" ({job.executor} reads files in its own folder: {job.message})"
        reads_itself = files and job.message
        raise ValueError(
            f"no value came; this stage gives {', '.join(gives)}{elsewhere if reads_itself else ''}"
        )
    found = in_campaign_units(campaign, job.stage, measurements)
    changed = check_as_run(campaign, store.trial(job.campaign, job.trial).point, as_run)
    more = {"measurements": found, "as_run": changed}
    return end(store, job, JobState.COMPLETED, files, who, at, **more)


def end(
    store: Store,
    job: Job,
    state: JobState,
    files: Iterable[Upload],
    who: str,
    at: datetime,
    **more: Any,
) -> Job:
    """End a job, with its files. Conflict says who was faster, and when."""
    with on_disk(list(files)) as paths, _naming_who_was_faster(store, job):
        return store.jobs.finish(job, state, author=who, person=who, at=at, artifacts=paths, **more)


@contextmanager
def _naming_who_was_faster(store: Store, job: Job) -> Iterator[None]:
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
