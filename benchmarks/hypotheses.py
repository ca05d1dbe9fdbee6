"""What hypotheses are worth: ``python -m benchmarks.hypotheses [part ...]``.

Experiments to 90 % of the attainable gain (from the mean of a pool to its best) with a claim
against the same planner without it, same random first points; runs that never get there count at
the budget. Parts: kinds, trends (that kind alone), conflict, ablation, calibration and late (of
claims that are made before and after the first results), and bound: what it would save to be sure
from the start that the best lies in the better half, or quarter, of the conditions along the
strongest parameter (or more, where levels tie).
Seven pools are past campaigns (see ``benchmarks.pools``), three are declared synthetic.
"""

import argparse
import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import gmean

from benchmarks.calibration import calibration
from benchmarks.claims import KINDS, called, claim, strongest
from benchmarks.pools import REAL, SYNTHETIC, part_of, problem
from planner.beliefs.merging import RULE, MergingRule
from planner.campaign.values import plain_data
from planner.past.pool import Pool
from planner.replay.with_hypotheses import (
    ClaimWalk,
    PlannedClaimWalk,
    about,
    goal_of,
    ratio,
    resampled,
    walk_all,
)
from planner.space.encoding import encode

STRENGTH = 0.8
"""With which every claim is entered."""
LOOKED_AT = 15
"""Observations after which credences are compared with the goals."""
LEAST = 25
"""Experiments after which, at the earliest, two claims are compared."""
FRESH = 200
"""The first of the seeds with which nothing was chosen: those below served to choose the constants
of the rule, on all these problems."""
BUDGET = 100
"""Experiments; all of a smaller pool."""
PARTS_OF_A_POOL = {"half": 0.5, "quarter": 0.25}
"""Shares of the conditions that a trend may be taken to speak for."""
ABLATIONS = {
    "whole rule": RULE,
    "no slots: claims always have a say": MergingRule(slots=False),
    "no evidence: credence stays as stated": MergingRule(evidence=False),
    "no decay": MergingRule(fading=float("inf")),
    "no seeding": MergingRule(seeding=False),
    "trends have a say in all slots": MergingRule(watching=False),
}


def runs(
    pool: Pool, kinds: Sequence[tuple[str, bool]], seeds: range, workers: int, **more: Any
) -> list[ClaimWalk]:
    """With one claim of each of these kinds at once, for every seed."""
    goal = goal_of(pool)
    tasks = [
        PlannedClaimWalk(
            pool,
            tuple(claim(pool, kind, right, seed, STRENGTH) for kind, right in kinds),
            seed,
            min(BUDGET, pool.size),
            goal,
            **more,
        )
        for seed in seeds
    ]
    return walk_all(tasks, workers)


def kinds(name: str, seeds: range, workers: int, asked: Sequence[str] = KINDS) -> dict[str, Any]:
    """Each kind apart, right and wrong."""
    pool = problem(name)
    plain = runs(pool, [], seeds, workers)
    before = [run.experiments for run in plain]
    found: dict[str, Any] = {"problem": name, "without": plain_data(about(plain, before, ()))}
    print(f"{name}: without {np.median(before):g}", flush=True)
    for kind in asked:
        for right in (True, False):
            walked = runs(pool, [(kind, right)], seeds, workers, least=LOOKED_AT, look=LOOKED_AT)
            label = called(kind, right)
            experiments = [run.experiments for run in walked]
            credences = [run.credence[0] for run in walked]
            found[label] = {
                "experiments": experiments,
                "not_reached": sum(not run.reached for run in walked),
                **dict(ratio(experiments, before)),
                "credence_after_15": float(np.median(credences)),
                "credences": credences,
            }
            print(f"  {label}: {np.median(experiments):g}, {_shown(found[label])}, "
                  f"credence {np.median(credences):.2f}", flush=True)  # fmt: skip
    return found


def conflict(name: str, seeds: range, workers: int) -> dict[str, Any]:
    """A right and a wrong claim of one kind together: which has the higher credence at the end, of
    at least LEAST experiments."""
    pool = problem(name)
    found: dict[str, Any] = {"problem": name}
    for kind in KINDS:
        walked = runs(pool, [(kind, True), (kind, False)], seeds, workers, least=LEAST)
        won = float(np.mean([run.credence[0] > run.credence[1] for run in walked]))
        found[kind] = {"right_is_ahead": won, "credences": [run.credence for run in walked]}
        print(f"{name}, two {kind}: the right one ahead in {won:.0%}", flush=True)
    return found


def ablation(name: str, seeds: range, workers: int) -> dict[str, Any]:
    """Each part of the rule switched off in turn."""
    pool = problem(name)
    before = [run.experiments for run in runs(pool, [], seeds, workers)]
    found: dict[str, Any] = {"problem": name}
    for label, rule in ABLATIONS.items():
        found[label] = {}
        for kind in KINDS:
            for right in (True, False):
                walked = runs(pool, [(kind, right)], seeds, workers, rule=rule)
                key = called(kind, right)
                found[label][key] = dict(ratio([run.experiments for run in walked], before))
        shown = ", ".join(f"{k} {v['ratio_to_without']:.2f}" for k, v in found[label].items())
        print(f"{name}, {label}: {shown}", flush=True)
    return found


