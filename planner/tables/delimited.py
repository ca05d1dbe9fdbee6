"""Text as a grid of cells: which character stands between two cells, and which lines are none."""

import csv
import io
import re
from collections import Counter

from planner.door.bounds import check_size
from planner.door.refused import Refused
from planner.tables.formulas import meant
from planner.tables.table import Finding

type NumberedLines = list[tuple[int, list[str]]]

DELIMITERS = {"\t": "tabulators", ";": "semicolons", "|": "vertical bars", ",": "commas"}
"""In the order in which they are believed: a decimal comma is no delimiter."""
CONSISTENT = 0.8
"""Share of the lines that must have the same number of cells."""


def grid_of(text: str) -> tuple[NumberedLines, list[Finding]]:
    """(Line, cells) of every line that is not blank, and how the lines were cut."""
    delimiter = _delimiter(text)
    if delimiter is None:
        pattern = re.compile(r"\s+")
        lines = [(i, line.strip()) for i, line in enumerate(text.splitlines(), 1)]
        several = sum(bool(pattern.search(line)) for _, line in lines)
        if several < CONSISTENT * sum(bool(line) for _, line in lines):
            return [(i, [line]) for i, line in lines if line], []
        grid = [(i, pattern.split(line)) for i, line in lines if line]
        return grid, [Finding("delimiter", "cells are cut at blanks", "note")]
    grid = _cut(text, delimiter)
    if delimiter == ",":
        return grid, []
    return grid, [Finding("delimiter", f"cells are cut at {DELIMITERS[delimiter]}", "note")]


def _delimiter(text: str) -> str | None:
    for delimiter in DELIMITERS:
        widths = Counter(len(cells) for _, cells in _cut(text, delimiter) if any(cells))
        if not widths:
            continue
        wide = Counter({w: n for w, n in widths.items() if w > 1})
        if wide and wide.most_common(1)[0][1] >= CONSISTENT * sum(widths.values()):
            return delimiter
    several = [d for d in DELIMITERS if any(len(cells) > 1 for _, cells in _cut(text, d))]
    return max(several, key=lambda d: text.count(d)) if several else None


def _cut(text: str, delimiter: str) -> NumberedLines:
    """Cells as they are meant, without blanks at their ends; the line is the one on which a row
    begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    grid: NumberedLines = []
    before = count = 0
    try:
        for row in reader:
            cells = [meant(cell.strip()) for cell in row]
            if any(cells):
                grid.append((before + 1, cells))
            count += len(row)
            check_size(len(grid), 0, count)
            before = reader.line_num
    except csv.Error as error:
        raise Refused(f"is no table that can be read (line {reader.line_num}: {error})") from error
    return grid
