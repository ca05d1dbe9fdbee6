"""What a replay found, as plain data for JSON: scores of each planner, and what follows."""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner import scores
from planner.history.pool import History, Pool
from planner.history.walk import Run

type Floats = NDArray[np.float64]
type Curves = dict[str, Floats]

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


@dataclass(frozen=True)
class Yardstick:
    """What a pool holds, to score any order of its conditions against."""

    pool: Pool

    @cached_property
    def top(self) -> NDArray[np.bool_]:
        """The top set, shape (N,)."""
        return scores.top_set(self.pool.merits)

    @cached_property
    def reference(self) -> Floats:
        """Merits of the reference point: thresholds where all have one, else a percentile."""
        goals = list(self.pool.campaign.objectives.values())
        if not self.has_thresholds:
            return scores.reference_point(self.pool.merits)
        return np.array([g.merit(g.threshold) for g in goals if g.threshold is not None])

    @property
    def has_thresholds(self) -> bool:
        """Whether every objective has a threshold."""
        return all(g.threshold is not None for g in self.pool.campaign.objectives.values())

    @cached_property
    def volume(self) -> float:
        """Hypervolume of the whole pool; 1 where it is nothing, so that shares stay finite."""
        return scores.hypervolume(self.pool.merits, self.reference) or 1.0

    def curves(self, order: Sequence[int]) -> Curves:
        """Scores after each experiment; ``best:NAME`` holds merits of an objective."""
        merits = self.pool.merits
        volumes = scores.hypervolume_curve(order, merits, self.reference) / self.volume
        best = {f"best:{n}": scores.best_so_far(order, m) for n, m in self._columns()}
        return {"share": scores.share_of_top(order, self.top), "hypervolume": volumes, **best}

    def random_curves(self, budget: int) -> Curves:
        """The same as expected in random order."""
        volumes = scores.random_hypervolume(self.pool.merits, self.reference, budget) / self.volume
        best = {f"best:{n}": scores.random_best(m, budget) for n, m in self._columns()}
        return {
            "share": scores.random_share(self.pool.size, budget), "hypervolume": volumes, **best
        }  # fmt: skip

    def shown(self, name: str, merits: Floats) -> list[float]:
        """Merits as people read them: the outcome, or for a target the distance to it."""
        maximize = self.pool.campaign.objectives[name].goal == "maximize"
        return [float(merit if maximize else 0.0 - merit) for merit in merits]

    def _columns(self) -> list[tuple[str, Floats]]:
        return list(zip(self.pool.campaign.objectives, self.pool.merits.T, strict=True))


def about_pool(history: History, stick: Yardstick) -> dict[str, Any]:
    """The pool, its top set and reference point, and the warning that goes with its kind."""
    pool, names = stick.pool, list(stick.pool.campaign.objectives)
    worst = stick.pool.merits[stick.top].min(axis=0)
    reference = {n: stick.shown(n, stick.reference[i : i + 1])[0] for i, n in enumerate(names)}
    return {
        "kind": pool.kind,
        "conditions": pool.size,
        "rows": len(history.rows),
        "left_out": pool.left_out,
        "top_set": int(stick.top.sum()),
        "threshold": stick.shown(names[0], worst)[0] if len(names) == 1 else None,
        "reference_point": reference,
        "reference_from": "thresholds of the campaign"
        if stick.has_thresholds
        else "5th percentile of each outcome, on its worst side",
        "warning": WARNINGS.get(pool.kind),
        "notes": list(history.notes),
    }


def about_planner(stick: Yardstick, runs: Sequence[Run]) -> dict[str, Any]:
    """Mean curves of one planner over its runs, first hits, and what made its choices."""
    curves = [stick.curves(run.order) for run in runs]
    hits = [scores.first_hit(run.order, stick.top) for run in runs]
    return {
        "runs": len(runs),
        "first_hit": _quartiles(hits),
        **_mean_curves(stick, curves),
        "seconds_per_proposal": float(np.mean([run.seconds for run in runs])),
        "final_share": [float(c["share"][-1]) for c in curves],
        "final_hypervolume": [float(c["hypervolume"][-1]) for c in curves],
        "generators": dict(Counter(g for run in runs for g in run.generators)),
    }


