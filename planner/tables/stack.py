"""Several tables of one campaign as one: its arms, or the rounds of a space that is sorted anew."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from planner.door.bounds import check_size
from planner.door.refused import Refused
from planner.tables.table import Finding, HistoryError, Table

ARM = "arm"


def stacked(tables: Sequence[Table]) -> Table:
    """The rows of all tables, with the name of each row's file as its arm.

    Rows keep the number that they have in their own file. HistoryError where the columns are not
    those of the first table.
    """
    first = tables[0]
    tables = [first, *(_with_names_of(first, t) for t in tables[1:])]
    shared = [c for c in first.columns if all(c in t.columns for t in tables)]
    if len(shared) < 2:
        raise HistoryError(
            f"{first.source}: the tables share no columns, so they are no parts of one campaign"
        )
    left_out = sorted({c for t in tables for c in t.columns} - set(shared))
    try:
        check_size(sum(len(t.rows) for t in tables), len(shared))
    except Refused as error:
        raise HistoryError(f"{first.source} and the others together: {error}") from error
    arm = ARM if ARM not in shared else "file"
    rows = tuple(
        (line, (Path(t.source).stem, *(cells[t.columns.index(c)] for c in shared)))
        for t in tables
        for line, cells in t.rows
    )
    findings = [f for t in tables for f in t.findings]
    text = f"{len(tables)} files are read as one table; the file's name is the column {arm!r}"
    findings.append(Finding("several-files", text, "note"))
    if left_out:
        text = f"not every file has {', '.join(map(repr, left_out))}; left out"
        findings.append(Finding("columns-left-out", text))
    units = {c: u for t in reversed(tables) for c, u in t.units.items() if c in shared}
    declared = first.declared if all(t.declared == first.declared for t in tables) else None
    if first.declared != declared:
        text = "they say different things of their campaign: bounds and goals come from the rows"
        findings.append(Finding("declared-differently", text))
    return Table(first.source, (arm, *shared), rows, units, first.hints | {arm: "arm"},
                 tuple(findings), first.format, declared)  # fmt: skip


def _with_names_of(first: Table, table: Table) -> Table:
    """The table with the first one's spelling of its columns: ``Index`` and ``index`` are one."""
    known = {c.lower(): c for c in first.columns}
    names = {c: known.get(c.lower(), c) for c in table.columns}
    if len(set(names.values())) < len(names):
        return table
    return replace(
        table,
        columns=tuple(names.values()),
        units={names[c]: u for c, u in table.units.items()},
        hints={names[c]: h for c, h in table.hints.items()},
    )
