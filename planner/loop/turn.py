"""The loop: collect, learn, propose, review, dispatch. One turn is short, plain and may be
repeated.

Nobody waits in a turn. Whatever dies between two lines, the next turn goes on from the record:
every move is a compare-and-set in the store, and a job carries the same id at every attempt.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from planner.beliefs.vetoes import in_force
from planner.door.words import plainly
from planner.loop import faults
from planner.loop.jobs import ask, call_off, hold, open_due, settled, submit
from planner.loop.laboratory import Laboratory
from planner.loop.planning import propose_next
from planner.loop.review import policy_reason
from planner.record.decision import Verdict
from planner.record.event import EventKind
from planner.record.job import Job, JobState
from planner.record.moment import Moment
from planner.record.trial import Trial, TrialState
from planner.store import CampaignStatus, Conflict, Differs, StoreError

LOG = logging.getLogger(__name__)
type TurnStep = Callable[[Laboratory, Moment, list[str]], int]
"""A part of a turn: it counts what it did, and adds what went wrong."""
MANY = 500
"""Ends of jobs that are looked at for technical faults: more than are open at once. So many ends of
samples are looked at, too, besides those that may fail."""
_COUNTED = ("collected", "paused", "learned", "proposed", "approved", "dispatched")


@dataclass(frozen=True)
class Turn:
    """What one turn did, in counts, and what went wrong on the way."""

    collected: int = 0
    learned: int = 0
    proposed: int = 0
    approved: int = 0
    dispatched: int = 0
    problems: tuple[str, ...] = ()
    paused: int = 0
    """1 where a stage met with nothing but technical faults."""

    @property
    def moved(self) -> bool:
        """Whether anything happened."""
        return any(getattr(self, step) for step in _COUNTED)


def describe(turn: Turn) -> str:
    """What a turn did, in a few words: ``2 proposed, 1 dispatched``."""
    done = [f"{count} {step}" for step in _COUNTED if (count := getattr(turn, step))]
    return "; ".join([", ".join(done) or "nothing was due", *turn.problems])


def advance(lab: Laboratory, name: str) -> Turn:
    """One turn of a campaign. A paused one collects and learns; a finishing one also goes on with
    the trials that run; one that is stopped or removed does nothing.

    The record is read once, and again only after a step that changed it.
    """
    done: dict[str, int] = {}
    problems: list[str] = []
    now = lab.look(name)
    for title, step in STEPS.get(now.status, {}).items():
        if title not in STEPS.get(now.status, {}):  # paused or stopped meanwhile
            continue
        done[title] = step(lab, now, problems)
        if done[title]:
            now = lab.look(name)
    return Turn(**done, problems=tuple(problems))


def collect(lab: Laboratory, now: Moment, problems: list[str]) -> int:
    """Ask after every running job, store what came, and settle trials whose jobs have ended."""
    back = {t.number for t in now.record.trials if t.state is TrialState.PROPOSED}
    running = [j for j in now.record.jobs if j.state is JobState.RUNNING and j.trial not in back]
    moved = sum(_each(lab, now, job, ask, problems) for job in running)
    return moved + settle(lab, lab.look(now.campaign.name) if moved else now, problems)


def pause_at_faults(lab: Laboratory, now: Moment, problems: list[str]) -> int:
    """Pause a campaign of which a stage meets with nothing but technical faults, or of which one
    sample after the other fails."""
    name, events = now.campaign.name, lab.store.events
    allowed = now.campaign.budget.failures_in_a_row
    has_faults = faults.has_many(now.record.jobs)
    if not has_faults and now.record.count(TrialState.FAILED) < allowed:
        return 0
    let_go_on = events.newest(name, EventKind.RESUMED, EventKind.REVISED)
    ends = events.of_kinds(name, faults.ENDS, let_go_on, MANY) if has_faults else []
    samples = events.of_kinds(name, faults.SAMPLES, let_go_on, allowed + MANY)
    because = faults.cannot_work(ends) or faults.nothing_holds_together(samples, allowed)
    if not because:
        return 0
    problems.append(f"paused: {because}")
    status = CampaignStatus.PAUSED
    lab.store.campaigns.set_status(name, status, author="loop", at=lab.now(), because=because)
    return 1


def learn(lab: Laboratory, now: Moment, problems: list[str]) -> int:
    """Let every learner make a new model version where results have come since its last. One that
    fails must not stop the others."""
    campaign, record = now.campaign, now.record
    learned = 0
    for learner in lab.learners:
        known = max((v.results for v in record.versions if v.learner == learner.name), default=0)
        last = max((r.number for r in record.results), default=0)
        try:
            lesson = learner.learn(campaign, record) if last > known else None
        except Exception as error:
            LOG.exception("learner %s", learner.name)
            problems.append(f"the learner {learner.name} failed: {plainly(error)}")
            continue
        if lesson is not None:
            lab.store.versions.add(campaign.name, learner.name, lab.now(), last, lesson)
            learned += 1
    return learned


def review(lab: Laboratory, now: Moment, problems: list[str]) -> int:
    """Approve what the campaign's policy may approve."""
    approved = 0
    for trial in now.record.trials:
        if trial.state is TrialState.PROPOSED and (
            reason := policy_reason(now.campaign, now.record, trial)
        ):
            approved += _approve(lab, trial, reason)
    return approved


