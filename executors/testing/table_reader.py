"""What every format of tables promises: columns and cells come back as they were written, and a
damaged file is a ``HistoryError`` that says why."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from executors.testing.map_reader import harmed
from planner.tables.reading import read_table
from planner.tables.table import HistoryError, Table, is_missing

COLUMNS = ("heat", "route", "strength")
ROWS: tuple[tuple[object, ...], ...] = (
    (600, "SPS", 61.25),
    (650, "HIP", 70.5),
    (700, "SPS", None),
    (750, "HIP", 1.5e-7),
    (675, "SPS", -3.0),
)
"""Whole numbers, words, numbers, and one measurement that is missing."""


class TableReaderContract:
    """Override ``write`` and ``suffix``."""

    suffix = ""
    """How names of such files end, with the dot."""

    def write(self, path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Write a table as the program that makes such files would; None is a missing value."""
        raise NotImplementedError

    def read(self, path: Path) -> Table:
        """The table, as everybody gets it."""
        return read_table(path)

    def written(self, folder: Path, columns: Sequence[str] = COLUMNS) -> Path:
        """A healthy file."""
        path = folder / f"table{self.suffix}"
        self.write(path, columns, ROWS)
        return path

    def test_columns_and_cells_come_back(self, tmp_path: Path) -> None:
        table = self.read(self.written(tmp_path))
        for name, values in zip(COLUMNS, zip(*ROWS, strict=True), strict=True):
            cells = table.column(name)
            assert len(cells) == len(ROWS)
            for cell, value in zip(cells, values, strict=True):
                if value is None:
                    assert is_missing(cell)
                elif isinstance(value, str):
                    assert cell == value
                else:
                    assert float(cell) == value

    def test_a_healthy_file_is_read_without_a_warning(self, tmp_path: Path) -> None:
        findings = self.read(self.written(tmp_path)).findings
        assert [str(f) for f in findings if f.level != "note"] == []

    def test_names_of_any_script_come_back(self, tmp_path: Path) -> None:
        columns = ("焼結温度", "route", "Stärke")
        table = self.read(self.written(tmp_path, columns))
        assert set(columns) <= set(table.columns)

    def test_every_row_tells_its_place_in_the_file(self, tmp_path: Path) -> None:
        lines = self.read(self.written(tmp_path)).lines
        assert lines[0] >= 1
        assert lines == sorted(set(lines))

    def test_it_says_which_format_it_is(self, tmp_path: Path) -> None:
        table = self.read(self.written(tmp_path))
        assert table.format
        assert table.source == f"table{self.suffix}"

    def test_reading_changes_no_file(self, tmp_path: Path) -> None:
        path = self.written(tmp_path)
        before = path.read_bytes()
        self.read(path)
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]

    def test_an_empty_file_is_refused_by_name(self, tmp_path: Path) -> None:
        path = self.written(tmp_path)
        path.write_bytes(b"")
        with pytest.raises(HistoryError, match=path.name):
            self.read(path)

    def test_a_file_that_is_not_there_is_refused_by_name(self, tmp_path: Path) -> None:
        with pytest.raises(HistoryError, match=f"none{self.suffix}"):
            self.read(tmp_path / f"none{self.suffix}")

    def test_any_damage_is_a_plain_error_or_a_table(self, tmp_path: Path) -> None:
        """Bytes cut off, changed, left out or doubled: never anything but HistoryError."""
        path = self.written(tmp_path)
        whole, random = path.read_bytes(), np.random.default_rng(0)
        for _ in range(60):
            path.write_bytes(harmed(whole, random))
            try:
                table = self.read(path)
            except HistoryError:
                continue
            assert all(len(cells) == len(table.columns) for _, cells in table.rows)
