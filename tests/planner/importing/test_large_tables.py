"""Tables as large as are read at all are imported in reasonable time, whatever is odd in them."""

import math
import time
from pathlib import Path

from planner.door.bounds import CELLS, check_size
from planner.importing.importing import import_table

ROWS = 100_000
SECONDS = 40
"""Of computing; 5 on a quiet machine. What looks at each pair of rows takes many minutes."""


def test_a_hundred_thousand_rows_of_ten_columns_are_within_the_bounds() -> None:
    check_size(ROWS + 1, 10)
    assert CELLS < 2 * ROWS * 10  # as many as were measured


def test_odd_cells_by_the_thousand_are_told_in_one_pass(tmp_path: Path) -> None:
    table = tmp_path / "furnace.csv"
    table.write_text("\n".join(["heat (K);rate;hold (h);strength", *map(_row, range(ROWS))]))
    began = time.process_time()
    found = import_table([table])
    assert time.process_time() - began < SECONDS
    odd = next(f for f in found.findings if f.code == "not-a-number")
    assert len(odd.rows) == ROWS // 5


def _row(i: int) -> str:
    odd = f"x{i}" if i % 5 == 0 else f"{500 + i % 300}"
    return f"{odd};{1 + i % 9},{i % 1000:03};{i % 7};{100 + 50 * math.sin(i):.3f}"


def test_a_wide_table_is_searched_for_parts_of_a_whole(tmp_path: Path) -> None:
    table, columns = tmp_path / "wide.csv", 300
    names = [f"p{i}" for i in range(columns)]
    rows = [",".join(f"{(i * j * 7919) % 1000 / 10}" for j in range(columns)) for i in range(1000)]
    parts = [f"{i % 10},{(i * 3) % 17},{100 - i % 10 - (i * 3) % 17}" for i in range(1000)]
    lines = [
        f"{row},{share},{i % 89}" for i, (row, share) in enumerate(zip(rows, parts, strict=True))
    ]
    table.write_text("\n".join([",".join([*names, "Ba (%),K (%),Fe (%)", "strength"]), *lines]))
    began = time.process_time()
    found = import_table([table])
    assert time.process_time() - began < SECONDS
    assert [c.columns for c in found.proposal.guess.compositions] == [("Ba (%)", "K (%)", "Fe (%)")]
