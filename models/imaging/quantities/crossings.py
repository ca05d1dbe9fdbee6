"""How often neighbouring voxels are of two classes: surfaces met by test lines in 13 directions.

Voxels a step h apart differ less often than surfaces lie between them, for a line may meet two.
With D(h) = (share of pairs that differ) / h, the number of crossings per length is D(0), taken
from steps of one and two voxels as 2 D(h) - D(2h): to first order in h exact, whatever the
structure (the slope of the covariance at the origin).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.arrays import Floats, Integers
from models.imaging.compiled import compiled
from models.imaging.quantities.directions import directions
from models.imaging.quantities.sample import CellGrid, Sampled


@dataclass(frozen=True, eq=False)
class ProbeLines:
    """Pairs of voxels to compare: steps (n, 3), and the factors (n,) that make crossings per metre
    of the shares that differ."""

    steps: Integers = field(repr=False)
    factor: Floats = field(repr=False)


def lines(grid: CellGrid) -> ProbeLines:
    """One and two steps along every direction; only one where two do not fit."""
    along = directions(grid.shape, grid.voxel_m)
    steps: list[Integers] = []
    factor: list[float] = []
    for step, length, weight in zip(along.steps, along.length, along.weight, strict=True):
        twice = all(2 * abs(k) < n for k, n in zip(step, grid.shape, strict=True))
        steps += [step, 2 * step] if twice else [step]
        factor += [2 * weight / length, -weight / (2 * length)] if twice else [weight / length]
    return ProbeLines(np.array(steps), np.array(factor))


def between_grains(labels: Integers, grid: CellGrid) -> Sampled:
    """Crossings per metre from grain to grain; ``labels`` (z, y, x) from 1, 0: no grain."""
    group = np.minimum(np.arange(int(labels.max()) + 1), 1)
    return crossings(labels, np.array([[-1, -1], [-1, 0]]), grid, group)[0]


def crossings(
    labels: Integers, kinds: Integers, grid: CellGrid, group: Integers | None = None
) -> list[Sampled]:
    """Crossings per metre of isotropic test lines, for each kind of pair.

    ``labels`` (z, y, x) are numbers; ``group`` (labels,) puts them into groups, each into its own
    where it is not given. Two labels that differ are of the kind ``kinds`` (groups, groups) from 0,
    or -1: not counted.
    """
    asked = lines(grid)
    pairs = np.array([_pairs(step, grid.shape) for step in asked.steps])
    number = int(kinds.max()) + 1
    met = np.zeros((number, *grid.cells))
    count = np.zeros((number, len(asked.steps)), dtype=np.int64)
    per_pair = asked.factor / pairs
    groups = np.arange(len(kinds)) if group is None else group
    _count(labels, groups, kinds, asked.steps, per_pair / 2, grid.cell_of, met, count)
    # what each cell would have met if it were like the whole volume, voxel pairs at its rim cut off
    room = np.array([_room(step, grid) for step in asked.steps])
    usual = np.einsum("kn,n,n...->k...", count / pairs, per_pair, room)
    value = count @ per_pair
    return [Sampled(float(v), m - u) for v, m, u in zip(value, met, usual, strict=True)]


def _pairs(step: Integers, shape: Sequence[int]) -> int:
    return int(np.prod([n - abs(k) for k, n in zip(step, shape, strict=True)]))


def _room(step: Integers, grid: CellGrid) -> Floats:
    """Pairs of voxels in each cell, half a pair at each of its ends."""
    ahead = [_inside(n, k) for n, k in zip(grid.shape, step, strict=True)]
    behind = [_inside(n, -k) for n, k in zip(grid.shape, step, strict=True)]
    return (grid.outer(ahead) + grid.outer(behind)) / 2


def _inside(n: int, step: int) -> Floats:
    at = np.arange(n) + step
    return ((at >= 0) & (at < n)).astype(float)


@compiled
def _count(
    labels: Integers,
    group: Integers,
    kinds: Integers,
    steps: Integers,
    half: Floats,
    cells: tuple[Integers, ...],
    met: Floats,
    count: Integers,
) -> None:
    high, deep, wide = labels.shape
    for i in range(len(steps)):
        dz, dy, dx = steps[i]
        for z in range(max(0, -dz), min(high, high - dz)):
            for y in range(max(0, -dy), min(deep, deep - dy)):
                here, there = labels[z, y], labels[z + dz, y + dy]
                for x in range(max(0, -dx), min(wide, wide - dx)):
                    a, b = here[x], there[x + dx]
                    if a != b:
                        kind = kinds[group[a], group[b]]
                        if kind >= 0:
                            count[kind, i] += 1
                            met[kind, cells[0][z], cells[1][y], cells[2][x]] += half[i]
                            far = cells[0][z + dz], cells[1][y + dy], cells[2][x + dx]
                            met[kind, far[0], far[1], far[2]] += half[i]
