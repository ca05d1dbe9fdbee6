"""Cells of a CSV or TSV file, as text. Says what is wrong with a file; knows no campaign."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from planner.history.mapping import HistoryError

type Cells = dict[str, str]

_GIT_LFS = "version https://git-lfs"


def read_table(path: Path, header: Sequence[str] | None = None) -> list[tuple[int, Cells]]:
    """The rows as (line in the file, cell by column); the first line is 1.

    ``header`` names the columns of a file that has no header line. HistoryError where the file
    cannot be read, is empty, or has a line with more or fewer cells than columns.
    """
    text = _text(path)
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first else ",")
    lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(row)]
    columns = list(header) if header else lines.pop(0)[1] if lines else []
    _check(path, columns, lines)
    return [(number, dict(zip(columns, cells, strict=True))) for number, cells in lines]


def _text(path: Path) -> str:
    """The file as text, without a byte-order mark."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise HistoryError(f"{path.name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise HistoryError(f"{path.name}: is not UTF-8 text (byte {error.start})") from error
    if text.startswith(_GIT_LFS):
        raise HistoryError(
            f"{path.name}: is a Git-LFS pointer, not the table itself; run 'git lfs pull' there"
        )
    return text


def _check(path: Path, columns: list[str], lines: list[tuple[int, list[str]]]) -> None:
    doubled = sorted({c for c in columns if columns.count(c) > 1})
    if doubled:
        raise HistoryError(f"{path.name}: column {', '.join(map(repr, doubled))} stands twice")
    if not lines:
        raise HistoryError(f"{path.name}: the table is empty")
    for number, cells in lines:
        if len(cells) != len(columns):
            raise HistoryError(
                f"{path.name}: row {number} has {len(cells)} cells for {len(columns)} columns"
            )
