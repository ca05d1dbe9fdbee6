"""The pages for past campaigns: a table comes in, a replay runs by itself."""

import io
import json
import re
import tempfile
import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from planner.importing.importing import Import, import_table
from planner.past.history import read_history
from planner.replay import background
from planner.tables.table import HistoryError
from tests.planner.history_tables import HEALTHY
from ui.pages import imports
from ui.views import past

FILES = Path(__file__).parents[1] / "planner" / "tables" / "files"
"""Written by the programs themselves."""


class Upload(io.BytesIO):
    """What the uploader gives."""

    name = "furnace.csv"
    file_id = "1"


def comes(monkeypatch: pytest.MonkeyPatch, table: Upload) -> None:
    """Somebody uploads a table, and no other file."""
    monkeypatch.setattr(
        st, "file_uploader", lambda *_, key, **__: table if key == "table" else None
    )


def read(given: str, content: bytes) -> Import:
    file = Upload(content)
    file.name = given
    return imports._read(imports._named([file]), {})


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KYOSO_DATA", str(tmp_path))
    return tmp_path


def page_of(name: str) -> AppTest:
    program = f"from ui.pages import {name}\nfrom ui.parts import frame\nframe.bare({name}.page, 'A page')\n"
    app = AppTest.from_string(program, default_timeout=60).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return " ".join(
        e.value for e in [*app.markdown, *app.caption, *app.success, *app.error, *app.info]
    )


