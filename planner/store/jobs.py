"""Jobs: opened for an approved trial, claimed by one holder at a time, ended once.

Whoever claims a job gets its next fence; writing under an older one is refused.
"""

import builtins
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from planner.campaign.values import Point
from planner.door.files import Inside
from planner.door.names import artifact_names
from planner.executor import Measurement
from planner.record.event import EventKind
from planner.record.job import Artifact, Job, JobState
from planner.record.result import Result
from planner.record.trial import Trial, TrialState
from planner.store.engine import Database
from planner.store.files import Files
from planner.store.results import draft, store
from planner.store.rows import Conflict, NotFound, change, find, first, insert, note
from planner.store.taking_back import open_again
from planner.store.trials import get_trial, move_trial

_LOOP = "planner"
"""The author of moves that nobody in particular makes."""


class Jobs:
    """The jobs of all campaigns."""

    def __init__(self, database: Database, files: Files) -> None:
        self._database = database
        self._files = files

    def open(
        self,
        campaign: str,
        trial: Trial,
        stages: Sequence[tuple[str, str, datetime | None]],
        at: datetime,
    ) -> list[Job]:
        """The jobs of these stages (name, executor, due); those that are missing are made READY.

        An APPROVED trial starts RUNNING with them, also those that were called off when an approval
        was taken back before; Conflict where it is neither of the two.
        """
        with self._database.write(campaign) as db:
            now = get_trial(db, campaign, trial.number)
            if now.state is TrialState.APPROVED:
                _open_again_what_ended(db, now, stages, at)
                move_trial(db, now, TrialState.RUNNING, _LOOP, at)
            elif now.state is not TrialState.RUNNING:
                raise Conflict(f"trial {now.number} is {now.state}: no job can be opened for it")
            return [_open(db, now, *stage, at) for stage in stages]

    def claim(self, job: Job, holder: str, until: datetime | None, at: datetime) -> Job | None:
        """The job under a new fence, RUNNING and held until then; None where another has it.

        Without ``until`` it is the work of people: there is no lease, and anybody may poll it. Such
        a job is handed out as it stands, so polling fences nobody out.
        """
        with self._database.write(job.campaign) as db:
            now = get_job(db, job)
            if not now.state.is_open:
                return None
            if now.state is JobState.RUNNING and now.lease_until is None and until is None:
                return now
            if now.is_held_by_another(holder, at):
                return None
            if now.holder != holder:
                _note_claim(db, now, holder, at)
            fence = now.fence + 1
            return change(
                db, now, state=JobState.RUNNING, holder=holder, lease_until=until, fence=fence
            )

    def submitted(self, job: Job) -> Job:
        """Count an attempt, before the executor is told of it."""
        with self._database.write(job.campaign) as db:
            now = _under_fence(db, job)
            return change(db, now, attempt=now.attempt + 1)

    def renew(
        self,
        job: Job,
        until: datetime | None,
        at: datetime,
        progress: float | None = None,
        message: str | None = None,
    ) -> Job:
        """Hold the job longer; ``progress`` and ``message`` are kept where none comes.

        Nothing is written while both stay the same and more than half of the lease is left.
        """
        with self._database.write(job.campaign) as db:
            now = _under_fence(db, job)
            news = news_of(now, until, at, progress, message)
            return change(db, now, **news) if news else now

    def report(
        self,
        job: Job,
        measurements: Sequence[Measurement],
        as_run: Point | None,
        author: str,
        at: datetime,
    ) -> builtins.list[Result]:
        """Store what a running job has measured so far; what is stored already is passed over."""
        with self._database.write(job.campaign) as db:
            now = _under_fence(db, job)
            return [*_store(db, now, measurements, as_run, author, at)]

    def finish(
        self,
        job: Job,
        state: JobState,
        *,
        author: str,
        at: datetime,
        measurements: Sequence[Measurement] = (),
        as_run: Point | None = None,
        artifacts: Mapping[str, Path | Inside] | None = None,
        message: str = "",
        trial_state: TrialState | None = None,
        person: str | None = None,
    ) -> Job:
        """End a job: its results, its files and its trial's move come with it, or nothing does.

        Conflict where the job has ended or another holds it by now. A ``person`` needs no claim
        before: the job is claimed and ended at once where no process holds it.
        """
        if state.is_open:
            raise ValueError(f"a job does not end {state}")
        with self._database.read() as db:
            _to_be_ended(db, job, person, at)  # before any file is kept
            before = [a.name for a in find(db, Artifact, campaign=job.campaign, trial=job.trial,
                                           stage=job.stage)]  # fmt: skip
        files = artifacts or {}
        named = zip(artifact_names(files, before), files.values(), strict=True)
        kept = [self._keep(job, name, path, at) for name, path in named]
        with self._database.write(job.campaign) as db:
            now = _to_be_ended(db, job, person, at)
            if person is not None and person != now.holder:
                _note_claim(db, now, person, at)
            _store(db, now, measurements, as_run, author, at)
            insert(db, kept)
            data = {"stage": now.stage, "message": message, "as_run": as_run}
            note(db, now.campaign, at, EventKind.job(state), author, trial=now.trial, **data)
            if trial_state is not None:
                trial = get_trial(db, now.campaign, now.trial)
                move_trial(db, trial, trial_state, author, at, message)
            return change(
                db,
                now,
                state=state,
                ended_at=at,
                message=message,
                as_run=as_run,
                lease_until=None,
                holder=person or now.holder,
                fence=now.fence + (person is not None),
            )

    def list(self, campaign: str, *states: JobState) -> builtins.list[Job]:
        """The jobs of a campaign by trial, in these states or in all."""
        with self._database.read() as db:
            return find(db, Job, campaign=campaign, state=states or tuple(JobState))

    def artifacts(self, campaign: str, *trials: int) -> builtins.list[Artifact]:
        """The files of these trials, or of all, by trial, stage and name."""
        with self._database.read() as db:
            where: dict[str, Any] = {"trial": trials} if trials else {}
            return find(db, Artifact, campaign=campaign, **where)

    def _keep(self, job: Job, name: str, path: Path | Inside, at: datetime) -> Artifact:
        sha256, size = self._files.put(path)
        return Artifact(
            campaign=job.campaign,
            trial=job.trial,
            stage=job.stage,
            name=name,
            sha256=sha256,
            size=size,
            at=at,
        )


