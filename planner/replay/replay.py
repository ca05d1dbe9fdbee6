"""Replay of a past campaign, in one of two modes.

``pool``: planners choose among conditions that were measured; what they would have found among
these, never outside them. ``prequential``: the true order is walked and each batch predicted before
it is known; nothing is chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from planner.past.history import read_history
from planner.past.mapping import HistoryError
from planner.past.pool import History, Pool
from planner.past.sequence import sizes_of
from planner.replay.arms import random_arm, walk_arms
from planner.replay.enrichment import baseline_of, enrichment
from planner.replay.forecasts import PrequentialReport
from planner.replay.planned import START, Noise, PlannedWalk, Setup, Walk
from planner.replay.planners import MAKERS
from planner.replay.report import about_planner, about_pool, about_random
from planner.replay.summary import remarks, summary
from planner.replay.values import BaselineCurves, PlannerFigures, PoolReport, ReplaySetup
from planner.replay.verdicts import compare, verdicts
from planner.replay.walk import walk_all
from planner.replay.yardstick import Yardstick

__all__ = [
    "PLANNERS", "Request", "remarks", "replay", "run_prequential", "run_replay", "summary",
]  # fmt: skip

PLANNERS = (*MAKERS, "random", "history")
PACKAGES = ("kyoso", "numpy", "scipy", "scikit-learn", "botorch", "ax-platform")

HISTORIC, PERMUTED = "historic order", "random permutation of the pool"

type Batch = int | Literal["history"]


@dataclass(frozen=True)
class Request:
    """What is to be replayed in a pool, and how."""

    planners: Sequence[str] = ("kyoso", "gp-ei", "random")
    seeds: int = 20
    """Walks of each planner, with seeds from 0."""
    budget: int = 45
    outcome: str | None = None
    """One goal of several; None: all of them together."""
    by_arm: bool = False
    """Adds what each arm of the history really achieved."""
    batch: Batch = 1
    """Conditions chosen at once; ``history``: as many as there were, batch after batch."""
    pending: int = 0
    """Experiments still under way when the next are chosen."""
    noise: Noise = "mean"
    start: int = START
    options: Mapping[str, Any] | None = None
    """Changes to the campaign that the planners are told, such as hypotheses."""


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
    journal: Path | None = None,
    **more: Any,
) -> PoolReport:
    """Replay the campaign at ``source`` in the pool of its conditions. ``more``: see ``Request``.

    HistoryError where the history or the request makes no sense.
    """
    request = Request(planners, seeds, budget, by_arm=by_arm, outcome=outcome, **more)
    return replay(read_history(source, mapping), request, progress, workers, journal)


def replay(
    history: History,
    request: Request,
    progress: bool = False,
    workers: int | None = None,
    journal: Path | None = None,
) -> PoolReport:
    """The same of a history that has been read; ``workers``: processes, by default one a core."""
    pool = history.pool(request.outcome)
    names = list(dict.fromkeys([*request.planners, *(["history"] if request.by_arm else [])]))
    request = replace(request, planners=names)
    _check(history, pool, request)
    setup = _setup(history, pool, request)
    tasks = [
        PlannedWalk(pool, n, s, setup) for n in names if n in MAKERS for s in range(request.seeds)
    ]
    runs = walk_all(tasks, workers, progress, journal)
    return _report(history, Yardstick(pool), request, setup, runs)


def _setup(history: History, pool: Pool, request: Request) -> Setup:
    sizes: tuple[int, ...] = (1,)
    start = request.start
    if request.batch == "history":
        start, *later = sizes_of(history, pool.campaign)
        sizes = tuple(later) or (1,)
    elif request.batch > 1:
        sizes = (request.batch,)
    budget = min(request.budget, pool.size)
    options = dict(request.options or {})
    return Setup(budget, start, sizes, request.pending, request.noise, options)


def _check(history: History, pool: Pool, request: Request) -> None:
    for name in request.planners:
        if name not in PLANNERS:
            raise HistoryError(f"no planner {name!r}; there are {', '.join(PLANNERS)}")
    if not request.planners or min(request.seeds, request.budget, request.start) < 1:
        raise HistoryError("a replay needs a planner, a seed, a start and an experiment")
    if request.pending < 0 or (request.batch != "history" and request.batch < 1):
        raise HistoryError(
            "a batch holds at least one experiment; of pending ones there are 0 or more"
        )
    if "history" in request.planners and not pool.order:
        raise HistoryError(
            f"{history.mapping.name}: the order of the experiments is not known (trust: "
            f"{history.mapping.order.trust}), so 'history' cannot be replayed"
        )


def _report(
    history: History, stick: Yardstick, request: Request, setup: Setup, runs: Sequence[Walk]
) -> PoolReport:
    found = _found(history, stick, request, setup.budget, runs)
    random = found.get("random") or about_random(stick, setup.budget)
    enriched = enrichment(history, stick)
    real = baseline_of(enriched, random, setup.budget) if enriched else None
    objectives = stick.pool.merits.shape[1]
    everyone = {**found, "random": random, **({"real random arm": real} if real else {})}
    baseline = _baseline(history, found)
    against = found["history"] if baseline == HISTORIC else real or random
    judged = {name: about for name, about in found.items() if about is not against}
    about = about_pool(history, stick)
    return PoolReport(
        mode="pool",
        name=history.mapping.name,
        baseline=baseline,
        pool=about,
        enrichment=enriched,
        budget=setup.budget,
        seeds=request.seeds,
        setup=_as_words(request, setup),
        planners=found,
        baseline_curves=BaselineCurves(share_of_top=real.share_of_top, hypervolume=real.hypervolume)
        if real
        else None,
        verdicts=verdicts(judged, against, objectives, about.leaks),
        comparisons=tuple(compare(everyone, objectives)),
        **_about(history),
    )


def _baseline(history: History, found: Mapping[str, Any]) -> str:
    """The real random arm where there is one; the historic order for planners that were asked for
    beside it alone; else exact random order."""
    if arm := random_arm(history):
        return f"real random arm ({arm})"
    beside_history = "history" in found and "random" not in found and len(found) > 1
    return HISTORIC if beside_history else PERMUTED


def _as_words(request: Request, setup: Setup) -> ReplaySetup:
    return ReplaySetup(
        start=setup.start,
        batch="as they were" if request.batch == "history" else request.batch,
        pending=setup.pending,
        noise="one replicate, by lot" if setup.noise == "draw" else "mean of replicates",
        options=dict(setup.options),
    )


def _found(
    history: History, stick: Yardstick, request: Request, budget: int, runs: Sequence[Walk]
) -> dict[str, PlannerFigures]:
    """By planner what it found; of the history also what each of its arms did."""
    found = {}
    for name in request.planners:
        walked = [run for run in runs if run.planner == name]
        if name == "history":
            walked = [Walk(name, 0, stick.pool.order[:budget])]
        by_lot = name == "random"
        found[name] = about_random(stick, budget) if by_lot else about_planner(stick, walked)
    told: dict[str, Any] = {}
    if "history" in found and history.mapping.arm:
        told["note"] = "the arms of the table are interleaved by their order"
    if request.by_arm:
        told["arms"] = walk_arms(history, stick)
    if told:
        found["history"] = found["history"].model_copy(update=told)
    return found


def run_prequential(
    source: str,
    mapping: Path | None = None,
    outcome: str | None = None,
    progress: bool = False,
) -> PrequentialReport:
    """Walk the campaign at ``source`` along its true order, one outcome or all that have a goal.

    HistoryError where the order is not known.
    """
    from planner.replay.prequential import prequential

    history = read_history(source, mapping)
    if outcome is not None:
        history.pool(outcome)  # names the goals there are
    return PrequentialReport(
        mode="prequential",
        name=history.mapping.name,
        order=history.mapping.order.trust,
        outcomes=prequential(history, outcome, progress),
        **_about(history),
    )


def _about(history: History) -> dict[str, Any]:
    """Where the data come from, what their columns mean, and what computed this."""
    return {
        "mapping": history.mapping.model_dump(mode="json", exclude_defaults=True),
        "notes": history.notes,
        "versions": {name: version(name) for name in PACKAGES},
    }
