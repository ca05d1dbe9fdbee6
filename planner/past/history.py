"""Reading a past campaign: a folder with its mapping, a table with one, or an Olympus data set.

Nothing is repaired: a cell that cannot be read is an error with its place, and what is missing or
out of bounds is kept and noted.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from planner.campaign.campaign import Campaign
from planner.campaign.file import read_yaml
from planner.campaign.parameter import is_number, read_number
from planner.campaign.units import is_label
from planner.campaign.values import Point, shown
from planner.door.files import beside
from planner.door.refused import Refused
from planner.past.cells import explained, failed_cells
from planner.past.mapping import HistoryError, TableMapping, read_mapping
from planner.past.olympus import olympus_set
from planner.past.pool import History, Row
from planner.record.plausible import implausible
from planner.tables.reading import read_table
from planner.tables.table import RAGGED, Cells, Table, is_missing
from planner.tables.units import plain_unit

OLYMPUS = "olympus:"
REMEMBERED = ".mapping.yaml"
"""What the name of a table's mapping ends with; it lies beside the table."""


def read_history(source: str, mapping: Path | None = None) -> History:
    """The past campaign at ``source``: a folder, a CSV or TSV file, or ``olympus:NAME``.

    ``mapping`` is the mapping file of a table (a folder brings its own, ``mapping.yaml``).
    HistoryError names the file, the row and column, and what is there.
    """
    if source.startswith(OLYMPUS):
        table, rules = olympus_set(source.removeprefix(OLYMPUS))
        return _history(table, rules, [*rules.settings, *rules.outcomes])
    place = Path(source)
    if not place.exists():
        raise HistoryError(f"{source}: there is no such file or folder")
    if place.is_dir():
        rules = read_mapping(mapping or place / "mapping.yaml")
        return _history(table_of(place, rules), rules)
    mapping = mapping or remembered(place)
    if not mapping.exists():
        raise HistoryError(
            f"{place.name}: a table needs a mapping that says what its columns mean; "
            f"'kyoso import {place.name}' proposes one"
        )
    return _history(place, read_mapping(mapping))


def mapping_of(source: str, mapping: Path | None = None) -> Path | None:
    """The file that says what the columns of ``source`` mean; None where there is none."""
    place = Path(source)
    beside = place / "mapping.yaml" if place.is_dir() else remembered(place)
    found = mapping or beside
    return found if not source.startswith(OLYMPUS) and found.exists() else None


def remembered(table: Path) -> Path:
    """Where the mapping of a table is kept: under its stem, or under its whole name where that
    stem's mapping is of another file beside it."""
    whole = table.with_name(table.name + REMEMBERED)
    stem = table.with_name(table.stem + REMEMBERED)
    return whole if os.path.exists(whole) or _is_of_another(stem, table) else stem


def _is_of_another(mapping: Path, table: Path) -> bool:
    """Whether a mapping names another table, which is there."""
    if not os.path.exists(mapping):
        return False
    try:
        named = str((read_yaml(mapping) or {}).get("table", ""))
        return named != table.name and beside(table.parent, named).is_file()
    except (ValueError, AttributeError, OSError):  # it is read again, and what is wrong is said
        return False


def table_of(folder: Path, rules: TableMapping) -> Path:
    """The table that a mapping names, in the folder of both. HistoryError where it leads out of
    it: somebody else may have written the mapping."""
    try:
        return beside(folder, rules.table)
    except Refused as error:
        raise HistoryError(f"table: {error}") from error


def _history(table: Path, rules: TableMapping, header: Sequence[str] | None = None) -> History:
    read = read_table(table, header, rules.sheet)
    _check_cut(read, rules)
    check_columns(read, rules)
    failed, read = failed_cells(read, rules), explained(read, rules)
    lines = [(n, _with_units(cells, read, rules)) for n, cells in chosen_rows(read, rules)]
    campaign = rules.campaign()
    readers = [_Reader(rules, campaign, table.name, n, cells, failed.get(n, frozenset()))
               for n, cells in lines]  # fmt: skip
    by_line = {reader.line: reader.row() for reader in readers}
    rows = [by_line[reader.line] for reader in _in_order(rules, readers)]
    return History(rules, campaign, tuple(rows), tuple(_notes(rules, campaign, rows, lines)))


