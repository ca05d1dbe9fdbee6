"""Cells that a spreadsheet would take for formulas, written so that they stay text.

A name or a note may begin with ``=``, ``+``, ``-`` or ``@``. Who opens a CSV with it would have it
computed, and a formula may fetch addresses or start programs. Such a cell gets an apostrophe in
front, as spreadsheets themselves write it, and whoever reads the table here takes it away again.
Numbers, negative ones too, are left alone.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from planner.tables.table import is_missing

_FORMULA = re.compile(r"'*(\s*[=+\-@＝＋－＠]|[\t\r\n])")
"""With its apostrophes: reading takes one away, so one that was there comes back."""
_NUMBER = re.compile(r"\s*[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?\s*%?\s*", re.IGNORECASE)


def inert[T](cell: T) -> T | str:
    """What to write for a cell.

    >>> [inert(cell) for cell in ("=1+1", "+ x", "'@x", -1.5, "-1.5e3", "-", "T", None)]
    ["'=1+1", "'+ x", "''@x", -1.5, '-1.5e3', '-', 'T', None]
    """
    return f"'{cell}" if isinstance(cell, str) and _would_be_computed(cell) else cell


def meant(cell: str) -> str:
    """What a cell that was written so means.

    >>> [meant(cell) for cell in ("'=1+1", "''@x", "'T", "-1.5")]
    ['=1+1', "'@x", "'T", '-1.5']
    """
    return cell[1:] if cell[:1] == "'" and _would_be_computed(cell) else cell


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows, the heading first, as CSV: commas, decimal points, no formulas."""
    text = io.StringIO()
    table = csv.writer(text)  # it ends lines with \r\n, and so it quotes cells that hold either
    table.writerows([inert(cell) for cell in row] for row in rows)
    return text.getvalue()


def _would_be_computed(cell: str) -> bool:
    return bool(_FORMULA.match(cell)) and not (_NUMBER.fullmatch(cell) or is_missing(cell))
