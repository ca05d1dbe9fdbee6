"""The stack as a sample: how far a number of this volume may be from that of the material.

A value is a function of sums over the volume; its *influence* says how much each part of the volume
adds to its deviation, and sums to zero. The influence is projected on the slowest waves that fit
into the volume, whole periods along each axis. If the material is alike everywhere, the squares of
these projections are the variance of the value, more so the slower the wave, whatever the
correlation between neighbouring voxels (E. Lazarus, D. Lewis, J. Stock, M. Watson, J. Bus. Econ.
Stat. 36, 541, 2018, along a time axis). They are extrapolated to a wave without end as
S exp(-b k^2), by the likelihood of P. Whittle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.optimize import brentq
from scipy.stats import t

from models.arrays import Floats, Integers
from models.imaging.volume import Voxel

CELLS = 32
"""A volume is cut into at most so many cells along each axis, whose sums are kept."""
WAVES = 80
"""So many waves at least: for a cube those whose periods along the axes have squares up to 6."""
STEEPEST = 12.0
"""Largest exponent b from the slowest to the fastest of them."""


@dataclass(frozen=True, eq=False)
class CellGrid:
    """The cells of a volume. Mirrored, they are the same: a turned volume has the same errors."""

    shape: tuple[int, int, int]
    """Voxels along z, y, x."""
    voxel_m: Voxel

    @cached_property
    def cuts(self) -> tuple[Integers, ...]:
        """Where cells begin along each axis, and the end."""
        return tuple(_cuts(n) for n in self.shape)

    @cached_property
    def cell_of(self) -> tuple[Integers, ...]:
        """The cell of each voxel, along each axis."""
        return tuple(np.repeat(np.arange(len(c) - 1), np.diff(c)) for c in self.cuts)

    @property
    def cells(self) -> tuple[int, ...]:
        """Cells along each axis."""
        return tuple(len(c) - 1 for c in self.cuts)

    @property
    def extent(self) -> tuple[float, ...]:
        """Of the volume in metres along each axis."""
        return tuple(n * edge for n, edge in zip(self.shape, self.voxel_m, strict=True))

    @property
    def volume(self) -> float:
        """m^3."""
        return float(np.prod(self.extent))

    @cached_property
    def room(self) -> Floats:
        """Voxels in each cell."""
        return self.outer([np.ones(n) for n in self.shape])

    def outer(self, parts: Sequence[Floats]) -> Floats:
        """The product of sums along each axis: from arrays over voxels to an array over cells."""
        z, y, x = (
            np.add.reduceat(part, cuts[:-1]) for part, cuts in zip(parts, self.cuts, strict=True)
        )
        return np.asarray(z[:, None, None] * y[:, None] * x)

    @cached_property
    def waves(self) -> "Waves":
        """The slowest waves over the cells."""
        room = [range(min(2 * ((n - 1) // 2) + 1, WAVES + 1)) for n in self.cells]
        indices = np.stack(np.meshgrid(*room, indexing="ij"), axis=-1).reshape(-1, 3)[1:]
        number = (((indices + 1) // 2 / np.array(self.extent)) ** 2).sum(axis=1)
        limit = np.sort(number)[:WAVES].max(initial=0.0) * (1 + 1e-9)
        at = [(c[:-1] + c[1:]) / 2 / n for c, n in zip(self.cuts, self.shape, strict=True)]
        slow = number <= limit
        z, y, x = (_periods(indices[slow, a], at[a]) for a in range(3))
        return Waves(z, y, x, number[slow] / max(limit, 1e-300))


@dataclass(frozen=True, eq=False)
class Waves:
    """Products of cosines and sines of mean square 1 along three axes, (n, cells) each."""

    z: Floats = field(repr=False)
    y: Floats = field(repr=False)
    x: Floats = field(repr=False)
    number: Floats = field(repr=False)
    """Squared wave number of each, (n,), the largest 1."""

    def power(self, influence: Floats) -> Floats:
        """Squared projections of an array over the cells, (n,)."""
        return np.asarray(
            np.einsum("zyx,nz,ny,nx->n", influence, self.z, self.y, self.x, optimize=True) ** 2
        )

    @property
    def freedom(self) -> float:
        """Degrees of freedom of what is extrapolated from them, as of a chi squared."""
        if len(self.number) < 8:
            return float(len(self.number))
        spread = np.var(self.number)
        return float(len(self.number) / (1 + np.mean(self.number) ** 2 / spread))


def _cuts(n: int) -> Integers:
    """At most CELLS parts, as equal as they can be, and the same from either end."""
    parts = min(n, CELLS)
    parts -= (n - parts) % 2
    left = np.arange(parts // 2 + 1) * n // parts
    right = n - left[::-1]
    return np.concatenate([left, right[1 - parts % 2 :]])


def _periods(index: Integers, at: Floats) -> Floats:
    """Index 0 is constant, 1 and 2 are cosine and sine of one period, and so on: (n, cells)."""
    turns = 2 * np.pi * ((index + 1) // 2)[:, None] * at
    wave = np.sqrt(2) * np.where(index[:, None] % 2, np.cos(turns), np.sin(turns))
    return np.where(index[:, None] == 0, 1.0, wave)


def _endless(power: Floats, number: Floats) -> float:
    """S of S exp(-b number) by Whittle's likelihood: the b that makes power / S even."""
    if len(power) < 8 or not power.any():
        return float(power.mean())

    def slope(b: float) -> float:
        weight = power * np.exp(b * (number - 0.5))
        return float((weight * number).sum() / weight.sum() - number.mean())

    b = brentq(slope, -STEEPEST, STEEPEST) if slope(-STEEPEST) < 0 < slope(STEEPEST) else 0.0
    return float((power * np.exp(b * number)).mean())


@dataclass(frozen=True, eq=False)
class Sampled:
    """A value, and what each cell of the volume adds to its deviation."""

    value: float
    influence: Floats = field(repr=False)
    """Over the cells of a grid; sums to 0."""

    def __add__(self, other: "Sampled") -> "Sampled":
        return Sampled(self.value + other.value, self.influence + other.influence)

    def __mul__(self, factor: float) -> "Sampled":
        return Sampled(self.value * factor, self.influence * factor)

    def __truediv__(self, other: "Sampled") -> "Sampled":
        ratio = self.value / other.value
        return Sampled(ratio, (self.influence - ratio * other.influence) / other.value)

    def sd(self, grid: CellGrid) -> float:
        """Standard error of the value as an answer about the material; nan from a single cell."""
        waves = grid.waves
        if not len(waves.number):
            return float("nan")
        return float(np.sqrt(_endless(waves.power(self.influence), waves.number)))


def ratio(above: Floats, below: Floats) -> Sampled:
    """sum(above) / sum(below) of arrays over the cells."""
    value = float(above.sum() / below.sum())
    return Sampled(value, (above - value * below) / below.sum())


def widening(grid: CellGrid, level: float = 0.9) -> float:
    """Standard errors from the value to the ends of its interval, as that of Student's t: the error
    is itself known only from so many waves."""
    return float(t.ppf((1 + level) / 2, max(grid.waves.freedom, 1)))
