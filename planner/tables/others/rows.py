"""Rows of other planners: their words for the state of a trial in ours, and rows that are none."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from planner.tables.declaration import Declaration
from planner.tables.table import Finding, Table, is_missing

_SAID = {"failed": "failed samples", "abandoned": "stopped before their end: not data",
         "pending": "not measured yet: conditions to be done"}  # fmt: skip


def with_states(
    table: Table, column: str, states: Mapping[str, str], hints: Mapping[str, str],
    notes: Sequence[Finding], form: str, declared: Declaration,
) -> Table:  # fmt: skip
    """The table with what its columns are and the states of its trials in our words: completed,
    failed, abandoned, pending. A row that lacks a setting is left out, and told."""
    place = table.columns.index(column)
    words = {word: states.get(word.upper(), "pending") for word in table.column(column)}
    rows = [(n, (*c[:place], words[c[place]], *c[place + 1 :])) for n, c in table.rows]
    counted = Counter(word for word in table.column(column) if words[word] != "completed")
    told = [
        Finding("trial-state", f"{count} trials are {word}: {_SAID[words[word]]}", "note", column,
                tuple(n for n, c in table.rows if c[place] == word))
        for word, count in counted.items()
    ]  # fmt: skip
    found = replace(table, rows=tuple(rows), hints=dict(hints), format=form, declared=declared,
                    findings=(*table.findings, *notes, *told))  # fmt: skip
    return without_open_settings(found)


def own_name(name: str, taken: Collection[str]) -> str:
    """What a column of ours is called beside those of a file."""
    return name if name not in taken else f"{name} of trial"


def without_open_settings(table: Table) -> Table:
    """Without rows in which a setting is empty: they are no conditions, and could not be planned
    again."""
    places = [table.columns.index(n) for n, hint in table.hints.items() if hint == "parameter"]
    lacking = {n for n, cells in table.rows if any(is_missing(cells[i]) for i in places)}
    if not lacking or len(lacking) == len(table.rows):
        return table
    text = "not every setting is given here; such rows are left out"
    finding = Finding("settings-missing", text, "warning", rows=tuple(sorted(lacking)))
    rows = tuple(row for row in table.rows if row[0] not in lacking)
    return replace(table, rows=rows, findings=(*table.findings, finding))
