"""Planners walking through a pool, in as many processes as there are cores."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import NamedTuple, Protocol

import numpy as np
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from planner.baselines import GpEi
from planner.campaign import Campaign
from planner.history.pool import Chosen, Pool
from planner.record import Record
from planner.trial import Origin, Result, State, Trial

START = 5
"""Random conditions at the start, the same for every planner with the same seed."""
_WHEN = datetime(2000, 1, 1, tzinfo=UTC)


class Planner(Protocol):
    """Chooses the next condition of a pool; made anew for each run, from pool and seed."""

    def __call__(self, seen: Sequence[int], remaining: Sequence[int]) -> Chosen: ...


class Kyoso:
    """Our own planner, asked as the loop asks it: with a campaign, a record and a pool."""

    def __init__(self, pool: Pool, seed: int) -> None:
        self.pool, self.seed = pool, seed
        planning = {"initial": 1, "seed": seed}  # the start is over before it is asked
        content = pool.campaign.model_dump() | {
            "planner": planning,
            "budget": {"trials": pool.size},
        }
        self.campaign = Campaign.model_validate(content)

    def __call__(self, seen: Sequence[int], remaining: Sequence[int]) -> Chosen:
        """The planner's first proposal. RuntimeError where it makes none."""
        from planner.proposer import propose

        candidates = [self.pool.points[i] for i in remaining]
        proposals = propose(self.campaign, record_of(self.pool, seen), 1, self.seed, candidates)
        if not proposals:
            raise RuntimeError(f"kyoso proposed nothing among {len(candidates)} conditions")
        return Chosen(self.pool.position(proposals[0].point), proposals[0].generator)


MODELS: dict[str, Callable[[Pool, int], Planner]] = {"kyoso": Kyoso, "gp-ei": GpEi}
"""The planners that choose, made from a pool and a seed."""


class Task(NamedTuple):
    """One run to be done, in this process or another."""

    pool: Pool
    planner: str
    seed: int
    budget: int
    start: int


@dataclass(frozen=True)
class Run:
    """One planner's walk through the pool with one seed."""

    planner: str
    seed: int
    order: tuple[int, ...]
    generators: tuple[str, ...]
    """What chose each condition after the start."""
    seconds: float
    """For one proposal, on the mean, the first (which loads libraries) left aside."""


def record_of(pool: Pool, seen: Sequence[int]) -> Record:
    """The record of a campaign that measured these conditions, in this order."""
    trials = [_trial(pool, number, i) for number, i in enumerate(seen, 1)]
    results = [r for number, i in enumerate(seen, 1) for r in _results(pool, number, i)]
    return Record(tuple(trials), results=tuple(results))


def walk(task: Task) -> Run:
    """One planner's walk with one seed: the same start for every planner, then its own choices."""
    pool, planner = task.pool, MODELS[task.planner](task.pool, task.seed)
    order = np.random.default_rng(task.seed).permutation(pool.size)[: task.start].tolist()
    order, generators, seconds = order[: task.budget], [], []
    while len(order) < task.budget:
        tried = set(order)
        remaining = [i for i in range(pool.size) if i not in tried]
        began = time.perf_counter()
        chosen = planner(order, remaining)
        seconds.append(time.perf_counter() - began)
        if chosen.condition in tried:
            raise RuntimeError(f"{task.planner} chose a condition that had been tried")
        order.append(chosen.condition)
        generators.append(chosen.generator)
    typical = float(np.mean(seconds[1:] or seconds or [0.0]))
    return Run(task.planner, task.seed, tuple(order), tuple(generators), typical)


def walk_all(
    tasks: Sequence[Task], workers: int | None = None, progress: bool = False
) -> list[Run]:
    """The runs in the order of the tasks; the same whatever the number of processes."""
    runs = _mapped(tasks, workers or os.cpu_count() or 1)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    screen = Console(stderr=True)  # standard output is for the report
    bar = Progress(*columns, console=screen, disable=not progress, transient=True)
    with _one_thread(), bar:
        return list(bar.track(runs, total=len(tasks), description="replay"))


def _mapped(tasks: Sequence[Task], workers: int) -> Iterable[Run]:
    if workers == 1 or len(tasks) < 2:
        yield from map(walk, tasks)
        return
    with ProcessPoolExecutor(min(workers, len(tasks)), get_context("spawn")) as processes:
        yield from processes.map(walk, tasks)


@contextmanager
def _one_thread() -> Iterator[None]:
    """New processes compute with one thread each; two that share the cores would only be slower."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before


def _trial(pool: Pool, number: int, condition: int) -> Trial:
    return Trial(
        campaign=pool.campaign.name, number=number, origin=Origin.IMPORTED, author="replay",
        state=State.COMPLETED if pool.n[condition] else State.FAILED, campaign_version=1,
        created_at=_WHEN, point=pool.points[condition], generator="history",
    )  # fmt: skip


def _results(pool: Pool, number: int, condition: int) -> list[Result]:
    """The means of the condition's replicates; none where every sample failed."""
    if not pool.n[condition]:
        return []
    errors = pool.standard_error[condition].tolist()
    return [
        Result(
            campaign=pool.campaign.name, number=(number - 1) * len(errors) + j + 1, trial=number,
            stage="experiment", outcome=name, value=float(pool.mean[condition, j]),
            standard_error=None if np.isnan(errors[j]) else errors[j],
            unit=pool.campaign.unit(name), author="replay", at=_WHEN,
        )
        for j, name in enumerate(pool.outcomes)
    ]  # fmt: skip
