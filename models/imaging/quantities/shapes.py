"""Size and shape of separate bodies: pores, cracks, particles.

A body's axes are those of an ellipsoid of its second moments, long >= middle >= short. A curved
crack is thinner than its moments say: the short axis is at most 6 V / (pi long middle). The rule of
shapes, with 1/3 as the limit of each ratio (after T. Zingg's classes of pebbles):

    flat    short / middle < 1/3 <= middle / long     a crack that opens like a coin
    long    middle / long < 1/3 <= short / middle     a needle, a tube
    thin    both below 1/3                            a ribbon: long and flat
    round   neither

A single slice does not show how flat a body is: there a body is long, by the axes in the slice, or
round.
"""

from dataclasses import dataclass, field

import numpy as np

from models.arrays import Flags, Floats, Integers
from models.edge_correction import whole_weights
from models.imaging.compiled import compiled
from models.imaging.volume import Voxel

SHAPES = ("round", "flat", "long", "thin")
LIMIT = 1 / 3
LEAST = 8
"""A body of fewer voxels is a speck, as noise leaves them in a segmentation: it counts in fractions
and surfaces, and not among bodies, their sizes and shapes."""


@dataclass(frozen=True, eq=False)
class Shapes:
    """Bodies by their label, (n, ...) from label 1."""

    volume: Floats = field(repr=False)
    """m^3, (n,)."""
    diameter: Floats = field(repr=False)
    """Of a ball of that volume, or a circle of that area in a single slice, in metres, (n,)."""
    axes: Floats = field(repr=False)
    """long, middle, short in metres, (n, 3)."""
    kind: Integers = field(repr=False)
    """Position in SHAPES, (n,)."""
    middle: Floats = field(repr=False)
    """Voxel coordinates of the centre of mass, (n, 3)."""
    weight: Floats = field(repr=False)
    """How many bodies of the material each stands for, (n,): 0 of specks, and where the frame cuts
    it."""
    is_speck: Flags = field(repr=False)
    """Whether it has fewer than LEAST voxels, (n,)."""


def shapes(labels: Integers, number: int, voxel: Voxel) -> Shapes:
    """Of ``number`` labelled bodies (z, y, x), 0 outside."""
    count, middle, spread = _moments(labels, number)
    edges = np.array(voxel)
    volume = count * np.prod(edges)
    moments = spread * np.outer(edges, edges) + np.diag(edges**2 / 12)
    values = np.sqrt(np.maximum(np.linalg.eigvalsh(moments), 0))[:, ::-1]
    axes = 2 * np.sqrt(5) * values
    axes[:, 2] = np.minimum(axes[:, 2], 6 * volume / (np.pi * axes[:, 0] * axes[:, 1]))
    flat, long = axes[:, 2] < LIMIT * axes[:, 1], axes[:, 1] < LIMIT * axes[:, 0]
    if labels.shape[0] == 1:
        flat, long = np.zeros(number, bool), _is_long(moments[:, 1:, 1:])
    speck = count < LEAST
    diameter, weight = _diameter(volume, labels.shape, voxel), whole_weights(labels, number)
    return Shapes(volume, diameter, axes, flat + 2 * long, middle, weight * ~speck, speck)


def _is_long(moments: Floats) -> Flags:
    """By the axes in a slice, from second moments (n, 2, 2)."""
    short, long = np.linalg.eigvalsh(moments).T
    return np.asarray(short < LIMIT**2 * long)


def _diameter(volume: Floats, shape: tuple[int, ...], voxel: Voxel) -> Floats:
    if shape[0] == 1:
        return np.asarray(np.sqrt(4 * volume / voxel[0] / np.pi))
    return np.asarray(np.cbrt(6 * volume / np.pi))


def _moments(labels: Integers, number: int) -> tuple[Floats, Floats, Floats]:
    """Voxels (n,), centre of mass (n, 3) and covariance (n, 3, 3) in voxels."""
    sums = np.zeros((number, 10))
    _sum_up(labels, sums)
    count = np.maximum(sums[:, :1], 1)
    mean, square = sums[:, 1:4] / count, sums[:, 4:] / count
    spread = np.empty((number, 3, 3))
    for k, (a, b) in enumerate(((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))):
        spread[:, a, b] = spread[:, b, a] = square[:, k] - mean[:, a] * mean[:, b]
    return sums[:, 0], mean, spread


@compiled
def _sum_up(labels: Integers, sums: Floats) -> None:
    """Of 1, z, y, x, zz, yy, xx, zy, zx, yx over the voxels of each label."""
    high, deep, wide = labels.shape
    for z in range(high):
        for y in range(deep):
            for x in range(wide):
                if labels[z, y, x] > 0:
                    row = sums[labels[z, y, x] - 1]
                    row[0] += 1
                    row[1] += z
                    row[2] += y
                    row[3] += x
                    row[4] += z * z
                    row[5] += y * y
                    row[6] += x * x
                    row[7] += z * y
                    row[8] += z * x
                    row[9] += y * x