def about_random(stick: Yardstick, budget: int) -> dict[str, Any]:
    """What random order of the pool gives: exact expectations, no runs."""
    curves = stick.random_curves(budget)
    hit = scores.random_first_hit(stick.pool.size, int(stick.top.sum()))
    return {
        "runs": 0,
        "first_hit": {"median": hit.median, "q25": hit.q25, "q75": hit.q75, "mean": hit.mean},
        **_mean_curves(stick, [curves]),
        "seconds_per_proposal": 0.0,
        "final_share": [float(curves["share"][-1])],
        "final_hypervolume": [float(curves["hypervolume"][-1])],
        "generators": {},
    }


def compare(planners: Mapping[str, Mapping[str, Any]], objectives: int) -> list[dict[str, Any]]:
    """Paired differences at the budget between planners; a single run stands for all seeds."""
    found = []
    measures = [("share_of_top", "final_share"), ("hypervolume", "final_hypervolume")]
    for (ours, a), (theirs, b) in itertools.combinations(planners.items(), 2):
        if {ours, theirs} == {"random", "history"}:
            continue  # neither has seeds
        for measure, key in measures if objectives > 1 else measures[:1]:
            runs = max(len(a[key]), len(b[key]))
            left, right = (list(x[key]) * (runs if len(x[key]) == 1 else 1) for x in (a, b))
            if len(left) == len(right) and len(a[measure]) == len(b[measure]):
                difference = scores.paired_difference(left, right)
                found.append({
                    "planner": ours, "against": theirs, "measure": measure,
                    "experiments": len(a[measure]), "difference": difference.mean,
                    "interval_95": difference.interval, "verdict": difference.verdict,
                })  # fmt: skip
    return found


def _mean_curves(stick: Yardstick, runs: Sequence[Curves]) -> dict[str, Any]:
    """Means over runs, and the factors over random order that papers use."""
    mean = {name: np.mean([run[name] for run in runs], axis=0) for name in runs[0]}
    names = list(stick.pool.campaign.objectives)
    best = {n: stick.shown(n, mean[f"best:{n}"]) for n in names}
    share = mean["share"]
    reached = {f"{x:g}": scores.acceleration(share, stick.pool.size, x) for x in LEVELS}
    return {
        "share_of_top": share.tolist(),
        "best_so_far": best[names[0]] if len(names) == 1 else best,
        "regret": _regret(stick, mean) if len(names) == 1 else None,
        "hypervolume": mean["hypervolume"].tolist(),
        "ef_topk": scores.ef_topk(share, stick.pool.size).tolist(),
        "ef_value": _ef_value(stick, best) if len(names) == 1 else None,
        "acceleration": reached,
    }


def _regret(stick: Yardstick, mean: Curves) -> list[float]:
    (name,) = stick.pool.campaign.objectives
    return list(map(float, scores.regret(mean[f"best:{name}"], stick.pool.merits[:, 0])))


def _ef_value(stick: Yardstick, best: Mapping[str, list[float]]) -> list[float] | None:
    ((name, goal),) = stick.pool.campaign.objectives.items()
    random = scores.random_best(stick.pool.merits[:, 0], len(best[name]))
    shown = np.array(stick.shown(name, random))
    factor = scores.ef_value(np.array(best[name]), shown, minimize=goal.goal != "maximize")
    return None if factor is None else list(map(float, factor))


def _quartiles(hits: Sequence[int | None]) -> dict[str, float | None]:
    """Median and quartiles; None for one that lies beyond the budget."""
    counted = np.array([np.inf if hit is None else hit for hit in hits])
    with np.errstate(invalid="ignore"):  # between two missed ones
        found = [float(np.quantile(counted, q)) for q in (0.5, 0.25, 0.75)]
    finite = [value if np.isfinite(value) else None for value in found]
    return dict(zip(("median", "q25", "q75"), finite, strict=True))
