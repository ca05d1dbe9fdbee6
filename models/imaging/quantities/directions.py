"""Directions between neighbouring voxels, as test lines through a volume."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from scipy.spatial import SphericalVoronoi

from models.arrays import Floats, Integers
from models.imaging.volume import Voxel


@dataclass(frozen=True, eq=False)
class Directions:
    """Steps from voxel to voxel along the lines of a volume, and what each is worth."""

    steps: Integers = field(repr=False)
    """(n, 3) in voxels along z, y, x."""
    length: Floats = field(repr=False)
    """Of each step in metres, (n,)."""
    weight: Floats = field(repr=False)
    """Share of all directions that are nearest to this one, (n,); they sum to 1."""


def directions(shape: Sequence[int], voxel: Voxel) -> Directions:
    """The 13 directions of a volume, the 4 of a single slice, those that fit into it.

    The weights are areas on the sphere around each direction (angles on the circle), so that
    voxels need not be cubes.
    """
    steps = [s for s in product((-1, 0, 1), repeat=3) if s > (0, 0, 0)]
    fitting = [s for s in steps if all(abs(k) < n for k, n in zip(s, shape, strict=True))]
    if not fitting:
        raise ValueError("a single voxel has no surface")
    lines = np.array(fitting) * np.array(voxel)
    length = np.linalg.norm(lines, axis=1)
    return Directions(np.array(fitting), length, _weights(lines / length[:, None]))


def _weights(unit: Floats) -> Floats:
    """Of unit vectors (n, 3), each with its opposite."""
    rank = np.linalg.matrix_rank(unit)
    if rank == 3:
        area = SphericalVoronoi(np.vstack([unit, -unit])).calculate_areas()[: len(unit)]
        return np.asarray(area / area.sum())
    if rank == 1:
        return np.ones(1)
    flat = unit[:, np.abs(unit).max(axis=0) > 0]
    angle = np.arctan2(flat[:, 1], flat[:, 0]) % np.pi
    order = np.argsort(angle)
    gap = np.diff(angle[order], append=angle[order[0]] + np.pi)
    weight = np.empty(len(unit))
    weight[order] = (gap + np.roll(gap, 1)) / (2 * np.pi)
    return weight
