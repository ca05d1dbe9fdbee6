"""The record of a campaign at one moment, as the planner reads it. No database behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from planner.campaign.campaign import Campaign
from planner.campaign.values import Point
from planner.record.decision import Decision, Verdict
from planner.record.job import Job
from planner.record.result import ModelVersion, Result
from planner.record.trial import Origin, Trial, TrialState

_SOON = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Observation:
    """What one trial taught: where it really ran, and what came of it."""

    trial: int
    point: Point
    values: dict[str, tuple[float, float | None]]
    """Value and standard error (None: not known) of each outcome that has come so far."""
    failed: bool = False
    """Whether the sample failed: no outcome, but a lesson on feasibility."""
    ended: bool = True
    """Whether the trial is over; a sample that still runs has not survived yet."""


@dataclass(frozen=True)
class Record:
    """All trials, jobs, decisions, current results and model versions of one campaign, by
    number."""

    trials: tuple[Trial, ...] = ()
    jobs: tuple[Job, ...] = ()
    results: tuple[Result, ...] = ()
    """Current results only: a superseded one is not among them."""
    decisions: tuple[Decision, ...] = ()
    versions: tuple[ModelVersion, ...] = ()
    released: frozenset[int] = frozenset()
    """Vetoed trials whose points may come back, because the veto has expired."""
    left_out: Mapping[int, str] = field(default_factory=dict)
    """Trials that nothing is learned from, and why (``planner.record.completion``)."""

    def trial(self, number: int) -> Trial:
        """The trial of this number. LookupError where there is none."""
        return self._trial_by_number[number]

    @cached_property
    def _trial_by_number(self) -> dict[int, Trial]:
        return {trial.number: trial for trial in self.trials}

    @cached_property
    def results_of(self) -> dict[int, list[Result]]:
        """Current results by trial."""
        grouped: dict[int, list[Result]] = {}
        for result in sorted(self.results, key=lambda r: r.number):
            grouped.setdefault(result.trial, []).append(result)
        return grouped

    def as_run(self, trial: Trial) -> Point:
        """The trial's point with everything that was really different."""
        point = dict(trial.point)
        for job in self.jobs_of(trial.number).values():
            point.update(job.as_run or {})
        for result in self.results_of.get(trial.number, []):
            point.update(result.as_run or {})
        return point

    @cached_property
    def observations(self) -> list[Observation]:
        """What the planner learns from: trials with results, and failed samples, by number."""
        return [
            self._observation(trial)
            for trial in self._by_number()
            if trial.number not in self.left_out
            and trial.state in (TrialState.RUNNING, TrialState.COMPLETED, TrialState.FAILED)
            and (trial.state is TrialState.FAILED or trial.number in self.results_of)
        ]

    @property
    def versions_in_use(self) -> dict[str, ModelVersion]:
        """The newest version of each learner that is used, by the learner's name."""
        return {v.learner: v for v in sorted(self.versions, key=lambda v: v.number) if v.used}

    def pending(self, campaign: Campaign) -> list[Trial]:
        """Open trials of which some objective has no result yet, by number."""
        return [
            trial
            for trial in self._by_number()
            if trial.state.is_open
            and not {r.outcome for r in self.results_of.get(trial.number, [])}
            >= set(campaign.objectives)
        ]

    @cached_property
    def excluded(self) -> list[Point]:
        """Points that are not to be proposed again: planned, run or vetoed, and edited away.

        A point that was abandoned for a technical fault may come back.
        """
        planned = [
            trial
            for trial in self._by_number()
            if trial.state is not TrialState.ABANDONED and trial.number not in self.released
        ]
        edited_away = [d.seen["point"] for d in self.decisions if d.verdict is Verdict.EDITED]
        return [*(t.point for t in planned), *(self.as_run(t) for t in planned), *edited_away]

    def with_planned(self, points: Sequence[Point]) -> "Record":
        """The record as it will be once these points are proposed."""
        number = self.next_number
        added = tuple(
            Trial(
                campaign="planned", number=number + i, origin=Origin.PLANNER, author="planner",
                campaign_version=1, created_at=_SOON, point=point, generator="planned",
            )
            for i, point in enumerate(points)
        )  # fmt: skip
        return replace(self, trials=(*self.trials, *added))

    @cached_property
    def vetoes(self) -> tuple[Decision, ...]:
        """The vetoes that nobody took back."""
        last = {d.trial: d.number for d in self.decisions if d.verdict is Verdict.TAKEN_BACK}
        vetoed = [d for d in self.decisions if d.verdict is Verdict.VETOED]
        return tuple(d for d in vetoed if d.number > last.get(d.trial, 0))

    @property
    def next_number(self) -> int:
        """The number that the next trial will have."""
        return max((trial.number for trial in self.trials), default=0) + 1

    def count(self, *states: TrialState) -> int:
        """How many trials are in one of these states."""
        return sum(trial.state in states for trial in self.trials)

    def spent(self) -> int:
        """How many trials count against the budget; proposals do not."""
        return sum(trial.state.is_spent for trial in self.trials)

    def taken(self) -> int:
        """How many places of the budget are taken, by trials that are spent and by proposals."""
        return sum(trial.state.takes_place for trial in self.trials)

    def room(self, campaign: Campaign) -> int:
        """How many proposals are wanted now: what is missing to a full batch, within the budget. A
        batch that shares values is made as a whole, when the one before is done."""
        open_trials = sum(trial.state.is_open for trial in self.trials)
        if campaign.planner.shared and open_trials:
            return 0
        missing = campaign.planner.batch - open_trials
        return max(0, min(missing, campaign.budget.trials - self.taken()))

    def jobs_of(self, trial: int) -> dict[str, Job]:
        """The jobs of a trial by stage."""
        return self._jobs_by_trial.get(trial, {})

    @cached_property
    def _jobs_by_trial(self) -> dict[int, dict[str, Job]]:
        grouped: dict[int, dict[str, Job]] = {}
        for job in self.jobs:
            grouped.setdefault(job.trial, {})[job.stage] = job
        return grouped

    def _observation(self, trial: Trial) -> Observation:
        values = {
            r.outcome: (r.value, r.standard_error) for r in self.results_of.get(trial.number, [])
        }
        failed, ended = trial.state is TrialState.FAILED, trial.state is not TrialState.RUNNING
        return Observation(trial.number, self.as_run(trial), values, failed, ended)

    def _by_number(self) -> Iterable[Trial]:
        return sorted(self.trials, key=lambda trial: trial.number)


def is_feasible(campaign: Campaign, observation: Observation) -> bool | None:
    """Whether every requirement on outcomes holds; None while one of them is still unknown."""
    if observation.failed:
        return False
    required = {
        n: o for n, o in campaign.outcomes.items() if (o.at_least, o.at_most) != (None, None)
    }
    if not all(name in observation.values for name in required):
        return None
    return all(o.allows(observation.values[name][0]) for name, o in required.items())
