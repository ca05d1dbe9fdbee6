"""Maps as text: ``.ang`` of EDAX (and of ASTAR, for SPED), ``.ctf`` of Oxford."""

import io
from pathlib import Path

import numpy as np

from executors.orientation.readers.grid import last_digit
from executors.orientation.readers.points import Points, check_angles, from_a, numbered, phase_of
from models.orientation.map import Phase
from models.orientation.quaternion import from_euler
from models.orientation.symmetry import GROUPS
from planner.door.bounds import MAP
from planner.door.files import read_bytes
from planner.door.words import cut

MICRON = 1e-6
LARGEST = 1e12
"""What no number in a header reaches."""
MOST_PHASES = 100
EDAX = {
    "1": "1", "20": "2", "22": "222", "3": "3", "32": "32", "4": "4", "42": "422", "6": "6",
    "62": "622", "23": "23", "43": "432", "m3m": "432",
} | {group.laue: name for name, group in GROUPS.items()}  # fmt: skip
"""Symmetries as EDAX writes them. Of a monoclinic crystal only the one with b unique is read: 2 and
21, with c or a, would need other axes."""
OXFORD = dict(enumerate(("1", "2", "222", "4", "422", "3", "32", "6", "622", "23", "432"), start=1))
"""Laue groups as Oxford counts them."""


def read_text(path: Path) -> str:
    """The text of a file in whichever encoding an instrument chose."""
    return read_bytes(path, MAP).decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


def read_ang(path: Path, asked: str | None) -> Points:
    """An ``.ang`` file: angles in radians, positions in um; those of ASTAR in nm.

    A point with a negative confidence index, or angles above 2 pi, is not indexed. Directions in
    the plane are those of EDAX's frame, which is turned by 90 degrees against Oxford's.
    """
    lines = read_text(path).split("\n")
    head = [line[1:].strip() for line in lines if line.startswith("#")]
    rows = _table("\n".join(line for line in lines if not line.startswith("#")), 8)
    told = {words[0].rstrip(":").upper(): words[1:] for line in head if (words := line.split())}
    phases, notes = _edax_phases(head, asked)
    indexed = (rows[:, 6] >= 0) & (rows[:, :3].max(axis=1) <= 2 * np.pi * 1.01)
    if rows[:, :3].max() > 4 * np.pi * 1.01:
        check_angles(rows[:, :3], np.ones(len(rows), dtype=bool), degrees=False)
    number, counted = numbered(phase_numbers(rows[:, 7]), rows[:, :3], indexed, len(phases))
    unit = 1e-9 if any("ACOM" in line for line in head) else MICRON
    size = {name: int(_number(told, name)) for name in ("NROWS", "NCOLS_ODD", "NCOLS_EVEN")
            if name in told}  # fmt: skip
    even, odd, columns = size.get("NROWS", 0) // 2, 0, size.get("NCOLS_ODD", 0)
    odd = size.get("NROWS", 0) - even
    count = odd * columns + even * size.get("NCOLS_EVEN", columns)
    return Points(
        from_euler(rows[:, :3]),
        number,
        phases,
        rows[:, [4, 3]] * unit,
        told_count=count or None,
        told_shape=(size["NROWS"], columns) if count else None,
        told_step=tuple(_number(told, name) * unit for name in ("YSTEP", "XSTEP"))
        if {"XSTEP", "YSTEP"} <= told.keys()
        else None,
        digit=last_digit(rows[:, 3:5]) * unit,
        notes=(*notes, *counted, *(NANOMETRES,) * any("orix" in line for line in head)),
    )


def _number(told: dict[str, list[str]], name: str) -> float:
    try:
        return finite(told[name][0].replace(",", "."))
    except (IndexError, ValueError) as error:
        came = cut(" ".join(told[name]))
        raise ValueError(f"the header says {name} {came!r}: no number") from error


def finite(text: str) -> float:
    """The number in a text; ValueError where it is none that could be a length or a count."""
    number = float(text)
    if not abs(number) < LARGEST:
        raise ValueError(f"{cut(text)!r} is no number of a map")
    return number


def _table(text: str, least: int) -> np.ndarray:
    """Rows of numbers (n, columns), columns at least ``least``."""
    if not text.strip():
        raise ValueError("the file holds no point")
    try:
        rows = np.loadtxt(io.StringIO(text), ndmin=2)
    except (ValueError, OverflowError) as error:
        why = cut(str(error).partition(";")[0], 120)  # what follows is advice for programmers
        raise ValueError(f"the table of points is damaged: {why}") from error
    if rows.shape[1] < least:
        raise ValueError(f"the points have {rows.shape[1]} columns, not at least {least}")
    check_numbers(rows)
    return rows


def check_numbers(rows: np.ndarray) -> None:
    """ValueError where a number is one that nothing in a map has."""
    if (np.abs(rows) >= LARGEST).any():
        raise ValueError(f"a number in the table of points is above {LARGEST:g}")


def phase_numbers(column: np.ndarray) -> np.ndarray:
    """Numbers of phases as whole numbers; ValueError where one is missing or none."""
    if not (np.isfinite(column) & (np.abs(column) <= MOST_PHASES)).all():
        raise ValueError(f"a phase of a point is no number up to {MOST_PHASES}")
    return column.astype(int)


NANOMETRES = "written by orix, which does not say the unit: um are assumed, it may be nm"


