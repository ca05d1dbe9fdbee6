"""From points as a file tells them to a map: the grid comes from the coordinates; the header is
believed only where there are none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.orientation.map import OrientationMap, Phase
from models.orientation.quaternion import about, multiply
from models.orientation.symmetry import PointGroup, group_of
from planner.door.words import cut

FINEST = 1e-5
"""Steps below this part of the map's width are rounding, not steps."""
OFF = 0.2
"""How far in steps a point may lie from its place on the grid."""
AGREE = 0.01
"""Relative difference between a step of the header and the coordinates that is rounding."""
POOR = 0.5
"""A map with a larger share of points that are not indexed is flagged."""
PLAUSIBLE = 1e-10, 1e-3
"""Steps in metres outside of these are flagged: is the unit right?"""


@dataclass(frozen=True, eq=False)
class Points:
    """What a file says, before anything is checked. Lengths in metres, axes as in the map."""

    orientations: np.ndarray
    """(n, 4)."""
    phase: np.ndarray
    """(n,), from 1; 0 where not indexed."""
    phases: tuple[Phase, ...]
    positions: np.ndarray | None = None
    """(n, 2) as y, x, or (n, 3) as z, y, x."""
    told_count: int | None = None
    """Points that the header promises."""
    told_shape: tuple[int, ...] | None = None
    told_step: tuple[float, ...] | None = None
    notes: tuple[str, ...] = ()


def assemble(points: Points) -> OrientationMap:
    """The map. ValueError where points are missing, doubled, off any grid, or all not indexed."""
    n = len(points.phase)
    if n == 0:
        raise ValueError("the file holds no point")
    if points.told_count not in (None, n):
        cut = ": is it cut off?" if n < (points.told_count or 0) else ""
        raise ValueError(f"the header promises {points.told_count} points, the file holds {n}{cut}")
    if not (points.phase > 0).any():
        raise ValueError(f"none of the {n} points is indexed")
    points = _known(points)
    bad = (points.phase > 0) & ~np.isfinite(points.orientations).all(axis=1)
    if bad.any():
        raise ValueError(f"point {int(np.argmax(bad)) + 1} is indexed, but has no orientation")
    if points.positions is None or not np.ptp(points.positions, axis=0).any():
        return _flagged(_by_header(points))
    return _flagged(_by_coordinates(points, points.positions))


def _known(points: Points) -> Points:
    """The points without those of phases whose symmetry is not known: these become not indexed.

    ValueError where no other is left.
    """
    phase, notes = points.phase.copy(), []
    for number, told in enumerate(points.phases, start=1):
        here = points.phase == number
        if told.group is None and here.any():
            phase[here] = 0
            why = told.unknown or "has a symmetry that is not known here"
            notes.append(
                f"phase {number} ({told.name}) {why}: its {here.sum()} points ({here.mean():.1%}) "
                "are left out, as if not indexed"
            )
    if notes and not (phase > 0).any():
        raise ValueError("; ".join(note.partition(": its")[0] for note in notes))
    return replace(points, phase=phase, notes=(*points.notes, *notes))


def _by_header(points: Points) -> OrientationMap:
    shape, step = points.told_shape, points.told_step
    if shape is None or step is None or int(np.prod(shape)) != len(points.phase):
        told = "are all at one place" if points.positions is not None else "have no coordinates"
        raise ValueError(f"the points {told}, and the header has no grid that fits them")
    notes = points.notes
    if points.positions is not None:
        notes += ("all coordinates are equal: the grid is that of the header",)
    orientations = points.orientations.reshape(*shape, 4)
    return OrientationMap(orientations, points.phase.reshape(shape), step, points.phases, notes)


def _by_coordinates(points: Points, positions: np.ndarray) -> OrientationMap:
    places, step, notes = grid(positions)
    shape = tuple(int(i) + 1 for i in places.max(axis=0))
    notes = (*points.notes, *notes, *_lies(points, step))
    cells = np.ravel_multi_index(tuple(places.T), shape)
    if (twice := np.bincount(cells)).max() > 1:
        where = np.unravel_index(int(twice.argmax()), shape)
        raise ValueError(f"several points have one place (row, column) {tuple(map(int, where))}")
    if missing := int(np.prod(shape)) - len(cells):
        notes = (*notes, f"{missing} points of the grid are missing; they count as not indexed")
    phase = np.zeros(shape, dtype=points.phase.dtype)
    orientations = np.tile(np.array([1.0, 0, 0, 0]), (*shape, 1))
    phase.reshape(-1)[cells] = points.phase
    orientations.reshape(-1, 4)[cells] = points.orientations
    return OrientationMap(orientations, phase, step, points.phases, notes)


def grid(positions: np.ndarray) -> tuple[np.ndarray, tuple[float, ...], tuple[str, ...]]:
    """The place of each point (n, axes), the steps of the grid, and what is odd about it.

    Rows that are shifted by half a step against each other (a hexagonal grid) are pushed straight.
    ValueError where the points lie on no grid.
    """
    if not np.isfinite(positions).all():
        raise ValueError("a coordinate is not a number")
    places, steps = [], []
    notes: tuple[str, ...] = ()
    for axis in range(positions.shape[1] - 1):
        place, step, off = _levels(positions[:, axis], np.zeros(len(positions), dtype=int))
        if np.abs(off).max() > OFF:
            raise ValueError(_no_grid(step))
        places.append(place)
        steps.append(step)
    row = np.ravel_multi_index(tuple(places), tuple(int(p.max()) + 1 for p in places))
    place, step, off = _levels(positions[:, -1], row)
    shifted = off > OFF
    if (np.abs(off - 0.5 * shifted) > OFF).any():
        raise ValueError(_no_grid(step))
    if shifted.any():
        share = np.bincount(row, shifted) / np.maximum(np.bincount(row), 1)
        if ((share > 0) & (share < 1)).any():
            raise ValueError(_no_grid(step))
        notes = ("hexagonal grid: every second row is pushed straight by half a step",)
    places.append(place)
    steps.append(step)
    width = np.prod([float(p.max()) + 1 for p in places])
    if width > 4 * len(positions) + 100:
        raise ValueError(f"{len(positions)} points fill too little of a grid of {width:.3g}")
    known = [s for s in steps if s > 0]
    return np.stack(places, axis=1), tuple(s or known[-1] for s in steps), notes


