"""The tables beside a magnet file: CSV with a header, comments after #."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from models.magnet.failure import MagnetFailure
from models.magnet.jc_map import JcMap
from models.magnet.measured import MeasuredJc
from planner.door.bounds import TABLE
from planner.door.csv_text import read_rows
from planner.door.files import read_text
from planner.door.refused import Refused
from planner.door.words import cut

JC_COLUMNS, N_COLUMNS, MAP_COLUMNS = (
    ("B_T", "T_K", "Jc_A_m2"), ("B_T", "T_K", "n"), ("r_m", "z_m", "factor"),
)  # fmt: skip


def read_jc_table(path: Path) -> MeasuredJc:
    """A Jc law from CSV with the columns B_T, T_K, Jc_A_m2 and, where known, sd_A_m2."""
    b, t, jc, sd = read_table(path, JC_COLUMNS, "sd_A_m2")
    try:
        return MeasuredJc(b, t, jc, sd)
    except MagnetFailure as failure:
        raise MagnetFailure(failure.kind, f"{path.name}: {failure}") from failure


def read_map(path: Path) -> JcMap:
    """A Jc map from CSV with the columns r_m, z_m, factor: every pair of r and z once."""
    r, z, factor, _ = read_table(path, MAP_COLUMNS)
    rows, at_r = np.unique(r, return_inverse=True)
    columns, at_z = np.unique(z, return_inverse=True)
    told = np.full((len(rows), len(columns)), np.nan)
    told[at_r, at_z] = factor
    if len(factor) != told.size or np.isnan(told).any():
        raise MagnetFailure("bad-input", f"{path.name}: every pair of r and z is needed once")
    return JcMap(rows, columns, told)


def read_table(
    path: Path, columns: tuple[str, str, str], extra: str = ""
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Three columns of a CSV file, and a fourth that is 0 where it is missing. Lines that begin
    with # are comments."""
    rows = _rows(path)
    if not rows or not set(columns) <= set(rows[0]):
        came = f"not {cut(', '.join(rows[0]))}" if rows else "with a row at least"
        raise MagnetFailure(
            "bad-input", f"{path.name}: the columns {', '.join(columns)} are needed, {came}"
        )
    found = [[_number(path, row, name) for row in rows] for name in columns]
    if extra and extra in rows[0]:
        found.append([_number(path, row, extra) if row[extra] else 0.0 for row in rows])
    else:
        found.append([0.0] * len(rows))
    one, two, three, four = (np.array(column) for column in found)
    return one, two, three, four


def _rows(path: Path) -> list[dict[str, str | None]]:
    try:
        lines = read_text(path, TABLE).splitlines()
        return read_rows("\n".join(line for line in lines if line.strip() and line[0] != "#"))
    except Refused as error:
        raise MagnetFailure("bad-input", f"{path.name} {error}") from error
    except OSError as error:
        why = error.strerror
        raise MagnetFailure("bad-input", f"{path.name} cannot be read: {why}") from error


def _number(path: Path, row: Mapping[str, str | None], name: str) -> float:
    told = row[name] or ""
    try:
        value = float(told)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise MagnetFailure("bad-input", f"{path.name}: {cut(told)!r} in {name} is no number")
    return value
