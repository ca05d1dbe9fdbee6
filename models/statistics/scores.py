"""How good an order of experiments is, on a pool whose outcomes are all known. Pure functions.

``merits`` are (N, M), larger is better, in the outcome's unit; ``order`` lists conditions as they
were tried. Curves start at experiment 1. Random order is exact combinatorics, not simulation,
unless a docstring says otherwise.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.arrays import Flags, Floats, Integers

type Comparison = Literal["better", "worse", "no difference shown"]

TOP = 0.05
"""Share of the pool that counts as its top set (Liang et al., npj Comput. Mater. 7, 188 (2021))."""
LARGEST_GRID = 5_000_000
"""Cells beyond which the expected hypervolume of random order is simulated."""
LARGEST_MAP = 1000
"""Points beyond which a volume is summed over slices: a map of heights has a cell for any two."""


def top_set(merits: Floats) -> Flags:
    """Which conditions are the top set, shape (N,).

    One objective: the ceil(0.05 N) best, and all that tie with the last of them. Several: the
    non-dominated ones.
    """
    if merits.shape[1] > 1:
        return non_dominated(merits)
    values = merits[:, 0]
    return np.asarray(values >= np.sort(values)[-math.ceil(TOP * len(values))])


def non_dominated(merits: Floats) -> Flags:
    """Which rows no other row beats (as good in all objectives and better in one), shape (N,)."""
    return np.array(
        [not np.any((merits >= m).all(axis=1) & (merits > m).any(axis=1)) for m in merits]
    )


def first_hit(order: Sequence[int], top: Flags) -> int | None:
    """Experiments up to and with the first of the top set; None where it never came."""
    hits = np.flatnonzero(top[list(order)])
    return int(hits[0]) + 1 if hits.size else None


def share_of_top(order: Sequence[int], top: Flags) -> Floats:
    """Found share of the top set after each experiment (Liang's Top%); a repeat counts once."""
    first = ~_repeated(order)
    return np.asarray(np.cumsum(top[list(order)] & first) / top.sum())


def best_so_far(order: Sequence[int], merits: Floats) -> Floats:
    """Best merit after each experiment; ``merits`` is (N,)."""
    return np.maximum.accumulate(merits[list(order)])


def regret(best: Floats, merits: Floats) -> Floats:
    """(Best of the pool - best so far) / range of the pool; 0 everywhere in a flat pool."""
    spread = float(np.ptp(merits))
    return (merits.max() - best) / spread if spread else np.zeros_like(best)


def reference_point(merits: Floats) -> Floats:
    """The 5th percentile of each objective's merit, shape (M,): what a poor condition gives."""
    return np.asarray(np.percentile(merits, 5, axis=0))


def hypervolume(merits: Floats, reference: Floats) -> float:
    """Volume between ``reference`` (M,) and the rows of ``merits``, exactly.

    Our own: of libraries, moocore is LGPL (pymoo and jMetalPy call it), BoTorch's needs torch, and
    Optuna's is private. It is faster than those of permissive licences for up to 100 points.
    """
    return _volume(merits[(merits > reference).all(axis=1)] - reference)


def hypervolume_curve(order: Sequence[int], merits: Floats, reference: Floats) -> Floats:
    """The hypervolume after each experiment, in the product of the outcomes' units."""
    front = np.empty((0, merits.shape[1]))
    curve: list[float] = []
    for merit in merits[list(order)]:
        if (front >= merit).all(axis=1).any():
            curve.append(curve[-1])
            continue
        front = np.vstack([front[~(front <= merit).all(axis=1)], merit])
        curve.append(hypervolume(front, reference))
    return np.array(curve)


@dataclass(frozen=True)
class RandomHit:
    """Experiments to the first of K good ones among N in random order, exactly."""

    mean: float
    q25: int
    median: int
    q75: int


def random_first_hit(size: int, good: int) -> RandomHit:
    """Mean (N + 1) / (K + 1), and the smallest n whose probability reaches each quartile."""
    missed, n, quartiles = 1.0, 0, []
    for level in (0.25, 0.5, 0.75):
        while 1 - missed < level - 1e-12:
            missed *= (size - n - good) / (size - n)
            n += 1
        quartiles.append(n)
    return RandomHit((size + 1) / (good + 1), *quartiles)


def random_share(size: int, budget: int) -> Floats:
    """Expected share of the top set in random order: n / N."""
    return np.arange(1, budget + 1) / size


def random_best(merits: Floats, budget: int) -> Floats:
    """Expected best merit in random order. The best after n has rank r
    with the chance C(N - r, n - 1) / C(N, n)."""
    ranked = np.sort(merits)[::-1]
    size, r = len(ranked), np.arange(len(ranked) - 1)
    curve = []
    for n in range(1, budget + 1):
        steps = np.maximum(size - r - n, 0) / (size - r - 1)
        chance = np.concatenate([[1.0], np.cumprod(steps)]) * n / size
        curve.append(float(chance @ ranked))
    return np.array(curve)


def random_hypervolume(
    merits: Floats, reference: Floats, budget: int, draws: int = 500, seed: int = 0
) -> Floats:
    """Expected hypervolume in random order.

    Exact where the grid through all conditions is small enough (always for two objectives of up to
    2200 conditions): a cell that k of N conditions cover counts with 1 - C(N - k, n) / C(N, n).
    Otherwise the mean of ``draws`` random orders.
    """
    above = merits[(merits > reference).all(axis=1)] - reference
    if math.prod(len(np.unique(column)) for column in above.T) > LARGEST_GRID:
        rng = np.random.default_rng(seed)
        orders = [rng.permutation(len(merits))[:budget] for _ in range(draws)]
        curves = [hypervolume_curve(o.tolist(), merits, reference) for o in orders]
        return np.asarray(np.mean(curves, axis=0))
    volumes = _covered_by(above, len(merits))
    return np.array([volumes @ (1 - p) for p in _none_of(len(merits), budget)])


def ef_topk(share: Floats, size: int) -> Floats:
    """Enhancement factor of Liang et al. 2021: share of the top set over random order's n / N."""
    return share / random_share(size, len(share))


def ef_value(best: Floats, best_random: Floats, minimize: bool = False) -> Floats | None:
    """Enhancement factor by value, as in Adesiji et al. 2025 (d5dd00337g): best outcome so far over
    random order's. None where the values are not all above 0, for then a ratio means nothing."""
    if min(best.min(), best_random.min()) <= 0:
        return None
    return best_random / best if minimize else best / best_random


def acceleration(share: Floats, size: int, level: float) -> float | None:
    """Liang's AF: experiments that random order needs for this share of the top set, over ours.
    None where the curve does not reach ``level``."""
    reached = np.flatnonzero(share >= level - 1e-12)
    return math.ceil(level * size - 1e-9) / (int(reached[0]) + 1) if reached.size else None


def mean_interval(curves: Floats) -> tuple[list[float], list[float]]:
    """Ends of Student's 95 % interval of the mean of (runs, n) curves, at each place; runs > 1."""
    from scipy.stats import t  # half a second of import

    runs = len(curves)
    half = float(t.ppf(0.975, runs - 1)) * curves.std(axis=0, ddof=1) / math.sqrt(runs)
    mean = curves.mean(axis=0)
    return (mean - half).tolist(), (mean + half).tolist()


@dataclass(frozen=True)
class Difference:
    """A mean difference over paired runs, with its interval; None with fewer than two runs."""

    mean: float
    interval: tuple[float, float] | None
    verdict: Comparison
    alike: bool = False
    """Whether all pairs differ by the same, which is no certainty."""


def paired_difference(
    ours: Sequence[float],
    theirs: Sequence[float],
    level: float = 0.95,
    ends: tuple[float, float] = (-1.0, 1.0),
) -> Difference:
    """Ours minus theirs, paired by seed: Student's t interval of the mean difference.

    Where all pairs differ by the same, their spread of 0 says nothing of other seeds: another one
    would differ with a chance of up to 1 - (alpha / 2)^(1 / n) (the exact interval of Clopper and
    Pearson, Biometrika 26, 404 (1934), of none in n), by anything between the ``ends`` of what a
    difference can be. So few that their agreement may be chance show no difference (sign test: n
    pairs agree with probability 2 / 2^n).
    """
    differences = np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float)
    mean, n = float(differences.mean()), len(differences)
    if n < 2:
        return Difference(mean, None, "no difference shown")
    alike = bool(np.ptp(differences) <= 1e-12)
    low, high = _of_alike(mean, n, level, ends) if alike else _of_student(differences, level)
    verdict: Comparison = "no difference shown"
    by_chance = alike and 2.0 ** (1 - n) > 1 - level
    if not by_chance and (low > 1e-12 or high < -1e-12):
        verdict = "better" if mean > 0 else "worse"
    return Difference(mean, (low, high), verdict, alike)


