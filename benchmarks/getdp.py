"""The power law beside GetDP: an h-phi of first order (``hphi.pro``), ramp only, n = 20.

Both are run from coarse to fine meshes; CPU seconds of the solution, mesh and start not included.
What counts is the time at equal error: GetDP where it comes nearest to the converged field, and our
fastest run that comes as near. The coarsest meshes within 0.5 % are told second. ``getdp`` comes
with Debian.
"""

import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import numpy as np

from models.magnet.laws import Constant, ConstantExponent
from models.magnet.problem import Body, Carrier, Problem, Protocol

TEMPLATE = Path(__file__).with_name("hphi.pro")
DISC = Body(0.015, -0.01, 0.01)
RAMP = Protocol("field-cooling", 8.0, 1000.0)
CLOSE, EQUAL = 5e-3, 1e-4
"""Errors relative to the converged field that are small enough, and that count as equal."""


def by_getdp(cell: float, *, n: float = 20, steps: int = 40) -> tuple[float, float, int]:
    """B at the centre in T, CPU seconds of the calculation without start and reading, and unknowns;
    ``cell`` in m."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "disc.msh").write_text(mesh(cell))
        shutil.copy(TEMPLATE, folder / "disc.pro")
        words = ["getdp", "disc.pro", "-msh", "disc.msh", "-v", "3"]
        words += ["-setnumber", "n", str(n), "-setnumber", "Steps", str(steps)]
        told, start = _run([*words, "-pre", "Ramp_"], folder)
        _, whole = _run([*words, "-cal"], folder)
        _run([*words, "-pos", "Centre"], folder)
        field = float((folder / "centre.txt").read_text().split()[-1])
        unknowns = [line for line in told.splitlines() if "System 1/1" in line]
        return field, whole - start, int(unknowns[0].split()[-2]) if unknowns else 0


def _run(words: list[str], folder: Path) -> tuple[str, float]:
    """What a process says, and its CPU seconds."""
    before = getrusage(RUSAGE_CHILDREN)
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"getdp failed: {done.stdout[-500:]} {done.stderr[-500:]}")
    after = getrusage(RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def mesh(cell: float) -> str:
    """Triangles of the quarter plane around the disc, in the format of Gmsh 2: ``cell`` wide inside
    and just outside, growing to the far boundary."""
    radius, half = DISC.outer, DISC.top
    far = 16 * radius
    r = np.append(_even(radius, cell), _growing(radius, far, cell))
    z = np.append(_even(half, cell), _growing(half, far, cell))
    number = 1 + np.arange(len(r) * len(z)).reshape(len(r), len(z))
    inside_r, inside_z = len(_even(radius, cell)) - 1, len(_even(half, cell)) - 1
    elements: list[tuple[int, int, list[int]]] = []
    for i in range(len(r) - 1):
        for j in range(len(z) - 1):
            region = 1 if i < inside_r and j < inside_z else 2
            a, b, c, d = number[i, j], number[i + 1, j], number[i + 1, j + 1], number[i, j + 1]
            halves = ([a, b, c], [a, c, d]) if (i + j) % 2 else ([a, b, d], [b, c, d])
            elements += [(2, region, half_) for half_ in halves]
    elements += [(1, 10, [number[i, 0], number[i + 1, 0]]) for i in range(len(r) - 1)]
    elements += [(1, 11, [number[-1, j], number[-1, j + 1]]) for j in range(len(z) - 1)]
    elements += [(1, 11, [number[i, -1], number[i + 1, -1]]) for i in range(len(r) - 1)]
    elements += [(1, 12, [number[inside_r, j], number[inside_r, j + 1]]) for j in range(inside_z)]
    elements += [(1, 12, [number[i, inside_z], number[i + 1, inside_z]]) for i in range(inside_r)]
    nodes = [
        f"{number[i, j]} {r[i]:.12g} {z[j]:.12g} 0" for i in range(len(r)) for j in range(len(z))
    ]
    lines = [
        f"{k} {kind} 2 {region} {region} {' '.join(map(str, corners))}"
        for k, (kind, region, corners) in enumerate(elements, 1)
    ]
    parts = ["$MeshFormat\n2.2 0 8\n$EndMeshFormat", "$Nodes", str(len(nodes)), *nodes, "$EndNodes"]
    return "\n".join([*parts, "$Elements", str(len(lines)), *lines, "$EndElements", ""])


def _even(length: float, cell: float) -> np.ndarray:
    return np.linspace(0, length, max(2, round(length / cell)) + 1)


def _growing(start: float, end: float, cell: float) -> np.ndarray:
    lines, width = [start], cell
    while lines[-1] < end:
        width *= 1.3
        lines.append(lines[-1] + width)
    return np.array(lines[1:])


def by_kyoso(detail: float, *, n: float = 20, time_step: float = 0.4) -> tuple[float, float, int]:
    """B at the centre in T, CPU seconds of the solution, and unknowns."""
    from models.magnet import finite_elements as fe
    from models.magnet.carriers import carriers_of
    from models.magnet.conductor import Conductor
    from models.magnet.discrete import discretise
    from models.magnet.grid import grid_of
    from models.magnet.transient import Cost, history

    material = Carrier(Constant(3e8), ConstantExponent(n))
    problem = Problem(
        (DISC,), {"": material}, RAMP, fidelity="power-law", detail=detail, time_step=time_step
    )
    discrete = discretise(grid_of((DISC,), fe.spacing(problem)))
    begun = time.process_time()
    carriers = carriers_of(discrete)
    conductor = Conductor(problem, carriers.r, carriers.z, carriers.body)
    *_, last = history(carriers, conductor, np.zeros(len(carriers.inner)), Cost())
    seconds = time.process_time() - begun
    of_u, _ = fe.centre_of(problem, discrete)
    field = float(of_u[carriers.inner] @ last.state.u) + last.state.applied
    return field, seconds, discrete.stiffness.shape[0]


def compare() -> None:
    """Both from coarse to fine, and the ratio of the times that count."""
    if shutil.which("getdp") is None:
        print("getdp is not installed; with Debian: apt-get install getdp")
        return
    rows: list[tuple[str, float, int, float, float, int]] = []
    for steps in (40, 10):
        for cell in (4e-3, 3e-3, 2e-3, 1e-3):
            rows.append(("GetDP", cell, steps, *by_getdp(cell, steps=steps)))
    for detail in (0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.15):
        rows.append(("Kyoso", detail, 0, *_typical([by_kyoso(detail) for _ in range(5)])))
    converged = by_kyoso(0.05, time_step=0.1)[0]
    print(f"n = 20, ramp of 8 T in 1000 s; converged: {converged:.4f} T")
    print("| who | cell (m) or detail | steps | unknowns | centre, T | off | CPU s |")
    print("|---|---|---|---|---|---|---|")
    told = [Run(who, steps, abs(field / converged - 1), s) for who, _, steps, field, s, _ in rows]
    for run in rows:
        print(_row(run, converged))
    for steps in (40, 10):
        theirs = [run for run in told if (run.who, run.steps) == ("GetDP", steps)]
        _ratios(theirs, [run for run in told if run.who == "Kyoso"])


@dataclass(frozen=True)
class Run:
    """One calculation: how far it is off, relative to the converged field, and CPU seconds."""

    who: str
    steps: int
    off: float
    seconds: float


def _row(run: tuple[str, float, int, float, float, int], converged: float) -> str:
    who, size, steps, field, seconds, unknowns = run
    off, many = f"{field / converged - 1:+.2%}", steps or "controlled"
    return f"| {who} | {size:g} | {many} | {unknowns} | {field:.4f} | {off} | {seconds:.3f} |"


def _ratios(theirs: list[Run], ours: list[Run]) -> None:
    """How many times as long GetDP takes: at equal error, and at the coarsest meshes."""
    best = min((run for run in theirs if np.isfinite(run.off)), key=lambda run: run.off)
    equal = min((r for r in ours if r.off <= best.off + EQUAL), key=lambda r: r.seconds)
    ratio = best.seconds / equal.seconds
    print(f"GetDP with {best.steps} steps takes {ratio:.1f} times as long at {best.off:.2%} each")
    first, second = (next((r for r in runs if r.off <= CLOSE), None) for runs in (theirs, ours))
    if first and second:
        ratio = first.seconds / second.seconds
        print(f"  and {ratio:.1f} times at the coarsest meshes within {CLOSE:.1%}")


def _typical(runs: list[tuple[float, float, int]]) -> tuple[float, float, int]:
    """The run of median time."""
    return sorted(runs, key=lambda run: run[1])[len(runs) // 2]


if __name__ == "__main__":
    compare()
