"""What becomes of the jobs of a trial when something of it is taken back. Conflict where it cannot
be."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from planner.executor import is_human
from planner.record.decision import Decision, Verdict
from planner.record.event import EventKind
from planner.record.job import Job, JobState
from planner.record.result import Result
from planner.record.trial import BACK, Trial, TrialState
from planner.store.rows import Conflict, change, find, note

_WAY_OUT = {
    TrialState.PROPOSED: "nothing of it was decided; veto it, or leave it",
    TrialState.COMPLETED: "correct its results instead",
}


def back_to(db: sa.Connection, trial: Trial) -> TrialState:
    """Where it leads to take back what was decided or said last of a trial. Conflict where nothing
    of it can be taken back any more."""
    _check_can_go_back(db, trial)
    if trial.state is TrialState.RUNNING and _came_to_nothing(db, trial):  # not settled yet
        return TrialState.RUNNING
    return BACK[trial.state]


def _check_can_go_back(db: sa.Connection, trial: Trial) -> None:
    if trial.state not in BACK:
        raise _refused(trial, f"it is {trial.state}: {_WAY_OUT[trial.state]}")
    if trial.state is TrialState.VETOED:
        last = find(db, Decision, campaign=trial.campaign, trial=trial.number)[-1]
        if last.verdict is Verdict.TAKEN_BACK:
            raise _refused(trial, f"{last.author} has taken back its veto already")
    if trial.state is TrialState.RUNNING and not _came_to_nothing(db, trial):
        _check_not_begun(db, trial)
    if trial.state in (TrialState.FAILED, TrialState.ABANDONED) and not _jobs(db, trial):
        raise _refused(trial, f"it is {trial.state} and was never begun; inject its point again")


def open_again_what_failed(db: sa.Connection, trial: Trial, author: str, at: datetime) -> None:
    """The jobs that came to nothing, or were called off, begin anew."""
    for job in _came_to_nothing(db, trial):
        open_again(db, job, job.due, author, at)


def open_again(db: sa.Connection, job: Job, due: datetime | None, author: str, at: datetime) -> Job:
    """An ended job as a new one for its executor. What was measured of it stays."""
    note(db, job.campaign, at, EventKind.JOB_OPENED, author, trial=job.trial, stage=job.stage)
    new: dict[str, Any] = {"state": JobState.READY, "attempt": 0, "due": due, "message": ""}
    gone = dict.fromkeys(("holder", "lease_until", "progress", "as_run", "ended_at"))
    return change(db, job, fence=job.fence + 1, reopened=job.reopened + 1, **new, **gone)


def _check_not_begun(db: sa.Connection, trial: Trial) -> None:
    """What people have in their hands is not begun before they told something of it."""
    for job in _jobs(db, trial):
        waits = job.state is JobState.READY or (job.state.is_open and is_human(job.executor))
        if not waits:
            raise _refused(trial, f"{job.stage} has begun: it is {job.state}")
    if results := find(db, Result, campaign=trial.campaign, trial=trial.number):
        raise _refused(trial, f"{results[0].outcome} was measured by {results[0].author} already")


def _came_to_nothing(db: sa.Connection, trial: Trial) -> list[Job]:
    return [job for job in _jobs(db, trial) if job.state in (JobState.FAILED, JobState.ABANDONED)]


def _refused(trial: Trial, why: str) -> Conflict:
    return Conflict(f"nothing of trial {trial.number} can be taken back: {why}")


def _jobs(db: sa.Connection, trial: Trial) -> list[Job]:
    return find(db, Job, campaign=trial.campaign, trial=trial.number)