def _of_student(differences: Floats, level: float) -> tuple[float, float]:
    from scipy.stats import t  # half a second of import

    n = len(differences)
    half = float(t.ppf((1 + level) / 2, n - 1) * differences.std(ddof=1) / math.sqrt(n))
    mean = float(differences.mean())
    return mean - half, mean + half


def _of_alike(
    mean: float, pairs: int, level: float, ends: tuple[float, float]
) -> tuple[float, float]:
    other = 1 - ((1 - level) / 2) ** (1 / pairs)
    low, high = ((1 - other) * mean + other * end for end in ends)
    return low, high


def _repeated(order: Sequence[int]) -> Flags:
    """Whether each entry stood before, shape (len(order),)."""
    repeated = np.ones(len(order), dtype=bool)
    repeated[np.unique(list(order), return_index=True)[1]] = False
    return repeated


def _volume(points: Floats) -> float:
    """Volume between the origin and points (n, M), all above 0."""
    match points.shape[1]:
        case 1:
            return float(points.max(initial=0.0))
        case 2:
            return _area(points)
        case 3 if len(points) <= LARGEST_MAP:
            return _below_map(points)
    order = np.argsort(-points[:, -1])  # slices from the top down, each on a wider base
    bases = hypervolume_curve(order.tolist(), points[:, :-1], np.zeros(points.shape[1] - 1))
    return float(bases @ _drops(points[order, -1]))


