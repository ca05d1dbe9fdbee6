"""An Excel workbook (.xlsx) as a grid of cells: which sheet, merged cells, what was computed."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from planner.door.archive import broken_named, unpacked
from planner.door.bounds import TABLE, check_size
from planner.door.refused import Refused
from planner.door.sheet import Sheet, look
from planner.door.words import said
from planner.tables.delimited import NumberedLines
from planner.tables.table import Finding, HistoryError

_DAMAGED = (ParseError, OSError, LookupError, TypeError, ValueError, AttributeError,
            OverflowError, RecursionError)  # fmt: skip
"""What openpyxl lets through from a file that is cut off or changed."""

type Cells = dict[tuple[int, int], str]
"""Text by row and column."""


def grid_of_workbook(path: Path, sheet: str | None) -> tuple[NumberedLines, list[Finding]]:
    """(Row of the sheet, cells) of every row that is not blank, and what was noticed.

    Without a name, the sheet with the most cells is read. HistoryError where the file is damaged
    or has no such sheet; Refused where it is larger than is read.
    """
    with unpacked(path, TABLE) as archive, broken_named():
        parts = [part for part in archive.namelist() if part.endswith((".xml", ".rels"))]
        looked = {part: look(archive, part) for part in parts}
        with _damage_named(path):
            return _read(path, archive, looked, sheet)


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        yield
    except (HistoryError, Refused):
        raise
    except (InvalidFileException, *_DAMAGED) as error:
        raise HistoryError(f"{path.name}: is no readable workbook: {said(error)}") from error


def _read(
    path: Path, archive: zipfile.ZipFile, looked: Mapping[str, Sheet], sheet: str | None
) -> tuple[NumberedLines, list[Finding]]:
    from openpyxl import load_workbook  # a third of a second of import

    book = load_workbook(archive.fp, data_only=True, read_only=True)
    sheets = {s.title: s for s in book.worksheets if hasattr(s, "_worksheet_path")}
    found = {title: looked[s._worksheet_path] for title, s in sheets.items()}
    if sheet is not None and sheet not in found:
        raise HistoryError(f"{path.name}: no sheet {sheet!r}; there are {', '.join(found)}")
    if not found:
        raise HistoryError(f"{path.name}: the workbook has no sheet of cells")
    texts = {title: _filled(s) for title, s in sheets.items()}
    name = sheet or max(texts, key=lambda title: len(texts[title][0]))
    findings = _other_sheets(texts, name, is_chosen=sheet is not None)
    cells, percent = texts[name]
    return _grid(cells, percent, found[name], findings), findings


def _other_sheets(
    texts: dict[str, tuple[Cells, set[str]]], name: str, is_chosen: bool
) -> list[Finding]:
    others = [f"{t!r} ({len(c)} cells)" for t, (c, _) in texts.items() if t != name and c]
    if not others:
        return []
    text = f"sheet {name!r} is read; there are also {', '.join(others)}"
    return [Finding("several-sheets", text, "note" if is_chosen else "warning")]


def _filled(sheet: Any) -> tuple[Cells, set[str]]:
    """The cells that hold something, and the columns in which numbers are shown as percent."""
    cells: Cells = {}
    percent = set()
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            cells[cell.row, cell.column] = _text(cell.value)
            if cell.number_format.endswith("%") and isinstance(cell.value, int | float):
                percent.add(cell.column_letter)
    return cells, percent


def _grid(cells: Cells, percent: set[str], sheet: Sheet, findings: list[Finding]) -> NumberedLines:
    _fill_merged(sheet, cells, findings)
    _note_oddities(sheet, percent, findings)
    width = max((column for (_, column), text in cells.items() if text), default=0)
    rows = sorted({row for (row, _), text in cells.items() if text})
    check_size(len(rows), width)
    return [(row, [cells.get((row, i), "") for i in range(1, width + 1)]) for row in rows]


def _fill_merged(sheet: Sheet, cells: Cells, findings: list[Finding]) -> None:
    """A cell merged over several rows counts in each of them; one over columns is a heading."""
    filled: set[int] = set()
    for left, top, _, bottom in sheet.merged:
        if bottom > top and (text := cells.get((top, left), "")):
            check_size(bottom, left, len(cells) + bottom - top)
            cells |= {(row, left): text for row in range(top, bottom + 1)}
            filled |= set(range(top, bottom + 1))
    if filled:
        findings.append(Finding("merged-cells", "merged cells count in every row that they span",
                                "warning", rows=tuple(sorted(filled))))  # fmt: skip


def _note_oddities(sheet: Sheet, percent: set[str], findings: list[Finding]) -> None:
    if percent:
        findings.append(Finding("percent-format", f"cells of column {', '.join(sorted(percent))} "
                                "are shown as percent; they are read as fractions"))  # fmt: skip
    if sheet.uncomputed:
        findings.append(Finding("not-computed", "formulas were never computed; open the file in a "
                                "spreadsheet and save it", "error",
                                rows=_distinct(sheet.uncomputed)))  # fmt: skip
    if sheet.hidden:
        findings.append(Finding("hidden-rows", "rows are hidden in the sheet; they are read like "
                                "the others", rows=_distinct(sheet.hidden)))  # fmt: skip


def _distinct(rows: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(set(rows)))


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
