"""Maps in HDF5, as Oxford (``.h5oina``) and EDAX (``.h5``, ``.oh5``) lay them out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from executors.orientation.readers.points import Points, check_angles, from_a, numbered, phase_of
from executors.orientation.readers.text import EDAX, MICRON, OXFORD, check_numbers, phase_numbers
from models.orientation.map import Phase
from models.orientation.quaternion import from_euler
from planner.door.hdf5 import read_hdf5 as groups_of

EDAX_POINTS = ("Phi1", "Phi", "Phi2", "Phase", "CI", "X Position", "Y Position")
OXFORD_POINTS = ("Euler", "Phase", "X", "Y")
"""Arrays with a value for every point; others (patterns, detector images) are not read."""

type Group = Mapping[str, Any]


def read_hdf5(path: Path, asked: str | None) -> Points:
    """The first scan of the file. ValueError where it is of neither kind."""
    scans = [s for s in groups_of(path, (*EDAX_POINTS, *OXFORD_POINTS)).values() if _is_scan(s)]
    if not scans:
        raise ValueError("there is no group EBSD with Header and Data in it")
    return _read(scans[0]["EBSD"]["Header"], scans[0]["EBSD"]["Data"], asked)


def _is_scan(found: Any) -> bool:
    group = found.get("EBSD") if isinstance(found, dict) else None
    return isinstance(group, dict) and all(
        isinstance(group.get(name), dict) for name in ("Header", "Data")
    )


def _read(head: Group, data: Group, asked: str | None) -> Points:
    if "Euler" in data:
        return _oxford(head, data, asked)
    if "Phi1" in data:
        return _edax(head, data, asked)
    raise ValueError(f"there are no Euler angles, but {', '.join(list(data)[:8]) or 'nothing'}")


def _oxford(head: Any, data: Any, asked: str | None) -> Points:
    euler = _numbers(data, "Euler")
    phase = phase_numbers(_numbers(data, "Phase").ravel())
    phases = []
    for told in _in_order(head, "Phases"):
        lattice = [*_row(told, "Lattice Dimensions"), *np.degrees(_row(told, "Lattice Angles"))]
        laue = int(_one(told, "Laue Group"))
        name = _word(told, "Phase Name")
        phases.append(phase_of(name, OXFORD.get(laue), lattice, asked, written=str(laue)))
    return _points(
        from_a(from_euler(euler), phase, phases),
        euler,
        phase,
        phases,
        data,
        head,
        ("Y", "X"),
        ("Y Cells", "X Cells"),
        ("Y Step", "X Step"),
    )


def _edax(head: Any, data: Any, asked: str | None) -> Points:
    euler = _columns(data, ("Phi1", "Phi", "Phi2"))
    phase = phase_numbers(_numbers(data, "Phase").ravel())
    phases, newer = [], 0
    for told in _in_order(head, "Phase"):
        lattice = [
            float(_one(told, f"Lattice Constant {n}"))
            for n in ("a", "b", "c", "alpha", "beta", "gamma")
            if f"Lattice Constant {n}" in told
        ]
        older = "Symmetry" in told or "LGsymID" not in told
        symmetry = _word(told, "Symmetry" if older else "LGsymID")
        newer += not older
        named = next((n for n in ("MaterialName", "Material Name") if n in told), None)
        name = _word(told, named) if named else "?"
        phases.append(phase_of(name, EDAX.get(symmetry), lattice, asked, written=symmetry))
    bad = (euler > 2 * np.pi * 1.01).any(axis=1)
    if "CI" in data:
        confidence = _numbers(data, "CI").ravel()
        if len(confidence) != len(bad):
            raise ValueError(f"{len(bad)} points and {len(confidence)} of CI do not fit")
        bad |= confidence < 0
    if len(phase) != len(bad):
        raise ValueError(f"{len(bad)} points and {len(phase)} phases do not fit")
    phase, notes = numbered(phase, euler, ~bad, len(phases))
    notes += ("symmetries are those of LGsymID, as OIM 8 writes them",) * bool(newer)
    return _points(
        from_euler(euler),
        euler,
        phase,
        phases,
        data,
        head,
        ("Y Position", "X Position"),
        ("nRows", "nColumns"),
        ("Step Y", "Step X"),
        notes,
    )


def _points(
    orientations: np.ndarray,
    euler: np.ndarray,
    phase: np.ndarray,
    phases: Sequence[Phase],
    data: Any,
    head: Any,
    at: tuple[str, str],
    cells: tuple[str, str],
    steps: tuple[str, str],
    notes: tuple[str, ...] = (),
) -> Points:
    if euler.shape != (len(phase), 3):
        raise ValueError(f"{len(phase)} phases and Euler angles {euler.shape} do not fit")
    positions = None
    if all(name in data for name in at):
        positions = _columns(data, at) * MICRON
        if len(positions) != len(phase):
            raise ValueError(f"{len(phase)} phases and {len(positions)} positions do not fit")
    shape = int(_one(head, cells[0])), int(_one(head, cells[1]))
    return Points(
        orientations,
        phase,
        tuple(phases),
        positions,
        told_count=shape[0] * shape[1],
        told_shape=shape,
        told_step=(
            float(_one(head, steps[0])) * MICRON,
            float(_one(head, steps[1])) * MICRON,
        ),
        notes=(*notes, *check_angles(euler, phase > 0, degrees=False)),
    )


def _in_order(head: Group, name: str) -> list[Group]:
    """The groups ``1``, ``2``, ... in a group."""
    found = _there(head, name)
    if not isinstance(found, dict) or not all(n.isdecimal() for n in found):
        raise ValueError(f"{name} should hold groups with numbers for names")
    groups = [found[number] for number in sorted(found, key=int)]
    if not all(isinstance(group, dict) for group in groups):
        raise ValueError(f"{name} should hold a group for each phase")
    return groups


def _there(group: Group, name: str) -> Any:
    if name not in group:
        raise ValueError(f"{name} is missing in it")
    return group[name]


def _numbers(group: Group, name: str) -> np.ndarray:
    found = _there(group, name)
    if not isinstance(found, np.ndarray):
        raise ValueError(f"{name} should be an array of numbers")
    with np.errstate(invalid="ignore"):  # bytes of a damaged file may be no number at all
        numbers = found.astype(float)
    check_numbers(numbers)
    return numbers


def _columns(group: Group, names: Sequence[str]) -> np.ndarray:
    """Arrays of one length side by side (n, columns)."""
    columns = [_numbers(group, name).ravel() for name in names]
    if len({len(column) for column in columns}) > 1:
        raise ValueError(f"{', '.join(names)} are of different length")
    return np.stack(columns, axis=1)


def _row(group: Group, name: str) -> np.ndarray:
    return _numbers(group, name).ravel()


def _one(group: Group, name: str) -> float:
    values = _row(group, name)
    if len(values) != 1 or not np.isfinite(values[0]):
        raise ValueError(f"{name} should be one number")
    return float(values[0])


def _word(group: Group, name: str) -> str:
    """A text; of a number its digits, as EDAX writes a symmetry."""
    found = _there(group, name)
    return found.strip() if isinstance(found, str) else f"{_one(group, name):.0f}"
