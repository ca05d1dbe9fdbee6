"""A grid of cells as a table: title rows, the header, rows of units or types, and the data."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from planner.campaign.units import check_unit
from planner.tables.delimited import NumberedLines
from planner.tables.numbers import could_be_number
from planner.tables.table import RAGGED, Finding, is_missing

FULL = 0.6
"""Share of the table's width that a header has to fill."""
_SUMMARY = {
    "average",
    "avg",
    "mean",
    "total",
    "sum",
    "median",
    "max",
    "min",
    "平均",
    "合計",
    "標準偏差",
}
_TYPES = {"data", "metadata", "float", "int", "integer", "str", "string", "object", "number",
          "continuous", "categorical", "discrete"}  # fmt: skip
_UNIT_WORDS = {"-", "%", "a.u.", "1", "au", "c", "deg c", "f", "gs"}


class Headed(NamedTuple):
    """Columns by name, rows of as many cells, units by column, and what was noticed."""

    columns: list[str]
    rows: NumberedLines
    units: dict[str, str]
    hints: dict[str, str]
    findings: list[Finding]


def headed(grid: NumberedLines, header: Sequence[str] | None = None) -> Headed:
    """``header`` names the columns of a file that has none."""
    findings: list[Finding] = []
    grid = _without_comments(grid, findings)
    if not grid:
        return Headed(list(header or []), [], {}, {}, findings)
    if header is None:
        names, body = _header(grid, findings)
    else:
        names, body = list(header), grid
    width = _width(body, len(names))
    names = names + [""] * (width - len(names)) if not header else names
    units, hints, body = _special_rows(names, body, findings)
    body = _without_repeats(names, body, findings)
    columns = _named(names, body, findings)
    rows = _even(columns, body, findings)
    columns, rows = _without_empty(columns, rows)
    by_name = {columns_i: unit for columns_i, unit in _by_name(columns, names, units)}
    marks = {name: role for name, role in _by_name(columns, names, hints)}
    return Headed(columns, rows, by_name, marks, findings)


def _by_name(
    columns: Sequence[str], names: Sequence[str], given: dict[int, str]
) -> list[tuple[str, str]]:
    """What was said of a place, under the name that the place's column got."""
    return [(columns[i], text) for i, text in given.items() if i < min(len(columns), len(names))]


def _without_comments(grid: NumberedLines, findings: list[Finding]) -> NumberedLines:
    """Without lines that begin with #; the last of them may be the header of what follows."""
    marked = [(n, cells) for n, cells in grid if cells[0].startswith("#")]
    if not marked or (len(marked) == 1 and marked[0] == grid[0] and len(grid[0][1]) > 1):
        if marked:  # a header that begins with '#'
            return [(grid[0][0], [grid[0][1][0].lstrip("# "), *grid[0][1][1:]]), *grid[1:]]
        return grid
    rows = tuple(n for n, _ in marked)
    findings.append(Finding("comment-lines", "lines that begin with # are left out", "note",
                            rows=rows))  # fmt: skip
    plain = [(n, cells) for n, cells in grid if not cells[0].startswith("#")]
    number, last = marked[-1]
    joined = [last[0].lstrip("# "), *last[1:]]
    if plain and len(last) == len(plain[0][1]) > 1 and not any(map(could_be_number, joined)):
        return [(number, joined), *plain]
    return plain


def _header(grid: NumberedLines, findings: list[Finding]) -> tuple[list[str], NumberedLines]:
    """The names and the rows below them."""
    top = _place_of_header(grid)
    if top:
        rows = tuple(n for n, _ in grid[:top])
        title = " / ".join(" ".join(c for c in cells if c) for _, cells in grid[:top])[:80]
        findings.append(Finding("title-rows", f"lines above the header are left out: {title!r}",
                                "note", rows=rows))  # fmt: skip
    grid = grid[top:]
    first = grid[0][1]
    if _is_numbered(first):
        findings.append(Finding("numbers-as-names", "the header holds numbers only; columns are "
                                "named 'column 0' and so on", rows=(grid[0][0],)))  # fmt: skip
        return [f"column {name}" if name else "" for name in first], grid[1:]
    if _looks_like_data(first, grid[1:]):
        findings.append(Finding("no-header", "there is no line with names; columns are named "
                                "'column 1' and so on", rows=(grid[0][0],)))  # fmt: skip
        return [f"column {i}" for i in range(1, len(first) + 1)], grid
    return first, grid[1:]


