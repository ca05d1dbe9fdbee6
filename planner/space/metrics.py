"""What the model is told of the record: a column of values for each metric, and its errors.

A metric is the values of an outcome, their distances to its target, or ``success``, 1 or 0. What
metrics are called is known here alone.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from planner.campaign.campaign import Campaign
from planner.campaign.outcome import Outcome
from planner.record.record import Observation
from planner.space.encoding import Floats

SUCCESS = "success"
"""1 where the sample survived, 0 where it failed; modelled once a sample has failed."""
SKEWED = 1.0
"""Outcomes of a larger skewness are modelled after a power transform."""

type MetricColumn = dict[int, tuple[float, float | None]]
type Limit = tuple[str, str, float]
"""A metric, ``>=`` or ``<=``, and a bound."""


def metric_of(campaign: Campaign, outcome: str) -> str:
    """The metric of an outcome's values: ``m1`` of the second, so that no name of a laboratory can
    be misread."""
    return f"m{list(campaign.outcomes).index(outcome)}"


def distance_of(campaign: Campaign, outcome: str) -> str:
    """The metric of an outcome's distances to its target: ``d1`` of the second."""
    return f"d{list(campaign.outcomes).index(outcome)}"


def words(campaign: Campaign) -> dict[str, str]:
    """What each metric of outcomes means, in the names of the campaign."""
    values = {metric_of(campaign, name): name for name in campaign.outcomes}
    return values | {distance_of(campaign, n): f"distance of {n}" for n in campaign.outcomes}


def metrics(campaign: Campaign, seen: Sequence[Observation]) -> dict[str, MetricColumn]:
    """Value and standard error by metric and trial, of what was measured at all."""
    columns: dict[str, MetricColumn] = {}
    for name, outcome in campaign.outcomes.items():
        column = {o.trial: o.values[name] for o in seen if name in o.values}
        if column:
            columns[metric_of(campaign, name)] = column
        if column and outcome.goal == "target":
            away = {t: (_distance(outcome, v), e) for t, (v, e) in column.items()}
            columns[distance_of(campaign, name)] = away
    if any(o.failed for o in seen):
        columns[SUCCESS] = {o.trial: (float(not o.failed), None) for o in seen if o.ended}
    return columns


def objectives(campaign: Campaign, known: Mapping[str, MetricColumn]) -> dict[str, bool]:
    """Metrics to optimise that have data, and whether each is to become small."""
    found = {}
    for name, outcome in campaign.outcomes.items():
        metric = (distance_of if outcome.goal == "target" else metric_of)(campaign, name)
        if outcome.is_objective and metric in known:
            found[metric] = outcome.goal != "maximize"
    return found


def limits(campaign: Campaign, known: Mapping[str, MetricColumn]) -> list[Limit]:
    """What has to hold of metrics that have data: survival, and the outcomes' requirements."""
    found = [(SUCCESS, ">=", 0.5)] if SUCCESS in known else []
    for name, outcome in campaign.outcomes.items():
        metric = metric_of(campaign, name)
        for sign, bound in ((">=", outcome.at_least), ("<=", outcome.at_most)):
            if bound is not None and metric in known:
                found.append((metric, sign, bound))
    return found


def thresholds(campaign: Campaign, known: Mapping[str, MetricColumn]) -> list[Limit]:
    """What objectives have to reach to be worth anything beside each other, where several have
    data."""
    goals = objectives(campaign, known)
    named = [(metric_of(campaign, name), o.threshold) for name, o in campaign.outcomes.items()]
    return [
        (metric, "<=" if goals[metric] else ">=", bound)
        for metric, bound in named
        if bound is not None and metric in goals and len(goals) > 1
    ]


def judged_trials(campaign: Campaign, known: Mapping[str, MetricColumn]) -> list[int]:
    """The trials by which is judged what was reached: those of which every objective that has data
    was measured; where there are none, those of which any was."""
    columns = [known[metric] for metric in objectives(campaign, known)]
    some = sorted({trial for column in columns for trial in column})
    return [trial for trial in some if all(trial in column for column in columns)] or some


def keeps(known: Mapping[str, MetricColumn], wanted: Iterable[Limit], trial: int) -> bool:
    """Whether a trial is within limits; what was not measured is not held against it."""
    return all(_is_within(known[metric], sign, bound, trial) for metric, sign, bound in wanted)


def _is_within(column: MetricColumn, sign: str, bound: float, trial: int) -> bool:
    if trial not in column:
        return True
    value, _ = column[trial]
    return value >= bound if sign == ">=" else value <= bound


def nothing_holds(campaign: Campaign, known: Mapping[str, MetricColumn]) -> bool:
    """Whether there are requirements or thresholds that no trial has met together so far."""
    wanted = [*limits(campaign, known), *thresholds(campaign, known)]
    return bool(wanted) and not any(
        keeps(known, wanted, trial) for trial in judged_trials(campaign, known)
    )


def _distance(outcome: Outcome, value: float) -> float:
    return -outcome.merit(value)


def errors(column: MetricColumn) -> list[float]:
    """Standard errors, all or none: NaN lets the model infer the noise.

    They are believed where every row has one, none is zero, and the median is below half the
    spread of the values; a reported spread larger than what it belongs to helps nobody.
    """
    given = [error or 0.0 for _, error in column.values()]
    values = [value for value, _ in column.values()]
    if min(given) > 0 and np.median(given) < 0.5 * np.std(values):
        return given
    return [float("nan")] * len(given)


def skewed(columns: Mapping[str, MetricColumn]) -> list[str]:
    """The metrics that a power transform would make look more normal; never the two values of
    survival."""
    return [
        name
        for name, column in columns.items()
        if name != SUCCESS and _is_skewed([value for value, _ in column.values()])
    ]


def _is_skewed(values: Sequence[float]) -> bool:
    spread = np.ptp(values) / (np.max(np.abs(values)) or 1.0)
    return bool(len(values) >= 5 and spread > 1e-9 and abs(_skewness(values)) > SKEWED)


def _skewness(values: Sequence[float]) -> float:
    """Third central moment over the second to the power of 3/2."""
    off = np.asarray(values) - np.mean(values)
    return float(np.mean(off**3) / np.mean(off**2) ** 1.5)


def reference(merits: Floats) -> Floats:
    """A reference point below the front and no better than the worst tenth, shape (objectives,).

    ``merits`` has shape (n, objectives), larger is better. A point too near to the front would
    make its ends worthless, one too far away makes only its ends worth anything.
    """
    dominated = [((merits >= m).all(axis=1) & (merits > m).any(axis=1)).any() for m in merits]
    front = merits[~np.array(dominated)]
    nadir, ideal = front.min(axis=0), front.max(axis=0)
    low = np.quantile(merits, 0.1, axis=0) - 1e-6 * (merits.std(axis=0) + 1e-12)
    return np.asarray(np.minimum(nadir - 0.1 * (ideal - nadir), low))
