"""A table of history as plain text cells under names, and what was noticed about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from models.error import KyosoError
from planner.tables.declaration import Declaration

type Cells = dict[str, str]
type Level = Literal["error", "warning", "note"]

SHOWN = 8
"""Row numbers that a message lists; where there are more it gives their count."""
RAGGED = "ragged-row"
"""Code of the finding that a row has more or fewer cells than there are columns."""
MISSING = frozenset(
    {"", "nan", "na", "n/a", "n.a.", "n.d.", "nd", "none", "null", "-", "--", "—", "?"}
    | {"pending", "tbd", "todo", "未測定", "未", "なし", "欠測"}
)
"""Cells, in lower case, that mean among numbers: no value."""
BLANK = frozenset({"", "nan"})
"""Cells, in lower case, that mean among words: nothing. ``Na`` and ``none`` are words."""


class HistoryError(KyosoError, ValueError):
    """A past campaign that cannot be read or replayed; the message names the file and the place."""


@dataclass(frozen=True)
class Finding:
    """Something about a table that a person should know; nothing was repaired because of it."""

    code: str
    """A short name of the kind, such as ``duplicate-rows``."""
    text: str
    level: Level = "warning"
    """error: the table cannot be used as it is; warning: look at it; note: this is how it was
    read."""
    column: str = ""
    rows: tuple[int, ...] = ()
    """Lines of the file, or rows of the sheet; the first is 1."""

    def __str__(self) -> str:
        """The message with its column and rows."""
        place = f"column {self.column!r}: " if self.column else ""
        rows = f" ({listed_rows(self.rows)})" if self.rows else ""
        return place + self.text + rows


@dataclass(frozen=True)
class Table:
    """Rows of text cells; numbers are written with a decimal point and nothing else."""

    source: str
    """Name of the file."""
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Line in the file, and one cell for each column."""
    units: dict[str, str] = field(default_factory=dict)
    """By column, as the table writes them."""
    hints: dict[str, str] = field(default_factory=dict)
    """By column, the role that the file's format states."""
    findings: tuple[Finding, ...] = ()
    format: str = "text"
    declared: Declaration | None = None
    """What the file itself says of its campaign."""

    def column(self, name: str) -> list[str]:
        """The cells of a column, in the order of the file."""
        i = self.columns.index(name)
        return [cells[i] for _, cells in self.rows]

    @property
    def lines(self) -> list[int]:
        """The line of each row."""
        return [line for line, _ in self.rows]

    def cells(self) -> list[tuple[int, Cells]]:
        """The rows as (line, cell by column)."""
        return [(line, dict(zip(self.columns, row, strict=True))) for line, row in self.rows]


def is_missing(cell: str) -> bool:
    """Whether a cell among numbers says that there is no value."""
    return cell.strip().lower() in MISSING


def is_blank(cell: str) -> bool:
    """Whether a cell among words holds nothing; NaN is what programs write for an empty cell."""
    return cell.strip().lower() in BLANK


def listed_rows(rows: Sequence[int]) -> str:
    """``rows 3, 5 to 9`` in few words."""
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], row]
        else:
            runs.append([row, row])
    shown = [str(a) if a == b else f"{a} to {b}" for a, b in runs[:SHOWN]]
    more = f" and more, {len(set(rows))} in all" if len(runs) > SHOWN else ""
    return ("row " if len(set(rows)) == 1 else "rows ") + ", ".join(shown) + more
