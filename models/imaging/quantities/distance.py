"""How far every voxel of a class is from the nearest one outside, for voxels of any edges."""

import numpy as np
from numpy.typing import NDArray

from models.arrays import Flags, Floats
from models.imaging.compiled import compiled
from models.imaging.volume import Voxel

type Lengths = NDArray[np.float32]

FAR = 1e30


def distance(inside: Flags, voxel: Voxel) -> Lengths:
    """Metres (z, y, x) from the middle of each voxel inside to the nearest middle outside; 0
    outside. What lies beyond the frame is not known and does not count. ValueError: all is inside.

    Axis by axis as lower envelopes of parabolas (P. Felzenszwalb, D. Huttenlocher, Theory Comput.
    8, 415, 2012).
    """
    if inside.all():
        raise ValueError("there is nothing outside to measure a distance to")
    edges = np.array(voxel) / min(voxel)
    squared = np.where(inside, np.float32(FAR), np.float32(0))
    _along_x(squared, edges[2])
    _along(squared, edges[1])
    _along(squared.transpose(1, 0, 2), edges[0])
    return np.asarray(np.sqrt(squared) * np.float32(min(voxel)))


@compiled
def _along_x(squared: Lengths, edge: float) -> None:
    """Rows: the distance to the last one outside, from the left and then from the right."""
    high, deep, wide = squared.shape
    for z in range(high):
        for y in range(deep):
            row = squared[z, y]
            last = -1
            for x in range(wide):
                if row[x] == 0:
                    last = x
                elif last >= 0:
                    row[x] = ((x - last) * edge) ** 2
            last = -1
            for x in range(wide - 1, -1, -1):
                if row[x] == 0:
                    last = x
                elif last >= 0:
                    row[x] = min(row[x], ((last - x) * edge) ** 2)


@compiled
def _along(squared: Lengths, edge: float) -> None:
    """Along the middle axis of (a, n, b)."""
    layers, n, wide = squared.shape
    column, at, limit = np.empty(n, np.float64), np.empty(n, np.int64), np.empty(n + 1, np.float64)
    step = edge * edge
    for layer in range(layers):
        sheet = squared[layer]
        for x in range(wide):
            some = False
            for i in range(n):
                column[i] = sheet[i, x]
                some = some or column[i] > 0
            if some:
                _envelope(column, step, at, limit)
                k = 0
                for i in range(n):
                    while limit[k + 1] < i:
                        k += 1
                    if column[i] > 0:
                        sheet[i, x] = step * (i - at[k]) ** 2 + column[at[k]]


@compiled
def _envelope(column: Floats, step: float, at: NDArray[np.int64], limit: Floats) -> None:
    """Which parabola is the lowest where: ``at`` its vertex, between ``limit`` and the next."""
    k = 0
    at[0], limit[0], limit[1] = 0, -np.inf, np.inf
    for i in range(1, len(column)):
        while True:
            j = at[k]
            meet = ((column[i] - column[j]) / step + i * i - j * j) / (2.0 * (i - j))
            if meet > limit[k]:
                break
            k -= 1
        k += 1
        at[k], limit[k], limit[k + 1] = i, meet, np.inf
