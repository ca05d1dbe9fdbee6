"""Does the model plan? ``make bench-matrix``: campaigns of every kind, each with twelve trials.

A cell is a campaign and its record: how many objectives, thresholds and requirements, met or not,
failed samples, the space, trials that wait, results that are late, claims, the size of the batch.
Of the 11,664 cells those are planned that hold every three sides together at least once. What
answers is counted: the model; a space-filling design with the reason that is written down for it;
or a fault, which is told in full.
"""

import argparse
import itertools
import random
import time
import warnings
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import astuple, dataclass, fields
from typing import Any, Literal, get_args

from rich.progress import track

from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.values import Point
from planner.past.as_record import Experiment, record_of_experiments
from planner.proposals.proposer import first_design_reason, propose
from planner.record.record import Record
from planner.record.trial import BOTORCH, EXACT, TrialState
from planner.space.design import first_design

TRIALS = 12
AT_RANDOM = 30
"""Cells that are looked at for the next one of a covering."""
SPACES: dict[str, dict[str, Any]] = {
    "box": {"parameters": {
        "a": {"kind": "range", "low": 0, "high": 1}, "b": {"kind": "range", "low": 0, "high": 1}}},
    "linear": {"parameters": {
        "a": {"kind": "range", "low": 0, "high": 1}, "b": {"kind": "integer", "low": 0, "high": 9},
        "c": {"kind": "choice", "values": ["x", "y", "z"]}},
        "constraints": ["9*a + b <= 12"]},
    "equality": {"parameters": {n: {"kind": "range", "low": 0, "high": 1} for n in "abc"},
        "constraints": ["a + b + c == 1"]},
    "pool": {"parameters": {
        "a": {"kind": "ordered", "values": [0, 1, 2, 3, 4]},
        "b": {"kind": "integer", "low": 0, "high": 4}}},
    "sampled": {"parameters": {
        "a": {"kind": "range", "low": 0, "high": 1, "step": 0.01},
        "b": {"kind": "range", "low": 0, "high": 1, "step": 0.01},
        "c": {"kind": "range", "low": 0, "high": 1, "step": 0.01}},
        "constraints": ["a + b + c == 1"]},
    "non-convex": {"parameters": {
        "a": {"kind": "range", "low": 0, "high": 1}, "b": {"kind": "range", "low": 0, "high": 1}},
        "hypotheses": [{"kind": "avoid", "within": {"a": [0.4, 0.6], "b": [0.4, 0.6]},
                        "hard": True, "author": "Aki", "because": "it melts there"}]},
}  # fmt: skip
CLAIMS: dict[str, list[dict[str, Any]]] = {
    "none": [],
    "trend": [{"kind": "trend", "outcome": "y0", "parameter": "a", "sign": "rises",
               "strength": 0.7, "author": "Aki"}],
    "near": [{"kind": "near", "point": {"a": 0.5, "b": 0}, "strength": 0.7, "author": "Aki"}],
}  # fmt: skip

type Bound = Literal["none", "met", "unmet"]


@dataclass(frozen=True)
class Cell:
    """One kind of campaign with one kind of record."""

    objectives: Literal[1, 2, 3]
    threshold: Bound
    requirement: Bound
    failed: Literal["none", "some", "all but one"]
    space: Literal["box", "linear", "equality", "pool", "sampled", "non-convex"]
    waiting: Literal["none", "some"]
    late: Literal["none", "some"]
    claims: Literal["none", "trend", "near"]
    batch: Literal[1, 3]


@dataclass(frozen=True)
class Answer:
    """What a cell's campaign got, and the CPU seconds it took."""

    cell: Cell
    told: str
    seconds: float


def main() -> None:
    """Print how the cells ended, by each of their sides, and every fault."""
    asked = _arguments()
    cells = covering(random.Random(asked.seed), asked.together)[: asked.cells or None]
    with ProcessPoolExecutor(asked.workers) as workers:
        jobs = {workers.submit(_answered, cell): cell for cell in cells}
        done = track(as_completed(jobs), "cells", total=len(cells))
        answers = [Answer(jobs[job], *job.result()) for job in done]
    _tell(answers)


def covering(rng: random.Random, together: int) -> list[Cell]:
    """Cells in which every choice of ``together`` sides stands at least once: greedily, the best
    of a few at random."""
    sides = [get_args(getattr(f.type, "__value__", f.type)) for f in fields(Cell)]
    places = list(itertools.combinations(range(len(sides)), together))
    missing = {
        (place, values)
        for place in places
        for values in itertools.product(*(sides[i] for i in place))
    }
    chosen = []
    while missing:
        place, values = rng.choice(sorted(missing, key=str))
        given = dict(zip(place, values, strict=True))
        tried = [
            tuple(given.get(i, rng.choice(side)) for i, side in enumerate(sides))
            for _ in range(AT_RANDOM)
        ]
        held = [{(p, tuple(one[i] for i in p)) for p in places} for one in tried]
        best = max(range(AT_RANDOM), key=lambda i: len(held[i] & missing))
        missing -= held[best]
        chosen.append(Cell(*tried[best]))
    return chosen


