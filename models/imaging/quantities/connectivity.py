"""What hangs together: separate bodies, paths from face to face, the Euler number."""

from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage as ndi
from skimage import measure

from models.arrays import Flags, Floats, Integers
from models.imaging.quantities.sample import CellGrid, Sampled, ratio

CONNECTIVITIES = (6, 26)
"""Voxels hang together by faces (6), or by faces, edges and corners (26)."""


@dataclass(frozen=True, eq=False)
class Bodies:
    """The connected parts of a class."""

    labels: Integers = field(repr=False)
    """(z, y, x) from 1; 0 outside."""
    number: int
    connectivity: int


def bodies(inside: Flags, connectivity: int = 6) -> Bodies:
    """Connected parts. ValueError for a connectivity that is neither 6 nor 26."""
    if connectivity not in CONNECTIVITIES:
        raise ValueError(f"connectivity is 6 (faces) or 26 (corners too), not {connectivity}")
    labels, number = ndi.label(inside, ndi.generate_binary_structure(3, 1 + 2 * (connectivity > 6)))
    return Bodies(labels, number, connectivity)


def percolating(parts: Bodies, axis: int) -> Flags:
    """Whether each label, from 0, reaches from the first to the last slice of an axis, (n + 1,).

    A volume one voxel thick is crossed by nothing.
    """
    crosses = np.zeros(parts.number + 1, dtype=bool)
    if parts.labels.shape[axis] > 1:
        first, last = (np.unique(parts.labels.take(i, axis=axis)) for i in (0, -1))
        crosses[np.intersect1d(first, last)] = True
    crosses[0] = False
    return crosses


def share(chosen: Flags, voxels: Floats, grid: CellGrid) -> Sampled:
    """Share of a class that is chosen (z, y, x); ``voxels`` of the class lie in each cell."""
    return ratio(cell_sums(chosen, grid), voxels)


def cell_sums(values: Flags, grid: CellGrid) -> Floats:
    """How many voxels are true in each cell."""
    sums = values
    for axis in (2, 1, 0):
        sums = np.add.reduceat(sums, grid.cuts[axis][:-1], axis=axis, dtype=np.int64)
    return np.asarray(sums, dtype=np.float64)


def euler_number(inside: Flags, connectivity: int = 6) -> int:
    """Bodies minus tunnels plus cavities. Right for bodies with room between them; of overlapping
    balls it does not approach the true one however fine the voxels."""
    return int(measure.euler_number(inside, connectivity=1 if connectivity == 6 else 3))
