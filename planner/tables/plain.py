"""A table as it was read, written as plain CSV: UTF-8, commas, decimal points, one header line."""

from pathlib import Path

from planner.tables.formulas import csv_text
from planner.tables.table import Table


def write_plain(table: Table, path: Path) -> None:
    """Write the table; ``line`` is not kept, so row numbers of findings refer to the source."""
    text = csv_text([table.columns, *(cells for _, cells in table.rows)])
    path.write_text(text, encoding="utf-8", newline="")