def _edax_phases(head: list[str], asked: str | None) -> tuple[tuple[Phase, ...], tuple[str, ...]]:
    """The phases in the order of their numbers, and notes. ASTAR gives one alone no number."""
    found: dict[int, dict[str, list[str]]] = {}
    here: dict[str, list[str]] = {}
    for line in head:
        words = line.replace(":", " ").split()
        if len(words) >= 2 and words[0] == "Phase" and words[1].isdigit():
            here = found.setdefault(int(words[1]), {})
        elif words:
            here.setdefault(words[0], words[1:])
    if len(found) > MOST_PHASES or max(found, default=0) > MOST_PHASES:
        raise ValueError(f"the header numbers a phase {max(found)}; at most {MOST_PHASES} are read")
    if not found and "Symmetry" in here:
        told = "the header gives its phase no number: all points are of this one"
        return (_edax_phase(here, asked),), (told,)
    if not found:
        if asked is None:
            raise ValueError("the header names no phase; give the symmetry yourself")
        return (phase_of("unnamed", None, asked=asked),), ()
    return tuple(_edax_phase(found.get(n, {}), asked) for n in range(1, max(found) + 1)), ()


def _edax_phase(told: dict[str, list[str]], asked: str | None) -> Phase:
    symmetry = (told.get("Symmetry") or [""])[0]
    name, cell = " ".join(told.get("MaterialName", ["?"])), told.get("LatticeConstants", [])[:6]
    try:
        lattice = [finite(x) for x in cell]
    except ValueError as error:
        raise ValueError(f"phase {name}: {' '.join(cell)!r} is no lattice") from error
    return phase_of(name, EDAX.get(symmetry), lattice, asked, written=symmetry)


def read_ctf(path: Path, asked: str | None) -> Points:
    """A ``.ctf`` file: angles in degrees, positions in um, phase 0 where it is not indexed."""
    head, columns, body = _split(read_text(path))
    told = {words[0]: words[1:] for line in head if (words := line.split("\t"))}
    wanted = ["Phase", "X", "Y", "Euler1", "Euler2", "Euler3"]
    rows = _table(body.replace(",", "."), 1 + max(map(columns.index, wanted)))
    notes = _fewer_columns(rows, columns)
    phase, x, y, *euler = (rows[:, columns.index(name)] for name in wanted)
    angles, indexed = np.stack(euler, axis=1), phase > 0
    shape, step = (
        tuple(_number(told, name) for name in names if name in told)
        for names in (("YCells", "XCells"), ("YStep", "XStep"))
    )
    rows_told = tuple(int(n) for n in shape) if len(shape) == 2 else None
    number, phases = phase_numbers(phase), _oxford_phases(head, asked)
    return Points(
        from_a(from_euler(np.radians(angles)), number, phases),
        number,
        phases,
        np.stack([y, x], axis=1) * MICRON,
        told_count=int(np.prod(rows_told)) if rows_told else None,
        told_shape=rows_told,
        told_step=tuple(s * MICRON for s in step) if len(step) == 2 else None,
        digit=last_digit(rows[:, [columns.index("X"), columns.index("Y")]]) * MICRON,
        notes=(*notes, *check_angles(angles, indexed, degrees=True)),
    )


LARGEST_MAD = 10.0
"""Degrees that no mean angular deviation reaches."""


def _fewer_columns(rows: np.ndarray, columns: list[str]) -> tuple[str, ...]:
    """A note where the last columns are missing. ValueError where one before them is: then what is
    under Bands or Error is no whole number, or what is under MAD no small one."""
    there = rows.shape[1]
    if there >= len(columns):
        return ()
    told = dict(zip(columns, rows.T, strict=False))
    whole = all(name in told and (told[name] % 1 == 0).all() for name in ("Bands", "Error"))
    if not whole or "MAD" not in told or not (np.abs(told["MAD"]) < LARGEST_MAD).all():
        raise ValueError(f"the points have {there} columns, the header names {len(columns)}")
    return (f"the points have no column {', '.join(columns[there:])}, which is not needed",)


def _split(text: str) -> tuple[list[str], list[str], str]:
    """The header, the names of the columns, and the table of points."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        columns = line.split()
        if {"Phase", "X", "Y", "Euler1", "Euler2", "Euler3"} <= set(columns):
            return lines[:number], columns, "\n".join(lines[number + 1 :])
    raise ValueError("there is no line with the columns Phase, X, Y, Euler1, Euler2, Euler3")


def _oxford_phases(head: list[str], asked: str | None) -> tuple[Phase, ...]:
    """Lines after ``Phases``: a;b;c, alpha;beta;gamma, name, number of the Laue group."""
    start = next((i for i, line in enumerate(head) if line.startswith("Phases")), None)
    if start is None:
        raise ValueError("the header names no phase")
    phases = []
    for line in filter(str.strip, head[start + 1 :]):
        cells = line.split("\t")
        if len(cells) < 4:
            raise ValueError(f"the line of a phase is damaged: {line[:60]!r}")
        numbers = ";".join(cells[:2]).replace(",", ".").split(";")
        try:
            lattice, laue = [finite(x) for x in numbers], int(cells[3])
        except ValueError as error:
            raise ValueError(f"the line of a phase is damaged: {line[:60]!r}") from error
        phases.append(phase_of(cells[2], OXFORD.get(laue), lattice, asked, written=cells[3]))
    return tuple(phases)
