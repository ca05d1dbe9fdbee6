"""Files as laboratories have them, read into one plain table with the numbers of its rows."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from planner.door.archive import unpacked
from planner.door.bounds import TABLE, check_size
from planner.door.files import check_bytes, opened
from planner.door.files import read_text as read_text_of
from planner.door.json_text import parse_json
from planner.door.refused import Refused
from planner.tables.declaration import Declaration
from planner.tables.delimited import NumberedLines, grid_of
from planner.tables.encoding import read_text
from planner.tables.header import headed
from planner.tables.numbers import could_be_number, read_column
from planner.tables.others.closed import why_closed_archive
from planner.tables.others.headings import with_joined_headings
from planner.tables.others.instruments import is_quantum_design, what_it_holds
from planner.tables.others.layouts import as_laid_out
from planner.tables.records import declaration_of_json, table_of_json
from planner.tables.table import Finding, HistoryError, Table
from planner.tables.workbook import grid_of_workbook

__all__ = ["READERS", "read_declaration", "read_table"]

type GridReader = Callable[[Path, str | None], tuple[NumberedLines, list[Finding]]]

EXCEL = ("Excel", grid_of_workbook)
READERS: dict[str, tuple[str, GridReader]] = {".xlsx": EXCEL, ".xlsm": EXCEL}
"""Name and reader of formats that are neither text nor JSON, by the ending of the file's name."""


def read_table(path: Path, header: Sequence[str] | None = None, sheet: str | None = None) -> Table:
    """The table in a file: CSV and its kin, Excel, JSON, a snapshot of Ax.

    ``header`` names the columns of a file that has no header line; ``sheet`` is one of a workbook.
    What a person should look at is in the table's findings; HistoryError where there is no table,
    or a larger one than is read.
    """
    try:
        return _read(path, header, sheet)
    except Refused as error:
        raise HistoryError(f"{path.name}: {error}") from error
    except OSError as error:
        raise HistoryError(f"{path.name}: cannot be read: {error.strerror}") from error


def _read(path: Path, header: Sequence[str] | None, sheet: str | None) -> Table:
    if path.suffix.lower() in READERS or _is_zip(path):
        _check_archive(path)
        form, reader = READERS.get(path.suffix.lower(), EXCEL)
        grid, findings = reader(path, sheet)
        return _table(path, grid, findings, header, form)
    text, findings = read_text(path)
    if is_quantum_design(text):
        raise HistoryError(f"{path.name}: {what_it_holds(text)}")
    if path.suffix.lower() in (".json", ".jsonl", ".ndjson") or text.lstrip()[:1] in "{[":
        table = table_of_json(path, text)
        read = _numbered(replace(table, findings=(*findings, *table.findings)))
        return read if read.declared else as_laid_out(read)
    grid, cut = grid_of(text)
    return _table(path, grid, [*findings, *cut], header or _names_beside(path, grid), "text")


def read_declaration(path: Path) -> tuple[Declaration, list[Finding]] | None:
    """What a file says of a campaign of which the experiments stand in another; None where it is a
    table itself. HistoryError where it cannot be read."""
    if path.suffix.lower() != ".json":
        return None
    try:
        return declaration_of_json(path, read_text(path)[0])
    except Refused as error:
        raise HistoryError(f"{path.name}: {error}") from error
    except OSError as error:
        raise HistoryError(f"{path.name}: cannot be read: {error.strerror}") from error


def _is_zip(path: Path) -> bool:
    with opened(path) as file:
        check_bytes(os.fstat(file.fileno()).st_size, TABLE)
        return file.read(4) == b"PK\x03\x04"


def _check_archive(path: Path) -> None:
    """HistoryError where an archive holds arrays and no workbook."""
    if not _is_zip(path):
        return
    with unpacked(path, TABLE) as archive:
        if closed := why_closed_archive(archive.namelist()):
            raise HistoryError(f"{path.name}: {closed}")


def _table(
    path: Path,
    grid: NumberedLines,
    findings: list[Finding],
    header: Sequence[str] | None,
    form: str,
) -> Table:
    widths = [len(cells) for _, cells in grid]
    check_size(len(grid), max(widths, default=0), sum(widths))
    found = headed(grid, header)
    if not found.rows:
        broken = next((f for f in found.findings if f.level == "error"), None)
        raise HistoryError(f"{path.name}: {broken or 'the table is empty'}")
    rows = tuple((n, tuple(cells)) for n, cells in found.rows)
    notes = (*findings, *found.findings)
    table = Table(path.name, tuple(found.columns), rows, found.units, found.hints, notes, form)
    return as_laid_out(_numbered(with_joined_headings(table)))


def _numbered(table: Table) -> Table:
    """The same with plain numbers; units in cells go to the columns."""
    if doubled := [n for n in table.columns if table.columns.count(n) > 1]:
        raise HistoryError(f"{table.source}: column {doubled[0]!r} stands twice")
    comma = _has_decimal_commas(table)
    read = {name: read_column(name, table.column(name), table.lines, comma)
            for name in table.columns}  # fmt: skip
    units = table.units | {name: column.unit for name, column in read.items() if column.unit}
    cells = zip(*(column.cells for column in read.values()), strict=True)
    rows = tuple(zip(table.lines, cells, strict=True))
    findings = [finding for column in read.values() for finding in column.findings]
    return replace(table, rows=rows, units=units, findings=(*table.findings, *findings))


def _has_decimal_commas(table: Table) -> bool:
    """Whether commas in numbers are decimal points in this file: some cannot be anything else."""
    cells = [c for _, row in table.rows for c in row if "," in c and could_be_number(c)]
    sure = any(len(c.split(",")[-1]) != 3 or c.startswith("0,") for c in cells)
    return sure and not any("." in c and could_be_number(c) for _, row in table.rows for c in row)


def _names_beside(path: Path, grid: NumberedLines) -> list[str] | None:
    """Names from an Olympus ``config.json`` beside a table that has as many columns, all numbers
    or values of a choice, and no header of its own."""
    config = path.with_name("config.json")
    if not config.exists():
        return None
    try:
        content = parse_json(read_text_of(config))
        names = [str(p["name"]) for p in [*content["parameters"], *content["measurements"]]]
    except (ValueError, KeyError, TypeError, OSError):
        return None
    return names if grid and len(grid[0][1]) == len(names) and grid[0][1] != names else None
