"""An Excel workbook (.xlsx) as a grid of cells: which sheet, merged cells, what was computed."""

import zipfile
import zlib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from planner.tables.delimited import NumberedLines
from planner.tables.table import Finding, HistoryError

_DAMAGED = (zipfile.BadZipFile, zlib.error, ParseError, EOFError, OSError, KeyError, TypeError,
            ValueError, AttributeError, IndexError, NotImplementedError)  # fmt: skip
"""What openpyxl lets through from a file that is cut off or changed."""


def grid_of_workbook(path: Path, sheet: str | None) -> tuple[NumberedLines, list[Finding]]:
    """(Row of the sheet, cells) of every row that is not blank, and what was noticed.

    Without a name, the sheet with the most cells is read. HistoryError where the file is damaged
    or has no such sheet.
    """
    from openpyxl import load_workbook  # a third of a second of import
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, data_only=True)
        formulas = load_workbook(path, data_only=False)
    except (InvalidFileException, *_DAMAGED) as error:
        raise HistoryError(f"{path.name}: is no readable workbook: {error}") from error
    filled = {s.title: sum(c.value is not None for row in s.iter_rows() for c in row)
              for s in book.worksheets}  # fmt: skip
    if sheet is not None and sheet not in filled:
        raise HistoryError(f"{path.name}: no sheet {sheet!r}; there are {', '.join(filled)}")
    name = sheet or max(filled, key=lambda title: filled[title])
    others = [f"{title!r} ({n} cells)" for title, n in filled.items() if title != name and n]
    findings = []
    if others:
        text = f"sheet {name!r} is read; there are also {', '.join(others)}"
        findings.append(Finding("several-sheets", text, "warning" if sheet is None else "note"))
    return _grid(book[name], formulas[name], findings), findings


def _grid(sheet: Any, formulas: Any, findings: list[Finding]) -> NumberedLines:
    values = {(c.row, c.column): _text(c.value) for row in sheet.iter_rows() for c in row}
    _fill_merged(sheet, values, findings)
    _note_oddities(sheet, formulas, findings)
    width = max((column for (_, column), text in values.items() if text), default=0)
    rows = sorted({row for (row, _), text in values.items() if text})
    return [(row, [values.get((row, i), "") for i in range(1, width + 1)]) for row in rows]


def _fill_merged(sheet: Any, values: dict[tuple[int, int], str], findings: list[Finding]) -> None:
    """A cell merged over several rows counts in each of them; one over columns is a heading."""
    filled = []
    for area in sheet.merged_cells.ranges:
        if area.max_row > area.min_row:
            text = values[area.min_row, area.min_col]
            for row in range(area.min_row, area.max_row + 1):
                values[row, area.min_col] = text
                filled.append(row)
    if filled:
        findings.append(Finding("merged-cells", "merged cells count in every row that they span",
                                "warning", rows=tuple(sorted(set(filled)))))  # fmt: skip


def _note_oddities(sheet: Any, formulas: Any, findings: list[Finding]) -> None:
    percent, uncomputed = set(), set()
    for row in sheet.iter_rows():
        for cell in row:
            if cell.number_format.endswith("%") and isinstance(cell.value, int | float):
                percent.add(cell.column_letter)
            formula = formulas.cell(cell.row, cell.column).value
            if cell.value is None and isinstance(formula, str) and formula.startswith("="):
                uncomputed.add(cell.row)
    hidden = [n for n, d in sheet.row_dimensions.items() if d.hidden]
    if percent:
        findings.append(Finding("percent-format", f"cells of column {', '.join(sorted(percent))} "
                                "are shown as percent; they are read as fractions"))  # fmt: skip
    if uncomputed:
        findings.append(Finding("not-computed", "formulas were never computed; open the file in a "
                                "spreadsheet and save it", "error",
                                rows=tuple(sorted(uncomputed))))  # fmt: skip
    if hidden:
        findings.append(Finding("hidden-rows", "rows are hidden in the sheet; they are read like "
                                "the others", rows=tuple(sorted(hidden))))  # fmt: skip


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
    return str(value).strip()
