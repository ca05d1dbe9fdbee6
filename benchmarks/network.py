"""Grain maps and networks: ``python -m benchmarks.network [PART ...]``.

``speed``: 10,000 grains with some 76,000 boundaries beside networkx and a linear programme, and a
map (``--map FILE``) beside DefDAP where ``--defdap PYTHON`` names a Python that has it. ``labels``:
the labels of both on the same map. ``bicrystal``: how often the critical angle is found, and its
interval honest. ``interval``: how often the interval of a network's Jc holds the truth;
``interval-map``: the same where the law is known exactly. ``percolation``: the threshold of the
square lattice at several sizes. ``lengths``: what a map gets wrong in the lengths of boundaries.
``necks``: the current of maps with pores and necks beside finite volumes.
"""

import argparse
import json
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from benchmarks import plane
from models.network.bicrystal import Bicrystals, fit
from models.network.boundaries import Network, faces, find_network, to_graph
from models.network.current import critical_current, electrodes
from models.network.features import percolation_level
from models.network.flow import max_flow
from models.network.law import BoundaryLaw
from models.orientation.coincidence import coincidence
from models.orientation.grains import find_grains
from models.orientation.map import OrientationMap, Phase
from models.orientation.quaternion import uniform
from models.orientation.simulate import biaxial, cells, measure
from models.orientation.symmetry import GROUPS, angle_and_axis

BA122 = GROUPS["422"]
LAW = BoundaryLaw(1e10, 9.0, 9.0, np.diag([0.1**2, 1.0**2, 0.1**2]))
"""A made-up law and its stated uncertainty: 10 % in J0, 1 degree, 10 % in the decay."""
say = Console(soft_wrap=True).print


def main() -> None:
    """Run the parts that are asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--map", type=Path, help="a .cpr or .crc file, for speed and labels")
    parser.add_argument("--defdap", help="a Python that has DefDAP")
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--slow", action="store_true", help="the peers at 10,000 grains too")
    asked = parser.parse_args()
    if unknown := [p for p in asked.parts if p not in PARTS]:
        parser.error(f"{unknown[0]!r} is not one of {', '.join(PARTS)}")
    for part in asked.parts or PARTS:
        say(f"[bold]{part}[/bold]")
        PARTS[part](asked)


def timed(act: Callable[[], Any], repeats: int = 5) -> tuple[float, Any]:
    """Median CPU seconds, and what came out."""
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        found = act()
        seconds.append(time.process_time() - start)
    return float(np.median(seconds)), found


def speed(asked: argparse.Namespace) -> None:
    """Graph and flow of 10,000 grains; then a map to grains."""
    points, pairs, area = _solid(10_000)
    q = uniform(len(points), np.random.default_rng(1))
    for group in (BA122, GROUPS["432"]):
        seconds, network = timed(partial(_assemble, pairs, area, q, group))
        say(f"graph, {group.name}: {len(points)} grains, {len(pairs)} boundaries: {seconds:.3f} s "
            "(disorientation, axis, coincidence, networkx)")  # fmt: skip
    capacity = np.exp(-np.maximum(network.angle - 9, 0) / 9) * area
    ends = np.flatnonzero(points[:, 0] < 0.05), np.flatnonzero(points[:, 0] > 0.95)
    seconds, flow = timed(lambda: max_flow(pairs, capacity, *ends, len(points)))
    say(f"flow: {seconds:.3f} s, value {flow.value:.8g}, rounding {flow.rounding_error:.1e}")
    carried = np.bincount(pairs.ravel(), np.repeat(capacity, 2)) / 2
    for name, level in (("none binds", carried.max()), ("half may bind", np.median(carried))):
        through = np.full(len(points), level)
        seconds, found = timed(partial(max_flow, pairs, capacity, *ends, len(points), through))
        say(f"flow with limits of the grains, {name}: {seconds:.3f} s, value {found.value:.8g}")
    _voxels()
    _peers(pairs, capacity, ends, len(points), flow.value, asked.slow)
    if asked.map:
        _map_speed(asked)


def _solid(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Random points (n, 3), the pairs (m, 2) whose Voronoi cells touch, and made-up areas (m,)."""
    from scipy.spatial import Delaunay

    random = np.random.default_rng(0)
    points = random.random((n, 3))
    start = time.process_time()
    corners = Delaunay(points).simplices
    both = [corners[:, [i, j]] for i in range(4) for j in range(i)]
    pairs = np.unique(np.sort(np.vstack(both), axis=1), axis=0)
    say(f"Voronoi neighbours of {n} points: {time.process_time() - start:.2f} s (not in the graph)")
    return points, pairs, random.random(len(pairs))