def finish(lab: Laboratory, now: Moment, problems: list[str]) -> int:
    """Go on with the trials that run, begin none; when none runs any more, stop."""
    if not now.record.count(TrialState.RUNNING):
        name, at = now.campaign.name, lab.now()
        lab.store.campaigns.set_status(name, CampaignStatus.STOPPED, author="loop", at=at)
        return 0
    return dispatch(lab, now, problems, begin=False)


def dispatch(lab: Laboratory, now: Moment, problems: list[str], begin: bool = True) -> int:
    """Open the jobs that are due and give them to their executors; ``begin``: also those of
    approved trials."""
    going = [t for t in now.record.trials if t.state is TrialState.RUNNING]
    if begin:
        going += _still_allowed(lab, now)
    runs = {trial.number for trial in going}
    ready = [j for j in now.record.jobs if j.state is JobState.READY and j.trial in runs]
    for trial in going:
        ready += open_due(lab, now, trial)
    return sum(_each(lab, now, job, submit, problems) for job in ready)


STEPS: Mapping[CampaignStatus, Mapping[str, TurnStep]] = {
    CampaignStatus.ACTIVE: {
        "collected": collect,
        "paused": pause_at_faults,
        "learned": learn,
        "proposed": propose_next,
        "approved": review,
        "dispatched": dispatch,
    },
    CampaignStatus.PAUSED: {"collected": collect, "learned": learn},
    CampaignStatus.FINISHING: {"collected": collect, "learned": learn, "dispatched": finish},
}
"""What a turn consists of, by what is counted."""


def settle(lab: Laboratory, now: Moment, problems: list[str]) -> int:
    """Move trials whose jobs decide their fate, and call off what is left of them, or was opened
    for an approval that was taken back."""
    moved = 0
    for trial in now.record.trials:
        jobs = now.record.jobs_of(trial.number)
        if trial.state is TrialState.PROPOSED and jobs:
            moved += call_off(lab, now, jobs.values(), problems, "its approval was taken back")
        if trial.state is not TrialState.RUNNING:
            continue
        if (state := settled(now.campaign, jobs)) is not None:
            call_off(lab, now, jobs.values(), problems)
            ended = [job for job in jobs.values() if not job.state.is_open]
            message = "; ".join(job.message for job in ended if job.message)
            moved += _move(lab, trial, state, message)
    return moved


def _each(
    lab: Laboratory,
    now: Moment,
    job: Job,
    act: Callable[[Laboratory, Moment, Job], int],
    problems: list[str],
) -> int:
    """Do something with a job if we can hold it. An executor's fault must not stop the other
    jobs."""
    try:
        mine = hold(lab, job)
        return act(lab, now, mine) if mine else 0
    except Differs as differs:
        problems.append(f"{job.id}: {differs}")
    except Conflict as conflict:
        LOG.info("%s: another process was faster (%s)", job.id, conflict)
    except StoreError as error:  # it says what is wrong, and the next turn tries again
        problems.append(f"{job.id}: {error}")
    except Exception as error:
        LOG.exception("%s", job.id)
        problems.append(f"{job.id}: {plainly(error)}")
    return 0


def _still_allowed(lab: Laboratory, now: Moment) -> list[Trial]:
    """The approved trials whose points the campaign, which may have been revised, still allows; the
    others are abandoned."""
    approved = [t for t in now.record.trials if t.state is TrialState.APPROVED]
    if not approved:
        return []
    today, _ = in_force(now.campaign, now.record, lab.now().date(), people=True)
    allowed = []
    for trial in approved:
        try:
            today.complete(trial.point)
        except ValueError as error:
            _move(lab, trial, TrialState.ABANDONED, f"the campaign no longer allows it: {error}")
        else:
            allowed.append(trial)
    return allowed


def _approve(lab: Laboratory, trial: Trial, reason: str) -> int:
    try:
        lab.store.trials.decide(
            trial.campaign,
            trial.number,
            version=trial.version,
            verdict=Verdict.APPROVED,
            author="policy",
            at=lab.now(),
            reason=reason,
        )
    except Conflict:  # a person was faster
        return 0
    return 1


def _move(lab: Laboratory, trial: Trial, state: TrialState, message: str) -> int:
    try:
        lab.store.trials.move(
            trial.campaign,
            trial.number,
            version=trial.version,
            state=state,
            author="loop",
            at=lab.now(),
            message=message,
        )
    except Conflict:
        return 0
    return 1
