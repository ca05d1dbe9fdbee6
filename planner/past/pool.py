"""A past campaign as rows in order, and as a pool of distinct conditions with their replicates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planner.campaign.campaign import Campaign
from planner.campaign.values import Point
from planner.past.as_record import Experiment
from planner.past.mapping import HistoryError, TableMapping
from planner.record.trial import TrialState
from planner.space.encoding import key

type Floats = NDArray[np.float64]


class Chosen(NamedTuple):
    """Which condition of a pool a planner wants next, and what really made the choice."""

    condition: int
    generator: str
    predicted: Mapping[str, tuple[float, float]] = {}
    """Mean and standard deviation that were expected of the measurement, by outcome."""


REPLICATES = 3
"""Fewer repeated measurements than this give no usable spread."""


@dataclass(frozen=True)
class Row:
    """One line of the table, in the units of the campaign."""

    line: int
    point: Point
    values: dict[str, float]
    """The outcomes that came."""
    sd: dict[str, float]
    """Standard deviations that the table states."""
    n: dict[str, float]
    """Numbers of measurements that the table states."""
    failed: bool = False
    arm: str = ""
    ordered: bool = False
    """Whether the row has a place in the campaign's order."""
    batch: float | None = None
    """The batch's number, where the table tells batches."""
    place: float = 0.0
    """What the order column says, as a number; else the row's place among all."""


@dataclass(frozen=True)
class Pool:
    """Distinct measured conditions, in the order in which they first appear in the history."""

    campaign: Campaign
    """With the outcomes that the replay needs, and no others."""
    kind: str
    points: tuple[Point, ...]
    """N conditions."""
    outcomes: tuple[str, ...]
    """M names: objectives, and outcomes with a requirement."""
    replicates: tuple[Floats, ...]
    """By condition, all measurements, shape (replicates, M); no rows where every sample failed."""
    stated_error: Floats
    """Standard error that the table states for single measurements, shape (N, M); NaN: none."""
    order: tuple[int, ...]
    """Conditions as the campaign met them; empty where the table has no order."""
    left_out: int
    """Rows of the table without the needed outcomes."""

    @property
    def size(self) -> int:
        """N, the number of conditions."""
        return len(self.points)

    @cached_property
    def n(self) -> NDArray[np.int64]:
        """Measurements of each condition, shape (N,); 0: every sample failed."""
        return np.array([len(values) for values in self.replicates])

    @cached_property
    def mean(self) -> Floats:
        """Plain mean of the replicates, shape (N, M); NaN for failed conditions."""
        return np.array([v.mean(axis=0) if len(v) else _unknown(v) for v in self.replicates])

    @cached_property
    def sd(self) -> Floats:
        """Standard deviation of the replicates (n - 1), shape (N, M); NaN below two."""
        return np.array(
            [v.std(axis=0, ddof=1) if len(v) > 1 else _unknown(v) for v in self.replicates]
        )

    @cached_property
    def standard_error(self) -> Floats:
        """Of the mean, from three replicates on, else as stated, shape (N, M); NaN: not known."""
        n = self.n[:, None]
        return np.where(n >= REPLICATES, self.sd / np.sqrt(np.maximum(n, 1)), self.stated_error)

    @cached_property
    def merits(self) -> Floats:
        """Of each objective, larger is better, shape (N, objectives).

        Failed conditions, and those that break a requirement, have the worst merit of the pool.
        """
        return self.merits_among(range(self.size))

    def merits_among(self, conditions: Sequence[int]) -> Floats:
        """The same of some conditions, shape (n, objectives), as somebody knows them who measured
        these and no others: the worst merit is the worst of these."""
        merits = self._measured_merits[list(conditions)]
        worst = np.nanmin(merits, axis=0, initial=np.inf)
        worst = np.where(np.isfinite(worst), worst, 0.0)  # all of them failed
        return np.where(self._usable[list(conditions)][:, None], merits, worst)

    @cached_property
    def _measured_merits(self) -> Floats:
        """Shape (N, objectives); NaN for failed conditions."""
        columns = [
            [goal.merit(value) for value in self.mean[:, self.outcomes.index(name)]]
            for name, goal in self.campaign.objectives.items()
        ]
        return np.array(columns).T

    def drawn(self, seed: int) -> "Pool":
        """The same pool as somebody sees it who measures each condition once: one replicate of
        each, by lot. What the table states of the spread is that of one measurement."""
        rng = np.random.default_rng([seed, 1])
        one = tuple(v[[rng.integers(len(v))]] if len(v) else v for v in self.replicates)
        single = self.stated_error * np.sqrt(np.maximum(self.n, 1))[:, None]
        return replace(self, replicates=one, stated_error=single)

    @cached_property
    def positions(self) -> dict[tuple[object, ...], int]:
        """The condition of each point, by the point's key."""
        return {key(self.campaign, point): i for i, point in enumerate(self.points)}

    def position(self, point: Point) -> int:
        """Which condition a point is; KeyError where it is none."""
        return self.positions[key(self.campaign, point)]

    def experiment(self, condition: int) -> Experiment:
        """The condition as one experiment: the means of its replicates; none if all failed."""
        if not self.n[condition]:
            return Experiment(self.points[condition], state=TrialState.FAILED)
        pairs = zip(
            self.mean[condition].tolist(), self.standard_error[condition].tolist(), strict=True
        )
        values = [(value, None if np.isnan(error) else error) for value, error in pairs]
        return Experiment(self.points[condition], dict(zip(self.outcomes, values, strict=True)))

    @cached_property
    def _usable(self) -> NDArray[np.bool_]:
        goals = [self.campaign.outcomes[name] for name in self.outcomes]
        allowed = [
            all(o.allows(v) for o, v in zip(goals, row, strict=True)) for row in self.mean.tolist()
        ]
        return np.array(allowed) & (self.n > 0)


