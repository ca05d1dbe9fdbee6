"""Grains of an orientation map. The rules, in their order:

1. Two points that share a face belong together if both are indexed, of one phase, and not more
   than the threshold apart. A grain is all that hangs together so.
2. What has fewer points than the least is no grain: its points have label 0, as those that are not
   indexed.
3. Only where asked (``grow``): a point without a grain takes the label of the nearest grain, up to
   so many points away. Cracks and pores that are wider stay open.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage as ndi
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from models.arrays import Flags, Floats, Integers
from models.edge_correction import whole_weights
from models.orientation.map import OrientationMap
from models.orientation.quaternion import normalised
from models.orientation.symmetry import disorientation, nearest


@dataclass(frozen=True, eq=False)
class Grains:
    """Grains by their label, 1 to n; the arrays (n, ...) begin with grain 1."""

    labels: Integers = field(repr=False)
    """The shape of the map; 0 where there is no grain."""
    points: Integers = field(repr=False)
    """Points of each (n,)."""
    size: Floats = field(repr=False)
    """Area in m^2, or volume in m^3 of a map in three dimensions, (n,)."""
    diameter: Floats = field(repr=False)
    """Of a circle or sphere of that size in metres, (n,)."""
    at_edge: Flags = field(repr=False)
    """Whether the frame of the map cuts it, (n,)."""
    phase: Integers = field(repr=False)
    """Number of its phase, (n,)."""
    orientation: Floats = field(repr=False)
    """Mean orientation (n, 4)."""
    spread: Floats = field(repr=False)
    """Mean disorientation in degrees of its points from the mean orientation, (n,)."""

    @property
    def weight(self) -> Floats:
        """How many grains of an endless map each stands for, (n,): 0 where the frame cuts it."""
        return whole_weights(self.labels, len(self))

    def __len__(self) -> int:
        return len(self.points)


def find_grains(measured: OrientationMap, threshold: float, least: int) -> Grains:
    """Grains by rules 1 and 2: ``threshold`` in degrees, ``least`` points. There may be none."""
    if not 0 < threshold < 180:
        raise ValueError(f"the threshold must be between 0 and 180 degrees, not {threshold:g}")
    if least < 1:
        raise ValueError(f"a grain has at least 1 point, not {least}")
    return describe(measured, label(measured, threshold, least))


def label(measured: OrientationMap, threshold: float, least: int) -> Integers:
    """Labels in the shape of the map, in the order of the grains' first points."""
    phase, q = measured.phase.ravel(), measured.orientations.reshape(-1, 4)
    ends = [_joined(a, b, phase, q, measured, threshold) for a, b in _neighbours(phase, measured)]
    first, second = (np.concatenate(part) for part in zip(*ends, strict=True))
    links = coo_array((np.ones(len(first), bool), (first, second)), shape=(phase.size,) * 2)
    _, part = connected_components(links, directed=False)
    part = np.where(phase > 0, part + 1, 0)
    count = np.bincount(part)
    kept = count >= least
    kept[0] = False
    first = np.full(len(count), len(part))
    first[part[::-1]] = np.arange(len(part))[::-1]
    order = np.argsort(first)
    numbers = np.zeros(len(count), dtype=np.int32)
    numbers[order[kept[order]]] = np.arange(1, kept.sum() + 1)
    return numbers[part].reshape(measured.shape)


def _neighbours(flat: Integers, measured: OrientationMap) -> list[tuple[Integers, Integers]]:
    """Indices of the points on both sides of every face, axis by axis."""
    index = np.arange(flat.size, dtype=np.int32).reshape(measured.shape)
    axes = range(index.ndim)
    return [
        (
            np.take(index, range(index.shape[axis] - 1), axis=axis).ravel(),
            np.take(index, range(1, index.shape[axis]), axis=axis).ravel(),
        )
        for axis in axes
    ]


def _joined(
    a: Integers,
    b: Integers,
    phase: Integers,
    q: Floats,
    measured: OrientationMap,
    threshold: float,
) -> tuple[Integers, Integers]:
    """Those of the pairs of points a, b (m,) that belong together by rule 1."""
    kept = []
    for number in range(1, len(measured.phases) + 1):
        same = np.flatnonzero((phase[a] == number) & (phase[b] == number))
        if len(same):
            apart = disorientation(q[a[same]], q[b[same]], measured.group(number))
            kept.append(same[apart <= threshold])
    chosen = np.concatenate(kept) if kept else np.empty(0, dtype=int)
    return a[chosen], b[chosen]


def grow(labels: Integers, reach: float) -> Integers:
    """Labels after rule 3; ``reach`` in points, diagonals counted by their length."""
    if reach <= 0 or not labels.any() or labels.all():
        return labels
    distance, near = ndi.distance_transform_edt(labels == 0, return_indices=True)
    return np.where(distance <= reach, labels[tuple(near)], labels)


def describe(measured: OrientationMap, labels: Integers) -> Grains:
    """Sizes and orientations of labelled grains."""
    n = int(labels.max())
    inside = labels.ravel() > 0
    of = labels.ravel()[inside] - 1
    points = np.bincount(of, minlength=n)
    first = np.full(n, -1)
    where = np.flatnonzero(inside)
    first[of[::-1]] = where[::-1]
    phase = measured.phase.ravel()[first]
    mean, spread = _means(measured, where, of, first, phase)
    size = points.astype(float) * float(np.prod(measured.step))
    flat = labels.ndim == 2
    diameter = np.sqrt(4 * size / np.pi) if flat else np.cbrt(6 * size / np.pi)
    edge = np.zeros(n + 1, dtype=bool)
    for axis in range(labels.ndim):
        edge[labels.take([0, -1], axis=axis)] = True
    return Grains(labels, points, size, diameter, edge[1:], phase, mean, spread)


def _means(
    measured: OrientationMap,
    where: Integers,
    of: Integers,
    first: Integers,
    phase: Integers,
) -> tuple[Floats, Floats]:
    """Mean orientations (n, 4), and the mean distance from them in degrees (n,).

    The mean is the sum of the equivalents nearest to the grain's first point, at length 1; it is
    taken a second time with the first mean in the place of that point.
    """
    q = measured.orientations.reshape(-1, 4)
    mean, spread = q[first].astype(float), np.zeros(len(first))
    for number in np.unique(phase):
        mine = phase[of] == number
        grain, points = of[mine], q[where[mine]]
        group = measured.group(int(number))
        for _ in range(2):
            near = nearest(points, mean[grain], group)
            sums = [np.bincount(grain, near[:, k], minlength=len(first)) for k in range(4)]
            chosen = phase == number
            mean[chosen] = normalised(np.stack(sums, axis=1)[chosen])
        off = disorientation(mean[grain], points, group)
        total = np.bincount(grain, off, minlength=len(first))
        count = np.bincount(grain, minlength=len(first))
        spread[chosen] = (total / np.maximum(count, 1))[chosen]
    return mean, spread
