"""Tables from outside are bounded before memory is taken: each is refused by its own words."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.door import bounds
from planner.tables.reading import read_table
from planner.tables.table import HistoryError
from tests.planner.door.workbooks import SHEET, with_part, workbook


def refused(path: Path, said: str) -> None:
    with pytest.raises(HistoryError, match=f"^{path.name}: .*{said}") as error:
        read_table(path)
    assert "\n" not in str(error.value)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds so small that harmless tables reach them."""
    monkeypatch.setattr(bounds, "ROWS", 50)
    monkeypatch.setattr(bounds, "COLUMNS", 10)
    monkeypatch.setattr(bounds, "CELLS", 200)


def lines(rows: int, columns: int) -> str:
    return "\n".join(",".join(str(r * c % 7) for c in range(columns)) for r in range(rows))


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        (60, 2, "has 60 rows; at most 50"),
        (5, 11, "has 11 columns; at most 10"),
        (45, 9, "has .* cells .*; at most 200"),
    ],
)
def test_a_table_has_so_many_rows_columns_and_cells(
    tmp_path: Path, small: None, rows: int, columns: int, said: str
) -> None:
    text = tmp_path / "t.csv"
    text.write_text(lines(rows, columns))
    refused(text, said if "cells" in said or "col" in said else "at most")
    objects = tmp_path / "t.json"
    objects.write_text(json.dumps([{f"c{c}": r for c in range(columns)} for r in range(rows)]))
    refused(objects, said)


def test_objects_with_names_of_their_own_are_counted_as_the_table_they_make(
    tmp_path: Path, small: None
) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps([{f"c{r}": 1} for r in range(11)]))
    refused(path, "has 11 columns")


def test_a_file_has_so_many_bytes(tmp_path: Path) -> None:
    for name in ("t.csv", "t.xlsx", "t.json"):
        (tmp_path / name).touch()
        os.truncate(tmp_path / name, 10**12)
        refused(tmp_path / name, "has 1000 GB; at most 100 MB are read")


def test_a_pipe_is_no_table(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "t.csv")
    refused(tmp_path / "t.csv", "is a pipe, not a plain file")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 5000, "nested too deeply"),
        ('{"a": ' * 30 + "1" + "}" * 30, "more than 20 levels"),
        ('[{"a": ' + "9" * 5000 + "}]", "whole number of too many digits"),
        ('[{"a": 1}, {"a"', r"is no JSON \(line 1, column 16"),
        ("[" + "1," * 2_000_000 + "1]", "holds about 2000001 values; at most 2000000"),
    ],
)
def test_json_is_bounded_and_its_faults_are_placed(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(text)
    refused(path, said)


def test_what_is_called_like_an_ax_snapshot_need_not_be_one(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('[{"experiment": 1.5, "y": 1}, {"experiment": 2, "y": 3}]')
    assert read_table(path).columns == ("experiment", "y")
    path.write_text('{"experiment": 1.5}')
    assert len(read_table(path).rows) == 1


def test_a_cell_may_be_so_long(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1," + "x" * 200_000 + "\n")
    refused(path, r"is no table that can be read \(line 2")


XML = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def sheet(body: bytes) -> Callable[[bytes], bytes]:
    return lambda _: XML + body + b"</worksheet>"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (sheet(b'<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>'), "16384 columns"),
        (sheet(b'<sheetData><row r="999999"><c r="A999999"/></row></sheetData>'), "999999 rows"),
        (sheet(b'<mergeCells><mergeCell ref="A1:B999999"/></mergeCells>'), "merged cells without end"),
        (sheet(b"<a>" * 60 + b"</a>" * 60), "nests more than 50 levels"),
        (lambda part: b"<!DOCTYPE x>" + part.partition(b"?>")[2], "defines words of its own"),
        (lambda part: part[:-30], "is no XML"),
        (lambda part: part + b" " * 20_000_000, "packed to less than a part in 200"),
    ],
)  # fmt: skip
def test_a_workbook_is_looked_over_before_the_library_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[bytes], bytes], said: str
) -> None:
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_, **more: pytest.fail("it was opened"))
    refused(with_part(workbook(tmp_path / "t.xlsx"), SHEET, change), said)


def test_what_a_workbook_promises_in_all_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.tables.workbook.TABLE", 8000)
    refused(workbook(tmp_path / "t.xlsx"), "unpacks to .*; at most 8000 bytes")


def test_pictures_in_a_workbook_are_not_opened(tmp_path: Path) -> None:
    path = with_part(workbook(tmp_path / "t.xlsx"), "xl/media/image1.png", lambda _: b"no picture")
    assert len(read_table(path).rows) == 12


def test_the_list_of_an_archive_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.door.archive.DIRECTORY", 1000)
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
        for i in range(20):
            archive.writestr(f"part {i}", "")
    refused(tmp_path / "t.xlsx", "lists .* of parts")


def test_an_archive_that_is_no_workbook_is_told_once(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
        archive.writestr("notes.txt", "no sheet")
    with pytest.raises(HistoryError, match=r"^t\.xlsx: is no readable workbook: "):
        read_table(tmp_path / "t.xlsx")
