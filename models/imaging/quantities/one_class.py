"""One class of a labelled volume, measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from models.arrays import Flags, Floats
from models.imaging.quantities.answers import Answer, ClassQuantities, Unsaid, answer
from models.imaging.quantities.chords import Chords, chords, percentile
from models.imaging.quantities.connectivity import (
    Bodies,
    bodies,
    cell_sums,
    euler_number,
    percolating,
    share,
)
from models.imaging.quantities.distance import distance
from models.imaging.quantities.sample import CellGrid, Sampled, ratio
from models.imaging.quantities.shapes import SHAPES, Shapes, shapes
from models.imaging.quantities.thickness import Thickness, thickness

BODIES_AT_LEAST = 10
"""Fewer whole bodies say nothing of their mean size."""
SHARES = 0.1, 0.5, 0.9
"""Percentiles told of a distribution."""
ABSENT = Unsaid("it does not occur in this volume")
NO_SURFACE = Unsaid("it has no surface in this volume")


@dataclass(frozen=True, eq=False)
class _Class:
    inside: Flags
    grid: CellGrid
    voxels: Floats
    """How many voxels of each cell are inside."""


def measure_class(
    inside: Flags,
    grid: CellGrid,
    surfaces: Sequence[Sampled],
    connectivity: int,
    unsure: float | None,
) -> ClassQuantities:
    """All numbers of the voxels ``inside`` (z, y, x). ``surfaces`` are those with the other
    classes, per volume; ``unsure`` is the error of the fraction by the segmentation."""
    mine = _Class(inside, grid, cell_sums(inside, grid))
    fraction = ratio(mine.voxels, grid.room)
    parts = bodies(inside, connectivity)
    sizes = shapes(parts.labels, parts.number, grid.voxel_m)
    along = [chords(inside, axis) for axis in range(3)]
    thick = _local_thickness(inside, grid)
    return ClassQuantities(
        fraction=answer(fraction, grid, unsure),
        surface_density=total(surfaces, grid),
        mean_chord=_mean_chord(fraction, surfaces, grid, unsure),
        chord_percentiles=_chord_percentiles(along, grid),
        thickness=NO_SURFACE if thick is None else answer(thick.mean(grid), grid),
        thickness_percentiles=() if thick is None else thick.percentiles(SHARES),
        bodies=int((~sizes.is_speck).sum()),
        specks=int(sizes.is_speck.sum()),
        connected=_largest(parts, mine),
        percolating=tuple(_percolating(parts, mine, axis) for axis in range(3)),
        euler_number=euler_number(inside, connectivity),
        size=mean_size(sizes, grid, "bodies"),
        size_percentiles=size_percentiles(sizes),
        shapes=_shape_shares(sizes),
        chords=tuple(along),
    )


def total(surfaces: Sequence[Sampled], grid: CellGrid) -> Answer:
    """The sum of surfaces per volume."""
    if not surfaces:
        return Unsaid("there is no other class")
    return answer(reduce(add, surfaces), grid)


def _mean_chord(
    fraction: Sampled, surfaces: Sequence[Sampled], grid: CellGrid, unsure: float | None
) -> Answer:
    if not any(s.value for s in surfaces):
        return NO_SURFACE
    found = fraction / reduce(add, surfaces) * 4
    of_fraction = None if unsure is None else unsure / fraction.value * found.value
    return answer(found, grid, of_fraction)


def _chord_percentiles(
    along: Sequence[Chords], grid: CellGrid
) -> tuple[tuple[float | None, ...], ...]:
    lengths = [[percentile(c, s) for s in SHARES] for c in along]
    return tuple(
        tuple(None if n is None else n * edge for n in row)
        for row, edge in zip(lengths, grid.voxel_m, strict=True)
    )


def _local_thickness(inside: Flags, grid: CellGrid) -> Thickness | None:
    if inside.all() or not inside.any():
        return None
    return thickness(distance(inside, grid.voxel_m), grid.voxel_m)


def _largest(parts: Bodies, mine: _Class) -> Answer:
    if not parts.number:
        return ABSENT
    largest = 1 + np.bincount(parts.labels.ravel())[1:].argmax()
    return answer(share(parts.labels == largest, mine.voxels, mine.grid), mine.grid)


def _percolating(parts: Bodies, mine: _Class, axis: int) -> Answer:
    if mine.grid.shape[axis] == 1:
        return Unsaid("the volume is one voxel thick along this axis")
    if not parts.number:
        return ABSENT
    crossing = percolating(parts, axis)[parts.labels]
    return answer(share(crossing, mine.voxels, mine.grid), mine.grid)


def mean_size(sizes: Shapes, grid: CellGrid, what: str) -> Answer:
    """Mean equivalent diameter of whole bodies by number."""
    whole = sizes.weight > 0
    if whole.sum() < BODIES_AT_LEAST:
        return Unsaid(f"only {whole.sum()} whole {what} are in the volume, not {BODIES_AT_LEAST}")
    weight, at = sizes.weight[whole], sizes.middle[whole]
    above = _points(at, weight * sizes.diameter[whole], grid)
    return answer(ratio(above, _points(at, weight, grid)), grid)


def _points(at: Floats, weight: Floats, grid: CellGrid) -> Floats:
    """Weights of points (n, 3) summed up over the cells. A point on a cut is half in each."""
    sums = np.zeros(grid.cells)
    for shift in (-1e-6, 1e-6):
        near = [np.clip(np.rint(at[:, a] + shift), 0, n - 1) for a, n in enumerate(grid.shape)]
        cells = tuple(grid.cell_of[a][i.astype(int)] for a, i in enumerate(near))
        np.add.at(sums, cells, weight / 2)
    return sums


def size_percentiles(sizes: Shapes) -> tuple[float, ...]:
    """SHARES of the whole bodies by number, each with its weight."""
    whole = sizes.weight > 0
    if not whole.any():
        return ()
    order = np.argsort(sizes.diameter[whole])
    upto = np.cumsum(sizes.weight[whole][order]) / sizes.weight.sum()
    at = np.minimum(np.searchsorted(upto, SHARES), len(order) - 1)
    return tuple(sizes.diameter[whole][order][at].tolist())


def _shape_shares(sizes: Shapes) -> dict[str, float]:
    """By number; bodies that the frame cuts are left out, for their shape is not seen."""
    count = np.bincount(sizes.kind, sizes.weight, minlength=len(SHAPES))
    return dict(zip(SHAPES, (count / count.sum()).tolist(), strict=True)) if count.any() else {}
