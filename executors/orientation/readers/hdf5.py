"""Maps in HDF5, as Oxford (``.h5oina``) and EDAX (``.h5``, ``.oh5``) lay them out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from executors.orientation.readers.points import Points, check_angles, phase_of
from executors.orientation.readers.text import EDAX, MICRON, OXFORD
from models.orientation.map import Phase
from models.orientation.quaternion import from_euler

DAMAGED = (OSError, RuntimeError, TypeError, AttributeError, MemoryError)
"""What h5py raises when it meets a broken file, or another thing where an array should be."""


def read_hdf5(path: Path, asked: str | None) -> Points:
    """The first scan of the file. ValueError where it is of neither kind."""
    import h5py

    try:
        with h5py.File(path, "r") as file:
            scans = [s for s in file.values() if isinstance(s, h5py.Group) and "EBSD" in s]
            if not scans:
                raise ValueError("there is no group EBSD with Header and Data in it")
            points = _read(scans[0]["EBSD"], asked)
    except KeyError as error:
        raise ValueError(f"something is missing in it: {error.args[0]}") from error
    except DAMAGED as error:
        raise ValueError(f"it cannot be read as HDF5: {error}") from error
    return points


def _read(group: Any, asked: str | None) -> Points:
    if "Header" not in group or "Data" not in group:
        raise ValueError("there is no group EBSD with Header and Data in it")
    head, data = group["Header"], group["Data"]
    if "Euler" in data:
        return _oxford(head, data, asked)
    if "Phi1" in data:
        return _edax(head, data, asked)
    raise ValueError(f"there are no Euler angles, but {', '.join(list(data)[:8]) or 'nothing'}")


def _oxford(head: Any, data: Any, asked: str | None) -> Points:
    euler = np.asarray(data["Euler"], float)
    phase = np.asarray(data["Phase"], int).ravel()
    phases = []
    for number in sorted(head["Phases"], key=int):
        told = head["Phases"][number]
        lattice = [*_row(told, "Lattice Dimensions"), *np.degrees(_row(told, "Lattice Angles"))]
        laue = OXFORD.get(int(_one(told, "Laue Group")))
        phases.append(phase_of(_word(told, "Phase Name"), laue, lattice, asked))
    return _points(
        euler, phase, phases, data, head, ("Y", "X"), ("Y Cells", "X Cells"), ("Y Step", "X Step")
    )


def _edax(head: Any, data: Any, asked: str | None) -> Points:
    euler = np.stack([np.asarray(data[n], float).ravel() for n in ("Phi1", "Phi", "Phi2")], axis=1)
    phase = np.asarray(data["Phase"], int).ravel()
    phases = []
    for number in sorted(head["Phase"], key=int):
        told = head["Phase"][number]
        lattice = [
            float(_one(told, f"Lattice Constant {n}"))
            for n in ("a", "b", "c", "alpha", "beta", "gamma")
            if f"Lattice Constant {n}" in told
        ]
        symmetry = EDAX.get(_word(told, "Symmetry"))
        name = next((n for n in ("MaterialName", "Material Name") if n in told), None)
        phases.append(phase_of(_word(told, name) if name else "?", symmetry, lattice, asked))
    if len(phases) == 1:
        phase = np.ones_like(phase)
    bad = (euler > 2 * np.pi * 1.01).any(axis=1)
    if "CI" in data:
        bad |= np.asarray(data["CI"], float).ravel() < 0
    return _points(
        euler,
        np.where(bad, 0, phase),
        phases,
        data,
        head,
        ("Y Position", "X Position"),
        ("nRows", "nColumns"),
        ("Step Y", "Step X"),
    )


def _points(
    euler: np.ndarray,
    phase: np.ndarray,
    phases: Sequence[Phase],
    data: Any,
    head: Any,
    at: tuple[str, str],
    cells: tuple[str, str],
    steps: tuple[str, str],
) -> Points:
    if euler.shape != (len(phase), 3):
        raise ValueError(f"{len(phase)} phases and Euler angles {euler.shape} do not fit")
    positions = None
    if all(name in data for name in at):
        columns = [np.asarray(data[name], float).ravel() for name in at]
        if {len(c) for c in columns} != {len(phase)}:
            raise ValueError(f"{len(phase)} phases and {len(columns[0])} positions do not fit")
        positions = np.stack(columns, axis=1) * MICRON
    shape = int(_one(head, cells[0])), int(_one(head, cells[1]))
    return Points(
        from_euler(euler),
        phase,
        tuple(phases),
        positions,
        told_count=shape[0] * shape[1],
        told_shape=shape,
        told_step=(
            float(_one(head, steps[0])) * MICRON,
            float(_one(head, steps[1])) * MICRON,
        ),
        notes=check_angles(euler, phase > 0, degrees=False),
    )


def _row(group: Any, name: str) -> np.ndarray:
    return np.asarray(group[name]).ravel()


def _one(group: Any, name: str) -> Any:
    values = _row(group, name)
    if len(values) != 1:
        raise ValueError(f"{name} should be one value, not {len(values)}")
    return values[0]


def _word(group: Any, name: str) -> str:
    value = _one(group, name)
    return value.decode("utf-8", "replace").strip() if isinstance(value, bytes) else str(value)