@dataclass(frozen=True)
class History:
    """A past campaign: its rows in order, and what a researcher should know about them."""

    mapping: TableMapping
    campaign: Campaign
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    @property
    def arms(self) -> dict[str, list[Row]]:
        """Rows by arm, each in order; one arm without a name where the table has no arms."""
        grouped: dict[str, list[Row]] = {}
        for row in self.rows:
            grouped.setdefault(row.arm, []).append(row)
        return grouped

    def pool(self, outcome: str | None = None) -> Pool:
        """The pool of conditions; ``outcome``: for that goal alone. HistoryError where empty."""
        campaign = one_goal(self.campaign, outcome)
        names = tuple(campaign.outcomes)
        kept = [r for r in self.rows if r.failed or all(name in r.values for name in names)]
        grouped: dict[tuple[object, ...], list[Row]] = {}
        for row in kept:
            grouped.setdefault(key(campaign, row.point), []).append(row)
        if not any(not row.failed for row in kept):
            raise HistoryError(f"{self.mapping.name}: no row has {' and '.join(names)}")
        positions = {mark: i for i, mark in enumerate(grouped)}
        order = dict.fromkeys(positions[key(campaign, r.point)] for r in kept if r.ordered)
        return Pool(
            campaign=campaign,
            kind=self.mapping.pool,
            points=tuple(rows[0].point for rows in grouped.values()),
            outcomes=names,
            replicates=tuple(_replicates(rows, names) for rows in grouped.values()),
            stated_error=np.array([_stated(rows, names) for rows in grouped.values()]),
            order=tuple(order),
            left_out=len(self.rows) - len(kept),
        )


def one_goal(campaign: Campaign, outcome: str | None) -> Campaign:
    """The campaign with objectives and requirements only, or with one objective."""
    if outcome is not None and outcome not in campaign.objectives:
        goals = ", ".join(campaign.objectives)
        raise HistoryError(
            f"{campaign.name}: {outcome!r} is no outcome with a goal; there are {goals}"
        )
    kept = {
        name: o
        for name, o in campaign.outcomes.items()
        if (o.is_objective and outcome in (None, name)) or (o.at_least, o.at_most) != (None, None)
    }
    stage = campaign.stages[0].model_copy(update={"gives": tuple(kept)})
    return Campaign.model_validate(campaign.model_dump() | {"outcomes": kept, "stages": [stage]})


def _replicates(rows: Iterable[Row], names: Sequence[str]) -> Floats:
    measured = [[row.values[name] for name in names] for row in rows if not row.failed]
    return np.array(measured, dtype=float).reshape(-1, len(names))


def _stated(rows: Sequence[Row], names: Sequence[str]) -> list[float]:
    """Standard error of the rows' mean from the spreads that the table states; NaN: not known."""
    measured = [row for row in rows if not row.failed]
    count = len(measured) or 1
    return [
        float(
            np.sqrt(sum(r.sd.get(name, np.nan) ** 2 / r.n.get(name, 1) for r in measured)) / count
        )
        if measured
        else np.nan
        for name in names
    ]


def _unknown(values: Floats) -> Floats:
    return np.full(values.shape[1], np.nan)
