"""A table as it was read, written as plain CSV: UTF-8, commas, decimal points, one header line."""

import csv
from pathlib import Path

from planner.tables.table import Table


def write_plain(table: Table, path: Path) -> None:
    """Write the table; ``line`` is not kept, so row numbers of findings refer to the source."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(cells for _, cells in table.rows)