def bound(name: str, seeds: range, workers: int) -> dict[str, Any]:
    """The planner without claims, on the better half and quarter of the conditions along the
    strongest parameter alone; nothing where a part lacks the goal."""
    pool = problem(name)
    rows, goal = encode(pool.campaign, pool.points), goal_of(pool)
    parameter, slope = strongest(pool, rows)
    good = rows[:, list(pool.campaign.free).index(parameter)] * np.sign(slope)
    before = [run.experiments for run in runs(pool, [], seeds, workers)]
    found: dict[str, Any] = {
        "problem": name,
        "parameter": parameter,
        "correlation": float(np.corrcoef(good, pool.merits[:, 0])[0, 1]),
        "place_of_the_best": float((good <= good[np.argmax(pool.merits[:, 0])]).mean()),
    }
    print(f"{name}: {parameter}, correlation {found['correlation']:.2f}, best at quantile "
          f"{found['place_of_the_best']:.2f}", flush=True)  # fmt: skip
    for label, share in PARTS_OF_A_POOL.items():
        kept = good >= np.quantile(good, 1 - share) - 1e-9
        part = part_of(pool, kept)
        if part.merits[:, 0].max() < goal:
            continue
        tasks = [PlannedClaimWalk(part, (), seed, min(BUDGET, part.size), goal) for seed in seeds]
        walked = [run.experiments for run in walk_all(tasks, workers)]
        found[label] = {"kept": float(kept.mean()), **dict(ratio(walked, before))}
        print(f"  {label} ({kept.mean():.2f}): {_shown(found[label])}", flush=True)
    return found


def over_all(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Geometric mean over the problems of the ratio of medians, by claim, with a 95 % interval
    from resampled seeds; and of all pairs of runs with one seed, which is steadier."""
    means = {}
    for label in (k for k in found[0] if k not in ("problem", "without")):
        rng = np.random.default_rng(0)
        drawn = [
            resampled(one[label]["experiments"], one["without"]["experiments"], rng)
            for one in found
        ]
        means[label] = {
            "ratio_to_without": float(gmean([one[label]["ratio_to_without"] for one in found])),
            "ratio_95": np.quantile(gmean(np.array(drawn), axis=0), [0.025, 0.975]).tolist(),
            **by_pairs(found, label),
        }
        pairs = "{by_pairs:.2f} ({by_pairs_95[0]:.2f} to {by_pairs_95[1]:.2f})".format(
            **means[label]
        )
        print(f"  {label}: {_shown(means[label])}, by pairs {pairs}", flush=True)
    return means


def by_pairs(found: Sequence[Mapping[str, Any]], label: str) -> dict[str, Any]:
    """Geometric mean of experiments with a claim over those without it, of runs with the same seed,
    each problem counting alike; with a 95 % interval (normal law of the mean log ratio)."""
    logs = [
        np.log(np.divide(one[label]["experiments"], one["without"]["experiments"])) for one in found
    ]
    mean = float(np.mean([log.mean() for log in logs]))
    error = math.sqrt(sum(log.var(ddof=1) / len(log) for log in logs)) / len(logs)
    return {
        "by_pairs": math.exp(mean),
        "by_pairs_95": [math.exp(mean - 1.96 * error), math.exp(mean + 1.96 * error)],
    }


def _shown(found: Mapping[str, Any]) -> str:
    low, high = found["ratio_95"]
    return f"ratio {found['ratio_to_without']:.2f} ({low:.2f} to {high:.2f})"


CALIBRATIONS = ("calibration", "late")
PARTS: Mapping[str, Callable[[str, range, int], dict[str, Any]]] = {
    "kinds": kinds,
    "trends": partial(kinds, asked=("trend",)),
    "conflict": conflict,
    "ablation": ablation,
    "bound": bound,
}


def main() -> None:
    """Run the parts that are asked for, print a line for each figure, write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts", nargs="*", default=[*(p for p in PARTS if p != "trends"), *CALIBRATIONS]
    )
    parser.add_argument("--problems", nargs="+", default=[*REAL, *SYNTHETIC])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=FRESH, help="the first of the seeds")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, help="folder for the figures as JSON")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    for part in asked.parts:
        if part in CALIBRATIONS:
            found: Any = calibration(late=part == "late", first=asked.first)
        else:
            found = [PARTS[part](name, seeds, asked.workers) for name in asked.problems]
            if part in ("kinds", "trends"):
                found = {"problems": found, "all": over_all(found)}
        if asked.out:
            (asked.out / f"hypotheses-{part}.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":  # other processes import this file
    main()
