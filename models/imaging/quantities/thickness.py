"""Local thickness: the largest ball that lies inside and covers a point.

(T. Hildebrand, P. Rueegsegger, J. Microsc. 185, 67, 1997.) Balls stand about all voxels; what they
cover is looked at on a lattice of points, the same from every side, that is as fine as the voxels
of a small volume and coarser in a large one. A ball that a neighbour's covers but for a rim of a
quarter of a voxel is not drawn; the mean falls by at most 0.4 % through this.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.arrays import Floats, Integers
from models.imaging.compiled import compiled
from models.imaging.quantities.distance import Lengths
from models.imaging.quantities.sample import CellGrid, Sampled, ratio
from models.imaging.volume import Voxel

RIM = 0.25
POINTS = 1_000_000
"""The lattice has at most so many points."""


@dataclass(frozen=True, eq=False)
class Thickness:
    """On the points of a lattice (z, y, x)."""

    diameter: Floats = field(repr=False)
    """Of the largest ball in metres; 0 outside."""
    weight: Floats = field(repr=False)
    """1 inside, 1/2 where half of the voxels around a point are, 0 outside."""
    points: tuple[Floats, ...] = field(repr=False)
    """Where they lie along each axis, in voxels from the middle of the first."""

    def mean(self, grid: CellGrid) -> Sampled:
        """Over the volume that is inside, in metres."""
        onto = [_onto(p, cells) for p, cells in zip(self.points, grid.cell_of, strict=True)]
        sums = [
            np.einsum("zyx,az,by,cx->abc", values, *onto, optimize=True)
            for values in (self.diameter * self.weight, self.weight)
        ]
        return ratio(sums[0], sums[1])

    def percentiles(self, shares: Sequence[float]) -> tuple[float, ...]:
        """The diameters below which these shares of the inside lie."""
        order = np.argsort(self.diameter, axis=None)
        upto = np.cumsum(self.weight.ravel()[order])
        at = np.searchsorted(upto, np.array(shares) * upto[-1])
        return tuple(self.diameter.ravel()[order][at].tolist())


def thickness(far: Lengths, voxel: Voxel, stride: int | None = None) -> Thickness:
    """From the distance to the outside (z, y, x), on every ``stride``-th point along each axis.

    A slab of n voxels is n thick: the surface lies half a voxel before the first voxel outside; of
    voxels that are no cubes their mean edge is taken.
    """
    step = stride or int(np.ceil((far.size / POINTS) ** (1 / 3)))
    points = tuple(((n - 1) % step) / 2 + step * np.arange((n - 1) // step + 1) for n in far.shape)
    edge = min(voxel)
    radius = np.ascontiguousarray(far / np.float32(edge))
    covered = _around(radius, points, np.minimum)
    share = _around((far > 0).astype(np.float32), points, _mean)
    weight = (np.sign(share - 0.5) + 1) / 2  # the greater part of its voxels is inside
    edges = np.array(voxel, np.float32) / np.float32(edge)
    centres = _ridge(radius, edges)
    centres = centres[np.argsort(-radius.ravel()[centres], kind="stable")]
    first = np.array([p[0] for p in points], np.float32)
    _paint(covered, radius, centres, edges, first, step)
    shown = 2.0 * edge * covered - float(np.prod(voxel) ** (1 / 3))
    weight = np.where(covered > 0, weight, 0.0)
    return Thickness(np.where(weight > 0, np.maximum(shown, edge), 0), weight, points)


def _around(values: Lengths, points: Sequence[Floats], join: Callable[..., Any]) -> Lengths:
    """Of the voxels on both sides of each point, joined axis by axis."""
    for axis, at in enumerate(points):
        ends = [values.take(f(at).astype(int), axis=axis) for f in (np.floor, np.ceil)]
        values = join(ends[0], ends[1])
    return values


def _mean(first: Lengths, second: Lengths) -> Lengths:
    return (first + second) / np.float32(2)


def _onto(points: Floats, cell_of: Integers) -> Floats:
    """Share of each point that lies in each cell, (cells, points)."""
    share = np.zeros((int(cell_of[-1]) + 1, len(points)))
    for end in (np.floor(points), np.ceil(points)):
        share[cell_of[end.astype(int)], np.arange(len(points))] += 0.5
    return share


@compiled
def _ridge(radius: Lengths, edges: Lengths) -> Integers:
    """Voxels whose ball none of its neighbours' balls holds."""
    high, deep, wide = radius.shape
    kept = np.empty(radius.size, np.int64)
    n = 0
    for z in range(high):
        for y in range(deep):
            for x in range(wide):
                r = radius[z, y, x]
                if r > 0 and not _held(radius, z, y, x, edges):
                    kept[n] = (z * deep + y) * wide + x
                    n += 1
    return kept[:n].copy()


@compiled
def _held(radius: Lengths, z: int, y: int, x: int, edges: Lengths) -> bool:
    high, deep, wide = radius.shape
    r = radius[z, y, x]
    for k in range(max(0, z - 1), min(high, z + 2)):
        for j in range(max(0, y - 1), min(deep, y + 2)):
            for i in range(max(0, x - 1), min(wide, x + 2)):
                more = radius[k, j, i] - r
                if more > 0:
                    apart = (
                        ((k - z) * edges[0]) ** 2
                        + ((j - y) * edges[1]) ** 2
                        + ((i - x) * edges[2]) ** 2
                    )
                    if (more + RIM) ** 2 >= apart:
                        return True
    return False


@compiled
def _paint(
    covered: Lengths,
    radius: Lengths,
    centres: Integers,
    edges: Lengths,
    first: Lengths,
    step: int,
) -> None:
    """Each ball over the points that it covers. Where it touches the outside it covers nothing."""
    high, long, wide = covered.shape
    deep, row = radius.shape[1:]
    for centre in centres:
        z, rest = divmod(centre, deep * row)
        y, x = divmod(rest, row)
        r = radius[z, y, x]
        low, top = _span(r / edges[0], z - first[0], step, high)
        for k in range(low, top):
            disc = r * r * np.float32(1 - 1e-6) - ((first[0] + step * k - z) * edges[0]) ** 2
            if disc > 0:
                low_y, top_y = _span(np.sqrt(disc) / edges[1], y - first[1], step, long)
                for j in range(low_y, top_y):
                    left = disc - ((first[1] + step * j - y) * edges[1]) ** 2
                    if left > 0:
                        low_x, top_x = _span(np.sqrt(left) / edges[2], x - first[2], step, wide)
                        for i in range(low_x, top_x):
                            covered[k, j, i] = max(covered[k, j, i], r)


@compiled
def _span(reach: float, at: float, step: int, number: int) -> tuple[int, int]:
    """The points within a reach: from, and up to but without."""
    low, top = int(np.ceil((at - reach) / step)), int(np.floor((at + reach) / step)) + 1
    return max(low, 0), min(top, number)
