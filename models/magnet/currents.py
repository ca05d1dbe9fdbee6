"""The field on the axis and the moment, summed over the solved currents. SI units."""

import numpy as np

from models.arrays import Floats
from models.magnet.analytic import MU_0, axial_sum
from models.magnet.discrete import Discrete

SHARES = np.array([0.0, 5 / 18, 13 / 18, 1.0])
"""Edges of the part of a cell that each of three Gauss points stands for."""


def axial_field(discrete: Discrete, j: Floats, z: Floats) -> Floats:
    """B_z in T on the axis at ``z`` (as in the problem) of currents ``j`` (k,) at Gauss points.

    Each Gauss point stands for a ring of rectangular cross-section, whose field is a closed form;
    so a uniform current is exact.
    """
    return axial_weights(discrete, z) @ j


def axial_weights(discrete: Discrete, z: Floats) -> Floats:
    """(heights, k) B_z in T of 1 A/m^2 at each Gauss point; see ``axial_field``."""
    grid = discrete.grid
    inner, outer = _edges(grid.r, discrete.r)
    low, high = _edges(grid.z, discrete.z)
    at = np.asarray(z, dtype=float)[:, None] - grid.middle
    field = axial_sum(outer, at - low, at - high) - axial_sum(inner, at - low, at - high)
    if grid.half:
        field = field + axial_sum(outer, at + high, at + low)
        field = field - axial_sum(inner, at + high, at + low)
    return MU_0 / 2 * field


def moment(discrete: Discrete, j: Floats) -> float:
    """Magnetic moment in A m^2, pi int J r^2 dr dz; per metre of an endless body."""
    grid = discrete.grid
    share = 1 / float(grid.z[-1]) if grid.endless else 2.0 if grid.half else 1.0
    return float(np.pi * (discrete.weight * discrete.r) @ j * share)


def _edges(lines: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Of the part of its cell that each Gauss point stands for."""
    cell = np.searchsorted(lines, x) - 1
    low, width = lines[cell], np.diff(lines)[cell]
    which = np.searchsorted(SHARES, (x - low) / width) - 1
    return low + width * SHARES[which], low + width * SHARES[which + 1]
