"""Replay of a past campaign: planners choose, one by one, among conditions that were measured.

What a planner would have found among these conditions; it says nothing about others.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planner.history.arms import random_arm, walk_arms
from planner.history.mapping import HistoryError
from planner.history.pool import History, Pool
from planner.history.read import read_history
from planner.history.report import Yardstick, about_planner, about_pool, about_random, compare
from planner.history.summary import summary
from planner.history.walk import MODELS, START, Run, Task, walk_all

__all__ = ["PLANNERS", "replay", "run_replay", "summary"]

PLANNERS = (*MODELS, "random", "history")


def run_replay(
    source: str,
    mapping: Path | None = None,
    planners: Sequence[str] = ("kyoso", "gp-ei", "random"),
    seeds: int = 20,
    budget: int = 45,
    by_arm: bool = False,
    outcome: str | None = None,
    progress: bool = False,
    *,
    workers: int | None = None,
    start: int = START,
) -> dict[str, Any]:
    """Replay ``planners`` on the campaign at ``source`` with seeds from 0; plain data for JSON.

    ``by_arm`` adds what each arm of the history really achieved; ``outcome`` keeps one goal of
    several. HistoryError where the history or the request makes no sense.
    """
    history = read_history(source, mapping)
    return replay(history, planners, seeds, budget, by_arm, outcome, progress, workers, start)


def replay(
    history: History,
    planners: Sequence[str],
    seeds: int,
    budget: int,
    by_arm: bool = False,
    outcome: str | None = None,
    progress: bool = False,
    workers: int | None = None,
    start: int = START,
) -> dict[str, Any]:
    """As ``run_replay``, of a history that has been read; ``workers``: processes, one a core."""
    pool = history.pool(outcome)
    names = list(dict.fromkeys([*planners, *(["history"] if by_arm else [])]))
    _check(history, pool, names, seeds, budget, start)
    budget = min(budget, pool.size)
    tasks = [Task(pool, n, s, budget, start) for n in names if n in MODELS for s in range(seeds)]
    runs = walk_all(tasks, workers, progress)
    return _report(history, Yardstick(pool), names, runs, budget, by_arm) | {"seeds": seeds}


def _check(
    history: History, pool: Pool, names: Sequence[str], seeds: int, budget: int, start: int
) -> None:
    for name in names:
        if name not in PLANNERS:
            raise HistoryError(f"no planner {name!r}; there are {', '.join(PLANNERS)}")
    if not names or min(seeds, budget, start) < 1:
        raise HistoryError("a replay needs a planner, a seed, a start and an experiment")
    if "history" in names and not pool.order:
        raise HistoryError(
            f"{history.mapping.name}: the order of the experiments is not known (trust: "
            f"{history.mapping.order.trust}), so 'history' cannot be replayed"
        )


def _report(
    history: History, stick: Yardstick, names: Sequence[str], runs: Sequence[Run], budget: int,
    by_arm: bool,
) -> dict[str, Any]:  # fmt: skip
    found = {n: _found(stick, n, [r for r in runs if r.planner == n], budget) for n in names}
    arm = random_arm(history) if by_arm else None
    if "history" in found and history.mapping.arm:
        found["history"]["note"] = "the arms of the table are interleaved by their order"
    if by_arm:
        found["history"]["arms"] = walk_arms(history, stick)
    historic = "history" in found and "random" not in found
    random = found.get("random") or about_random(stick, budget)
    return {
        "mode": "pool",
        "name": history.mapping.name,
        "baseline": f"real random arm ({arm})" if arm
        else "historic order" if historic else "random permutation of the pool",
        "pool": about_pool(history, stick),
        "budget": budget,
        "planners": found,
        "comparisons": compare({**found, "random": random}, stick.pool.merits.shape[1]),
    }  # fmt: skip


def _found(stick: Yardstick, name: str, runs: Sequence[Run], budget: int) -> dict[str, Any]:
    if name == "random":
        return about_random(stick, budget)
    if name == "history":
        runs = [Run(name, 0, stick.pool.order[:budget], (), 0.0)]
    return about_planner(stick, runs)