def check_columns(table: Table, rules: TableMapping) -> None:
    """HistoryError where the table lacks a column of the mapping."""
    lacking = [c for c in rules.columns if c not in table.columns]
    if lacking:
        there = ", ".join(table.columns)
        raise HistoryError(
            f"{table.source}: column {', '.join(map(repr, lacking))} is missing; there are {there}"
        )


def _check_cut(table: Table, rules: TableMapping) -> None:
    """HistoryError where lines are cut wrong or a needed name stands twice."""
    for finding in table.findings:
        if finding.code == RAGGED and not rules.ragged_rows:
            way = "say in the mapping ragged_rows: left out, or mend the row"
            raise HistoryError(f"{table.source}: row {finding.rows[0]} {finding.text}; {way}")
        if finding.code == "doubled-name" and finding.column in rules.columns:
            raise HistoryError(f"{table.source}: column {finding.column!r} stands twice")


def chosen_rows(table: Table, rules: TableMapping) -> list[tuple[int, Cells]]:
    """The rows that count: all, or of a long table those that ``only`` names. HistoryError where
    none does."""
    kept = [
        (line, cells)
        for line, cells in table.cells()
        if all(_equal(cells[column], value) for column, value in rules.only.items())
    ]
    if not kept:
        raise HistoryError(f"{table.source}: no row has {shown(rules.only)}")
    return kept


def _equal(cell: str, value: object) -> bool:
    try:
        return float(cell) == float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return cell == str(value)


def _with_units(cells: Cells, table: Table, rules: TableMapping) -> Cells:
    """Cells with the unit that stood in them, where the mapping wants another one."""
    carried = {f.column for f in table.findings if f.code == "unit-in-cells"}
    wanted = {n: getattr(p, "unit", "") for n, p in (rules.parameters | rules.outcomes).items()}
    return {
        name: f"{cell} {plain_unit(table.units[name])}"
        if name in carried and wanted.get(name, "") not in ("", table.units[name])
        and not is_label(wanted[name]) and not is_missing(cell) else cell
        for name, cell in cells.items()
    }  # fmt: skip


class _Reader:
    """One line of the table, with its place for messages."""

    def __init__(
        self, rules: TableMapping, campaign: Campaign, table: str, line: int, cells: Cells,
        failed: frozenset[str],
    ) -> None:  # fmt: skip
        self.rules, self.campaign, self.line = rules, campaign, line
        self.place, self.cells, self.failed = f"{table}: row {line}", cells, failed

    def row(self) -> Row:
        status = self.cells.get(self.rules.status or "", "").lower()
        values, failed = self._values(status)
        batch = self.number(self.rules.batch)
        return Row(
            line=self.line,
            point=self._point(),
            values=values,
            sd=self._spread({n: o.sd for n, o in self.rules.outcomes.items()}),
            n=self._spread({n: o.n for n, o in self.rules.outcomes.items()}),
            failed=failed,
            arm=self.cells.get(self.rules.arm or "", ""),
            ordered=self.rules.order.trust != "none" and (batch is None or batch >= 0),
            batch=batch,
            place=self._place(),
        )

    def number(self, column: str | None, unit: str = "") -> float | None:
        """The number in a column; None where the cell is empty. HistoryError for anything else."""
        text = self.cells[column] if column else ""
        if is_missing(text):
            return None
        try:
            return read_number(text, unit)
        except ValueError as error:
            raise HistoryError(f"{self.place}, column {column!r}: {error}{_way_out(column, text)}"
                               ) from error  # fmt: skip

    def _place(self) -> float:
        try:
            return self.number(self.rules.order.column) or 0.0
        except HistoryError:  # a date: the line stands for it
            return float(self.line)

    def _point(self) -> Point:
        try:
            settings = {name: self.cells[name] for name in self.rules.settings}
            return self.campaign.complete(settings, within=False)
        except ValueError as error:
            raise HistoryError(f"{self.place}: {error}") from error

    def _values(self, status: str) -> tuple[dict[str, float], bool]:
        """The outcomes that count, and whether the sample failed."""
        read = {n: self.number(n, self.rules.outcomes[n].unit) for n in self.rules.measured}
        read |= {n: self._computed(n, read) for n in self.rules.formulas}
        broken = {n for n, value in read.items() if self.rules.fails(n, value)} | self.failed
        if status in ("failed", "abandoned"):
            return {}, status == "failed"
        kept = {n: v for n, v in read.items() if v is not None and n not in broken}
        return kept, bool(broken)

    def _computed(self, outcome: str, measured: Mapping[str, float | None]) -> float | None:
        """An outcome that follows from others; None where one of them did not come."""
        formula = self.rules.formula(outcome)
        settings = {n: float(v) for n, v in self._point().items() if is_number(v)}
        numbers = settings | {n: v for n, v in measured.items() if v is not None}
        if not set(formula.names) <= set(numbers):
            return None
        try:
            return formula(numbers)
        except ValueError as error:
            raise HistoryError(f"{self.place}: {outcome}: {error}") from error

    def _spread(self, columns: Mapping[str, str | None]) -> dict[str, float]:
        read = {name: self.number(column) for name, column in columns.items()}
        for name, value in read.items():
            if value is not None and value < 0:
                raise HistoryError(f"{self.place}, column {columns[name]!r}: {value:g} is negative")
        return {name: value for name, value in read.items() if value is not None}


