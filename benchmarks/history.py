"""Replays per minute beside BayBE's ``simulate_scenarios`` and Ax's default client.

crossed_barrel, 50 experiments, the same five random starts at the same seed, one thread each, CPU
seconds, one run of this program. Ax proposes settings that may not be in the pool: the nearest row
that was not measured is taken. BayBE lives in an environment of its own (``.venv-peers``), which
``make bench-history`` makes; without it that line is left out, and says so.
"""

import argparse
import json
import logging
import os
import subprocess
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from models.statistics import scores
from planner.past.history import read_history
from planner.past.pool import Pool
from planner.replay.planned import START, PlannedWalk, Setup
from planner.replay.walk import walk
from planner.replay.yardstick import Yardstick

PEERS = Path(__file__).parents[1] / ".venv-peers/bin/python"
ALONE = {"OMP_NUM_THREADS": "1", "BAYBE_PARALLEL_SIMULATION_RUNS": "False"}
"""One process: the time of others would not be counted."""
Runs = list[tuple[float, Sequence[int]]]
"""CPU seconds and order of the conditions, by seed."""


def main() -> None:
    """Run all of them, ours before and after the others, and print a table."""
    asked = _arguments()
    pool = read_history(str(asked.folder)).pool()
    walk(PlannedWalk(pool, "kyoso", 0, Setup(START + 2)))  # libraries are loaded now
    half = (asked.seeds + 1) // 2
    ours = _ours(pool, range(half), asked.budget)
    found = {"Ax, default client": _ax(pool, range(asked.ax_seeds), asked.budget)}
    if PEERS.exists():
        found["BayBE simulate_scenarios"] = _baybe(pool, asked.baybe_seeds, asked.budget)
    else:
        print("BayBE is not there: make bench-history installs it into .venv-peers")
    ours += _ours(pool, range(half, asked.seeds), asked.budget)
    _show(Yardstick(pool), {"kyoso": ours, **found}, asked.budget)


def _ours(pool: Pool, seeds: range, budget: int) -> Runs:
    runs: Runs = []
    for seed in seeds:
        began = time.process_time()
        order = walk(PlannedWalk(pool, "kyoso", seed, Setup(budget))).order
        runs.append((time.process_time() - began, order))
    return runs


def start(pool: Pool, seed: int) -> list[int]:
    """The first conditions of a walk with this seed."""
    found: list[int] = np.random.default_rng(seed).permutation(pool.size)[:START].tolist()
    return found


def _ax(pool: Pool, seeds: range, budget: int) -> Runs:
    """One client for each seed: starts attached as trials, then one proposal after another."""
    logging.disable(logging.INFO)
    warnings.simplefilter("ignore")
    import ax.api.client  # its time of import is not counted

    assert ax.api.client.__name__
    runs: Runs = []
    for seed in seeds:
        began = time.process_time()
        order = _ax_loop(pool, seed, budget)
        runs.append((time.process_time() - began, order))
    return runs


def _ax_loop(pool: Pool, seed: int, budget: int) -> list[int]:
    from ax.api.client import Client
    from ax.api.configs import ChoiceParameterConfig

    (name,) = pool.outcomes
    goal = pool.campaign.objectives[name].goal
    client = Client(random_seed=seed)
    settings: dict[str, Any] = {n: p for n, p in pool.campaign.free.items()}
    client.configure_experiment(
        [
            ChoiceParameterConfig(name=n, values=list(p.values), parameter_type="float",
                                  is_ordered=True)
            for n, p in settings.items()
        ]
    )  # fmt: skip
    client.configure_optimization(objective=name if goal == "maximize" else f"-{name}")
    table = np.array([[float(point[n]) for n in settings] for point in pool.points])
    unit = (table - table.min(axis=0)) / np.ptp(table, axis=0)
    order = start(pool, seed)
    for i in order:
        _measured(client, pool, i, client.attach_trial(_values(pool, i)))
    while len(order) < budget:
        ((trial, asked),) = client.get_next_trials(1).items()
        at = (np.array([float(asked[n]) for n in settings]) - table.min(axis=0)) / np.ptp(
            table, axis=0
        )
        far = np.abs(unit - at).sum(axis=1)
        far[order] = np.inf
        i = int(far.argmin())
        if far[i] > 1e-9:  # another row than the one that was asked for
            client.mark_trial_abandoned(trial)
            trial = client.attach_trial(_values(pool, i))
        _measured(client, pool, i, trial)
        order.append(i)
    return order


def _values(pool: Pool, i: int) -> dict[str, Any]:
    return {n: pool.points[i][n] for n in pool.campaign.free}


def _measured(client: Any, pool: Pool, i: int, trial: int) -> None:
    client.complete_trial(trial, {pool.outcomes[0]: float(pool.mean[i, 0])})


def _baybe(pool: Pool, seeds: int, budget: int) -> Runs:
    """``benchmarks/baybe_loop.py`` in its own environment."""
    (name,) = pool.outcomes
    task = {
        "columns": list(pool.campaign.free),
        "rows": [list(_values(pool, i).values()) for i in range(pool.size)],
        "outcome": name,
        "values": pool.mean[:, 0].tolist(),
        "minimize": pool.campaign.objectives[name].goal == "minimize",
        "starts": [start(pool, seed) for seed in range(seeds)],
        "budget": budget,
    }
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "task.json", Path(folder) / "runs.json"
        given.write_text(json.dumps(task))
        program = Path(__file__).with_name("baybe_loop.py")
        command = [str(PEERS), "-W", "ignore", str(program), str(given), str(found)]
        subprocess.run(command, check=True, env=os.environ | ALONE)
        return [(run["seconds"], run["order"]) for run in json.loads(found.read_text())]


def _show(stick: Yardstick, found: dict[str, Runs], budget: int) -> None:
    table = Table(title=f"{stick.pool.campaign.name}: replays of {budget} experiments, one core")
    for heading in ("planner", "seeds", "CPU s a replay", "replays a minute", "ours are faster by",
                    "share of the top set", "first of the top set"):  # fmt: skip
        table.add_column(heading, justify="right")
    ours = float(np.mean([seconds for seconds, _ in found["kyoso"]]))
    for name, runs in found.items():
        seconds = float(np.mean([s for s, _ in runs]))
        share = [scores.share_of_top(order, stick.top)[-1] for _, order in runs]
        hits = [scores.first_hit(order, stick.top) or np.inf for _, order in runs]
        spread = np.std(share, ddof=1) / len(share) ** 0.5 if len(share) > 1 else np.nan
        table.add_row(
            name, str(len(runs)), f"{seconds:.2f}", f"{60 / seconds:.1f}", f"{seconds / ours:.1f}",
            f"{np.mean(share):.2f} ± {spread:.2f}", f"{np.median(hits):g}",
        )  # fmt: skip
    Console(width=140).print(table)
    same = min(len(runs) for runs in found.values())
    for name, runs in found.items():
        first = [scores.share_of_top(order, stick.top)[-1] for _, order in runs[:same]]
        print(f"{name}: share with the {same} seeds that all ran: {np.mean(first):.3f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "folder", type=Path, nargs="?", default="../shared/campaigns/crossed_barrel"
    )
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--ax-seeds", type=int, default=3)
    parser.add_argument("--baybe-seeds", type=int, default=5)
    parser.add_argument("--budget", type=int, default=50)
    return parser.parse_args()


if __name__ == "__main__":
    main()