def campaign_of(cell: Cell) -> Campaign:
    """The campaign of a cell."""
    space = SPACES[cell.space]
    outcomes: dict[str, dict[str, Any]] = {
        f"y{i}": {"goal": "maximize" if i != 1 else "minimize"} for i in range(cell.objectives)
    }
    if cell.threshold != "none":
        outcomes["y0"]["threshold"] = -9 if cell.threshold == "met" else 99
    if cell.requirement != "none":
        outcomes["r"] = {"goal": "none", "at_least": -9 if cell.requirement == "met" else 99}
    return parse_campaign({
        "name": "cell", "outcomes": outcomes,
        "stages": [{"name": "experiment", "executor": "manual", "gives": [*outcomes]}],
        "planner": {"batch": cell.batch, "seed": 1}, "budget": {"trials": 40},
        **space, "hypotheses": [*space.get("hypotheses", []), *CLAIMS[cell.claims]],
    })  # fmt: skip


def record_of(cell: Cell, campaign: Campaign) -> Record:
    """Twelve trials of the first design, and two more that wait where some do."""
    waiting = 2 if cell.waiting == "some" else 0
    points = first_design(campaign, [], TRIALS + waiting, 0)
    lost = {"none": 0, "some": 3, "all but one": TRIALS - 1}[cell.failed]
    done = [_measured(cell, campaign, point, i) for i, point in enumerate(points[:TRIALS])]
    done[:lost] = [Experiment(one.point, {}, TrialState.FAILED) for one in done[:lost]]
    open_ones = [Experiment(point, {}, TrialState.RUNNING) for point in points[TRIALS:]]
    return record_of_experiments(campaign, [*done, *open_ones])


def _measured(cell: Cell, campaign: Campaign, point: Point, i: int) -> Experiment:
    a, b = (float(point[n]) / {"pool": 4, "linear": 9}.get(cell.space, 1) for n in "ab")
    values = {"y0": a - (b - 0.5) ** 2, "y1": b - a * a / 3, "y2": a * b, "r": a + b}
    known = {n: (values[n], None) for n in campaign.outcomes}
    if cell.late == "some" and i % 4 == 3:
        known.popitem()
    state = TrialState.RUNNING if len(known) < len(campaign.outcomes) else TrialState.COMPLETED
    return Experiment(point, known, state)


def answer(cell: Cell) -> str:
    """What made the proposals: ``model``, or the reason why it did not."""
    campaign = campaign_of(cell)
    record = record_of(cell, campaign)
    found = propose(campaign, record, cell.batch, seed=1)
    if reason := first_design_reason(campaign, record):
        return f"first design: {reason}"
    if len(found) < cell.batch:
        return f"only {len(found)} of {cell.batch}"
    others = {proposal.generator for proposal in found} - {BOTORCH, EXACT}
    return f"by {', '.join(sorted(others))}" if others else "model"


def _answered(cell: Cell) -> tuple[str, float]:
    began = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            told = answer(cell)
        except Exception as error:
            told = f"fault: {type(error).__name__}: {error}"
    return told, time.process_time() - began


def _tell(answers: Sequence[Answer]) -> None:
    seconds = sorted(a.seconds for a in answers)
    middle, longest = seconds[len(seconds) // 2], seconds[-1]
    print(f"{len(answers)} cells; CPU seconds: median {middle:.1f}, longest {longest:.1f}")
    kinds = sorted({a.told.split(":")[0] for a in answers}, key=["fault", "model"].count)
    print(f"\n| side | value | cells | {' | '.join(kinds)} | CPU s, longest |")
    print("|---" * (len(kinds) + 4) + "|")
    for side in [f.name for f in fields(Cell)]:
        for value, group in sorted(_grouped(answers, side).items()):
            counts = Counter(a.told.split(":")[0] for a in group)
            told = " | ".join(str(counts[kind]) for kind in kinds)
            slowest = max(a.seconds for a in group)
            print(f"| {side} | {value} | {len(group)} | {told} | {slowest:.1f} |")
    print()
    for told, n in Counter(a.told for a in answers if a.told != "model").most_common():
        example = next(a.cell for a in answers if a.told == told)
        print(f"{n:6} {told}\n       such as {astuple(example)}")
    for one in sorted(answers, key=lambda a: -a.seconds)[:3]:
        print(f"{one.seconds:6.1f} s for {astuple(one.cell)}")


def _grouped(answers: Sequence[Answer], side: str) -> dict[str, list[Answer]]:
    groups: dict[str, list[Answer]] = {}
    for one in answers:
        groups.setdefault(str(getattr(one.cell, side)), []).append(one)
    return groups


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=0, help="only the first so many")
    parser.add_argument("--together", type=int, default=3, help="sides that meet in some cell")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
