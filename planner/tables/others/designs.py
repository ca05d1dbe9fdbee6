"""Programs for designs of experiments, notebooks of laboratories and EDBO+: columns that are theirs
and neither settings nor results."""

import math
import re
from collections.abc import Callable
from dataclasses import replace

from planner.tables.declaration import Declaration
from planner.tables.table import Finding, HistoryError, Table

_ORDER = {"runorder", "run order", "run.no", "run.order", "run"}
_STANDARD = {"stdorder", "std order", "std", "std.order", "run.no.std.rp", "standard order"}
_POINT = {"pttype", "point type", "pointtype", "ptype", "space type", "build type", "centerpt",
          "center point"}  # fmt: skip
_BLOCK = {"blocks", "block", "whole plots", "whole plot", "wholeplots", "subplots", "sub plots",
          "split plots"}  # fmt: skip
_PATTERN = re.compile(r"[-+\u22120-9aA]{2,}")
_FACTOR, _RESPONSE = re.compile(r"Factor \d+ (.+)"), re.compile(r"Response \d+ (.+)")
_NOTEBOOK = {"title", "url", "tags", "elabid", "custom_id", "rating", "userid", "fullname", "body",
             "content", "category", "category_title", "category_color", "status", "status_title",
             "status_color", "metadata", "author", "created", "modified", "last modified", "id",
             "date", "link", "doi", "notebook", "page", "project", "owner", "locked"}  # fmt: skip
_PREDICTED = re.compile(r".+_(predicted_mean|predicted_variance|expected_improvement)")


def as_design(table: Table) -> Table | None:
    """A worksheet of JMP, Minitab, Design-Expert or a package of R: the numbers that such programs
    give a run are no settings; None where it is none."""
    hints = {n: hint for n in table.columns if (hint := _of_design(n, table.column(n)))}
    if "standard" not in hints.values() or len(hints) < 2:
        return None
    runs = [n for n, hint in hints.items() if hint == "order"]
    hints |= {n: "ignore" for n, hint in hints.items() if hint == "standard" or n in runs[1:]}
    names = ", ".join(n for n, hint in hints.items() if hint in ("order", "ignore", "context"))
    note = Finding("format", f"read as a design; {names}: the program's own, no settings", "note")
    return replace(table, hints={**table.hints, **hints}, format="design",
                   findings=(*table.findings, note))  # fmt: skip


def _of_design(name: str, cells: list[str]) -> str:
    """What a column is in a design, by its name and cells; empty: nothing that is known."""
    plain = " ".join(name.casefold().split())
    if plain in _STANDARD | _ORDER:
        is_count = sorted(cells, key=_length) == [str(i) for i in range(1, len(cells) + 1)]
        return ("standard" if plain in _STANDARD else "order") if is_count else ""
    if plain in _POINT or (plain == "pattern" and all(map(_PATTERN.fullmatch, cells))):
        return "standard"
    if plain in _BLOCK:
        return "context"
    return "parameter" if _FACTOR.fullmatch(name) else "outcome" if _RESPONSE.match(name) else ""


def _length(cell: str) -> tuple[int, str]:
    return len(cell), cell


def as_bare_design(table: Table) -> Table | None:
    """HistoryError for a design in coded levels, as pyDOE writes it: there are no results in it."""
    columns = [table.column(n) for n in table.columns]
    if columns and all(re.fullmatch(r"\d+(\.0)?", c) for c in columns[0]) and _counts(columns[0]):
        columns = columns[1:]
    levels = [sorted({float(c) for c in cells}) for cells in columns if _all(cells, _is_number)
              and all(cells)]  # fmt: skip
    if len(levels) < max(2, len(columns)) or len(table.rows) < 4:
        return None
    if not (_is_mirrored(levels) or _is_full(levels, columns)):
        return None
    shown = ", ".join(f"{level:g}" for level in levels[0][:5])
    raise HistoryError(
        f"{table.source}: is a design without results: every column holds coded levels ({shown}). "
        "Write the settings that they stand for, give each column its name, and add a column with "
        "what was measured"
    )


def _counts(cells: list[str]) -> bool:
    return [float(c) - float(cells[0]) for c in cells] == [float(i) for i in range(len(cells))]


def _is_mirrored(levels: list[list[float]]) -> bool:
    """Whether all columns have the same few levels, mirrored at 0: -1, 0, 1."""
    first = levels[0]
    mirrored = all(abs(a + b) < 1e-9 for a, b in zip(first, reversed(first), strict=True))
    return mirrored and 2 <= len(first) <= 5 and all(other == first for other in levels)


def _is_full(levels: list[list[float]], columns: list[list[str]]) -> bool:
    """Whether levels count from 0 in every column, and each combination comes once."""
    counted = all(ls == [float(i) for i in range(len(ls))] and len(ls) > 1 for ls in levels)
    rows = set(zip(*columns, strict=True))
    return counted and len(rows) == len(columns[0]) == math.prod(map(len, levels))


def as_notebook(table: Table) -> Table | None:
    """A table of entries of a laboratory's notebook: what it says of an entry is no setting."""
    own = [n for n in table.columns if n.casefold() in _NOTEBOOK]
    told = {n.casefold() for n in own}
    if not ("elabid" in told or {"title", "url"} <= told or {"title", "tags"} <= told):
        return None
    words = {n: "context" for n in own}
    note = Finding(
        "format", f"read as entries of a notebook; {', '.join(own)}: of the entry", "note"
    )
    return replace(table, hints={**table.hints, **words}, format="notebook",
                   findings=(*table.findings, note))  # fmt: skip


def as_edbo(table: Table) -> Table | None:
    """A table of EDBO+: results are PENDING until they come, beside a ``priority``."""
    measured = [n for n in table.columns if "PENDING" in table.column(n)]
    if "priority" not in table.columns or not measured:
        return None
    open_rows = [n for n, cells in table.rows if "PENDING" in cells]
    own = [n for n in table.columns if n == "priority" or _PREDICTED.fullmatch(n)]
    hints = dict.fromkeys(own, "ignore") | dict.fromkeys(measured, "outcome")
    before = tuple(n for n in table.columns if n not in hints)
    hints |= {n: "context" if _is_property(table, n, before) else "parameter" for n in before}
    text = f"read as a table of EDBO+; {len(open_rows)} conditions are still to be done"
    notes = [Finding("format", text, "note")]
    if told := [n for n in before if hints[n] == "context"]:
        text = f"{', '.join(told)} follow from a kind in the same row: its properties, no settings"
        notes.append(Finding("properties", text))
    return replace(table, hints=hints, format="EDBO+", findings=(*table.findings, *notes),
                   declared=Declaration(chosen_by="EDBO+"))  # fmt: skip


def _is_property(table: Table, name: str, before: tuple[str, ...]) -> bool:
    """Whether numbers are one for each level of a column of words."""
    cells = table.column(name)
    if not _all(cells, _is_number) or len(set(cells)) < 2:
        return False
    for other in before:
        kinds = table.column(other)
        pairs = set(zip(kinds, cells, strict=True))
        if not _all(kinds, _is_number) and len(pairs) == len(set(kinds)) < len(kinds):
            return True
    return False


def _all(cells: list[str], test: Callable[[str], bool]) -> bool:
    return all(test(c) for c in cells if c)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
