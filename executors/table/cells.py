"""Tables of numbers and words, as they come in CSV files, and how far a cell is from a value."""

import math
from pathlib import Path

from planner.campaign.parameter import is_number
from planner.campaign.values import shown
from planner.door.bounds import TABLE
from planner.door.csv_text import read_rows
from planner.door.files import read_text
from planner.door.refused import about
from planner.tables.formulas import meant

type TableRow = dict[str, float | str]


def read_table(path: Path, needed: set[str]) -> list[TableRow]:
    """Rows of a CSV file, numbers as numbers. ValueError for a missing file, column or row."""
    try:
        with about(f"table: {path}"):
            told = read_rows(read_text(path, TABLE))
    except OSError as error:
        raise ValueError(f"table: {path} cannot be read: {error.strerror}") from error
    rows = [{meant(name): _cell(cell) for name, cell in row.items()} for row in told]
    columns = list(rows[0]) if rows else []
    if not rows:
        raise ValueError(f"table: {path} holds no rows")
    if missing := sorted(needed - set(columns)):
        raise ValueError(f"table: no column {', '.join(missing)}; there are {', '.join(columns)}")
    return rows


def same(cell: float | str, value: object, tolerance: float) -> bool:
    """Whether a cell holds the value: numbers to a relative tolerance, words letter by letter."""
    if isinstance(cell, float) and is_number(value):
        return math.isclose(cell, float(value), rel_tol=tolerance, abs_tol=1e-12)  # type: ignore[arg-type]
    return shown(cell) == shown(value)


def _cell(text: str | None) -> float | str:
    try:
        number = float(text or "")
    except ValueError:
        return meant((text or "").strip())
    return number if math.isfinite(number) else ""


def span(cells: list[float | str]) -> float:
    """Range of the numbers of a column; 1 where they are all the same."""
    numbers = [cell for cell in cells if isinstance(cell, float)]
    return (max(numbers) - min(numbers) if numbers else 0.0) or 1.0


def apart(cell: float | str, value: object, scale: float) -> float:
    """Distance of a cell from a value: numbers in units of ``scale``, different words 1."""
    if isinstance(cell, float) and is_number(value):
        return (cell - float(value)) / scale  # type: ignore[arg-type]
    return 0.0 if shown(cell) == shown(value) else 1.0