def _levels(values: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """Number of each value (n,), the step between numbers, and how far off in steps (n,).

    The step is the usual gap between neighbours of one row; 0 where all values are equal.
    """
    width = float(np.ptp(values))
    if width == 0:
        return np.zeros(len(values), dtype=int), 0.0, np.zeros(len(values))
    order = np.lexsort((values, row))
    gaps = np.diff(values[order])[np.diff(row[order]) == 0]
    gaps = gaps[gaps > FINEST * width]
    if not len(gaps):
        raise ValueError("no two points lie in one row")
    step = float(np.median(gaps))
    step = width / max(round(2 * width / step) / 2, 0.5)
    exact = (values - values.min()) / step
    place = np.floor(exact + 0.25).astype(int)
    return place, step, exact - place


def _no_grid(step: float) -> str:
    return f"the points lie on no regular grid (most are {step:.4g} m apart, some are not)"


def _lies(points: Points, step: tuple[float, ...]) -> tuple[str, ...]:
    told = points.told_step
    if told is None or len(told) != len(step) or np.allclose(told, step, rtol=AGREE, atol=0):
        return ()
    said, is_ = (" x ".join(f"{s * 1e6:.4g}" for s in steps[::-1]) for steps in (told, step))
    return (f"the header says a step of {said} um, the coordinates {is_} um: those hold",)


def _flagged(measured: OrientationMap) -> OrientationMap:
    missing, finest, coarsest = measured.non_indexed_fraction, *PLAUSIBLE
    notes = []
    if missing > POOR:
        notes.append(f"{missing:.0%} of the points are not indexed")
    if not all(finest <= s <= coarsest for s in measured.step):
        notes.append(f"a step of {measured.step[-1]:.3g} m: is the unit right?")
    return measured.with_notes(*notes)


def phase_of(
    name: str,
    symmetry: str | None,
    lattice: Sequence[float] = (),
    asked: str | None = None,
    written: str = "",
) -> Phase:
    """A phase; ``asked`` is a symmetry that a person gives in the place of the file's.

    ``lattice`` is a, b, c, alpha, beta, gamma in degrees, ``written`` what the file says of the
    symmetry. Where it is not known, or the lattice contradicts it, the phase says why.
    """
    if asked is not None:
        return Phase(name, group_of(asked))
    if symmetry is None:
        which = f" ({cut(written)})" if written else ""
        return Phase(name, None, f"has a symmetry that is not known here{which}")
    group = group_of(symmetry)
    if len(lattice) == 6 and not _fits(group, lattice):
        told = ", ".join(f"{x:g}" for x in lattice)
        return Phase(
            name,
            None,
            f"has the symmetry {group.name}, which contradicts its lattice ({told}); "
            "give the right symmetry yourself",
        )
    return Phase(name, group)


ANGLES = {"1": (None, None, None), "2": (90, None, 90)} | dict.fromkeys(
    ("3", "32", "6", "622"), (90, 90, 120)
)
"""Angles of the lattice that a rotation group asks for, where they are not all 90 degrees."""
FREE = {"1", "2", "222"}
"""Rotation groups whose lattices have three lengths of their own."""


def _fits(group: PointGroup, lattice: Sequence[float]) -> bool:
    a, b, c, *angles = lattice
    if min(lattice) <= 0:
        return True  # nothing was told
    wanted = ANGLES.get(group.name, (90, 90, 90))
    straight = all(w is None or abs(x - w) <= 1 for x, w in zip(angles, wanted, strict=True))
    square = group.name in FREE or abs(a - b) < 0.01 * a
    return straight and square and (group.name not in ("23", "432") or abs(a - c) < 0.01 * a)


HEXAGONAL = {"3", "32", "6", "622"}


def from_a(orientations: np.ndarray, phase: np.ndarray, phases: Sequence[Phase]) -> np.ndarray:
    """Orientations (n, 4) as Oxford tells them, for crystals whose x is along a, as EDAX has it.

    Of a hexagonal lattice Oxford takes y along b, so that a lies 30 degrees before x. For a
    trigonal crystal it decides which axes are twofold; for others, which corner of the colours is
    which.
    """
    turned = orientations.copy()
    for number, told in enumerate(phases, start=1):
        if told.group is not None and told.group.name in HEXAGONAL:
            here = phase == number
            turned[here] = multiply(orientations[here], about((0, 0, 1), -30.0))
    return turned


def check_angles(euler: np.ndarray, indexed: np.ndarray, degrees: bool) -> tuple[str, ...]:
    """Notes on Euler angles (n, 3) in the file's unit; ValueError where the unit is wrong."""
    shown = euler[indexed]
    if not len(shown):
        return ()
    largest, unit = float(np.abs(shown).max()), "degrees" if degrees else "radians"
    full = 360.0 if degrees else 2 * np.pi
    if largest > 2 * full * 1.001:
        raise ValueError(f"Euler angles reach {largest:.4g}; {unit} up to {full:.4g} are expected")
    if degrees and len(shown) > 100 and largest <= 2 * np.pi:
        return (f"no Euler angle is above {largest:.3g} degrees: are they radians?",)
    return ()