def get_job(db: sa.Connection, job: Job) -> Job:
    """The job as the transaction sees it."""
    now = first(db, Job, campaign=job.campaign, trial=job.trial, stage=job.stage)
    if now is None:
        stages = [other.stage for other in find(db, Job, campaign=job.campaign, trial=job.trial)]
        raise NotFound(
            f"no job {job.id!r}; the trial has jobs {', '.join(stages) or 'for no stage'}"
        )
    return now


def _open(
    db: sa.Connection, trial: Trial, stage: str, executor: str, due: datetime | None, at: datetime
) -> Job:
    job = Job(
        campaign=trial.campaign,
        trial=trial.number,
        stage=stage,
        executor=executor,
        due=due,
        created_at=at,
    )
    known = first(db, Job, campaign=job.campaign, trial=job.trial, stage=stage)
    if known is not None:
        return known
    insert(db, [job])
    note(db, job.campaign, at, EventKind.JOB_OPENED, _LOOP, trial=job.trial, stage=stage)
    return job


def _open_again_what_ended(
    db: sa.Connection,
    trial: Trial,
    stages: Sequence[tuple[str, str, datetime | None]],
    at: datetime,
) -> None:
    due = {stage: day for stage, _, day in stages}
    for job in find(db, Job, campaign=trial.campaign, trial=trial.number, stage=[*due]):
        if not job.state.is_open:
            open_again(db, job, due[job.stage], _LOOP, at)


def _note_claim(db: sa.Connection, job: Job, holder: str, at: datetime) -> None:
    kind = EventKind.JOB_CLAIMED
    note(db, job.campaign, at, kind, holder, trial=job.trial, stage=job.stage)


def _store(
    db: sa.Connection,
    job: Job,
    measurements: Sequence[Measurement],
    as_run: Point | None,
    author: str,
    at: datetime,
) -> Sequence[Result]:
    """Store what is new. A value that was corrected may be reported again: it stays corrected."""
    drafts = draft(job.campaign, job.trial, job.stage, measurements, as_run, author, at)
    return store(db, drafts, known=find(db, Result, campaign=job.campaign, trial=job.trial))


def news_of(
    job: Job, until: datetime | None, at: datetime, progress: float | None, message: str | None
) -> dict[str, Any]:
    """What ``renew`` would write of a job as it was read: nothing while it just goes on."""
    told = {"progress": progress, "message": message}
    news: dict[str, Any] = {
        name: value
        for name, value in told.items()
        if value is not None and value != getattr(job, name)
    }
    return news if is_held_long(job, until, at) else news | {"lease_until": until}


def is_held_long(job: Job, until: datetime | None, at: datetime) -> bool:
    """Whether the lease need not be written again yet. One beyond ``until`` is of a clock that was
    ahead, and nobody else believes it."""
    if until is None or job.lease_until is None:
        return until == job.lease_until
    return (until - at) / 2 < job.lease_until - at <= until - at


def _to_be_ended(db: sa.Connection, job: Job, person: str | None, at: datetime) -> Job:
    """The job as it is now; Conflict unless the caller, or this person, may end it."""
    if person is None:
        return _under_fence(db, job)
    now = get_job(db, job)
    if not now.state.is_open:
        raise Conflict(f"job {job.id!r} is {now.state} already")
    if get_trial(db, job.campaign, job.trial).state is TrialState.PROPOSED:
        raise Conflict(
            f"the approval of trial {job.trial} was taken back; it is to be approved anew"
        )
    if now.is_held_by_another(person, at):
        raise Conflict(f"job {job.id!r} is held by {now.holder} until {now.lease_until}")
    return now


def _under_fence(db: sa.Connection, job: Job) -> Job:
    """The job as it is now; Conflict unless the caller's claim still holds."""
    now = get_job(db, job)
    if now.state is not JobState.RUNNING:
        raise Conflict(f"job {job.id!r} is {now.state}, not running")
    if now.fence != job.fence:
        raise Conflict(
            f"job {job.id!r} was claimed by {now.holder} meanwhile "
            f"(fence {now.fence}, yours is {job.fence})"
        )
    return now