def _way_out(column: str | None, text: str) -> str:
    """What a mapping may say of a cell that is no number."""
    return f"; say in the mapping what it is, as cells: {{{column}: {{{text!r}: left out}}}}"


def _in_order(rules: TableMapping, readers: list[_Reader]) -> list[_Reader]:
    """By the order column, or by batch; as in the file where neither says anything."""
    column = rules.order.column or rules.batch
    if rules.order.trust == "none" or column is None:
        return readers
    try:
        return sorted(readers, key=lambda reader: reader.number(column) or 0.0)
    except HistoryError:  # dates: ISO times sort as text
        return sorted(readers, key=lambda reader: reader.cells[column])


def _notes(
    rules: TableMapping, campaign: Campaign, rows: list[Row], lines: list[tuple[int, Cells]]
) -> list[str]:
    """What a researcher should know about the table before relying on it."""
    total = len(rows)
    lacking = {name: sum(name not in row.values for row in rows) for name in campaign.outcomes}
    notes = [f"{count} of {total} rows lack {name}" for name, count in lacking.items() if count]
    failed = sum(row.failed for row in rows)
    notes += [f"{failed} of {total} rows are failed samples"] if failed else []
    outside = Counter(filter(None, (_problem(campaign, row) for row in rows)))
    if outside:
        example = next(iter(outside))
        notes.append(f"{outside.total()} of {total} rows are outside the campaign: {example}")
    if rules.status:
        words = Counter(cells[rules.status] for _, cells in lines)
        notes.append("status: " + ", ".join(f"{n} {word or 'empty'}" for word, n in words.items()))
    return [*notes, *(note for name in rules.measured for note in _slip(rules, rows, name))]


def _slip(rules: TableMapping, rows: list[Row], outcome: str) -> Iterator[str]:
    """The lowest or highest value of an outcome, where it may be a slip that nobody decided on."""
    values = sorted((r.values[outcome], r.line) for r in rows if outcome in r.values)
    unit = rules.outcomes[outcome].unit
    for value, line in (values[0], values[-1]) if values else ():
        known = [v for v, other in values if other != line]
        decided = value in rules.cells.get(outcome, {}).values()
        if not decided and (why := implausible(value, known, unit)):
            yield f"row {line}, {outcome}: {why}: a slip? It counts as it is"


def _problem(campaign: Campaign, row: Row) -> str:
    """What keeps the row's point from being a plan of the campaign; empty where nothing does."""
    try:
        campaign.complete({name: row.point[name] for name in campaign.free})
    except ValueError as error:
        return f"row {row.line}: {error}"
    return ""
