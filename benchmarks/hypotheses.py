"""What hypotheses are worth: ``python -m benchmarks.hypotheses [part ...]``.

Experiments to 90 % of the attainable gain (from the mean of a pool to its best) with a claim
against the same planner without it, same random first points; runs that never get there count at
the budget. Parts: kinds, conflict, calibration, ablation. Two problems are past campaigns (folder
of the data sets in KYOSO_CAMPAIGNS, else ../shared/campaigns), two are declared synthetic.
"""

import argparse
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import qmc

from benchmarks.calibration import calibration
from benchmarks.claims import KINDS, claim
from planner.campaign import parse_campaign
from planner.history.claims import Walk, Walked, about, goal_of, ratio, walk_all
from planner.history.pool import Pool
from planner.history.read import read_history
from planner.merging import RULE, Rule
from planner.space import points_of

STRENGTH = 0.8
LOOKED_AT = 15
"""Observations after which credences are compared with the goals."""
BUDGET = 100
CAMPAIGNS = Path(os.environ.get("KYOSO_CAMPAIGNS", "../shared/campaigns"))
REAL = {"crossed_barrel": "toughness_J", "pedot_polybot": "conductivity_S_cm"}
ABLATIONS = {
    "whole rule": RULE,
    "no slots: claims always have a say": Rule(slots=False),
    "no evidence: credence stays as stated": Rule(evidence=False),
    "no decay": Rule(fading=float("inf")),
    "no seeding": Rule(seeding=False),
}


def window(u: np.ndarray) -> np.ndarray:
    """A narrow process window on a slope (synthetic), u (n, 4) in the unit cube."""
    centre, width = np.array([0.8, 0.3, 0.65, 0.4]), np.array([0.25, 0.35, 0.3, 0.6])
    hill = 3 * np.exp(-(((u - centre) / width) ** 2).sum(axis=1) / 2)
    return np.asarray(hill + 0.8 * u[:, 0] + 0.3 * np.sin(6 * u[:, 1] + 3 * u[:, 2]))


def ripples(u: np.ndarray) -> np.ndarray:
    """Ackley's function (1987), turned and moved: one hill under ripples, u (n, 4)."""
    x = (u - 0.3) * 40
    return np.asarray(
        20 * np.exp(-0.2 * np.sqrt((x**2).mean(axis=1)))
        + np.exp(np.cos(np.pi * x / 2).mean(axis=1))
    )


SYNTHETIC: dict[str, Callable[[np.ndarray], np.ndarray]] = {"window": window, "ripples": ripples}


def problem(name: str) -> Pool:
    """A pool by name."""
    if name in REAL:
        return read_history(str(CAMPAIGNS / name)).pool(REAL[name])
    return synthetic(name, SYNTHETIC[name])


def synthetic(name: str, function: Callable[[np.ndarray], np.ndarray], size: int = 768) -> Pool:
    """A pool of points of a known function of four parameters, without noise."""
    rows = qmc.Sobol(4, seed=1).random(1024)[:size]
    names = [f"x{i}" for i in range(4)]
    campaign = parse_campaign(
        {
            "name": name,
            "parameters": {n: {"kind": "range", "low": 0, "high": 1} for n in names},
            "outcomes": {"y": {"goal": "maximize"}},
            "stages": [{"name": "only", "executor": "lookup", "gives": ["y"]}],
        }
    )
    values = function(rows)
    return Pool(
        campaign=campaign,
        kind="random",
        points=tuple(points_of(campaign, dict(zip(names, rows.T, strict=True)))),
        outcomes=("y",),
        replicates=tuple(np.array([[v]]) for v in values),
        stated_error=np.full((size, 1), np.nan),
        order=(),
        left_out=0,
    )


def runs(
    pool: Pool, kinds: Sequence[tuple[str, bool]], seeds: int, workers: int, **more: Any
) -> list[Walked]:
    """With one claim of each of these kinds at once, for every seed."""
    goal = goal_of(pool)
    tasks = [
        Walk(
            pool,
            tuple(claim(pool, kind, right, seed, STRENGTH) for kind, right in kinds),
            seed,
            min(BUDGET, pool.size),
            goal,
            **more,
        )
        for seed in range(seeds)
    ]
    return walk_all(tasks, workers)


def kinds(name: str, seeds: int, workers: int) -> dict[str, Any]:
    """Each kind apart, right and wrong."""
    pool = problem(name)
    plain = runs(pool, [], seeds, workers)
    before = [run.experiments for run in plain]
    found: dict[str, Any] = {"problem": name, "without": about(plain, before, ())}
    print(f"{name}: without {np.median(before):g}", flush=True)
    for kind in KINDS:
        for right in (True, False):
            walked = runs(pool, [(kind, right)], seeds, workers, least=LOOKED_AT)
            label = f"{'right' if right else 'wrong'} {kind}"
            experiments = [run.experiments for run in walked]
            credences = [run.credence[0] for run in walked]
            found[label] = {
                "experiments": experiments,
                "not_reached": sum(not run.reached for run in walked),
                **ratio(experiments, before),
                "credence_after_15": float(np.median(credences)),
                "credences": credences,
            }
            low, high = found[label]["ratio_95"]
            print(
                f"  {label}: {np.median(experiments):g}, ratio "
                f"{found[label]['ratio_to_without']:.2f} ({low:.2f} to {high:.2f}), "
                f"credence {np.median(credences):.2f}",
                flush=True,
            )
    return found


def conflict(name: str, seeds: int, workers: int) -> dict[str, Any]:
    """A right and a wrong claim of one kind together: which has the higher credence at the end."""
    pool, found = problem(name), {"problem": name}
    for kind in KINDS:
        walked = runs(pool, [(kind, True), (kind, False)], seeds, workers, least=25)
        won = float(np.mean([run.credence[0] > run.credence[1] for run in walked]))
        found[kind] = {"right_is_ahead": won, "credences": [run.credence for run in walked]}
        print(f"{name}, two {kind}: the right one ahead in {won:.0%}", flush=True)
    return found


def ablation(name: str, seeds: int, workers: int) -> dict[str, Any]:
    """Each part of the rule switched off in turn."""
    pool = problem(name)
    before = [run.experiments for run in runs(pool, [], seeds, workers)]
    found: dict[str, Any] = {"problem": name}
    for label, rule in ABLATIONS.items():
        found[label] = {}
        for kind in KINDS:
            for right in (True, False):
                walked = runs(pool, [(kind, right)], seeds, workers, rule=rule)
                key = f"{'right' if right else 'wrong'} {kind}"
                found[label][key] = ratio([run.experiments for run in walked], before)
        shown = ", ".join(f"{k} {v['ratio_to_without']:.2f}" for k, v in found[label].items())
        print(f"{name}, {label}: {shown}", flush=True)
    return found


PARTS = {"kinds": kinds, "conflict": conflict, "ablation": ablation}


def main() -> None:
    """Run the parts that are asked for, print a line for each figure, write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=[*PARTS, "calibration"])
    parser.add_argument("--problems", nargs="+", default=[*REAL, *SYNTHETIC])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, help="folder for the figures as JSON")
    asked = parser.parse_args()
    for part in asked.parts:
        if part == "calibration":
            found: Any = calibration()
        else:
            found = [PARTS[part](name, asked.seeds, asked.workers) for name in asked.problems]
        if asked.out:
            (asked.out / f"hypotheses-{part}.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":  # other processes import this file
    main()
