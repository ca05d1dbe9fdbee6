"""Problems with a known answer, planned through the whole loop: ``python -m benchmarks.problems``.

BraninCurrin (two objectives, two parameters): share of the known hypervolume after 40 trials.
Hartmann6 (one objective, six parameters): distance to the known optimum after 60 trials.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from flows.turns.run import drive
from flows.turns.wiring import executors_of
from models.statistics.scores import hypervolume
from planner.campaign.campaign import parse_campaign
from planner.loop.laboratory import Laboratory, utc_now
from planner.record.record import Record
from planner.store import open_store

BRANIN_CURRIN_HYPERVOLUME = 59.36011874867746
"""Largest hypervolume over the reference (18, 6), as BoTorch 0.18 states it."""
HARTMANN6_OPTIMUM = -3.32237
SEEDS = range(5)


def problem(name: str, d: int, outcomes: dict[str, Any], trials: int, seed: int) -> dict[str, Any]:
    """A campaign on one of BoTorch's test functions, one trial open at a time."""
    options = {"name": name, "inline": True} | ({"dim": d} if name == "Hartmann" else {})
    return {
        "name": name,
        "parameters": {f"x{i}": {"kind": "range", "low": 0, "high": 1} for i in range(d)},
        "outcomes": outcomes,
        "stages": [
            {"name": "only", "executor": "problem", "gives": [*outcomes], "options": options}
        ],
        "review": {"autonomy": "automatic"},
        "budget": {"trials": trials},
        "planner": {"seed": seed},
    }


def branin_currin(seed: int, trials: int = 40) -> float:
    """Share of the known hypervolume that was reached."""
    outcomes = {
        "branin": {"goal": "minimize", "threshold": 18},
        "currin": {"goal": "minimize", "threshold": 6},
    }
    values = _values(_run(problem("BraninCurrin", 2, outcomes, trials, seed)), [*outcomes])
    return float(hypervolume(-values, np.array([-18.0, -6.0])) / BRANIN_CURRIN_HYPERVOLUME)


def hartmann6(seed: int, trials: int = 60) -> float:
    """Distance of the best value to the optimum."""
    outcomes = {"y": {"goal": "minimize"}}
    values = _values(_run(problem("Hartmann", 6, outcomes, trials, seed)), ["y"])
    return float(values.min() - HARTMANN6_OPTIMUM)


def _run(content: dict[str, Any]) -> Record:
    campaign = parse_campaign(content)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with open_store(f"sqlite:///{folder / 'kyoso.db'}", folder / "files") as store:
            store.campaigns.add(campaign, author="benchmark", at=utc_now())
            drive(Laboratory(store, executors_of(campaign, folder)), campaign.name, turns=100_000)
            return store.snapshot(campaign.name)


def _values(record: Record, outcomes: list[str]) -> np.ndarray:
    """Measured values, shape (trials, outcomes)."""
    models = sum(trial.generator == "botorch" for trial in record.trials)
    print(f"  {models} of {len(record.trials)} by the model", end="", file=sys.stderr)
    return np.array([[o.values[name][0] for name in outcomes] for o in record.observations])


def main() -> None:
    """One line for each problem, with all seeds."""
    for name, run, unit in (
        ("BraninCurrin, 40 trials: share of hypervolume", branin_currin, "{:.4f}"),
        ("Hartmann6, 60 trials: distance to optimum", hartmann6, "{:.4f}"),
    ):
        begun = time.perf_counter()
        found = [run(seed) for seed in SEEDS]
        seconds = time.perf_counter() - begun
        print(f"\n{name}: median {unit.format(statistics.median(found))}, seeds "
              f"{', '.join(unit.format(f) for f in found)} ({seconds:.0f} s)")  # fmt: skip


if __name__ == "__main__":
    main()
