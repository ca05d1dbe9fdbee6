"""The magnet solver: random cases, errors, speed, and GetDP. ``make bench-magnet``.

``python -m benchmarks.magnet speed|getdp|errors|fuzz``; without a word, all of them in this order.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import Any

import numpy as np
from rich.progress import track

from benchmarks import magnet_errors
from benchmarks.getdp import compare
from models.magnet.analytic import disc_on_axis
from models.magnet.laws import Constant, ConstantExponent, JcLaw, Kim
from models.magnet.problem import Body, Carrier, Fidelity, Probes, Problem, Protocol
from models.magnet.result import FieldResult
from models.magnet.solve import solve

DISC = Body(0.015, -0.01, 0.01)
FIRST = """
from executors.magnet.file import magnet_of
from models.magnet.solve import solve
from pathlib import Path
words = {"bodies": [{"shape": "disc", "radius": "15 mm", "thickness": "20 mm"}], "n": 20,
         "jc": {"model": "constant", "value": "3e8 A/m^2"}, "fidelity": "power-law",
         "protocol": {"kind": "field-cooling", "applied_field": "8 T", "ramp": "1000 s",
                      "hold": "1e6 s"}}
assert solve(magnet_of(words, Path())).result.ok
"""
PATIENCE = 60.0
"""Seconds that a random case may take."""


def problem(
    body: Body, law: JcLaw, n: float, fidelity: Fidelity, protocol: Protocol, **more: Any
) -> Problem:
    """One body of one material."""
    return Problem(
        (body,), {"": Carrier(law, ConstantExponent(n))}, protocol,
        Probes(homogeneity_sphere=body.outer / 2), fidelity, **{"estimate_error": False} | more,
    )  # fmt: skip


def random_case(random: np.random.Generator) -> Problem:
    """A disc with a Kim law, field-cooled: the ranges of the issue, all logarithmic."""

    def between(low: float, high: float) -> float:
        return float(np.exp(random.uniform(np.log(low), np.log(high))))

    radius, aspect = between(3e-3, 50e-3), between(0.05, 5)
    law, n = Kim(between(1e7, 3e9), between(0.05, 10)), between(5, 300)
    body = Body(radius, -aspect * radius / 2, aspect * radius / 2)
    full = solve(problem(body, law, n, "critical-state", Protocol())).result
    assert full.trapped_field_center is not None, full
    applied = between(0.2, 3) * full.trapped_field_center
    cooling = Protocol("field-cooling", applied, between(100, 3600), 1e6)
    return problem(body, law, n, "power-law", cooling, time_limit=PATIENCE)


def fuzz(cases: int, seed: int) -> None:
    """How many of so many random cases converge, and how the others fail."""
    random = np.random.default_rng(seed)
    status: Counter[str] = Counter()
    seconds, bad, worst = [], [], []
    for number in track(range(cases), "random cases"):
        case = random_case(random)
        result = solve(case).result
        status[result.status] += 1
        seconds.append(result.seconds)
        if trouble := wrong_with(result):
            bad.append((number, trouble))
        if not result.ok:
            worst.append((number, result.status, result.message, case))
    print(f"{cases} random cases, seed {seed}: {dict(status)}")
    print(f"converged {status['ok'] / cases:.1%}; untyped or not finite: {len(bad)} {bad[:3]}")
    print(f"seconds: median {median(seconds):.2f}, longest {max(seconds):.1f}")
    for line in worst:
        print(*line)


def wrong_with(result: FieldResult) -> str:
    """What no result may have: a number that is not finite, or a failure with a number."""
    text = json.dumps(result.as_json())
    if "NaN" in text or "Infinity" in text:
        return "a number is not finite"
    if (result.trapped_field_center is None) == result.ok:
        return "status and field contradict each other"
    if result.ok and any(p.field_T < -0.01 * result.decay[0].field_T for p in result.decay):
        return "the field turned over"
    return ""


def speed(repeats: int) -> None:
    """Seconds of whole cases: meshing, assembly, solution and outputs; and of a fresh process."""
    cooling = Protocol("field-cooling", 8.0, 1000.0, 1e6)
    cases = {
        "critical state": problem(DISC, Constant(3e8), 20, "critical-state", Protocol()),
        "critical state, Kim": problem(DISC, Kim(1e9, 1.0), 20, "critical-state", Protocol()),
        **{
            f"power law, n = {n}, ramp and 1e6 s": problem(
                DISC, Constant(3e8), n, "power-law", cooling
            )
            for n in (10, 20, 40, 100, 200)
        },
        "power law, n = 100, Kim": problem(DISC, Kim(1e9, 1.0), 100, "power-law", cooling),
        "power law, n = 100, 2 T (partly filled)": problem(
            DISC, Constant(3e8), 100, "power-law", replace(cooling, applied_field=2.0)
        ),
    }
    print("| case | unknowns | steps | iterations | wall s | CPU s |\n|---|---|---|---|---|---|")
    for name, case in cases.items():
        solve(case)
        walls, cpus = [], []
        for _ in range(repeats):
            begun, cpu = time.perf_counter(), time.process_time()
            result = solve(case).result
            walls.append(time.perf_counter() - begun)
            cpus.append(time.process_time() - cpu)
        told = f"{result.dofs} | {result.steps} | {result.iterations}"
        print(f"| {name} | {told} | {median(walls):.3f} | {median(cpus):.3f} |", flush=True)
    exact = float(disc_on_axis(0.015, 0.02, 3e8))
    error = (solve(cases["critical state"]).result.trapped_field_center or 0) / exact - 1
    print(f"centre of the critical state: {error:+.4%} off the closed form")
    for name, cold in (("forms compiled before", False), ("nothing compiled before", True)):
        runs = [first_case(cold) for _ in range(repeats)]
        wall, cpu = (median(column) for column in zip(*runs, strict=True))
        print(
            f"first case of a fresh process, {name}: {wall:.2f} s wall, {cpu:.2f} s CPU", flush=True
        )


def first_case(cold: bool) -> tuple[float, float]:
    """Wall and CPU seconds of a process that solves one case by the power law, start and imports
    included; ``cold``: with an empty cache of forms."""
    with tempfile.TemporaryDirectory() as folder:
        place = {"XDG_CACHE_HOME": folder} if cold else {}
        begun, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", FIRST], check=True, env=os.environ | place)
        wall, after = time.perf_counter() - begun, getrusage(RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["fuzz", "speed", "getdp", "errors"])
    parser.add_argument("--cases", type=int, help="500 of the fuzz, 200 with errors")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    if asked.what in (None, "speed"):
        speed(asked.repeats)
    if asked.what in (None, "getdp"):
        compare()
    if asked.what in (None, "errors"):
        magnet_errors.beside_finite_volumes()
        magnet_errors.cover(asked.cases or 200, asked.seed, asked.workers)
    if asked.what in (None, "fuzz"):
        fuzz(asked.cases or 500, asked.seed)


if __name__ == "__main__":
    main()
