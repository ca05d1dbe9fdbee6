"""Names are text on every page: what looks like Markdown or HTML is shown and not taken."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import ui
from planner.loop.laboratory import Laboratory
from planner.replay.figures import figures
from planner.replay.forecasts import PrequentialReport
from planner.replay.pictures import png
from tests.planner.history_tables import HEALTHY
from tests.ui.hostile import HTML, evil, taken
from tests.ui.hostile_record import WHO, hostile_laboratory

PAGES = ("inbox", "inject", "hypotheses", "trials", "campaign", "audit")


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    """A record that is evil in all its words, and the panel on it."""
    monkeypatch.setenv("KYOSO_DATA", str(tmp_path))
    monkeypatch.delenv("KYOSO_DATABASE", raising=False)
    lab = hostile_laboratory(tmp_path)
    yield lab
    lab.store.close()
    st.cache_resource.clear()


def opened(page: str, **state: object) -> AppTest:
    program = f"from ui.pages import {page}\nfrom ui.parts import frame\nframe.show({page}.page, 'A page', frame.visit())\n"
    app = AppTest.from_string(program, default_timeout=60)
    app.session_state.who = WHO
    for name, value in state.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("page", PAGES)
def test_every_page(lab: Laboratory, page: str) -> None:
    assert taken(opened(page)) == []


def test_every_trial_in_full(lab: Laboratory) -> None:
    for trial in lab.store.snapshot("test").trials:
        assert taken(opened("trials", trial=trial.number)) == []


def test_what_is_said_of_an_action(lab: Laboratory) -> None:
    app = opened("inbox", notice=("success", evil("done")), **{"fault:": evil("fault")})
    assert evil("done") not in [m.value for m in app.success]
    assert taken(app) == []


class Uploaded(BytesIO):
    """What the uploader gives."""

    name = ""
    file_id = "1"


@pytest.mark.parametrize("name", ["furnace.csv", "![a](x)<a>.csv"])
def test_a_table_that_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(Uploaded, "name", name)
    monkeypatch.setenv("KYOSO_DATA", str(tmp_path))
    content = HEALTHY.replace("strength", evil("s"), 1)
    monkeypatch.setattr(
        "streamlit.file_uploader",
        lambda *_, key, **__: Uploaded(content.encode()) if key == "table" else None,
    )
    program = "from ui.pages import imports\nfrom ui.parts import frame\nframe.bare(imports.page, 'A page')\n"
    app = AppTest.from_string(program, default_timeout=60).run()
    assert not app.exception
    assert not app.error  # the campaign gets a name of ours
    assert taken(app) == []


FORECAST = {
    "lines": [1], "batch": 1, "middle": 2, "low": 1, "high": 3, "value": 2.5, "z": 0.5, "log_score": 0,
    "log_score_plain": 0, "rank": 1, "candidates": 2,
}  # fmt: skip
COURSE = {"name": evil("c"), "batches": 2, "how": evil("h"), "forecasts": [FORECAST, FORECAST]}
JUDGED = {
    "unit": "T", "n": 2, "courses": [COURSE], "coverage": {"0.9": 0.9}, "coverage_90": 0.9,
    "coverage_90_by_chance": [0.5, 1], "rms_z": 1, "verdict": "honest", "log_score": 0,
    "log_score_without_model": 0, "rank_of_chosen": None,
}  # fmt: skip
WALKED = {
    "mode": "prequential", "name": evil("name"), "order": evil("order"), "mapping": {}, "notes": [],
    "outcomes": {evil("$\\y$"): JUDGED}, "versions": {},
}  # fmt: skip


def test_figures_and_pictures_of_a_replay() -> None:
    report = PrequentialReport.model_validate(WALKED)
    for figure in figures(report).values():
        assert not HTML.search(figure.to_json().replace("\\u003c", "<"))
    assert png(report).startswith(b"\x89PNG")


def test_tables_and_badges_have_one_way_each() -> None:
    """Streamlit takes cells of a table for Markdown, and escapes brackets of a badge once more."""
    for file in Path(ui.__file__).parent.rglob("*.py"):
        text = file.read_text()
        assert "st.table(" not in text or file.name == "sheet.py", file
        assert not re.search(r"badge\(\s*plain\(", text), file
