"""A whole campaign in this process: turn after turn until it is done, or people are needed."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from planner.campaign.values import counted
from planner.desk import paused_because
from planner.loop.laboratory import Laboratory
from planner.loop.turn import Turn, advance
from planner.record.job import Job, JobState
from planner.record.moment import Moment
from planner.record.record import Record
from planner.record.summary import waiting
from planner.record.trial import TrialState
from planner.store import CampaignStatus

PAUSE_SECONDS = (0.02, 1.0)
"""First and longest wait between two looks at jobs that run."""


@dataclass(frozen=True)
class Stop:
    """Why a run ended."""

    turns: int
    why: str


def drive(
    lab: Laboratory,
    name: str,
    turns: int,
    patience: float = 3600.0,
    watch: Callable[[int, Turn], None] = lambda number, turn: None,
    hear: Callable[[Job, str], None] = lambda job, why: None,
) -> Stop:
    """At most ``turns`` turns in which something happens.

    Between them it waits for running jobs, at most ``patience`` seconds without any news. ``hear``
    gets those that another process holds, and, where no other job works meanwhile, those that say
    what they wait for.
    """
    done, quiet_since, pause = 0, time.monotonic(), PAUSE_SECONDS[0]
    while done < turns:
        turn = advance(lab, name)
        if turn.moved or turn.problems:
            watch(done + 1, turn)
        if turn.moved:
            done, quiet_since, pause = done + 1, time.monotonic(), PAUSE_SECONDS[0]
            continue
        now = lab.look(name)
        machines = _with_machines(lab, now.record)
        if not machines:
            return Stop(done, _why_quiet(now, paused_because(lab.store, now)))
        for job, why in _waited_for(lab, machines):
            hear(job, why)
        if time.monotonic() - quiet_since > patience:
            return Stop(done, f"no news from running jobs for {patience:g} s")
        time.sleep(pause)
        pause = min(2 * pause, PAUSE_SECONDS[1])
    return Stop(done, f"{turns} turns are done")


def _waited_for(lab: Laboratory, machines: list[Job]) -> list[tuple[Job, str]]:
    """Jobs that do not go on by what is done here, and why."""
    at = lab.now()
    held = [job for job in machines if job.is_held_by_another(lab.holder, at)]
    said = [(job, f"{job.holder} holds it until {job.lease_until:%Y-%m-%d %H:%M:%S} UTC, or longer "
                  "if it goes on; then it is taken over") for job in held]  # fmt: skip
    if not all(job.message for job in machines):
        return said
    return said + [(job, job.message) for job in machines if job not in held]


def _with_machines(lab: Laboratory, record: Record) -> list[Job]:
    """The jobs that go on without people."""
    return [
        job
        for job in record.jobs
        if job.state is JobState.RUNNING
        and (executor := lab.executors.get(job.stage)) is not None
        and not executor.human
    ]


def _why_quiet(now: Moment, paused: str) -> str:
    """Why a campaign in which no machine works will stay quiet."""
    campaign, record = now.campaign, now.record
    if now.status not in (CampaignStatus.ACTIVE, CampaignStatus.FINISHING):
        return f"the campaign is {now.status.value}{f': {paused}' if paused else ''}"
    if tasks := waiting(campaign, record):
        return f"waits for people: {'; '.join(tasks[:5])}" + (" ..." if len(tasks) > 5 else "")
    if any(t.state is TrialState.APPROVED for t in record.trials):
        return "approved trials could not be started; see the problems above"
    if any(job.state.is_open for job in record.jobs):
        return "trials that run could not go on; see the problems above"
    if record.taken() >= campaign.budget.trials:
        return f"the budget of {counted(campaign.budget.trials, 'trial')} is spent"
    return "nothing is left to propose: every point of the space is planned, tried or vetoed"
