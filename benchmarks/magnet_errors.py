"""What the magnet solver tells of its numerical errors, against solutions of half the mesh size and
a quarter of the step. ``python -m benchmarks.magnet errors``.

Random cases: half of them zero-field cooled, a quarter of them discs and the rest endless, two
thirds of them held.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
from rich.progress import track

from benchmarks.long_cylinder import PUBLISHED
from models.magnet.closed_form import bound
from models.magnet.laws import Constant, ConstantExponent, Kim
from models.magnet.problem import Body, Carrier, Probes, Problem, Protocol
from models.magnet.result import FieldResult, numbers
from models.magnet.solve import solve

DETAIL, STEP = 0.15, 0.4
"""Those of the power law where nothing else is asked for."""


@dataclass(frozen=True)
class Found:
    """A number: what was told of its error, and what the error is."""

    name: str
    value: float
    told: float
    true: float

    @property
    def covered(self) -> bool:
        """Whether the error is as told or smaller."""
        return self.true <= self.told


def beside_finite_volumes() -> None:
    """Our centre beside that of 400 rings."""
    print("| n | applied / penetration | held, s | 400 rings, T | ours, T | off | told |")
    print("|---|---|---|---|---|---|---|")
    for case, theirs in PUBLISHED.items():
        cooling = Protocol("zero-field-cooling", case.applied, case.ramp, case.hold)
        material = Carrier(Constant(case.jc), ConstantExponent(case.n))
        body = Body(case.radius, endless=True)
        result = solve(Problem((body,), {"": material}, cooling, fidelity="power-law")).result
        name = "held_field" if case.hold else "trapped_field_center"
        ours, error = numbers(result)[name], result.errors[name].total
        told = f"{theirs} | {ours:.4f} | {ours / theirs - 1:+.2%} | {error / ours:.2%}"
        print(f"| {case.n:g} | {case.fill:g} | {case.hold:g} | {told} |", flush=True)


def cover(cases: int, seed: int, workers: int) -> None:
    """In which share of random cases the told error covers the true one, number by number."""
    drawn = list(random_cases(cases, seed))
    with ProcessPoolExecutor(workers) as pool:
        runs = list(track(pool.map(measured, drawn), "random cases", total=cases))
    print(f"{cases} random cases, seed {seed}; not solved: {sum(not run for run in runs)}")
    print("| number | cases | covered | median of told / true |\n|---|---|---|---|")
    found = [one for run in runs for one in run]
    for name in dict.fromkeys(one.name for one in found):
        mine = [one for one in found if one.name == name]
        share = sum(one.covered for one in mine) / len(mine)
        ratio = median(one.told / one.true for one in mine if one.true > 0)
        print(f"| {name} | {len(mine)} | {share:.1%} | {ratio:.1f} |")
    kinds = [case.protocol.kind for case in drawn]
    for kind in dict.fromkeys(kinds):
        mine = [
            one for run, its in zip(runs, kinds, strict=True) if its == kind
            for one in run if one.name in ("trapped_field_center", "held_field")
        ]  # fmt: skip
        share = sum(one.covered for one in mine) / len(mine)
        print(f"{kind}: {share:.1%} of {len(mine)} fields at the centre")


def random_cases(cases: int, seed: int) -> Iterator[Problem]:
    """Magnets of one material."""
    random = np.random.default_rng(seed)

    def between(low: float, high: float) -> float:
        return float(np.exp(random.uniform(np.log(low), np.log(high))))

    for number in range(cases):
        radius, aspect, value = between(3e-3, 50e-3), between(0.1, 3), between(1e8, 3e9)
        law = Constant(value) if random.random() < 0.5 else Kim(value, between(0.3, 10))
        endless, cold = number % 4 > 0, number // 4 % 2 == 0
        body = Body(radius, -aspect * radius / 2, aspect * radius / 2, endless=endless)
        material = Carrier(law, ConstantExponent(between(8, 200)))
        probes = Probes(homogeneity_sphere=0.4 * radius * min(aspect, 1.0))
        case = Problem((body,), {"": material}, probes=probes)
        full = solve(replace(case, estimate_error=False)).result.trapped_field_center
        applied = between(0.5, 3 if cold else 2) * (full or bound(case))
        held = Protocol(
            "zero-field-cooling" if cold else "field-cooling",
            applied,
            between(100, 3600),
            between(1e4, 1e6) * (number % 3 > 0),
        )
        yield replace(case, fidelity="power-law", protocol=held)


def measured(case: Problem) -> list[Found]:
    """The numbers of a case that have errors; nothing where it was not solved."""
    result = solve(case).result
    fine = replace(case, detail=DETAIL / 2, time_step=STEP / 4, estimate_error=False)
    truth = solve(fine).result
    return _compared(result, truth) if result.ok and truth.ok else []


def _compared(result: FieldResult, truth: FieldResult) -> list[Found]:
    ours, theirs = numbers(result), numbers(truth)
    return [
        Found(name, ours[name], error.total, abs(ours[name] - theirs[name]))
        for name, error in result.errors.items()
        if name in theirs
    ]
