"""What waits for people: proposals as a reviewer reads them, and tasks at the bench. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from planner.campaign.campaign import Campaign
from planner.campaign.values import Point, with_spread
from planner.executor import is_human
from planner.loop.review import doubt
from planner.record.basis import Basis
from planner.record.decision import Verdict, VetoCode
from planner.record.job import Job
from planner.record.record import Record
from planner.record.result import Result
from planner.record.summary import best
from planner.record.trial import Trial, TrialState
from ui.views.words import limits, origin_of, quantity

WIDTH_95 = 1.96
"""Standard deviations on each side of the mean that hold 95 % of a normal distribution."""
VETO_REASONS = {
    "unsafe": VetoCode.UNSAFE,
    "not possible with our equipment": VetoCode.IMPOSSIBLE,
    "material not in stock": VetoCode.NOT_IN_STOCK,
    "already known": VetoCode.ALREADY_KNOWN,
    "not interesting": VetoCode.NOT_INTERESTING,
    "other": VetoCode.OTHER,
}
"""What people choose as the reason of a veto, and what it teaches."""


@dataclass(frozen=True)
class Expectation:
    """What the planner expects of one outcome, against what is known. All in the outcome's unit."""

    outcome: str
    unit: str
    goal: str
    mean: float
    low: float
    high: float
    """Ends of the 95 % interval, measuring noise included."""
    best: float | None
    """The best value measured so far; None for outcomes without a goal."""
    limits: Mapping[str, float]
    """Threshold, target and requirements, by name."""

    @property
    def matters(self) -> bool:
        """Whether anything is wanted of the outcome; else it is measured only."""
        return self.goal != "none" or bool(self.limits)

    @property
    def in_words(self) -> str:
        """Mean and standard deviation: ``density 92.1 ± 2 percent``."""
        sd = (self.high - self.mean) / WIDTH_95
        return f"{self.outcome} {quantity(with_spread(self.mean, sd), self.unit)}"


@dataclass(frozen=True)
class Proposed:
    """A proposal as a reviewer reads it."""

    trial: Trial
    origin: str
    expectations: tuple[Expectation, ...]
    flags: tuple[str, ...]
    """What to look at before saying yes."""
    feasible: str = ""
    """How likely it is feasible, and by how many trials; empty where nothing was said."""


@dataclass(frozen=True)
class Task:
    """A job in the hands of people."""

    job: Job
    point: Point
    """What to set."""
    gives: tuple[str, ...]
    measured: tuple[Result, ...]
    """What is known of the trial so far."""

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.job.due is not None and self.job.due < now


def proposals(campaign: Campaign, record: Record, version: int) -> list[Proposed]:
    """What waits for a decision, by number. ``version`` is that of the campaign now."""
    basis = Basis(campaign, record)
    return [
        Proposed(
            trial,
            origin_of(trial),
            tuple(expectations(campaign, record, trial)),
            tuple(_flags(campaign, record, trial, version)),
            basis.shown(trial),
        )
        for trial in record.trials
        if trial.state is TrialState.PROPOSED
    ]


def expectations(campaign: Campaign, record: Record, trial: Trial) -> list[Expectation]:
    """What was predicted of a trial, objectives first."""
    tops = best(campaign, record)
    names = [*campaign.objectives, *(n for n in campaign.outcomes if n not in campaign.objectives)]
    found = []
    for name in names:
        if name in trial.prediction:
            mean, sd = trial.prediction[name]
            outcome = campaign.outcomes[name]
            found.append(
                Expectation(
                    name,
                    outcome.unit,
                    outcome.goal,
                    mean,
                    mean - WIDTH_95 * sd,
                    mean + WIDTH_95 * sd,
                    tops[name].value if name in tops else None,
                    limits(outcome),
                )
            )
    return found


def _flags(campaign: Campaign, record: Record, trial: Trial, version: int) -> list[str]:
    flags = []
    edits = [d for d in record.decisions if (d.trial, d.verdict) == (trial.number, Verdict.EDITED)]
    if edits:
        flags.append(f"edited by {edits[-1].author}: the prediction was of the former values")
    elif trial.prediction and (why := doubt(campaign, record, trial)):
        flags.append(why)
    if trial.campaign_version != version:
        flags.append(f"proposed for version {trial.campaign_version} of the campaign")
    try:
        campaign.complete(trial.point)
    except ValueError as error:
        flags.append(f"the campaign no longer allows it: {error}")
    return flags


@cache
def by_people(executor: str) -> bool:
    """Whether people do the work of this executor; looked up once."""
    return is_human(executor)


def human_stages(campaign: Campaign) -> frozenset[str]:
    """The stages that are in the hands of people."""
    return frozenset(s.name for s in campaign.stages if by_people(s.executor))


def new_remarks(campaign: Campaign, before: Iterable[Job], now: Iterable[Job]) -> int:
    """Of how many tasks an executor says something that it did not say: such as that a file that
    was brought cannot be read."""
    known, people = {job.id: job.message for job in before}, human_stages(campaign)
    said = [job for job in now if job.message and job.stage in people]
    return sum(known.get(job.id) != job.message for job in said)


def tasks(campaign: Campaign, record: Record) -> list[Task]:
    """What people have to carry out: what is due first comes first."""
    human = {s.name: s.gives for s in campaign.stages if by_people(s.executor)}
    trials = {t.number: t for t in record.trials if t.state is not TrialState.PROPOSED}
    found = [
        Task(
            job,
            record.as_run(trials[job.trial]),
            human[job.stage],
            tuple(record.results_of.get(job.trial, ())),
        )
        for job in record.jobs
        if job.state.is_open and job.stage in human and job.trial in trials
    ]
    return sorted(found, key=lambda t: (t.job.due is None, t.job.due, t.job.trial, t.job.stage))
