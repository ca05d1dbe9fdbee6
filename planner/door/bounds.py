"""How much is taken from outside. Each bound is far above what laboratories have, and far below
what fills a machine."""

from collections.abc import Mapping
from typing import Any

from planner.door.refused import Refused

MB = 1_000_000
TEXT = 2 * MB
"""Bytes of a file that people write: a campaign, a magnet, a mapping, a reply, a law."""
TABLE = 100 * MB
"""Bytes of a table of past experiments, however it is written; of a workbook, unpacked."""
MAP = 200 * MB
"""Bytes of an orientation map: three million points. Read as text it takes eight times as much."""
STACK = 4_000 * MB
"""Bytes of an image stack, unpacked: a volume of 1587 voxels along each axis in 8 bits, 1260 in 16.
As greys it takes four bytes a voxel."""
SLICES = 20_000
"""Files in a folder of slices."""
ARTIFACT = 20_000 * MB
"""Bytes of a file that is kept with a trial; it is copied in parts and never read whole."""
RECORD = 200 * MB
"""Bytes of the record in an exported campaign, unpacked."""
PICTURE = 50 * MB
"""Bytes of a picture that is shown; a larger one is only handed out."""
PIXELS = 50_000_000
ROWS, COLUMNS, CELLS = 200_000, 400, 1_200_000
"""Of a table with its header: 100,000 rows of ten columns and more. Imported in half a minute."""
VALUES = 2_000_000
"""Values in one JSON text: numbers, words, lists and objects."""
RECORD_VALUES = 10_000_000
"""Values in the record of an exported campaign."""
WRITTEN, NESTED = 100_000, 50
"""Values in a text that people write (parsing them takes ten seconds), and how deep they lie."""
_MARKS = (",", "[", "{", ": ", "- ", "? ", "\n")
"""In YAML each value but the first follows one of these."""
LONGEST_NUMBER = 1000
"""Bits of a whole number; a larger one fits into no ``float``."""
DEPTH = 20
"""Levels of a JSON object that becomes one row of a table."""


def check_size(rows: int, columns: int, cells: int | None = None) -> None:
    """Refused where a table of this size would be too large; ``cells`` where not every row has
    every column."""
    if rows > ROWS:
        raise Refused(f"has {rows} rows; at most {ROWS} are read")
    if columns > COLUMNS:
        raise Refused(f"has {columns} columns; at most {COLUMNS} are read")
    if (count := rows * columns if cells is None else cells) > CELLS:
        raise Refused(f"has {count} cells ({rows} rows); at most {CELLS} are read")


def check_written(text: str) -> None:
    """Refused where a text holds more values than a person writes, before it is parsed."""
    if (most := sum(map(text.count, _MARKS))) > 2 * WRITTEN:  # a line is a mark, and has one
        raise Refused(f"holds about {most // 2} values; at most {WRITTEN} are read")


def check_values(content: Any, most: int = WRITTEN) -> None:
    """Refused where plain data are larger or deeper than a person writes; what is repeated by
    reference counts every time."""
    waiting, count = [(content, 0)], 0
    while waiting:
        item, depth = waiting.pop()
        count += 1
        if count > most or depth > NESTED:
            what = f"{most} values" if count > most else f"{NESTED} levels"
            raise Refused(f"holds more than {what}; so much is not read")
        if isinstance(item, Mapping):
            waiting += [(part, depth + 1) for pair in item.items() for part in pair]
        elif isinstance(item, list | tuple | set):
            waiting += [(part, depth + 1) for part in item]
        elif isinstance(item, int) and item.bit_length() > LONGEST_NUMBER:
            raise Refused("holds a whole number of too many digits")


def size(count: int) -> str:
    """Bytes as people say them.

    >>> size(20_000_000_000), size(1_500_000), size(900)
    ('20 GB', '1.5 MB', '900 bytes')
    """
    if count >= 1000 * MB:
        return f"{count / MB / 1000:.5g} GB"
    return f"{count / MB:.4g} MB" if count >= 0.1 * MB else f"{count} bytes"
