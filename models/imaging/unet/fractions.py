"""How far a class fraction of a stack may be off because voxels were decided wrongly.

Learned from blocks that the network did not learn from: their true fraction against the mean
probability there. What all blocks have in common is corrected; what differs from block to block
averages out over a stack; what differs from stack to stack does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from models.arrays import Flags, Floats
from models.imaging.volume import UNLABELLED, Greys

BLOCK = (4, 32, 32)
"""Voxels of a block along z, y and x: wider than a wrongly decided seam is long."""
LEAST = 100
"""Voxels of a block that must be labelled, unless no block has so many."""
FEW = 12
"""Blocks below which a slope is not told from chance."""


@dataclass(frozen=True)
class FractionError:
    """Of one class: ``true = shift + slope * mean probability``, give or take."""

    shift: float
    slope: float
    per_voxel: float
    """Variance of what differs between blocks, times the voxels of a block."""
    learned_from: float
    """Voxels of all blocks: the correction itself is known only so well."""
    between: float
    """Variance of what differs between stacks; 0 where one stack cannot tell."""
    freedom: float
    """Degrees of freedom of these variances."""

    def corrected(self, mean: float) -> float:
        """The fraction, from the mean probability of a stack."""
        return min(max(self.shift + self.slope * mean, 0.0), 1.0)

    def sd(self, voxels: int) -> float:
        """Of the corrected fraction of a stack of so many voxels."""
        apart = self.per_voxel * (1 / voxels + 1 / self.learned_from)
        return float(np.sqrt(apart + self.between))

    def widening(self, level: float = 0.9) -> float:
        """Standard deviations to the ends of an interval: of Student's t."""
        return float(t.ppf((1 + level) / 2, max(self.freedom, 1)))


@dataclass(frozen=True, eq=False)
class _Blocks:
    """Of one class, over the blocks of one stack."""

    said: Floats
    true: Floats
    voxels: Floats


def fraction_errors(
    parts: Sequence[tuple[Greys, NDArray[np.uint8]]],
) -> tuple[FractionError, ...]:
    """One for each class, from stacks of probabilities (class, z, y, x) and classes (z, y, x)."""
    count = len(parts[0][0])
    return tuple(
        _error([_blocks(shares[c], classes, c) for shares, classes in parts]) for c in range(count)
    )


def _error(stacks: Sequence[_Blocks]) -> FractionError:
    said, true, voxels = (
        np.concatenate([getattr(stack, name) for stack in stacks])
        for name in ("said", "true", "voxels")
    )
    shift, slope = _line(said, true, voxels)
    rest = true - shift - slope * said
    freedom = max(len(said) - 2.0, 1.0)
    per_voxel = float((rest**2 * voxels).sum() / freedom)
    off = [float(np.average(rest_of(s, shift, slope), weights=s.voxels)) for s in stacks]
    sizes = np.array([stack.voxels.sum() for stack in stacks])
    between, freedom = _between(np.array(off), per_voxel / sizes, freedom)
    return FractionError(shift, slope, per_voxel, float(voxels.sum()), between, freedom)


def rest_of(blocks: _Blocks, shift: float, slope: float) -> Floats:
    """What the correction leaves."""
    return np.asarray(blocks.true - shift - slope * blocks.said)


def _line(said: Floats, true: Floats, voxels: Floats) -> tuple[float, float]:
    """Shift and slope by least squares; a slope of 1 where blocks are few or all alike."""
    at, of = np.average(said, weights=voxels), np.average(true, weights=voxels)
    spread = float((voxels * (said - at) ** 2).sum())
    if len(said) < FEW or spread <= 1e-12 * voxels.sum():
        return float(of - at), 1.0
    slope = float((voxels * (said - at) * (true - of)).sum()) / spread
    slope = min(max(slope, 0.7), 1.4)
    return float(of - slope * at), slope


def _between(off: Floats, expected: Floats, freedom: float) -> tuple[float, float]:
    """Variance between stacks beyond what blocks explain, and the degrees of freedom of both."""
    if len(off) < 3:
        return 0.0, freedom
    found = float((off**2).sum() / (len(off) - 1))
    beyond = max(found - float(expected.mean()), 0.0)
    share = beyond / max(found, 1e-300)
    return beyond * (1 + 1 / len(off)), 1 / (share / (len(off) - 1) + (1 - share) / freedom)


def _blocks(shares: Greys, classes: NDArray[np.uint8], number: int) -> _Blocks:
    """Blocks of which enough is labelled."""
    known = classes != UNLABELLED
    region = _around(known)
    shares, hits, known = shares[region], classes[region] == number, known[region]
    boxes = _boxes(known.shape)
    least = min(LEAST, max(int(known[box].sum()) for box in boxes))
    said, true, voxels = [], [], []
    for box in boxes:
        here = known[box]
        if (count := int(here.sum())) >= least:
            said.append(shares[box][here].mean())
            true.append(hits[box][here].mean())
            voxels.append(count)
    return _Blocks(np.array(said), np.array(true), np.array(voxels, float))


def _around(known: Flags) -> tuple[slice, ...]:
    """The box that holds all labelled voxels."""
    sides = [np.flatnonzero(known.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    return tuple(slice(int(side[0]), int(side[-1]) + 1) for side in sides)


def _boxes(shape: tuple[int, ...]) -> list[tuple[slice, ...]]:
    """Boxes of about a block that cover the shape."""
    cuts = [
        np.linspace(0, size, max(round(size / edge), 1) + 1).round().astype(int)
        for size, edge in zip(shape, BLOCK, strict=True)
    ]
    sides = [[slice(int(a), int(b)) for a, b in pairwise(c)] for c in cuts]
    return [(z, y, x) for z in sides[0] for y in sides[1] for x in sides[2]]