def _place_of_header(grid: NumberedLines) -> int:
    """The fullest line above the first number; headings of groups are less full than names."""
    fills = [sum(bool(c) for c in cells) for _, cells in grid]
    width = max(
        Counter(fills).most_common(1)[0][0], Counter(len(c) for _, c in grid).most_common(1)[0][0]
    )
    full = [i for i, fill in enumerate(fills) if fill >= FULL * width] or [0]
    data = next((i for i in full if any(map(could_be_number, grid[i][1]))), len(grid))
    above = [i for i in full if i < data] or full[:1]
    return max(above, key=lambda i: (fills[i], -i))


def _is_numbered(cells: Sequence[str]) -> bool:
    """0, 1, 2, ... with suffixes such as 0.1 for a second block: names, not data. An index that
    pandas wrote has no name before them."""
    cells = cells[1:] if cells[:1] == [""] else cells
    whole = [c for c in cells if c.isdigit()]
    return (
        len(whole) >= 3
        and [int(c) for c in whole] == list(range(len(whole)))
        and all(re.fullmatch(r"\d+\.\d", c) for c in cells if c not in whole)
        and whole == list(cells[: len(whole)])
    )


def _looks_like_data(first: Sequence[str], below: NumberedLines) -> bool:
    """Whether the first line has numbers where the columns have numbers."""
    sample = [cells for _, cells in below[:50]]
    numeric = [
        i for i in range(len(first))
        if sample and sum(i < len(c) and could_be_number(c[i]) for c in sample) > len(sample) / 2
    ]  # fmt: skip
    return bool(numeric) and sum(could_be_number(first[i]) for i in numeric) > len(numeric) / 2


def _special_rows(
    names: list[str], body: NumberedLines, findings: list[Finding]
) -> tuple[dict[int, str], dict[int, str], NumberedLines]:
    """Units and types below the header, and what is left."""
    units: dict[int, str] = {}
    hints: dict[int, str] = {}
    while body:
        number, cells = body[0]
        if cells[0].upper() in ("TYPE", "UNITS", "UNIT") or _all_types(cells):
            is_type = cells[0].upper() == "TYPE" or _all_types(cells)
            what = "type" if is_type else "unit"
            findings.append(Finding(f"{what}-row", f"the row names the {what}s of the columns and "
                                    "is no experiment", "note", rows=(number,)))  # fmt: skip
            hints |= {i: "context" for i, c in enumerate(cells) if c.upper() == "METADATA"}
            units |= {} if is_type else {i: c for i, c in enumerate(cells) if i and c}
        elif _is_unit_row(cells, body[1:]):
            findings.append(Finding("unit-row", "the row below the header names units and is no "
                                    "experiment", "note", rows=(number,)))  # fmt: skip
            units |= {i: c.strip("()[] ") for i, c in enumerate(cells) if c}
        else:
            return units, hints, body
        body = body[1:]
    return units, hints, body


def _all_types(cells: Sequence[str]) -> bool:
    words = [c.lower() for c in cells if c]
    return len(words) > 1 and all(word in _TYPES for word in words)


def _is_unit_row(cells: Sequence[str], below: NumberedLines) -> bool:
    """Whether cells are units, above columns of numbers, and none is a number itself."""
    filled = [(i, c) for i, c in enumerate(cells) if c]
    if not filled or not below or any(could_be_number(c) and c != "1" for _, c in filled):
        return False
    sample = [row for _, row in below[:20]]
    numeric = [sum(i < len(r) and could_be_number(r[i]) for r in sample) > len(sample) / 2
               for i, _ in filled]  # fmt: skip
    likely = sum(_is_unit(c) for _, c in filled)
    return any(numeric) and likely >= 0.6 * len(filled) and sum(numeric) >= 0.5 * len(filled)


