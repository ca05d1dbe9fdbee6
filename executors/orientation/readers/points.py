"""From points as a file tells them to a map: the grid comes from the coordinates; the header is
believed only where there are none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from executors.orientation.readers.grid import ScanGrid, grid
from models.orientation.map import OrientationMap, Phase
from models.orientation.quaternion import about, multiply
from models.orientation.symmetry import PointGroup, group_of
from planner.door.words import cut

PADDING, UNITS = -1111111.0, (1e-6, 1e-9)
"""A coordinate that stands for no point, in um or nm, where a program filled up rows."""
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
    digit: float = 0.0
    """The last digit that coordinates were printed with, in metres; 0: they are exact."""
    notes: tuple[str, ...] = ()


def assemble(points: Points) -> OrientationMap:
    """The map. ValueError where points are missing, doubled, off any grid, or all not indexed."""
    n = len(points.phase)
    if n == 0:
        raise ValueError("the file holds no point")
    points = _without_padding(points)
    if not (points.phase > 0).any():
        raise ValueError(f"none of the {n} points is indexed")
    points = _known(points)
    bad = (points.phase > 0) & ~np.isfinite(points.orientations).all(axis=1)
    if bad.any():
        raise ValueError(f"point {int(np.argmax(bad)) + 1} is indexed, but has no orientation")
    if points.positions is None or not np.ptp(points.positions, axis=0).any():
        _check_count(points, None)
        return _flagged(_by_header(points))
    return _flagged(_by_coordinates(points, points.positions))


def _without_padding(points: Points) -> Points:
    """The points without those that stand for none; the header's count is theirs too."""
    if points.positions is None:
        return points
    padding = np.zeros(len(points.phase), dtype=bool)
    for unit in UNITS:
        padding |= np.isclose(points.positions, PADDING * unit, rtol=1e-6, atol=0).all(axis=1)
    count = int(padding.sum())
    if not count:
        return points
    note = f"{count} points are padding (all coordinates {PADDING:.0f}): left out"
    return replace(
        points,
        orientations=points.orientations[~padding],
        phase=points.phase[~padding],
        positions=points.positions[~padding],
        told_count=points.told_count and points.told_count - count,
        notes=(*points.notes, note),
    )


def _check_count(points: Points, found: ScanGrid | None) -> tuple[str, ...]:
    """Notes on a header that promises other points than there are: where those fill whole rows, it
    is the header that is wrong. ValueError where they do not."""
    told, n = points.told_count, len(points.phase)
    if told in (None, n):
        return ()
    if found is None or not found.whole_rows:
        cut = ": is it cut off?" if n < (told or 0) else ""
        raise ValueError(f"the header promises {told} points, the file holds {n}{cut}")
    rows = " x ".join(map(str, found.shape[::-1]))
    return (
        f"the header promises {told} points, the file holds {rows} in whole rows: those are read; "
        "if rows are missing, it was cut off",
    )


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
    found = _grid(points, positions)
    shape, step = found.shape, found.step
    notes = (*points.notes, *(HEXAGONAL_GRID,) * found.hexagonal, *_lies(points, step))
    notes += _check_count(points, found)
    cells = np.ravel_multi_index(tuple(found.places.T), shape)
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


HEXAGONAL_GRID = "hexagonal grid: every second row is pushed straight by half a step"


def _grid(points: Points, positions: np.ndarray) -> ScanGrid:
    try:
        return grid(positions, points.digit, points.told_step)
    except ValueError:
        _check_count(points, None)  # a file that is cut off may end within a number
        raise


def _lies(points: Points, step: tuple[float, ...]) -> tuple[str, ...]:
    told = points.told_step
    digit = points.digit / 2 if 4 * points.digit < min(step) else 0.0
    if told is None or len(told) != len(step) or np.allclose(told, step, rtol=AGREE, atol=digit):
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


def numbered(
    phase: np.ndarray, euler: np.ndarray, indexed: np.ndarray, count: int
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Numbers (n,) of ``count`` phases from 1, with 0 where a point is not indexed, and notes.

    EDAX counts from 0 with -1 for no phase; others from 1 with 0 for none. It is from 1 where the
    last number occurs, or where 0 comes with no angles.
    """
    shown = phase[indexed]
    if (shown < 0).any():
        return np.where(indexed, phase + 1, 0), ()
    nothing = indexed & (phase == 0)
    if (shown == count).any() or not euler[nothing].any():
        told = f"phases are counted from 1: {nothing.sum()} points of phase 0 are not indexed"
        return np.where(indexed, phase, 0), (told,) * bool(nothing.any())
    return np.where(indexed, phase + 1, 0), ()


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
