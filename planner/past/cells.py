"""Cells that a mapping explains: a row to leave out, no value, a failed sample, another value."""

from collections.abc import Mapping
from dataclasses import replace

from planner.past.mapping import FAILED, LEFT_OUT, NO_VALUE, TableMapping
from planner.tables.table import Table


def explained(table: Table, rules: TableMapping) -> Table:
    """The table as its mapping explains it: without the rows that are left out, and with the
    values that cells stand for. The table itself is not changed."""
    if not rules.cells:
        return table
    rows = []
    for line, cells in table.rows:
        meant = [_meant(rules.cells.get(c, {}), cell) for c, cell in
                 zip(table.columns, cells, strict=True)]  # fmt: skip
        if LEFT_OUT not in meant:
            rows.append((line, tuple("" if m in (NO_VALUE, FAILED) else m for m in meant)))
    return replace(table, rows=tuple(rows))


def failed_cells(table: Table, rules: TableMapping) -> dict[int, frozenset[str]]:
    """By line, the outcomes of which the cell says that the sample failed."""
    found: dict[int, frozenset[str]] = {}
    for line, cells in table.cells() if rules.cells else ():
        failed = {n for n in rules.outcomes if _meant(rules.cells.get(n, {}), cells[n]) == FAILED}
        if failed:
            found[line] = frozenset(failed)
    return found


def _meant(said: Mapping[str, object], cell: str) -> str:
    return str(said.get(cell.strip(), cell)) if said else cell