def _is_unit(cell: str) -> bool:
    bare = cell.strip("()[] ")
    if bare.lower() in _UNIT_WORDS or (bare != cell.strip() and bare):
        return True
    try:
        return bool(check_unit(bare))
    except ValueError:
        return False


def _without_repeats(
    names: Sequence[str], body: NumberedLines, findings: list[Finding]
) -> NumberedLines:
    """Without the header said again, and without rows that sum up the others."""
    again = tuple(n for n, cells in body if list(cells) == list(names))
    if again:
        findings.append(Finding("header-again", "the header stands again; the line is left out",
                                "note", rows=again))  # fmt: skip
    summed = tuple(n for n, cells in body if any(c.lower().rstrip(":. ") in _SUMMARY for c in
                   [c for c in cells if c][:1]))  # fmt: skip
    if summed:
        findings.append(Finding("summary-row", "the line sums up others (its first cell says so) "
                                "and is left out", rows=summed))  # fmt: skip
    return [(n, cells) for n, cells in body if n not in {*again, *summed}]


def _width(body: NumberedLines, names: int) -> int:
    """As wide as the header, or by one wider where most rows are (an index without a name)."""
    widths = Counter(len(cells) for _, cells in body)
    usual = widths.most_common(1)[0][0] if widths else names
    return usual if usual == names + 1 else names


def _named(names: Sequence[str], body: NumberedLines, findings: list[Finding]) -> list[str]:
    """A name for every column: none is empty, none stands twice."""
    if body and len(body[0][1]) == len(names) and names and names[-1] == "" and names[0] != "":
        shifted = [cells for _, cells in body[:20]]
        if all(len(c) == len(names) and c[-1] for c in shifted) and _counts(
            [c[0] for c in shifted]
        ):
            names = ["", *names[:-1]]  # an index column whose name was never written
    columns: list[str] = []
    for i, name in enumerate(names):
        name = " ".join(name.split())
        if not name:
            name = "index" if i == 0 and "index" not in names else f"column {i + 1}"
            if any(i < len(cells) and cells[i] for _, cells in body):
                findings.append(Finding("unnamed-column", f"column {i + 1} has no name; it is "
                                        f"called {name!r}", "note", name))  # fmt: skip
        count = sum(c == name or c.startswith(f"{name} (") for c in columns)
        if name in columns:
            other = f"{name} ({count + 1})"
            findings.append(Finding("doubled-name", f"column {name!r} stands twice; the later one "
                                    f"is called {other!r}", "warning", name))  # fmt: skip
            name = other
        columns.append(name)
    return columns


def _counts(cells: Sequence[str]) -> bool:
    """Whether cells count on from 0 or 1."""
    return (
        len(cells) > 1
        and all(c.isdigit() for c in cells)
        and ([int(c) - int(cells[0]) for c in cells] == list(range(len(cells))))
    )


def _even(columns: Sequence[str], body: NumberedLines, findings: list[Finding]) -> NumberedLines:
    """Rows of one width; a row with more or fewer cells is an error and is left out."""
    rows: NumberedLines = []
    for number, cells in body:
        extra = cells[len(columns) :]
        if any(extra) or len(cells) < len(columns):
            text = f"has {len(cells)} cells for {len(columns)} columns"
            findings.append(Finding(RAGGED, text, "error", rows=(number,)))
        else:
            rows.append((number, cells[: len(columns)]))
    return rows


def _without_empty(columns: list[str], rows: NumberedLines) -> tuple[list[str], NumberedLines]:
    """Without columns at the end that hold nothing and have no name of their own."""
    while (
        columns
        and re.fullmatch(r"column \d+", columns[-1])
        and all(is_missing(cells[len(columns) - 1]) for _, cells in rows)
    ):
        columns = columns[:-1]
    return columns, [(n, cells[: len(columns)]) for n, cells in rows]
