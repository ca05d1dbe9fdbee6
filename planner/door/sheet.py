"""The parts of a workbook as a stream, before a library builds anything of them: how large a sheet
really is, which cells are merged, which rows hidden, which formulas were never computed."""

import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from planner.door.bounds import COLUMNS, NESTED, ROWS, check_size
from planner.door.refused import Refused

MERGED = 10_000
"""Areas of merged cells in one sheet."""
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass
class Sheet:
    """What a sheet's file holds."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First column, first row, last column, last row of each area."""
    hidden: list[int] = field(default_factory=list)
    uncomputed: list[int] = field(default_factory=list)
    """Rows with a formula that has no value."""


def look(archive: zipfile.ZipFile, part: str) -> Sheet:
    """A part, looked over; any may be a sheet. Refused where it is larger than is read, is no XML,
    or nests or defines what a library would have to unfold."""
    reader = _SheetCounter()
    _parse(archive, part, reader.start, reader.end, reader.text)
    return reader.sheet


def place(cell: str) -> tuple[int, int]:
    """Column and row of ``B7``. Refused where it is none.

    >>> place("B7"), place("AA10")
    ((2, 7), (27, 10))
    """
    match = _CELL.fullmatch(cell)
    if match is None:
        raise Refused(f"names the cell {cell[:20]!r}, which is none")
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return column, int(match[2])


class _SheetCounter:
    """Counts while the file is read."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self._row = self._column = 0
        self._formula = self._value = self._in_value = False

    def start(self, name: str, told: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row = _number(told.get("r"), self._row + 1)
                self._column = 0
                if told.get("hidden") in ("1", "true"):
                    self.sheet.hidden.append(self._row)
            case "c":
                self._cell(told)
            case "f":
                self._formula = True
            case "v":
                self._in_value = True
            case "mergeCell":
                self._merge(told.get("ref", ""))

    def end(self, name: str) -> None:
        self._in_value = False
        if name.rpartition(":")[2] == "c" and self._formula and not self._value:
            self.sheet.uncomputed.append(self._row)

    def text(self, _: str) -> None:
        self._value = self._value or self._in_value

    def _cell(self, told: dict[str, str]) -> None:
        sheet, self._formula, self._value = self.sheet, False, False
        if "r" in told:
            self._column, self._row = place(told["r"])
        else:
            self._column += 1
        sheet.cells += 1
        sheet.rows, sheet.columns = max(sheet.rows, self._row), max(sheet.columns, self._column)
        if sheet.cells % 1000 == 1 or sheet.rows > ROWS or sheet.columns > COLUMNS:
            check_size(sheet.rows, sheet.columns, sheet.cells)

    def _merge(self, area: str) -> None:
        first, _, last = area.partition(":")
        left, top = place(first)
        right, bottom = place(last or first)
        if len(self.sheet.merged) >= MERGED or (bottom - top) > ROWS:
            raise Refused(f"has merged cells without end ({area[:20]})")
        self.sheet.merged.append((left, top, right, bottom))


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not text.isdecimal() or len(text) > 7:
        raise Refused(f"has a row {text[:20]!r}")
    return int(text)


def _parse(archive: zipfile.ZipFile, part: str, start: Any, end: Any, text: Any) -> None:
    parser = expat.ParserCreate()
    depth = 0

    def opens(name: str, told: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > NESTED:
            raise Refused(f"nests more than {NESTED} levels deep in {part}")
        start(name, told)

    def closes(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    def defines(*_: Any) -> None:
        raise Refused(f"defines words of its own in {part}; that is not read")

    parser.StartElementHandler, parser.EndElementHandler = opens, closes
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = defines
    try:
        with archive.open(part) as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise Refused(f"is damaged: {part}, line {error.lineno} is no XML") from error
