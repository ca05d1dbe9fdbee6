"""Every format of tables keeps the contract."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from executors.testing import TableReaderContract
from planner.tables import reading
from planner.tables.reading import read_table

type Rows = Sequence[Sequence[object]]


def objects(columns: Sequence[str], rows: Rows) -> list[dict[str, object]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def save(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


class TestCsv(TableReaderContract):
    suffix, delimiter = ".csv", ","

    def write(self, path: Path, columns: Sequence[str], rows: Rows) -> None:
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=self.delimiter).writerows([columns, *rows])


class TestTsv(TestCsv):
    suffix, delimiter = ".tsv", "\t"


class TestSemicolons(TestCsv):
    delimiter = ";"


class TestExcel(TableReaderContract):
    suffix = ".xlsx"

    def write(self, path: Path, columns: Sequence[str], rows: Rows) -> None:
        book = Workbook()
        for row in [columns, *rows]:
            book.active.append(list(row))
        book.save(path)


class TestJson(TableReaderContract):
    suffix = ".json"

    def write(self, path: Path, columns: Sequence[str], rows: Rows) -> None:
        save(path, objects(columns, rows))


class TestJsonColumns(TableReaderContract):
    suffix = ".json"

    def write(self, path: Path, columns: Sequence[str], rows: Rows) -> None:
        save(path, dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))


class TestJsonLines(TableReaderContract):
    suffix = ".jsonl"

    def write(self, path: Path, columns: Sequence[str], rows: Rows) -> None:
        lines = [json.dumps(row, ensure_ascii=False) for row in objects(columns, rows)]
        path.write_text("\n".join(lines), encoding="utf-8")


class TestAx(TableReaderContract):
    suffix = ".json"

    def write(self, path: Path, columns: Sequence[str], rows: Rows) -> None:
        *settings, metric = columns
        trials, data = {}, {}
        for i, row in enumerate(objects(columns, rows)):
            arm = {"parameters": {name: row[name] for name in settings}}
            trials[str(i)] = {"status": {"name": "COMPLETED"}, "generator_run": {"arms": [arm]}}
            if row[metric] is not None:
                frame = {
                    "metric_name": {"0": metric},
                    "mean": {"0": row[metric]},
                    "sem": {"0": None},
                }
                data[str(i)] = {"value": [[0, {"df": {"value": json.dumps(frame)}}]]}
        space = {"parameters": [{"name": name} for name in settings]}
        goal = {"objective": {"expression": metric}}
        experiment = {
            "search_space": space,
            "optimization_config": goal,
            "trials": trials,
            "data_by_trial": data,
        }
        save(path, {"experiment": experiment})


TESTS = [TestCsv, TestExcel, TestJson, TestJsonColumns, TestJsonLines, TestAx]


def test_each_of_them_is_another_format(tmp_path: Path) -> None:
    formats = {read_table(test().written(tmp_path)).format for test in TESTS}
    assert formats == {"text", "Excel", "JSON", "JSON columns", "JSON lines", "Ax"}


@pytest.mark.parametrize("suffix", reading.READERS)
def test_no_reader_is_left_out(suffix: str) -> None:
    assert reading.READERS[suffix] is reading.READERS[TestExcel.suffix]
