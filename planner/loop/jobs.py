"""One job at a time: what its executor is told, and what becomes of its answer."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from planner.campaign.campaign import Campaign
from planner.campaign.stage import Stage
from planner.door.words import plainly
from planner.executor import (
    LEARNED,
    Abandoned,
    Answer,
    Executor,
    Failed,
    Finished,
    Lost,
    Measurement,
    Running,
    WorkOrder,
)
from planner.learner import ModelFile
from planner.loop.laboratory import Laboratory
from planner.record.job import Artifact, Job, JobState
from planner.record.measured import check_as_run, in_campaign_units
from planner.record.moment import Moment
from planner.record.notice import CALLED_OFF
from planner.record.record import Record
from planner.record.trial import Trial, TrialState
from planner.store import Conflict, NotFound
from planner.store.jobs import is_held_long, news_of

LOG = logging.getLogger(__name__)
ATTEMPTS = 5
"""How often one process submits a job that its executor loses, before the job is abandoned."""
RESTARTS = 100
"""How often a job is submitted at all: a restart of ours is no fault of the job, unless the job is
what ends us every time."""


def open_due(lab: Laboratory, now: Moment, trial: Trial) -> list[Job]:
    """Open the jobs of a trial whose earlier stages are completed: those that are ready. When it
    begins, none that it had before counts: it was called off."""
    begins = trial.state is TrialState.APPROVED
    stages = due_stages(now.campaign, {} if begins else now.record.jobs_of(trial.number))
    at = lab.now()
    due = [at + timedelta(days=s.due_days) if s.due_days else None for s in stages]
    wanted = [(s.name, s.executor, d) for s, d in zip(stages, due, strict=True)]
    if not wanted:
        return []
    try:
        opened = lab.store.jobs.open(now.campaign.name, trial, wanted, at)
    except Conflict as conflict:
        LOG.info("trial %s of %s: %s", trial.number, now.campaign.name, conflict)
        return []
    return [job for job in opened if job.state is JobState.READY]


def hold(lab: Laboratory, job: Job) -> Job | None:
    """The job under our lease, or None while another process holds it. Nothing is written while it
    is ours for long, or in the hands of people: whoever was faster is found when it is."""
    _executor(lab, job)
    at, until = lab.now(), lab.lease_until(job.stage)
    ours = until is None or lab.fences.get(job.id) == job.fence
    if ours and job.state is JobState.RUNNING and is_held_long(job, until, at):
        return job
    mine = lab.store.jobs.claim(job, lab.holder, until, at)
    if mine is not None:
        lab.fences[job.id] = mine.fence
    return mine


def ask(lab: Laboratory, now: Moment, job: Job) -> int:
    """Ask the executor of a job that we hold how it stands; 1 where something moved."""
    return _take(lab, now, job, _executor(lab, job).poll(job.id))


def submit(lab: Laboratory, now: Moment, job: Job) -> int:
    """Give a job that we hold to its executor, with the same id at every attempt."""
    if lab.submitted[job.id] >= ATTEMPTS or job.attempt >= RESTARTS:
        message = f"given up after {job.attempt} attempts"
        return _finish(lab, now, job, JobState.ABANDONED, message=message)
    order = _order(lab, now, job)
    job = lab.store.jobs.submitted(job)
    lab.submitted[job.id] += 1
    try:
        _executor(lab, job).submit(order)
    except OSError:  # such as a full disk: it was not handed over
        lab.submitted[job.id] -= 1
        raise
    return 1


def call_off(
    lab: Laboratory,
    now: Moment,
    jobs: Iterable[Job],
    problems: list[str],
    why: str = "the trial has ended",
) -> int:
    """Cancel what is still open of a trial that has ended, or is not to begin: how many. An
    executor that cannot is a problem of the people there; the job has ended for us all the same."""
    ended = 0
    for job in jobs:
        if not job.state.is_open:
            continue
        message = f"{CALLED_OFF}: {why}"
        try:
            if (mine := hold(lab, job)) is None:
                continue
            try:
                _executor(lab, job).cancel(job.id)
            except Exception as error:
                LOG.exception("%s", job.id)
                failed = f"it could not be cancelled: {plainly(error)}"
                problems.append(f"{job.id}: {failed}")
                message += f"; {failed}"
            ended += _finish(lab, now, mine, JobState.ABANDONED, message=message)
        except Conflict as conflict:
            LOG.info("%s: another process was faster (%s)", job.id, conflict)
        except LookupError as error:
            problems.append(f"{job.id}: {error.args[0]}")
    return ended


def _order(lab: Laboratory, now: Moment, job: Job) -> WorkOrder:
    """What the executor of a job is told, with the files of the trial and of models in use."""
    order = work_order(now.campaign, now.record, job)
    own = {f"{a.stage}/{a.name}": path for a, path in _kept(lab, job.campaign, job.trial)}
    return replace(order, files=own | _learned(lab, now))


def _learned(lab: Laboratory, now: Moment) -> dict[str, str]:
    """The files that model versions in use point to, and where each is kept."""
    found = {}
    for learner, version in now.record.versions_in_use.items():
        told: ModelFile | None = version.state.get("model_file")
        for file, path in _kept(lab, version.campaign, told["trial"]) if told else ():
            if told and (file.stage, file.name) == (told["stage"], told["name"]):
                found[f"{LEARNED}{learner}/{file.name}"] = path
    return found


def _kept(lab: Laboratory, campaign: str, trial: int) -> list[tuple[Artifact, str]]:
    """The files of a trial, oldest first, and where each lies. NotFound where one is missing."""
    kept = sorted(lab.store.jobs.artifacts(campaign, trial), key=lambda file: file.at)
    if missing := next((a for a in kept if not lab.store.files.holds(a.sha256)), None):
        raise NotFound(f"{missing.label} is missing in {lab.store.files.folder}; the job waits")
    return [(file, str(lab.store.files.path(file.sha256))) for file in kept]


def _executor(lab: Laboratory, job: Job) -> Executor:
    """Who carries out a job; LookupError where the campaign was revised and this laboratory not."""
    found = lab.executors.get(job.stage)
    if found is None:
        there = ", ".join(lab.executors) or "none"
        raise LookupError(f"stage {job.stage!r} has no executor here; there are {there}")
    return found


def _take(lab: Laboratory, now: Moment, job: Job, answer: Answer) -> int:
    """Store what an executor answered."""
    match answer:
        case Running():
            found = in_campaign_units(now.campaign, job.stage, answer.measurements)
            told = lab.lease_until(job.stage), lab.now(), answer.progress, answer.note
            if news_of(job, *told):
                lab.store.jobs.renew(job, *told)
            return int(bool(found) and _report(lab, job, found))
        case Finished():
            measured, files = answer.measurements, answer.artifacts
            return _finish(lab, now, job, JobState.COMPLETED, measured, answer.as_run, "", files)
        case Failed(why, as_run, measured, files):
            return _finish(lab, now, job, JobState.FAILED, measured, as_run, why, files)
        case Abandoned(why):
            return _finish(lab, now, job, JobState.ABANDONED, message=why)
        case Lost():
            return submit(lab, now, job)


def _report(lab: Laboratory, job: Job, measurements: Sequence[Measurement]) -> bool:
    return bool(lab.store.jobs.report(job, measurements, None, job.executor, lab.now()))


def _finish(
    lab: Laboratory,
    now: Moment,
    job: Job,
    state: JobState,
    measurements: Sequence[Measurement] = (),
    as_run: Mapping[str, Any] | None = None,
    message: str = "",
    artifacts: Mapping[str, Any] | None = None,
) -> int:
    planned = now.record.trial(job.trial).point
    lab.store.jobs.finish(
        job,
        state,
        author=job.executor,
        at=lab.now(),
        measurements=in_campaign_units(now.campaign, job.stage, measurements),
        as_run=check_as_run(now.campaign, planned, as_run or {}),
        artifacts=dict(artifacts or {}),
        message=message,
    )
    return 1


def settled(campaign: Campaign, jobs: Mapping[str, Job]) -> TrialState | None:
    """What a running trial has become by its jobs; None while it still runs."""
    states = {job.state for job in jobs.values()}
    if JobState.FAILED in states:
        return TrialState.FAILED
    if JobState.ABANDONED in states:
        return TrialState.ABANDONED
    done = {name for name, job in jobs.items() if job.state is JobState.COMPLETED}
    return TrialState.COMPLETED if done >= {stage.name for stage in campaign.stages} else None


def due_stages(campaign: Campaign, jobs: Mapping[str, Job]) -> list[Stage]:
    """Stages without a job whose earlier stages are completed."""
    done = {name for name, job in jobs.items() if job.state is JobState.COMPLETED}
    return [s for s in campaign.stages if s.name not in jobs and done >= set(s.after)]


def work_order(campaign: Campaign, record: Record, job: Job) -> WorkOrder:
    """What the executor of a job is told."""
    trial = record.trial(job.trial)
    stage = campaign.stage(job.stage)
    names = (*campaign.parameters, *stage.gives)
    return WorkOrder(
        job=job.id,
        campaign=campaign.name,
        trial=trial.number,
        stage=job.stage,
        point=record.as_run(trial),
        units={name: unit for name in names if (unit := campaign.unit(name))},
        gives=stage.gives,
        inputs={
            r.outcome: Measurement(r.outcome, r.value, r.unit, r.standard_error, r.method, r.source)
            for r in record.results_of.get(trial.number, [])
        },
        seed=campaign.planner.seed,
    )