def _assemble(pairs: np.ndarray, area: np.ndarray, q: np.ndarray, group: Any) -> Network:
    angle, axis = angle_and_axis(q[pairs[:, 0]], q[pairs[:, 1]], group)
    sigma = coincidence(angle, axis, group)
    size, labels = np.ones(len(q)), np.zeros((1, 1, 1), int)
    network = Network(pairs, area, angle, axis, sigma, size, labels, (1.0,) * 3, 0)
    to_graph(network)
    return network


def _voxels() -> None:
    """A million points to grains to network: what a solid of serial sections takes."""
    random = np.random.default_rng(0)
    measured = measure(
        cells((100, 100, 100), 10_000, random), uniform(10_000, random), 1e-7, BA122, random
    )
    one, grains = timed(lambda: find_grains(measured, 2, 4), 1)
    two, network = timed(lambda: find_network(measured, grains, 0), 3)
    say(f"100^3 points: {len(grains)} grains {one:.2f} s, network of {len(network.pairs)} "
        f"boundaries {two:.2f} s")  # fmt: skip


def _peers(
    pairs: np.ndarray, capacity: np.ndarray, ends: Any, n: int, value: float, slow: bool
) -> None:
    """The same flow by SciPy with plain integers, networkx and HiGHS."""
    seconds, plain = timed(lambda: _plain_scipy(pairs, capacity, ends, n))
    say(f"SciPy's Dinic alone, graph made before: {seconds:.3f} s, off by {plain / value - 1:+.1e}")
    small = _solid(1000)
    some = np.exp(-3 * np.random.default_rng(2).random(len(small[1]))) * small[2]
    few = np.flatnonzero(small[0][:, 0] < 0.1), np.flatnonzero(small[0][:, 0] > 0.9)
    seconds, ours = timed(lambda: max_flow(small[1], some, *few, 1000))
    say(f"1,000 grains, {len(small[1])} boundaries: ours {seconds:.4f} s")
    for name in ("boykov_kolmogorov", "preflow_push"):
        other, found = timed(partial(_networkx, small[1], some, few, name), 1)
        say(f"  networkx {name}: {other:.2f} s ({other / seconds:.0f} x), "
            f"off {found / ours.value - 1:+.1e}")  # fmt: skip
    other, found = timed(lambda: _programme(small[1], some, few, 1000), 1)
    say(f"  HiGHS: {other:.2f} s ({other / seconds:.0f} x), off {found / ours.value - 1:+.1e}")
    if slow:
        other, found = timed(lambda: _networkx(pairs, capacity, ends, "boykov_kolmogorov"), 1)
        say(f"{n} grains: networkx boykov_kolmogorov {other:.1f} s, off {found / value - 1:+.1e}")
        other, found = timed(lambda: _programme(pairs, capacity, ends, n), 1)
        say(f"{n} grains: HiGHS {other:.1f} s, off {found / value - 1:+.1e}")


def _plain_scipy(pairs: np.ndarray, capacity: np.ndarray, ends: Any, n: int) -> float:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import maximum_flow

    start = np.concatenate([*pairs.T, np.full(len(ends[0]), n), ends[1]])
    end = np.concatenate([*pairs.T[::-1], ends[0], np.full(len(ends[1]), n + 1)])
    room = np.concatenate([np.tile(capacity * 1e7, 2), np.full(len(ends[0]) + len(ends[1]), 2e9)])
    graph = coo_array((room.astype(np.int32), (start, end)), shape=(n + 2, n + 2)).tocsr()
    return float(maximum_flow(graph, n, n + 1, method="dinic").flow_value) / 1e7