def test_a_table_is_looked_over_its_questions_answered_and_kept(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes(monkeypatch, Upload(HEALTHY.encode()))
    app = page_of("imports")
    assert [s.value for s in app.subheader] == [
        "1 · What the columns are", "2 · What is odd", "3 · What no table can tell", "4 · Keep it",
    ]  # fmt: skip
    app.selectbox(key="ask:1:outcomes.strength_MPa.goal").set_value("minimize")
    app.text_input(key="history_name:1").set_value("furnace 2")
    app.button[0].click().run()
    assert "furnace 2 is kept" in words(app)
    history = read_history(str(data / "history" / "furnace 2"))
    assert history.campaign.objectives["strength_MPa"].goal == "minimize"
    app.button[0].click().run()
    assert "already; take another name" in words(app)


def test_answers_about_one_table_are_not_taken_for_the_next(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Upload(HEALTHY.encode())
    comes(monkeypatch, file)
    app = page_of("imports")
    app.text_input(key="history_name:1").set_value("furnace 2").run()
    file.name, file.file_id = "oven.csv", "2"
    assert app.run().text_input(key="history_name:2").value == "oven"


def test_what_was_corrected_of_a_table_is_there_after_a_look_at_another_page(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes(monkeypatch, Upload(HEALTHY.encode()))
    app = page_of("imports")
    app.session_state["kept:roles:1"] = {"hold_h": "context"}  # as the editor left it
    del app.session_state["start:roles:1"]
    app.run()
    roles = app.session_state["kept:roles:1"]
    assert roles["hold_h"] == "context"


@pytest.mark.parametrize(
    ("given", "ours"),
    [("furnace (1).csv", "furnace 1"), ("data.csv", "data"), ("11.csv", "table 11")],
)
def test_a_history_gets_a_name_of_ours(
    data: Path, monkeypatch: pytest.MonkeyPatch, given: str, ours: str
) -> None:
    file = Upload(HEALTHY.encode())
    file.name = given
    comes(monkeypatch, file)
    app = page_of("imports")
    assert app.text_input(key="history_name:1").value == ours
    app.button[0].click().run()
    assert f"{ours} is kept" in words(app)


def test_what_is_no_table_is_said(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    comes(monkeypatch, Upload(b"%PDF-1.7"))
    assert "is a PDF" in words(page_of("imports"))


@pytest.mark.parametrize(
    ("declares", "table"),
    [("baybe-pareto.json", "baybe-pareto.csv"), ("bofire-domain.json", "bofire-experiments.csv")],
)
def test_a_table_comes_with_the_file_that_says_its_columns(
    data: Path, declares: str, table: str
) -> None:
    app = page_of("imports")
    app.file_uploader(key="table").upload(table, (FILES / table).read_bytes())
    app.file_uploader(key="declaration").upload(declares, (FILES / declares).read_bytes()).run()
    assert not app.exception
    assert f"{declares} says what its columns are" in words(app).replace("\\", "")
    app.button[0].click().run()
    (kept,) = past.kept(data / "history").values()
    assert names_in(kept) == sorted([declares, table, "mapping.yaml"])
    told = import_table([FILES / table, FILES / declares]).mapping
    assert read_history(str(kept)).mapping.parameters == told.parameters


def test_a_file_that_says_nothing_of_columns_is_named(data: Path) -> None:
    app = page_of("imports")
    app.file_uploader(key="table").upload("furnace.csv", HEALTHY.encode())
    app.file_uploader(key="declaration").upload("notes.json", b'[{"a": 1}, {"a": 2}]').run()
    assert "notes.json: it does not say what the columns of a table are" in words(app)


def test_roles_that_a_person_corrects_change_the_mapping(tmp_path: Path) -> None:
    path = tmp_path / "furnace.csv"
    path.write_text(HEALTHY)
    corrected = {"hold_h": "context", "strength_sd": "ignore"}
    found = import_table([path], corrected=corrected)
    assert list(found.mapping.parameters) == ["heat_C", "route"]
    assert found.mapping.context == ("hold_h",)
    assert found.mapping.outcomes["strength_MPa"].sd is None
    assert past.roles(found).set_index("column").loc["hold_h", "why"] == "as a person says"


@pytest.mark.parametrize(
    "name", ["../x", "", "a/b", ".", "..", "...", " ", " . ", "x.", ".x", " x"]
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "furnace.csv"
    path.write_text(HEALTHY)
    found, said = import_table([path]), f"^{re.escape(repr(name))} is not a name: .* at the ends"
    with pytest.raises(HistoryError, match=said):
        past.keep(found, {}, {}, tmp_path / "data" / "history", name)
    assert names_in(tmp_path) == ["furnace.csv"]


def names_in(folder: Path) -> list[str]:
    """Everything below a folder but the folders themselves."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where everything written may be seen: folders of sessions lie in ``a/b/sessions``."""
    sessions = tmp_path / "a" / "b" / "sessions"
    sessions.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(sessions))
    monkeypatch.setenv("KYOSO_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


ELSEWHERE = [
    ("../../escaped.csv", "escaped.csv"),
    ("../escaped.csv", "escaped.csv"),
    (r"..\..\escaped.csv", "escaped.csv"),
    ("a/b/new/escaped.csv", "escaped.csv"),
    ("{disk}/escaped.csv", "escaped.csv"),
    ("..csv", "table.csv"),
    ("焼結.csv", "焼結.csv"),
    ("esc\udc80aped\n.csv", "escaped.csv"),
    ("温" * 64 + ".csv", "温" * 64 + ".csv"),
]


@pytest.mark.parametrize(("given", "name"), ELSEWHERE)
def test_an_upload_is_written_nowhere_but_in_the_folder_of_its_session(
    disk: Path, given: str, name: str
) -> None:
    given = given.replace("{disk}", str(disk))
    found = read(given, HEALTHY.encode())
    assert (found.table.source, len(found.table.rows)) == (name, 24)
    assert names_in(disk) == []
    kept = past.keep(found, {name: HEALTHY.encode()}, {}, disk / "data" / "history", "furnace 2")
    assert sorted(p.name for p in kept.iterdir()) == sorted([name, "mapping.yaml"])
    assert len(names_in(disk)) == 2
    assert read_history(str(kept)).mapping.table == name


@pytest.mark.parametrize("given", ["..", ".", "", "a/", "\ud800"])
def test_an_upload_without_a_name_of_its_own_is_read_all_the_same(disk: Path, given: str) -> None:
    found = read(given, HEALTHY.encode())
    assert (found.table.source, len(found.table.rows)) == ("table", 24)
    assert names_in(disk) == []


def test_what_is_no_table_is_refused_by_the_last_part_of_its_name(disk: Path) -> None:
    with pytest.raises(HistoryError, match=r"^escaped\.csv: .*is a PDF"):
        read("../../escaped.csv", b"%PDF-1.7")
    assert names_in(disk) == []


@pytest.mark.parametrize("given", ["../../escaped.csv", "{disk}/escaped.csv"])
def test_the_page_keeps_a_table_under_the_last_part_of_its_name(disk: Path, given: str) -> None:
    app = page_of("imports")
    app.file_uploader[0].upload(given.replace("{disk}", str(disk)), HEALTHY.encode()).run()
    assert not app.exception
    assert names_in(disk) == []
    assert app.text_input[0].value == "escaped"
    app.button[0].click().run()
    assert "escaped is kept" in words(app)
    folder = "data/history/escaped"
    assert names_in(disk) == [f"{folder}/escaped.csv", f"{folder}/mapping.yaml"]


def test_the_page_says_that_two_dots_are_no_name(disk: Path) -> None:
    app = page_of("imports")
    app.file_uploader[0].upload("furnace.csv", HEALTHY.encode()).run()
    app.text_input[0].set_value("..")
    app.button[0].click().run()
    assert "'..' is not a name" in words(app)
    assert names_in(disk) == []


def test_a_replay_runs_by_itself_and_its_report_is_shown(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No history yet" in words(page_of("replay"))
    place = data / "history" / "furnace"
    place.mkdir(parents=True)
    (place / "furnace.csv").write_text(HEALTHY)
    found = import_table([place / "furnace.csv"])
    (place / "mapping.yaml").write_text(found.text)
    app = page_of("replay")
    app.multiselect[0].set_value(["random"])
    app.number_input[0].set_value(1)
    app.number_input[1].set_value(8)
    app.button[0].click().run()
    ((_, folder),) = past.replays(data / "replays").items()
    for _ in range(300):
        if background.standing(folder).state != "running":
            break
        time.sleep(0.2)
    app.run()
    assert "Compared with: random permutation of the pool" in words(app)
    assert (folder / "report.html").exists()


def test_a_replay_that_fails_or_dies_says_so(tmp_path: Path) -> None:
    background.begin(tmp_path / "a", {"source": str(tmp_path / "nowhere")})
    for _ in range(300):
        if background.standing(tmp_path / "a").state != "running":
            break
        time.sleep(0.2)
    assert "there is no such file or folder" in background.standing(tmp_path / "a").message
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "request.json").write_text("{}")
    assert "goes on where it was" in background.standing(tmp_path / "b").message


def test_a_replay_that_failed_is_started_again_at_the_panel(data: Path) -> None:
    folder = data / "replays" / "a"
    folder.mkdir(parents=True)
    (folder / "request.json").write_text(json.dumps({"source": str(data / "nowhere")}))
    app = page_of("replay")
    assert "goes on where it was" in words(app)
    next(b for b in app.button if b.label == "Start again").click().run()
    assert not app.exception
    for _ in range(300):
        if background.standing(folder).state != "running":
            break
        time.sleep(0.2)
    assert "there is no such file or folder" in background.standing(folder).message


def test_the_time_left_follows_from_the_runs_that_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "_is_alive", lambda folder: True)
    (tmp_path / "request.json").write_text("{}")
    lines = [{"runs": 8, "found": 0}, {"task": "a"}, {"task": "b"}]
    (tmp_path / "runs.jsonl").write_text("\n".join(map(json.dumps, lines)))
    began = (tmp_path / "request.json").stat().st_mtime
    now = background.standing(tmp_path, began + 30)
    assert (now.state, now.done, now.total) == ("running", 2, 8)
    assert now.seconds_left == pytest.approx(90)


def test_a_campaign_starts_from_a_history_only_when_its_goals_are_known(data: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "furnace.csv").write_text(HEALTHY)
        found = import_table([Path(folder) / "furnace.csv"])
    files = {"furnace.csv": HEALTHY.encode()}
    past.keep(found, files, {}, data / "history", "furnace")  # nobody has answered yet
    app = page_of("start")
    assert "goals: maximize strength_MPa" in words(app)
    assert "over: heat_C (600 to 750 degC)" in words(app)
    app.text_input(key="start:who").set_value("Aki")
    button = next(b for b in app.button if b.label == "Go on from it")
    button.click().run()
    assert "leaves open what the goals are" in words(app)
    app.checkbox(key="start:guessed").check()
    next(b for b in app.button if b.label == "Go on from it").click().run()
    assert "the campaign is started" in words(app)


def test_each_fault_of_a_file_has_a_line_of_its_own(data: Path) -> None:
    app = page_of("start")
    app.file_uploader(key="add:file").upload("c.yaml", b"name: x\n")
    app.text_input(key="add:who").set_value("Aki")
    next(b for b in app.button if b.label == "Add it").click().run()
    assert "outcomes: this field is missing  \nstages: this field" in app.error[0].value
