"""The field everywhere, from u = A_phi / r on the lattice of a grid; and what is read off it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.arrays import Flags, Floats, Integers
from models.magnet.grid import AIR, Grid


@dataclass(frozen=True, eq=False)
class FieldMap:
    """The field of the currents plus a uniform applied field along the axis."""

    grid: Grid
    u: Floats
    """(2n + 1, 2m + 1) on the lattice, in T."""
    applied: float = 0.0
    """In T."""

    def flux_density(self, r: Floats, z: Floats) -> tuple[Floats, Floats]:
        """B_r and B_z in T at points in m, z as in the problem; arrays broadcast.

        Interpolated between the nodes, where neighbouring cells are averaged: B is continuous, the
        derivatives of u are not quite. Beyond the far boundary the field is that of a dipole.
        """
        place, size, down = self._place(r, z)
        b = _interpolated(self.grid, self._at_nodes, *place) / (size**3)[..., None]
        outside = self.grid.endless & (place[0] < np.asarray(r))  # of an endless cylinder: no field
        br, bz = np.where(outside[..., None], 0.0, b).transpose(-1, *range(b.ndim - 1))
        return np.where(down, -br, br), bz + self.applied

    def flux(self, r: Floats, z: Floats) -> Floats:
        """Flux in Wb through the circle of radius r about the axis: 2 pi r A_phi."""
        place, size, _ = self._place(r, z)
        u = _interpolated(self.grid, self.u[..., None], *place)[..., 0] / size**3
        if self.grid.endless:  # outside, r A_phi stays as it is on the mantle
            u = u * (place[0] / np.maximum(r, 1e-300)) ** 2
        return 2 * np.pi * np.asarray(r) ** 2 * (u + self.applied / 2)

    def axial(self, z: Floats) -> Floats:
        """B_z in T on the axis."""
        z = np.asarray(z, dtype=float)
        return self.flux_density(np.zeros_like(z), z)[1]

    @cached_property
    def _at_nodes(self) -> Floats:
        """(2n + 1, 2m + 1, 2) B at the nodes, the mean of what the cells around say."""
        grid, corners = self.grid, np.array([0.0, 0.5, 1.0])
        _, slope = _shape(corners)
        cells = self.u[_windows(len(grid.r), len(grid.z))]  # (n, m, 3, 3)
        u_r = np.einsum("ia,nmab->nmib", slope, cells) / np.diff(grid.r)[:, None, None, None]
        u_z = np.einsum("jb,nmab->nmaj", slope, cells) / np.diff(grid.z)[None, :, None, None]
        r = grid.lattice[0][_windows(len(grid.r), 2)[0]]  # (n, 1, 3, 1)
        told = np.stack([-r * u_z, 2 * cells + r * u_r], axis=-1)
        total, count = np.zeros((*self.u.shape, 2)), np.zeros((*self.u.shape, 1))
        np.add.at(total, _windows(len(grid.r), len(grid.z)), told)
        np.add.at(count, _windows(len(grid.r), len(grid.z)), 1.0)
        mean = total / count
        r, z = grid.lattice
        smooth = _slope_in_air(r, self.u, grid.body)
        bz = 2 * self.u + r[:, None] * smooth
        mean[..., 1] = np.where(np.isnan(smooth), mean[..., 1], bz)
        smooth = _slope_in_air(z, self.u.T, grid.body.T).T
        mean[..., 0] = np.where(np.isnan(smooth), mean[..., 0], -r[:, None] * smooth)
        if grid.half:
            mean[:, 0, 0] = 0.0
        return mean

    def _place(self, r: Floats, z: Floats) -> tuple[tuple[Floats, Floats], Floats, Flags]:
        """Points in the mesh, how much nearer they are than those asked for, and where the mirror
        image is meant."""
        grid = self.grid
        r, z = np.broadcast_arrays(np.asarray(r, dtype=float), np.asarray(z, dtype=float))
        if grid.endless:
            none = np.zeros(r.shape)
            return (np.minimum(r, grid.r[-1]), none), none + 1, none.astype(bool)
        at_z = z - grid.middle
        down = grid.half & (at_z < 0)
        at_z = np.abs(at_z) if grid.half else at_z
        size = np.maximum(1.0, np.maximum(r, np.abs(at_z)) / grid.r[-1])
        return (r / size, at_z / size), size, down


def _slope_in_air(x: Floats, u: Floats, body: Integers) -> Floats:
    """(2n + 1, 2m + 1) du/dx of fourth order at nodes in air; NaN near bodies, at whose faces the
    second derivative of u jumps, and at the ends.

    At a line between cells of heights h and k the mean of their slopes is off by (h^2 + k^2) / 24
    of the third derivative, the slope through their mid-points by -h k / 24: weighed so that both
    cancel. In the middle of a cell it follows from the lines beside (Hermite).
    """
    slope, h = np.full(u.shape, np.nan), np.diff(x[::2])[:, None]
    low, at, high = u[:-2:2], u[1::2], u[2::2]
    first, last = (4 * at - 3 * low - high) / h, (3 * high + low - 4 * at) / h
    below, above = h[:-1], h[1:]
    here = u[2:-1:2]
    across = (below**2 * (at[1:] - here) + above**2 * (here - at[:-1])) / (
        below * above * (below + above) / 2
    )
    share = below * above / (below**2 + below * above + above**2)
    lines = share * (last[:-1] + first[1:]) / 2 + (1 - share) * across
    slope[2:-1:2] = np.where(_all_air(body[1:]) & _all_air(body[:-1]), lines, np.nan)
    slope[1::2] = 1.5 * (high - low) / h - (slope[:-2:2] + slope[2::2]) / 4
    return slope


def _all_air(body: Integers) -> Flags:
    """(n, 2m + 1) whether all cells (n, m) beside each node along a row are air."""
    air = np.pad(np.repeat(body == AIR, 2, axis=1), ((0, 0), (1, 1)), mode="edge")
    both: Flags = air[:, :-1] & air[:, 1:]
    return both


def _windows(lines_r: int, lines_z: int) -> tuple[Integers, Integers]:
    """Indices (n, m, 3, 3) of the nodes of each cell in the lattice."""
    i = 2 * np.arange(lines_r - 1)[:, None, None, None] + np.arange(3)[None, None, :, None]
    j = 2 * np.arange(lines_z - 1)[None, :, None, None] + np.arange(3)[None, None, None, :]
    return i, j


def _interpolated(grid: Grid, nodes: Floats, r: Floats, z: Floats) -> Floats:
    """(..., k) values at points of what is known at the nodes (2n + 1, 2m + 1, k)."""
    i, x = _cell(grid.r, r)
    j, y = _cell(grid.z, z)
    around = np.arange(3)
    patch = nodes[(2 * i)[..., None, None] + around[:, None], (2 * j)[..., None, None] + around]
    values: Floats = np.einsum("...a,...b,...abk->...k", _shape(x)[0], _shape(y)[0], patch)
    return values


def _cell(lines: Floats, x: Floats) -> tuple[Integers, Floats]:
    """Number of the cell, and the place in it from 0 to 1."""
    cell = np.clip(np.searchsorted(lines, x, side="right") - 1, 0, len(lines) - 2)
    width = np.diff(lines)[cell]
    return cell, (x - lines[cell]) / width


def _shape(x: Floats) -> tuple[Floats, Floats]:
    """The three quadratic shape functions at 0, 1/2, 1 and their derivatives, (..., 3)."""
    value = ((1 - x) * (1 - 2 * x), 4 * x * (1 - x), x * (2 * x - 1))
    slope = (4 * x - 3, 4 - 8 * x, 4 * x - 1)
    return np.stack(value, axis=-1), np.stack(slope, axis=-1)


def homogeneity(field: FieldMap, centre: float, diameter: float) -> float:
    """(largest - smallest B_z) / B_z at the centre in ppm, over a sphere about the centre."""
    angle = np.linspace(0, np.pi, 49)
    radius = diameter / 2 * np.linspace(0, 1, 13)[:, None]
    bz = field.flux_density(radius * np.sin(angle), centre + radius * np.cos(angle))[1]
    middle = float(field.axial(np.array([centre]))[0])
    return float((bz.max() - bz.min()) / abs(middle) * 1e6)
