"""The loop: collect, learn, propose, review, dispatch. One turn is short, plain and may be
repeated.

Nobody waits in a turn. Whatever dies between two lines, the next turn goes on from the record:
every move is a compare-and-set in the store, and a job carries the same id at every attempt.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from planner.beliefs.vetoes import in_force
from planner.campaign.campaign import Campaign
from planner.loop.jobs import ask, call_off, hold, open_due, settled, submit
from planner.loop.laboratory import Laboratory
from planner.loop.review import policy_reason
from planner.proposals.failure import PlanningError
from planner.proposals.proposer import design, propose, room
from planner.record.decision import Verdict
from planner.record.job import Job, JobState
from planner.record.record import Record
from planner.record.summary import MODEL_FAILED, model_trouble
from planner.record.trial import Origin, State, Trial
from planner.store import CampaignStatus, Conflict, Differs

LOG = logging.getLogger(__name__)
FELL_BACK = "the model failed"
"""How the reason of a proposal begins that was made in place of the model's."""


@dataclass(frozen=True)
class Turn:
    """What one turn did, in counts, and what went wrong on the way."""

    collected: int = 0
    learned: int = 0
    proposed: int = 0
    approved: int = 0
    dispatched: int = 0
    problems: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether anything happened."""
        return any((self.collected, self.learned, self.proposed, self.approved, self.dispatched))


def describe(turn: Turn) -> str:
    """What a turn did, in a few words: ``2 proposed, 1 dispatched``."""
    steps = ("collected", "learned", "proposed", "approved", "dispatched")
    done = [f"{count} {step}" for step in steps if (count := getattr(turn, step))]
    return "; ".join([", ".join(done) or "nothing was due", *turn.problems])


def advance(lab: Laboratory, name: str) -> Turn:
    """One turn of a campaign. A paused one collects and learns; a finishing one also goes on with
    the trials that run; one that is stopped or removed does nothing."""
    status = lab.store.campaigns.status(name)
    if status.is_at_rest:
        return Turn()
    problems: list[str] = []
    collected = collect(lab, name, problems)
    learned = learn(lab, name, problems)
    if status is CampaignStatus.PAUSED:
        return Turn(collected, learned, problems=tuple(problems))
    if status is CampaignStatus.FINISHING:
        dispatched = finish(lab, name, problems)
        return Turn(collected, learned, dispatched=dispatched, problems=tuple(problems))
    proposed = propose_next(lab, name, problems)
    approved = review(lab, name)
    dispatched = dispatch(lab, name, problems)
    return Turn(collected, learned, proposed, approved, dispatched, tuple(problems))


def collect(lab: Laboratory, name: str, problems: list[str]) -> int:
    """Ask after every running job, store what came, and settle trials whose jobs have ended."""
    running = lab.store.jobs.list(name, JobState.RUNNING)
    moved = sum(_each(lab, job, ask, problems) for job in running)
    return moved + settle(lab, name, problems)


def learn(lab: Laboratory, name: str, problems: list[str]) -> int:
    """Let every learner make a new model version where results have come since its last. One that
    fails must not stop the others."""
    campaign, record = lab.campaign(name), lab.store.snapshot(name)
    learned = 0
    for learner in lab.learners:
        known = max((v.results for v in record.versions if v.learner == learner.name), default=0)
        last = max((r.number for r in record.results), default=0)
        try:
            lesson = learner.learn(campaign, record) if last > known else None
        except Exception as error:
            LOG.exception("learner %s", learner.name)
            problems.append(f"the learner {learner.name} failed: {error}")
            continue
        if lesson is not None:
            lab.store.versions.add(name, learner.name, lab.now(), last, lesson)
            learned += 1
    return learned


def propose_next(lab: Laboratory, name: str, problems: list[str]) -> int:
    """Fill the batch. Where the model fails, a space-filling point comes instead, and says so."""
    campaign, record = in_force(lab.campaign(name), lab.store.snapshot(name), lab.now().date())
    wanted = room(campaign, record)
    if not wanted:
        return 0
    try:
        proposals = propose(campaign, record, wanted, campaign.planner.seed)
    except PlanningError as error:
        LOG.exception("%s: the model failed", name)
        problems.append(f"the model failed: {error}")
        _note_failure(lab, campaign, record, str(error))
        reason = f"{FELL_BACK} ({error}); a space-filling point instead"
        proposals = design(campaign, record, wanted, campaign.planner.seed, reason)
    try:
        added = lab.store.trials.add(
            name,
            proposals,
            origin=Origin.PLANNER,
            author="planner",
            at=lab.now(),
            campaign_version=lab.store.campaigns.version(name),
            last_seen=max((t.number for t in record.trials), default=0),
        )
    except Conflict:  # another loop or a person was faster: the next turn looks again
        return 0
    return len(added)


def _note_failure(lab: Laboratory, campaign: Campaign, record: Record, error: str) -> None:
    """An event for an error that does not stand yet."""
    last = lab.store.events.last(campaign.name, MODEL_FAILED)
    if model_trouble(campaign, record, last) != error:
        lab.note(campaign.name, MODEL_FAILED, error=error, last_trial=record.next_number - 1)


def review(lab: Laboratory, name: str) -> int:
    """Approve what the campaign's policy may approve."""
    campaign, record = lab.campaign(name), lab.store.snapshot(name)
    approved = 0
    for trial in record.trials:
        if trial.state is State.PROPOSED and (reason := policy_reason(campaign, record, trial)):
            approved += _approve(lab, trial, reason)
    return approved


