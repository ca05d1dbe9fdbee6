"""What a campaign wants of its metrics, in the numbers that Ax is told: goals, limits, thresholds,
and by which trials they are judged. Nothing of Ax itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.statistics.warp import Warp
from planner.campaign.campaign import Campaign
from planner.record.record import Observation
from planner.space.encoding import Floats
from planner.space.metrics import (
    Limit,
    MetricColumn,
    judged_trials,
    keeps,
    limits,
    metrics,
    nothing_holds,
    objectives,
    reference,
    skewed,
    thresholds,
)

LIMITED = "limited_"
"""Before the name of a metric that is told a second time, for its limit."""
FAR = 10.0
"""How far below all values a bound lies that is to bind nothing, in ranges of the values."""


@dataclass(frozen=True)
class Wanted:
    """Goals and limits of a campaign, as far as its observations have data on them."""

    campaign: Campaign
    seen: Sequence[Observation]

    @cached_property
    def metrics(self) -> dict[str, MetricColumn]:
        """The columns of the record, and each objective that has a limit a second time."""
        found = metrics(self.campaign, self.seen)
        bounded = dict.fromkeys(m for m, _, _ in limits(self.campaign, found))
        return found | {self._limited(m): found[m] for m in bounded if m in self.objectives}

    @cached_property
    def objectives(self) -> dict[str, bool]:
        """Metrics to optimise that have data, and whether each is to become small."""
        return objectives(self.campaign, metrics(self.campaign, self.seen))

    @cached_property
    def limits(self) -> list[Limit]:
        """What is required, of the metrics that stand for it."""
        return [
            (self._limited(metric), sign, bound)
            for metric, sign, bound in limits(self.campaign, self.metrics)
        ]

    def _limited(self, metric: str) -> str:
        """The metric that stands for another one in a limit: Ax takes none on an objective, which
        is told a second time for it."""
        return LIMITED + metric if metric in self.objectives else metric

    @cached_property
    def optimised(self) -> set[str]:
        """Metrics that are a goal or have a limit; all others are only tracked."""
        return {*self.objectives, *(metric for metric, _, _ in self.limits)}

    @property
    def nothing_holds(self) -> bool:
        """Whether no trial has met every requirement and threshold so far."""
        return nothing_holds(self.campaign, self.metrics)

    @cached_property
    def judged(self) -> list[int]:
        """The trials by which it is judged what was reached."""
        return judged_trials(self.campaign, self.metrics)

    @property
    def _kept(self) -> list[int]:
        """The judged trials that break no limit; without any, all of them."""
        kept = [trial for trial in self.judged if keeps(self.metrics, self.limits, trial)]
        return kept or self.judged

    @property
    def best(self) -> tuple[str, float, int]:
        """Of one objective: its metric, the sign that makes larger values better, and how many
        results are better than the best that breaks no limit."""
        ((metric, small),) = self.objectives.items()
        sign = -1.0 if small else 1.0
        values = {trial: sign * value for trial, (value, _) in self.metrics[metric].items()}
        best = max(values[trial] for trial in self._kept)
        return metric, sign, sum(value > best for value in values.values())

    def thresholds(self) -> list[Limit]:
        """The campaign's thresholds. Where it names none, what the data suggest; but while nothing
        holds, nothing that was not asked for may bind. One so far off that the curve of a skewed
        metric does not tell it from any other is the farthest that it does."""
        named = {metric: bound for metric, _, bound in thresholds(self.campaign, self.metrics)}
        signs = np.array([-1.0 if small else 1.0 for small in self.objectives.values()])
        merits = signs * self._values()
        if self.nothing_holds:
            lowest, highest = merits.min(axis=0), merits.max(axis=0)
            suggested = lowest - FAR * (highest - lowest + 1e-12)
        else:
            suggested = reference(merits)
        bounds = {m: float(signs[k] * suggested[k]) for k, m in enumerate(self.objectives)} | named
        bent = set(skewed(self.metrics))
        return [
            (m, "<=" if small else ">=", self._told(m, bounds[m]) if m in bent else bounds[m])
            for m, small in self.objectives.items()
        ]

    def _told(self, metric: str, bound: float) -> float:
        values = np.array([value for value, _ in self.metrics[metric].values()])
        return Warp.fit(values, skewed=True).within_reach(bound)

    def _values(self) -> Floats:
        """Values of all objectives, shape (n, objectives): of trials that have them all and break
        no limit; where none has them all, each outcome by itself."""
        columns = [self.metrics[m] for m in self.objectives]
        trials = [t for t in self._kept if all(t in column for column in columns)]
        if trials:
            return np.array([[column[t][0] for column in columns] for t in trials])
        least = min(len(column) for column in columns)
        return np.array([[v for v, _ in column.values()][:least] for column in columns]).T