def _area(points: Floats) -> float:
    """Area between the origin and points (n, 2): strips from right to left, each as high as the
    highest point so far."""
    x, y = points[np.argsort(-points[:, 0])].T
    return float(np.maximum.accumulate(y) @ _drops(x))


def _below_map(points: Floats) -> float:
    """Volume between the origin and points (n, 3), below a map of heights.

    The map has a cell between any two neighbours in x and y, largest first. A point is as high as
    its z, and whatever comes after it along x and y is at least as high.
    """
    (i, width), (j, depth) = (_ranked(column) for column in points[:, :2].T)
    heights = np.zeros((len(points), len(points)))
    heights[i, j] = points[:, 2]
    for axis in (0, 1):
        np.maximum.accumulate(heights, axis=axis, out=heights)
    return float(width @ heights @ depth)


def _ranked(values: Floats) -> tuple[Integers, Floats]:
    """The rank of each of (n,) values from the largest on, and the drops between them by rank."""
    order = np.argsort(-values)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank, _drops(values[order])


def _drops(falling: Floats) -> Floats:
    """How far each of (n,) falling values is above the next, and the last above 0."""
    return np.asarray(falling - np.append(falling[1:], 0.0))


def _covered_by(above: Floats, size: int) -> Floats:
    """Volume covered by exactly k conditions, for k = 0 to ``size``; ``above`` is (n, M), > 0."""
    edges = [np.unique(column) for column in above.T]
    counts = np.zeros([len(e) for e in edges], dtype=np.int32)
    np.add.at(counts, tuple(np.searchsorted(e, c) for e, c in zip(edges, above.T, strict=True)), 1)
    for axis in range(counts.ndim):
        counts = np.flip(np.cumsum(np.flip(counts, axis), axis=axis), axis)
    cells = np.ones(1)
    for e in edges:
        cells = np.multiply.outer(cells, np.diff(e, prepend=0.0)).reshape(-1)
    volumes: Floats = np.bincount(counts.reshape(-1), weights=cells, minlength=size + 1)
    return volumes


def _none_of(size: int, budget: int) -> Floats:
    """C(N - k, n) / C(N, n), the chance that none of k conditions is among n; (budget, N + 1)."""
    k = np.arange(size + 1)
    steps = [np.maximum(size - k - n, 0) / (size - n) for n in range(budget)]
    return np.asarray(np.cumprod(steps, axis=0))