def _networkx(pairs: np.ndarray, capacity: np.ndarray, ends: Any, name: str) -> float:
    import networkx as nx
    from networkx.algorithms import flow

    graph = nx.Graph()
    for (a, b), c in zip(pairs.tolist(), capacity.tolist(), strict=True):
        graph.add_edge(a, b, capacity=c)
    graph.add_edges_from(("source", int(a)) for a in ends[0])
    graph.add_edges_from((int(b), "sink") for b in ends[1])
    value, _ = nx.minimum_cut(graph, "source", "sink", flow_func=getattr(flow, name))
    return float(value)


def _programme(pairs: np.ndarray, capacity: np.ndarray, ends: Any, n: int) -> float:
    """Largest net flow into the sinks; what comes into all other nodes goes out again."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    m = len(pairs)
    edge = np.arange(m)
    rows, columns = np.concatenate(pairs.T), np.tile(edge, 2)
    balance = coo_array((np.repeat([-1.0, 1.0], m), (rows, columns)), shape=(n, m)).tocsr()
    inner = np.setdiff1d(np.arange(n), np.concatenate(ends))
    bounds = np.stack([-capacity, capacity], axis=1)
    gain = np.asarray(balance[ends[1]].sum(axis=0)).ravel()
    kept: Any = balance[inner]  # SciPy takes sparse matrices; its stubs do not know it
    found = linprog(-gain, A_eq=kept, b_eq=np.zeros(len(inner)), bounds=bounds.tolist())
    assert found.fun is not None
    return float(-found.fun)


def _map_speed(asked: argparse.Namespace) -> None:
    from executors.orientation.readers import read_map

    reading, measured = timed(lambda: read_map(asked.map))
    finding, grains = timed(lambda: find_grains(measured, 10, 10))
    network, _ = timed(lambda: find_network(measured, grains, 2))
    shape = " x ".join(map(str, measured.shape[::-1]))
    say(f"map {shape}: read {reading:.3f} s, {len(grains)} grains {finding:.3f} s, "
        f"network {network:.3f} s")  # fmt: skip
    if asked.defdap:
        told = _defdap(asked)["10"]
        say(f"  DefDAP, compiled before: read {told['read']:.3f} s, grains {told['find']:.3f} s "
            f"({told['find'] / finding:.1f} x)")  # fmt: skip


DEFDAP = """
import contextlib, io, json, sys, time
import numpy as np
from defdap.ebsd import Map
out = {}
for tolerance in (10, 5, 10, 15):
    with contextlib.redirect_stdout(io.StringIO()):
        a = time.process_time()
        m = Map(sys.argv[1])
        b = time.process_time()
        m.data.generate("grain_boundaries", misori_tol=tolerance)
        m.data.generate("grains", min_grain_size=10)
        c = time.process_time()
    labels = np.where(m.data.grains < 0, 0, m.data.grains)
    out[str(tolerance)] = {"read": b - a, "find": c - b, "labels": labels.tolist()}
