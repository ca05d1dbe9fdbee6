"""What people named or wrote never becomes a formula of a spreadsheet, and comes back as it was."""

import csv
import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executors.table.cells import read_table as read_lookup
from executors.testing.laboratory import decide, inject, laboratory, two_stages
from planner.desk.conditions import read_conditions
from planner.loop.laboratory import Laboratory
from planner.record.decision import Verdict
from planner.store.transfer import export_campaign
from planner.tables.formulas import csv_text, inert, meant
from planner.tables.plain import write_plain
from planner.tables.reading import read_table
from ui.parts.sheet import as_text, csv_of

LIVE = ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "＝1+1", "'=1+1"]
ROOT = Path(__file__).parents[2]


@given(st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert meant(inert(text)) == text


@pytest.mark.parametrize("text", LIVE)
def test_no_cell_begins_a_formula(text: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_text([[text, "T"]]), newline=""))
    assert row == [f"'{text}", "T"]
    assert len(list(csv.reader(io.StringIO(csv_text([["x\r=1+1", "y\n=1+1"]]), newline="")))) == 1


def test_numbers_and_marks_of_missing_cells_stay_as_they_are() -> None:
    assert csv_text([[-1.5, "-1,5", "+2e-3", "-", None, 3]]) == '-1.5,"-1,5",+2e-3,-,,3\r\n'


def campaign_of(tmp_path: Path) -> Laboratory:
    parameters = {
        "=T": {"kind": "range", "low": -900, "high": 900, "unit": "degC"},
        "@route": {"kind": "choice", "values": ["=SPS", "+HIP", "-"]},
    }
    content = two_stages(parameters=parameters)
    return laboratory(tmp_path, content | {"constraints": []})


def test_an_export_is_read_back_equal(tmp_path: Path) -> None:
    lab = campaign_of(tmp_path)
    trial = inject(lab.store, lab.campaign("test"), **{"=T": -700.5, "@route": "=SPS"})
    decide(lab.store, trial, Verdict.APPROVED)
    export_campaign(lab.store, "test", tmp_path / "test.zip")
    with zipfile.ZipFile(tmp_path / "test.zip") as archive:
        text = archive.read("trials.csv").decode("utf-8-sig")
    assert ",'=T (degC),'@route," in text
    assert ",-700.5,'=SPS," in text
    (tmp_path / "trials.csv").write_text(text)
    table = read_table(tmp_path / "trials.csv")
    write_plain(table, tmp_path / "plain.csv")
    for again in (table, read_table(tmp_path / "plain.csv")):
        assert "@route" in again.columns
        assert again.column("@route") == ["=SPS"]
        assert any(column.startswith("=T") for column in again.columns)


def test_conditions_and_lookup_tables_are_read_as_they_are_meant(tmp_path: Path) -> None:
    lab = campaign_of(tmp_path)
    text = csv_text([["=T", "@route", "reason"], [-5, "+HIP", "=because"]])
    (row,) = read_conditions(lab.campaign("test"), lab.store.snapshot("test"), text)
    assert (row.point, row.reason) == ({"=T": -5.0, "@route": "+HIP"}, "=because")
    (tmp_path / "lookup.csv").write_text(text)
    (found,) = read_lookup(tmp_path / "lookup.csv", {"=T"})
    assert found == {"=T": -5.0, "@route": "+HIP", "reason": "=because"}


def test_a_sheet_of_the_panel_holds_no_formula() -> None:
    at = pd.Timestamp("2026-01-02")
    frame = as_text(pd.DataFrame({"=T": [-1.5, None], "note": ["=x", None], "at": [at, at]}))
    assert list(frame.columns) == ["'=T", "note", "at"]
    assert frame["note"][0] == "'=x"
    assert frame.dtypes["'=T"] == "float64"
    assert (
        csv_of(pd.DataFrame({"=T": [-1.5], "note": ["x\r=1"]})) == '\'=T,note\r\n-1.5,"x\r=1"\r\n'
    )
    assert frame.dtypes["at"] == "datetime64[us]"


def test_csv_is_written_in_one_way() -> None:
    """Names and words go through ``csv_text`` or a sheet; the rest writes fixed heads and numbers."""
    numbers_only = {"executors/magnet/output.py"}
    ours = {"planner/tables/formulas.py": "csv.writer(", "ui/parts/sheet.py": "st.dataframe("}
    for room in ("planner", "executors", "flows", "ui"):
        for file in (ROOT / room).rglob("*.py"):
            name = str(file.relative_to(ROOT))
            found = [
                w
                for w in ("csv.writer(", "DictWriter(", ".to_csv(index", "st.dataframe(")
                if w in file.read_text()
            ]
            assert not found or name in numbers_only | ours.keys(), (name, found)
