"""What a replay in a pool found: the pool, and scores of each planner."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.statistics import scores
from models.statistics.honesty import JUDGED, honesty
from planner.past.leaks import leaks
from planner.past.pool import History
from planner.replay.planned import Walk
from planner.replay.values import ChoiceCalibration, Curve, FirstHit, PlannerFigures, PoolFigures
from planner.replay.yardstick import Curves, Floats, Yardstick

LEVELS = (0.3, 0.5, 0.8)
"""Shares of the top set for which the acceleration over random order is told."""
WARNINGS = {
    "adaptive": (
        "An optimiser, or people who already knew what was good, chose these conditions: good ones "
        "are far more frequent here than in the space they came from. Random order of this pool "
        "does better than random experiments would, so a gain over it says too little about real "
        "savings; and every condition a planner finds here, history had found before."
    ),
    "literature": (
        "These conditions were collected from publications, which report successes: good ones are "
        "more frequent than in the laboratory, so a gain over random order says too little."
    ),
    "unknown": (
        "The mapping does not say how these conditions were chosen. If an optimiser or experience "
        "chose them, good ones are too frequent and a gain over random order says too little."
    ),
}


def about_pool(history: History, stick: Yardstick) -> PoolFigures:
    """The pool, its top set and reference point, and the warning that goes with its kind."""
    pool, names = stick.pool, list(stick.pool.campaign.objectives)
    worst = stick.pool.merits[stick.top].min(axis=0)
    return PoolFigures(
        kind=pool.kind,
        conditions=pool.size,
        rows=len(history.rows),
        left_out=pool.left_out,
        top_set=int(stick.top.sum()),
        threshold=stick.shown(names[0], worst)[0] if len(names) == 1 else None,
        reference_point={
            n: stick.shown(n, stick.reference[i : i + 1])[0] for i, n in enumerate(names)
        },
        reference_from="thresholds of the campaign"
        if stick.has_thresholds
        else "5th percentile of each outcome, on its worst side",
        warning=WARNINGS.get(pool.kind),
        notes=history.notes,
        leaks=tuple(leak.words for leak in leaks(history.rows)),
    )


def about_planner(stick: Yardstick, runs: Sequence[Walk]) -> PlannerFigures:
    """Mean curves of one planner over its runs, first hits, and what made its choices."""
    curves = [stick.curves(run.order) for run in runs]
    return _figures(
        stick,
        curves,
        runs=len(runs),
        first_hit=_quartiles([scores.first_hit(run.order, stick.top) for run in runs]),
        share_of_top_95=_interval([c["share"] for c in curves]),
        hypervolume_95=_interval([c["hypervolume"] for c in curves]),
        seconds_per_proposal=float(np.mean([run.seconds for run in runs])),
        generators=dict(Counter(g for run in runs for g in run.generators)),
        calibration=_calibration(runs),
    )


def about_random(stick: Yardstick, budget: int) -> PlannerFigures:
    """What random order of the pool gives: exact expectations, no runs."""
    hit = scores.random_first_hit(stick.pool.size, int(stick.top.sum()))
    return _figures(
        stick,
        [stick.random_curves(budget)],
        runs=0,
        first_hit=FirstHit(median=hit.median, q25=hit.q25, q75=hit.q75, mean=hit.mean),
        seconds_per_proposal=0.0,
        generators={},
    )


def _figures(stick: Yardstick, curves: Sequence[Curves], **more: Any) -> PlannerFigures:
    """Means over runs, where each run ended, and the factors over random order that papers use."""
    mean = {name: np.mean([c[name] for c in curves], axis=0) for name in curves[0]}
    names = list(stick.pool.campaign.objectives)
    best = {n: tuple(stick.shown(n, mean[f"best:{n}"])) for n in names}
    share, is_one = mean["share"], len(names) == 1
    return PlannerFigures(
        share_of_top=share.tolist(),
        best_so_far=best[names[0]] if is_one else best,
        regret=_regret(stick, mean) if is_one else None,
        hypervolume=mean["hypervolume"].tolist(),
        ef_topk=scores.ef_topk(share, stick.pool.size).tolist(),
        ef_value=_ef_value(stick, best) if is_one else None,
        acceleration={f"{x:g}": scores.acceleration(share, stick.pool.size, x) for x in LEVELS},
        final_share=tuple(float(c["share"][-1]) for c in curves),
        mean_share=tuple(float(c["share"].mean()) for c in curves),
        final_hypervolume=tuple(float(c["hypervolume"][-1]) for c in curves),
        mean_hypervolume=tuple(float(c["hypervolume"].mean()) for c in curves),
        **more,
    )


def _interval(curves: Sequence[Floats]) -> tuple[Curve, Curve] | None:
    """95 % interval of the mean of curves of shares, lower and upper ends; none of a single run."""
    if len(curves) < 2:
        return None
    low, high = (np.clip(end, 0.0, 1.0) for end in scores.mean_interval(np.array(curves)))
    return tuple(low.tolist()), tuple(high.tolist())


def _calibration(runs: Sequence[Walk]) -> dict[str, ChoiceCalibration] | None:
    """Whether the predictions of a planner's own choices came true, by outcome.

    These were chosen because much was expected of them, so some disappointment is no fault.
    """
    found = {}
    for name in {n for run in runs for n in run.forecasts}:
        rows = np.array([row for run in runs for row in run.forecasts.get(name, ())])
        z = (rows[:, 2] - rows[:, 0]) / rows[:, 1]
        judged = honesty(z)
        log = -np.log(rows[:, 1] * np.sqrt(2 * np.pi)) - z**2 / 2
        found[name] = ChoiceCalibration(
            n=judged.n,
            coverage_90=judged.coverage[JUDGED],
            verdict=judged.verdict,
            log_score=float(log.mean()),
            mean_z=float(z.mean()),
        )
    return found or None


def _regret(stick: Yardstick, mean: Curves) -> Curve:
    (name,) = stick.pool.campaign.objectives
    return tuple(map(float, scores.regret(mean[f"best:{name}"], stick.pool.merits[:, 0])))


def _ef_value(stick: Yardstick, best: Mapping[str, Curve]) -> Curve | None:
    ((name, goal),) = stick.pool.campaign.objectives.items()
    random = scores.random_best(stick.pool.merits[:, 0], len(best[name]))
    shown = np.array(stick.shown(name, random))
    factor = scores.ef_value(np.array(best[name]), shown, minimize=goal.goal != "maximize")
    return None if factor is None else tuple(map(float, factor))


def _quartiles(hits: Sequence[int | None]) -> FirstHit:
    """Median and quartiles; None for one that lies beyond the budget."""
    counted = np.array([np.inf if hit is None else hit for hit in hits])
    with np.errstate(invalid="ignore"):  # between two missed ones
        found = [float(np.quantile(counted, q)) for q in (0.5, 0.25, 0.75)]
    median, low, high = (value if np.isfinite(value) else None for value in found)
    return FirstHit(median=median, q25=low, q75=high)