print(json.dumps(out))
"""


def _defdap(asked: argparse.Namespace) -> dict[str, Any]:
    """Seconds and labels of DefDAP by tolerance; it runs in its own environment."""
    run = [asked.defdap, "-c", DEFDAP, str(asked.map.with_suffix(""))]
    told = subprocess.run(run, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


def labels(asked: argparse.Namespace) -> None:
    """Whether both give every point the same grain, up to numbering."""
    from executors.orientation.readers import read_map

    if not (asked.map and asked.defdap):
        say("skipped: it needs --map and --defdap")
        return
    measured, theirs = read_map(asked.map), _defdap(asked)
    for tolerance in (5, 10, 15):
        grains = find_grains(measured, tolerance, 10)
        other = np.array(theirs[str(tolerance)]["labels"])
        both = np.unique(np.stack([grains.labels.ravel(), other.ravel()]), axis=1)
        same = len(set(both[0])) == len(set(both[1])) == both.shape[1]
        say(
            f"{tolerance} degrees: {len(grains)} grains, DefDAP {other.max()}; equal labels: {same}"
        )


def bicrystal(asked: argparse.Namespace) -> None:
    """Angles 3 to 30 degrees, critical angle and decay 9, 10 % noise."""
    angle = np.array([3.0, 6, 9, 12, 16, 20, 24, 30])
    for told in (None, np.full(len(angle), 0.1)):
        near, angles, decays, plateaus = [], [], [], []
        for seed in track(range(asked.trials), "bicrystals", transient=True):
            noise = 1 + 0.1 * np.random.default_rng(seed).normal(size=len(angle))
            found = fit(Bicrystals(angle, LAW(angle) * noise, told))
            near.append(abs(found.laws[0].critical_angle - 9) <= 1.5)
            angles.append(found.critical_angle[0] <= 9 <= found.critical_angle[1])
            decays.append(found.decay[0] <= 9 <= found.decay[1])
            plateaus.append(found.plateau[0][0] <= 1e10 <= found.plateau[0][1])
        what = "not told" if told is None else "told"
        say(
            f"deviations {what}: within 1.5 degrees {np.mean(near):.1%} of {asked.trials}; covered:"
        )
        shares = zip(("angle", "decay", "J0"), (angles, decays, plateaus), strict=True)
        say("  " + ", ".join(f"{name} {np.mean(share):.1%}" for name, share in shares))


TEXTURES = {
    "random": lambda n, random: uniform(n, random),
    "biaxial, 10 degrees": lambda n, random: biaxial(n, 10, random),
    "biaxial, 25 degrees": lambda n, random: biaxial(n, 25, random),
}


def interval(asked: argparse.Namespace) -> None:
    """The truth: a polycrystal drawn four times finer, its true orientations, and a law drawn from
    what is stated. Then a map of it, with noise and gaps, and the interval by the stated law."""
    _coverage(asked.trials, LAW)


def interval_map(asked: argparse.Namespace) -> None:
    """The same with a law that is known exactly: what is uncertain is the map alone."""
    _coverage(asked.trials, BoundaryLaw(LAW.plateau, LAW.critical_angle, LAW.decay))


def _coverage(trials: int, law: BoundaryLaw) -> None:
    for name, texture in TEXTURES.items():
        seeds = track(range(trials), name, transient=True)
        inside, off, width = np.array([covered(seed, texture, law) for seed in seeds]).T
        say(f"{name}: covered {inside.mean():.1%} of {trials}; estimate / truth")
        say(f"  {np.exp(np.median(off)):.3f}, width / estimate {np.median(width):.2f} (medians)")


def covered(seed: int, texture: Any, law: BoundaryLaw) -> tuple[bool, float, float]:
    """Whether the interval holds the truth, the log of estimate over truth, the relative width."""
    random = np.random.default_rng(seed)
    shape, n, step = (70, 90), 80, 1e-7
    q = texture(n, random)
    true = cells(shape, n, np.random.default_rng(seed), finer=4)
    parameters = law.draws(1, random)[0]
    drawn = BoundaryLaw(np.exp(parameters[0]), parameters[1], np.exp(parameters[2]))
    whole = OrientationMap(q[true - 1], np.ones_like(true), (step / 4,) * 2, (Phase("x", BA122),))
    truth = _carried(whole, drawn, 0.01, 1, 0, 0, seed)
    seen = cells(shape, n, np.random.default_rng(seed))
    measured = measure(seen, q, step, BA122, random, noise=0.5, missing=0.03)
    found = _carried(measured, law, 2.0, 4, 200, 0.2, seed)
    low, high = found.interval
    width = (high - low) / max(found.density, 1e-300)
    return low <= truth.density <= high, float(np.log(found.density / truth.density)), width


def _carried(
    measured: OrientationMap,
    law: BoundaryLaw,
    threshold: float,
    least: int,
    draws: int,
    angle: float,
    seed: int,
) -> Any:
    network = find_network(measured, find_grains(measured, threshold, least), 2)
    at = electrodes(network, ("left", "right"))
    return critical_current(network, law, at, draws=draws, seed=seed, angle_error=angle)


def percolation(asked: argparse.Namespace) -> None:
    """n rows and n + 1 columns are dual to themselves: the mean threshold is 1/2 at any size."""
    for n in (16, 32, 64):
        random, index = np.random.default_rng(n), np.arange(n * (n + 1)).reshape(n, n + 1)
        across = np.stack([index[:, :-1].ravel(), index[:, 1:].ravel()], axis=1)
        down = np.stack([index[:-1].ravel(), index[1:].ravel()], axis=1)
        pairs = np.vstack([across, down])
        first, last = index[:, 0], index[:, -1]
        found = [
            percolation_level(pairs, random.random(len(pairs)), first, last, index.size)
            for _ in range(asked.trials)
        ]
        error = np.std(found) / np.sqrt(len(found))
        off = (np.mean(found) - 0.5) / error
        say(f"{n} rows: {np.mean(found):.4f} +- {error:.4f} ({off:+.1f} sigma)")


def lengths(asked: argparse.Namespace) -> None:
    """Boundary lengths of a map against the same polycrystal drawn eight times finer."""
    ratios, offs = [], []
    for seed in range(10):
        coarse, fine = (_lengths(seed, finer) for finer in (1, 8))
        ratios.append(sum(coarse.values()) / sum(fine.values()))
        offs += [coarse[k] - fine[k] for k in coarse.keys() & fine.keys()]
    say(f"total length: {np.mean(ratios):.4f} of the truth (sd {np.std(ratios):.4f}); "
        f"one boundary: off by {np.mean(offs):+.3f} steps, sd {np.std(offs):.2f}")  # fmt: skip


def _lengths(seed: int, finer: int) -> dict[tuple[int, int], float]:
    labels = cells((150, 150), 150, np.random.default_rng(seed), finer)
    pairs, length = faces(labels, (1 / finer,) * 2)
    return {(a, b): x for (a, b), x in zip(pairs.tolist(), length.tolist(), strict=True)}


def porous(seed: int) -> Network:
    """A map of grains, many of which hang together at low angles, with none to many round pores."""
    random = np.random.default_rng([20261127, seed])
    shape, n = (70, 90), int(random.integers(25, 120))
    labels, y_x = cells(shape, n, random), np.indices(shape) + 0.5
    share, size = random.uniform(0, 0.25), random.uniform(4, 14)
    pores = np.zeros(shape, bool)
    while pores.mean() < share:
        middle, radius = random.uniform((0, 0), shape), size * random.uniform(0.3, 0.7)
        pores |= np.hypot(*(y_x - middle[:, None, None])) < radius
    q = biaxial(n, random.uniform(3, 25), random) if random.random() < 0.75 else uniform(n, random)
    seen = measure(np.where(pores, 0, labels), q, 1e-7, BA122, random)
    return find_network(seen, find_grains(seen, 2, 4), 0)


def necks(asked: argparse.Namespace) -> None:
    """Ours before (grains by their largest cross-section) and now, over finite volumes."""
    rows = [row for seed in track(range(asked.trials // 2), "necks", transient=True)
            for row in _beside_volumes(seed)]  # fmt: skip
    for name, ratio in zip(("largest cross-sections", "necks"), np.array(rows).T, strict=True):
        low, middle, high = np.quantile(ratio, [0.25, 0.5, 0.75])
        say(f"{name}: over finite volumes, {len(ratio)} cases: median {middle:.3f}, quarters "
            f"{low:.3f} and {high:.3f}, from {ratio.min():.3f} to {ratio.max():.3f}, "
            f"rms of the logarithm {np.sqrt(np.mean(np.log(ratio) ** 2)):.3f}")  # fmt: skip


def _beside_volumes(seed: int) -> list[tuple[float, float]]:
    """Both estimates over the reference, from left to right and from top to bottom; where nothing
    to speak of connects the sides there is no ratio."""
    network, law = porous(seed), BoundaryLaw(1.0, LAW.critical_angle, LAW.decay)
    rows = []
    for sides in (("left", "right"), ("top", "bottom")):
        at = electrodes(network, sides)
        found = critical_current(network, law, at, draws=0, seed=0, angle_error=0)
        capacity = law(network.angle) * network.area
        reference = plane.carried(network, capacity / network.step[0], at.axis)
        before = max_flow(network.pairs, capacity, at.first, at.second, network.grains, at.largest)
        if reference > 1e-2:
            old = min(before.value, at.smallest) / at.section
            rows.append((old / reference, found.density / reference))
    return rows


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "speed": speed,
    "labels": labels,
    "lengths": lengths,
    "necks": necks,
    "percolation": percolation,
    "bicrystal": bicrystal,
    "interval": interval,
    "interval-map": interval_map,
}

if __name__ == "__main__":
    main()
