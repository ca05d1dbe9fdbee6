"""The pair ``.cpr`` (text) and ``.crc`` (binary) of Oxford."""

from collections.abc import Sequence
from configparser import ConfigParser, Error, SectionProxy
from pathlib import Path

import numpy as np

from executors.orientation.readers.points import Points, check_angles, from_a, phase_of
from executors.orientation.readers.text import MICRON, OXFORD, check_numbers, finite, read_text
from models.orientation.quaternion import from_euler
from planner.door.bounds import MAP
from planner.door.files import read_bytes
from planner.door.words import cut

FIELDS = {1: "x", 2: "y", 3: "phi1", 4: "Phi", 5: "phi2"}
"""Numbers of the fields that matter here."""
BYTES = {7, 8, 10, 11}
"""Fields of one byte (contrast, slope, bands, error); all others are 4-byte numbers."""


def read_cpr(path: Path, asked: str | None) -> Points:
    """The pair of files; either of the two may be named. Angles in radians, positions in um."""
    for suffix in (".cpr", ".crc"):
        if not path.with_suffix(suffix).exists():
            raise ValueError(f"{path.with_suffix(suffix).name} is missing; the two belong together")
    head = _header(path.with_suffix(".cpr"))
    try:
        job = head["Job"]
        shape = int(_number(job, "yCells")), int(_number(job, "xCells"))
        step = _number(job, "GridDistY"), _number(job, "GridDistX")
        record = _record(head)
        phases = tuple(
            phase_of(
                told["StructureName"],
                OXFORD.get(int(_number(told, "LaueGroup"))),
                [_number(told, k) for k in ("a", "b", "c", "alpha", "beta", "gamma")],
                asked,
                written=told["LaueGroup"],
            )
            for told in (
                head[f"Phase{i + 1}"] for i in range(int(_number(head["Phases"], "Count")))
            )
        )
    except KeyError as error:
        raise ValueError(f"the header has no {error.args[0]}") from error
    rows = _points(path.with_suffix(".crc"), record, shape)
    euler = _columns(rows, ("phi1", "Phi", "phi2"))
    indexed = rows["phase"] > 0
    positions = None
    if {"x", "y"} <= set(record.names or ()):
        positions = _columns(rows, ("y", "x")) * MICRON
    return Points(
        from_a(from_euler(euler), rows["phase"], phases),
        rows["phase"].astype(int),
        phases,
        positions,
        told_shape=shape,
        told_step=(step[0] * MICRON, step[1] * MICRON),
        notes=check_angles(euler, indexed, degrees=False),
    )


def _header(path: Path) -> ConfigParser:
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(read_text(path))
    except Error as error:
        raise ValueError("the header is damaged: it is not lines of name=value") from error
    return parser


def _number(told: SectionProxy, name: str) -> float:
    try:
        return finite(told[name])
    except ValueError as error:
        raise ValueError(f"the header says {name}={cut(told[name])!r}: no number") from error


def _record(head: ConfigParser) -> np.dtype:
    """One point in the binary file: a byte for the phase, then the fields that are told."""
    columns: list[tuple[str, str]] = [("phase", "u1")]
    for i in range(int(_number(head["Fields"], "Count"))):
        number = int(_number(head["Fields"], f"Field{i + 1}"))
        columns.append((FIELDS.get(number, f"field{i}"), "u1" if number in BYTES else "<f4"))
    if missing := {"phi1", "Phi", "phi2"} - {name for name, _ in columns}:
        raise ValueError(f"the points have no {', '.join(sorted(missing))}")
    return np.dtype(columns)


def _points(path: Path, record: np.dtype, shape: tuple[int, int]) -> np.ndarray:
    content = read_bytes(path, MAP)
    if len(content) != record.itemsize * shape[0] * shape[1]:
        raise ValueError(
            f"{path.suffix} has {len(content)} bytes; {shape[1]} x {shape[0]} points of "
            f"{record.itemsize} bytes are promised: is it cut off?"
        )
    return np.frombuffer(content, record)


def _columns(rows: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Fields of the points side by side (n, fields)."""
    with np.errstate(invalid="ignore"):  # bytes of a damaged file may be no number at all
        columns = np.stack([rows[name].astype(float) for name in names], axis=1)
    check_numbers(columns)
    return columns