def finish(lab: Laboratory, name: str, problems: list[str]) -> int:
    """Go on with the trials that run, begin none; when none runs any more, stop."""
    if not lab.store.snapshot(name).count(State.RUNNING):
        lab.store.campaigns.set_status(name, CampaignStatus.STOPPED, author="loop", at=lab.now())
        return 0
    return dispatch(lab, name, problems, begin=False)


def dispatch(lab: Laboratory, name: str, problems: list[str], begin: bool = True) -> int:
    """Open the jobs that are due and give them to their executors; ``begin``: also those of
    approved trials."""
    campaign, record = lab.campaign(name), lab.store.snapshot(name)
    today, _ = in_force(campaign, record, lab.now().date(), people=True)
    for trial in record.trials:
        if trial.state is State.RUNNING or (
            begin and trial.state is State.APPROVED and _still_allowed(lab, today, trial)
        ):
            open_due(lab, campaign, record, trial)
    ready = lab.store.jobs.list(name, JobState.READY)
    return sum(_each(lab, job, submit, problems) for job in ready)


def settle(lab: Laboratory, name: str, problems: list[str]) -> int:
    """Move trials whose jobs decide their fate, and call off what is left of them."""
    campaign, record = lab.campaign(name), lab.store.snapshot(name)
    moved = 0
    for trial in record.trials:
        jobs = record.jobs_of(trial.number)
        state = settled(campaign, jobs) if trial.state is State.RUNNING else None
        if state is not None:
            call_off(lab, jobs.values(), problems)
            ended = [job for job in jobs.values() if not job.state.is_open]
            message = "; ".join(job.message for job in ended if job.message)
            moved += _move(lab, trial, state, message)
    return moved


def _each(
    lab: Laboratory, job: Job, act: Callable[[Laboratory, Job], int], problems: list[str]
) -> int:
    """Do something with a job if we can hold it. An executor's fault must not stop the other
    jobs."""
    try:
        mine = hold(lab, job)
        return act(lab, mine) if mine else 0
    except Differs as differs:
        problems.append(f"{job.id}: {differs}")
    except Conflict as conflict:
        LOG.info("%s: another process was faster (%s)", job.id, conflict)
    except Exception as error:
        LOG.exception("%s", job.id)
        problems.append(f"{job.id}: {error}")
    return 0


def _still_allowed(lab: Laboratory, today: Campaign, trial: Trial) -> bool:
    """Whether the campaign, which may have been revised, still allows the point; else abandon
    the trial."""
    try:
        today.complete(trial.point)
    except ValueError as error:
        _move(lab, trial, State.ABANDONED, f"the campaign no longer allows it: {error}")
        return False
    return True


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


def _move(lab: Laboratory, trial: Trial, state: State, message: str) -> int:
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
