"""Planners walking through a pool, in as many processes as there are cores."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from planner.past.pool import Chosen, Pool
from planner.replay.journal import Journal
from planner.replay.parallel import finished, progress_bar
from planner.replay.planned import PlannedWalk, Walk
from planner.replay.planners import Known, make


def walk(task: PlannedWalk) -> Walk:
    """One planner's walk with one seed: the same start for every planner, then its own choices."""
    setup, rng = task.setup, np.random.default_rng(task.seed)
    order = rng.permutation(task.pool.size)[: min(setup.start, setup.budget)].tolist()
    pool = task.pool.drawn(task.seed) if setup.noise == "draw" else task.pool
    planner = make(task.planner, pool, task.seed, setup.options)
    chosen: list[Chosen] = []
    seconds: list[float] = []
    batch = 0
    while len(order) < setup.budget:
        size = min(setup.sizes[min(batch, len(setup.sizes) - 1)], setup.budget - len(order))
        began = time.perf_counter()
        found = planner(_seen(pool, order, setup.pending), size)
        seconds.append((time.perf_counter() - began) / max(len(found), 1))
        _check(task.planner, found, order)
        order += [c.condition for c in found]
        chosen += found
        batch += 1
    return Walk(
        task.planner,
        task.seed,
        tuple(order),
        tuple(c.generator for c in chosen),
        float(np.mean(seconds[1:] or seconds or [0.0])),
        _forecasts(pool, chosen),
    )


def _seen(pool: Pool, order: Sequence[int], pending: int) -> Known:
    known = max(len(order) - pending, min(len(order), 2))  # nothing can be planned from nothing
    tried = set(order)
    remaining = [i for i in range(pool.size) if i not in tried]
    return Known(order[:known], order[known:], remaining)


def _check(name: str, found: Sequence[Chosen], order: Sequence[int]) -> None:
    places = [c.condition for c in found]
    if not places:
        raise RuntimeError(f"{name} chose nothing")
    if set(places) & set(order) or len(set(places)) < len(places):
        raise RuntimeError(f"{name} chose a condition that had been tried")


def _forecasts(
    pool: Pool, chosen: Sequence[Chosen]
) -> dict[str, tuple[tuple[float, float, float], ...]]:
    """Of choices that came with a prediction and did not fail."""
    found: dict[str, list[tuple[float, float, float]]] = {}
    for c in chosen:
        for name, (mean, sd) in c.predicted.items():
            if name in pool.outcomes and pool.n[c.condition] and sd > 0:
                value = float(pool.mean[c.condition, pool.outcomes.index(name)])
                found.setdefault(name, []).append((float(mean), float(sd), value))
    return {name: tuple(rows) for name, rows in found.items()}


def walk_all(
    tasks: Sequence[PlannedWalk], workers: int | None = None, progress: bool = False,
    journal: Path | None = None,
) -> list[Walk]:  # fmt: skip
    """The runs in the order of the tasks; the same whatever the number of processes.

    ``journal`` keeps each run as soon as it is done: the same call goes on from there.
    """
    kept = Journal(journal, tasks) if journal else None
    found: dict[int, Walk] = dict(kept.found) if kept else {}
    left = [i for i in range(len(tasks)) if i not in found]
    with progress_bar(progress) as bar:
        line = bar.add_task("replay", total=len(tasks), completed=len(found))
        cores = workers or os.cpu_count() or 1
        for i, run in finished(walk, [(i, tasks[i]) for i in left], cores):
            found[i] = run
            if kept:
                kept.keep(i, run)
            bar.advance(line)
    return [found[i] for i in range(len(tasks))]
