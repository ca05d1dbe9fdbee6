"""A plain CSV of positions and quaternions, for SPED and whatever has no format of its own::

    # phase 1: NdFeAsO 422
    # rotation: crystal to sample
    x_nm,y_nm,qw,qx,qy,qz,phase
    0,0,0.9239,0,0,0.3827,1
    4,0,,,,,0

Positions in ``_m``, ``_um`` or ``_nm``, with a third one ``z_`` where there are layers. ``phase``
may be left out where there is one; a point without a quaternion is not indexed.
"""

import csv
import io
import re
from pathlib import Path

import numpy as np

from executors.orientation.readers.points import Points, phase_of
from executors.orientation.readers.text import check_numbers, phase_numbers, read_text
from models.orientation.map import Phase
from models.orientation.quaternion import conjugate, normalised
from planner.door.bounds import TABLE
from planner.door.files import check_bytes
from planner.door.words import cut, said

UNITS = {"m": 1.0, "um": 1e-6, "nm": 1e-9}
QUATERNION = ("qw", "qx", "qy", "qz")
TURNS = ("crystal to sample", "sample to crystal")
LENGTH = 0.02
"""How far the length of a quaternion may be from 1: rounding, not a wrong column."""


def read_csv(path: Path, asked: str | None) -> Points:
    """The table. ValueError names a column that is missing, or a row that is wrong."""
    lines = read_text(path).split("\n")
    remarks = [line[1:].strip() for line in lines if line.startswith("#")]
    body = "\n".join(line for line in lines if line.strip() and not line.startswith("#"))
    if not body:
        raise ValueError("the file holds no point")
    columns, rows = _table(body)
    q = rows[:, [columns.index(name) for name in QUATERNION]]
    indexed = np.isfinite(q).all(axis=1)
    if "phase" in columns:
        phase = phase_numbers(np.nan_to_num(rows[:, columns.index("phase")]))
    else:
        phase = np.ones(len(rows))
    length = np.where(indexed, np.linalg.norm(q, axis=1), 1)
    indexed &= (phase > 0) & (length > 0)
    off = indexed & (np.abs(length - 1) > LENGTH)
    if off.any():
        where = int(np.argmax(off))
        raise ValueError(f"the quaternion of point {where + 1} has the length {length[where]:.3g}")
    whole = normalised(np.where(indexed[:, None], q, np.array([1.0, 0, 0, 0])))
    return Points(
        conjugate(whole) if _turn(remarks) == TURNS[1] else whole,
        np.where(indexed, phase, 0).astype(int),
        _phases(remarks, asked),
        np.stack([_position(axis, columns, rows) for axis in _axes(columns)], axis=1),
    )


def _table(text: str) -> tuple[list[str], np.ndarray]:
    check_bytes(len(text), TABLE)
    reader = csv.reader(io.StringIO(text))
    try:
        columns = [name.strip() for name in next(reader, [])]
        if missing := [name for name in QUATERNION if name not in columns]:
            there = cut(", ".join(columns), 200)
            raise ValueError(f"the column {missing[0]!r} is missing; there are {there}")
        return columns, _numbers(list(reader), columns)
    except csv.Error as error:
        line = reader.line_num
        raise ValueError(f"the table of points is damaged (line {line}: {error})") from error


def _numbers(cells: list[list[str]], columns: list[str]) -> np.ndarray:
    for number, row in enumerate(cells, start=1):
        if len(row) != len(columns):
            raise ValueError(f"point {number} has {len(row)} values for {len(columns)} columns")
    try:
        rows = [[float(x) if x.strip() else np.nan for x in row] for row in cells]
    except ValueError as error:
        raise ValueError(f"the table of points is damaged: {said(error)}") from error
    table = np.array(rows).reshape(-1, len(columns))
    check_numbers(table)
    return table


def _axes(columns: list[str]) -> list[str]:
    there = {name.partition("_")[0] for name in columns}
    return ["z", "y", "x"] if "z" in there else ["y", "x"]


def _position(axis: str, columns: list[str], rows: np.ndarray) -> np.ndarray:
    for unit, metres in UNITS.items():
        if f"{axis}_{unit}" in columns:
            return rows[:, columns.index(f"{axis}_{unit}")] * metres
    raise ValueError(f"there is no column {axis}_m, {axis}_um or {axis}_nm")


def _turn(remarks: list[str]) -> str:
    told = [r.partition(":")[2].strip() for r in remarks if r.startswith("rotation:")]
    if told and told[0] not in TURNS:
        raise ValueError(f"rotation: {told[0]!r} is not {' or '.join(TURNS)}")
    return told[0] if told else TURNS[0]


def _phases(remarks: list[str], asked: str | None) -> tuple[Phase, ...]:
    found: dict[int, Phase] = {}
    for remark in remarks:
        if match := re.fullmatch(r"phase (\d+): (.*?)\s*(\S+)", remark):
            found[int(match[1])] = phase_of(match[2] or "?", match[3], asked=asked)
    if not found and asked is not None:
        return (phase_of("unnamed", None, asked=asked),)
    if sorted(found) != list(range(1, len(found) + 1)) or not found:
        raise ValueError("a line such as '# phase 1: NdFeAsO 422' is missing for each phase")
    return tuple(found[n] for n in sorted(found))
