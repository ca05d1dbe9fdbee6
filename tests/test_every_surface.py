"""Every action of a person, over every surface: desk, command line, panel.

The actions are found by looking at the desk. One that has no row here, or a row that lacks a
surface, fails; so does a surface that writes other events than the desk, or lets a name of the
program through, or refuses it in other words.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from executors.testing.laboratory import START, laboratory
from flows.cli import app as commands
from planner import desk
from planner.campaign.campaign import parse_campaign
from planner.campaign.file import campaign_from_text, write_yaml
from planner.importing.importing import import_table
from planner.loop.laboratory import Laboratory
from planner.loop.turn import advance
from planner.record.decision import VetoCode
from planner.record.job import JobState
from planner.record.trial import Origin, Proposal
from tests.planner.history_tables import HEALTHY
from tests.ui.conftest import by_people
from ui.views import past

OPEN, ENDED, MEASURED, PROPOSED = 1, 2, 3, 4
"""Trials of the bench: a task that is open, one that ended without its value, one with a result,
and a proposal."""
RISES = {"kind": "trend", "outcome": "strength", "parameter": "T", "sign": "rises", "name": "rises"}
NEAR = {"kind": "near", "point": {"T": 700}}
LOG = ("log.txt", b"heated", "text/plain")
OTHER = write_yaml({**by_people(), "name": "other"})
LONGER = write_yaml({**by_people(), "budget": {"trials": 9}, "hypotheses": [{**RISES, "author": "Aki"}]})  # fmt: skip


@dataclass(frozen=True)
class Row:
    """How an action is done over each surface; every surface is needed."""

    desk: Callable[[Laboratory, str], object]
    line: str
    """What is typed, without ``kyoso`` and the name; ``|`` stands between the words."""
    panel: Callable[[Callable[..., AppTest]], AppTest]
    before: Callable[[Laboratory], object] = lambda _: None
    """What has happened before; by nobody that the test looks at."""


def seen(lab: Laboratory) -> desk.Seen:
    return desk.Seen("test", PROPOSED, lab.store.trials.get("test", PROPOSED).version)


def density(value: str = "74 +- 1 percent") -> list[Any]:
    return [desk.measurement("density", value)]


def log() -> list[desk.Upload]:
    return [desk.Upload(LOG[0], BytesIO(LOG[1]))]


def start_from(lab: Laboratory, who: str) -> None:
    begin = desk.out_of_history("history/furnace", None)
    desk.start_from(lab.store, begin.campaign, begin.past, who)


def fill(app: AppTest, **fields: Any) -> AppTest:
    """Set the widgets whose keys end so; blanks in a name stand for colons."""
    for ending, value in fields.items():
        ending = ending.replace("__", ":")
        (widget,) = (w for w in widgets(app) if w.key and w.key.endswith(ending))
        widget.set_value(value)
    return app


def widgets(app: AppTest) -> list[Any]:
    kinds = ("text_input", "text_area", "selectbox", "number_input", "radio", "file_uploader")
    return [widget for kind in kinds for widget in app.get(kind)]


def click(app: AppTest, label: str) -> AppTest:
    return next(b for b in app.button if b.label == label).click().run()


def inbox(label: str, **fields: Any) -> Callable[[Callable[..., AppTest]], AppTest]:
    return on("inbox", label, **fields)


def on(
    page: str,
    label: str,
    trial: int | None = None,
    first: dict[str, Any] | None = None,
    /,
    **fields: Any,
) -> Callable[[Callable[..., AppTest]], AppTest]:
    """Open a page, fill fields, click a button. ``first`` are fields that bring up the others."""

    def act(open_page: Callable[..., AppTest]) -> AppTest:
        app = open_page(page)
        if trial is not None:
            app.selectbox(key="trial").set_value(trial).run()
        if first:
            fill(app, **first).run()
        return click(fill(app, **fields), label)

    return act  # fmt: skip


def status(action: Callable[..., None], line: str, label: str, **more: Any) -> Row:
    return Row(lambda lab, who: action(lab.store, "test", who), line, on("campaign", label), **more)


ROWS = {
    "add": Row(
        lambda lab, who: desk.add(lab.store, campaign_from_text(OTHER), who),
        "add|other.yaml",
        on("start", "Add it", add__file=("other.yaml", OTHER.encode(), "text/yaml")),
    ),
    "start_from": Row(
        start_from,
        "add|next.yaml|--from|history/furnace",
        on("start", "Go on from it", start__history="furnace"),
    ),
    "revise": Row(
        lambda lab, who: desk.revise(lab.store, campaign_from_text(LONGER), 2, who),
        "revise|test|--set|budget.trials=9",
        on("campaign", "Put the file in force",
           test__2__file=("test.yaml", LONGER.encode(), "text/yaml")),
    ),
    "pause": status(desk.pause, "pause|test", "Pause"),
    "resume": status(desk.resume, "resume|test", "Resume",
                     before=lambda lab: desk.pause(lab.store, "test", "Mika")),
    "finish": status(desk.finish, "stop|test|--after-current", "Stop after current"),
    "stop": status(desk.stop, "stop|test", "Stop test"),
    "remove": status(desk.remove, "remove|test", "Remove test"),
    "claim": Row(
        lambda lab, who: desk.claim(lab.store, "test", NEAR, who),
        "claim|test|{kind: near, point: {T: 700}}",
        on("inject", "Enter the claim", None, {"0__T__at": "700"}),
    ),
    "retract": Row(
        lambda lab, who: desk.retract(lab.store, "test", "rises", who),
        "retract|test|rises",
        on("hypotheses", "Retract"),
    ),
    "approve": Row(
        lambda lab, who: desk.approve(lab.store, [seen(lab)], who, "good"),
        f"approve|test|{PROPOSED}|--reason|good",
        inbox("Approve these", **{"several:test:0:why": "good"}),
    ),
    "edit": Row(
        lambda lab, who: desk.edit(lab.store, {seen(lab): {"T": 700, "x": 4}}, who, approve=True),
        f"edit|test|{PROPOSED}|x=4|--approve",
        inbox("Change and approve", **{f"edit:test:{PROPOSED}:1:x": "4"}),
    ),
    "veto": Row(
        lambda lab, who: desk.veto(lab.store, [seen(lab)], who, "no", VetoCode.UNSAFE,
                                   {"where": ["T >= 890"]}, START.date()),
        f"veto|test|{PROPOSED}|--reason|no|--code|unsafe|--where|T >= 890|--until|2026-01-05",
        lambda open_page: veto_of_region(open_page("inbox")),
    ),
    "take_back": Row(
        lambda lab, who: desk.take_back(
            lab.store, desk.Seen("test", ENDED, lab.store.trials.get("test", ENDED).version), who,
            "another sample"),
        f"take-back|test|{ENDED}|--reason|another sample",
        on("trials", f"Take back trial {ENDED}", ENDED, test__2__3__why="another sample"),
    ),
    "inject": Row(
        lambda lab, who: desk.inject(lab.store, "test", [({"T": 700, "x": 1}, "")], who),
        "inject|test|T=700|x=1",
        on("inject", "Propose", **{"test:2:0:T": "700", "test:2:0:x": "1"}),
    ),
    "hand_in": Row(
        lambda lab, who: desk.hand_in(lab.store, desk.open_job(lab.store, "test", OPEN), density(),
                                      {}, log(), who),
        f"record|test|{OPEN}|density=74 +- 1 percent|--file|log.txt",
        inbox("Hand in", making__density__value="74 +- 1 percent", making__files=[LOG]),
    ),
    "record": Row(
        lambda lab, who: desk.record(lab.store, "test", ENDED, density(), who),
        f"record|test|{ENDED}|density=74 ± 1 percent",
        on("trials", "Record", ENDED, **{f"record:test:{ENDED}:0:value": "74 ± 1 percent"}),
    ),
    "end_without": Row(
        lambda lab, who: desk.end_without(lab.store, desk.open_job(lab.store, "test", OPEN),
                                          JobState.FAILED, "it cracked", who, log()),
        f"record|test|{OPEN}|--failed|it cracked|--file|log.txt",
        inbox("End the task", making__because="it cracked", making__failed_files=[LOG]),
    ),
    "correct": Row(
        lambda lab, who: desk.correct(lab.store, "test", 1, density("75 percent")[0], who, "scale",
                                      {"x": 2}),
        "correct|test|1|75 percent|--reason|scale|--as-run|x=2",
        on("trials", "Correct", MEASURED, **{f"correct:test:{MEASURED}:1:{name}": value for
           name, value in {"value": "75 percent", "why": "scale", "run:x": "2"}.items()}),
    ),
}  # fmt: skip


def veto_of_region(app: AppTest) -> AppTest:
    key = f"veto:test:{PROPOSED}:1"
    fill(app, **{f"{key}:kind": "unsafe", f"{key}:why": "no"})
    app.checkbox(key=f"{key}:region").check().run()
    app.date_input(key=f"{key}:until").set_value(START.date())
    for name in ("T", "x"):
        fill(app, **{f"{key}:{name}:from": "", f"{key}:{name}:to": ""})
    fill(app, **{f"{key}:where": "T >= 890"}).run()
    return click(app, f"Veto trial {PROPOSED}")


@contextmanager
def bench(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    """A campaign with something for every action, and files to be given."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("KYOSO_DATA", str(folder))
    monkeypatch.delenv("KYOSO_DATABASE", raising=False)
    (folder / "other.yaml").write_text(OTHER, encoding="utf-8")
    (folder / LOG[0]).write_bytes(LOG[1])
    keep_history(folder)
    lab = laboratory(folder, by_people())
    try:
        fill_bench(lab)
        yield lab
    finally:
        lab.store.close()
        st.cache_resource.clear()


def keep_history(folder: Path) -> None:
    (folder / "furnace.csv").write_text(HEALTHY, encoding="utf-8")
    found = import_table([folder / "furnace.csv"])
    answers = {"outcomes.strength_MPa.goal": "maximize"}
    files = {"furnace.csv": HEALTHY.encode()}
    past.keep(found, files, answers, folder / "history", "furnace")
    begin = desk.out_of_history(str(folder / "history" / "furnace"), None)
    (folder / "next.yaml").write_text(begin.text, encoding="utf-8")


def fill_bench(lab: Laboratory) -> None:
    store, points = lab.store, [({"T": 700 + i, "x": 3}, "") for i in range(3)]
    made = desk.inject(store, "test", points, "Mika", START)
    desk.approve(store, [desk.Seen("test", t.number, t.version) for t in made], "Mika", at=START)
    advance(lab, "test")
    job = desk.open_job(store, "test", ENDED)
    desk.end_without(store, job, JobState.FAILED, "it melted", "Mika", at=START)
    desk.record(store, "test", MEASURED, density(), "Mika", at=START)
    desk.claim(store, "test", {**RISES, "start": None}, "Aki", START)
    point = lab.campaign("test").complete({"T": 700, "x": 3})
    store.trials.add(
        "test", [Proposal(point=point, generator="botorch")], origin=Origin.PLANNER,
        author="planner", at=START, campaign_version=2,
    )  # fmt: skip


def over_desk(row: Row, lab: Laboratory, who: str) -> str:
    try:
        row.desk(lab, who)
    except ValueError as error:
        return str(error)
    return ""


def over_line(row: Row, lab: Laboratory, who: str) -> str:
    done = CliRunner().invoke(commands, [*row.line.split("|"), "--as", who])
    return str(done.exception or "")


def over_panel(row: Row, lab: Laboratory, who: str) -> str:
    """As somebody who came past the sign-in: the desk refuses all the same."""

    def open_page(page: str) -> AppTest:
        frame = "bare({0}.page, 'A page')" if page == "start" else (
            "show({0}.page, 'A page', frame.visit())"
        )  # fmt: skip
        program = (
            f"from ui.pages import {page}\nfrom ui.parts import frame\nframe.{frame.format(page)}\n"
        )
        app = AppTest.from_string(program, default_timeout=60)
        app.session_state.who = who
        app.run()
        assert not app.exception
        return app

    app = row.panel(open_page)
    assert not app.exception
    return " ".join(e.value for e in [*app.error, *app.warning]).replace("\\", "")


SURFACES = {"desk": over_desk, "line": over_line, "panel": over_panel}


@pytest.mark.parametrize("name", sorted(desk.ACTIONS))
def test_an_action_is_the_same_over_every_surface(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert name in ROWS, f"the action {name!r} has no row: say how it is done over every surface"
    row, happened = ROWS[name], {}
    for surface, act in SURFACES.items():
        with bench(tmp_path / surface, monkeypatch) as lab:
            row.before(lab)
            before = events(lab)
            for reserved in ("policy", " Planner "):
                assert words_of(reserved) in act(row, lab, reserved), surface
            assert events(lab) == before, f"{surface}: refused, and something was written"
            assert act(row, lab, "Aki") == "", surface
            happened[surface] = [e[1:] for e in events(lab) if e not in before]
    assert happened["desk"]
    assert {author for _, author, *_ in happened["desk"]} == {"Aki"}
    assert happened["line"] == happened["desk"]
    assert happened["panel"] == happened["desk"]


def events(lab: Laboratory) -> list[tuple[Any, ...]]:
    """Everything in the record: its number, what it is and who stands beside it."""
    return [
        (event.id, event.kind, event.author, name, event.trial, event.data.get("code"))
        for name in lab.store.campaigns.names(removed=True)
        for event in lab.store.events.list(name)
    ]


def words_of(reserved: str) -> str:
    with pytest.raises(ValueError, match="what the program calls itself") as told:
        desk.person(reserved)
    return str(told.value)


def test_every_function_of_the_desk_that_takes_a_name_is_an_action() -> None:
    public = {name: getattr(desk, name) for name in desk.__all__}
    takes_who = {n for n, f in public.items() if inspect.isfunction(f) and "who" in parameters(f)}
    assert takes_who - {"person"} == set(desk.ACTIONS)
    assert set(ROWS) == set(desk.ACTIONS)
    assert parse_campaign(by_people()).name == "test"


def parameters(function: Callable[..., Any]) -> set[str]:
    with suppress(ValueError, TypeError):
        return set(inspect.signature(function).parameters)
    return set()


@pytest.mark.parametrize("reserved", ["policy", "Loop", "kyoso run", "magnet", "", "a\tb"])
def test_the_door_of_the_panel_and_that_of_the_command_line_speak_the_same_words(
    reserved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="name") as told:
        desk.person(reserved)
    with bench(tmp_path / "bench", monkeypatch):
        done = CliRunner().invoke(commands, ["pause", "test", "--as", reserved])
        assert str(done.exception) == f"--as: {told.value}"
        app = AppTest.from_string(
            "from ui.pages import inbox\nfrom ui.parts import frame\nframe.show(inbox.page, 'A page', frame.visit())\n"
        ).run()
        app.text_input(key="typed_name").set_value(reserved)
        app = click(app, "Go on")
        assert app.error[0].value.replace("\\", "") == str(told.value).replace("\\", "")
        assert "who" not in app.session_state


def test_the_surfaces_change_the_record_over_the_desk_alone() -> None:
    """What is written by hand elsewhere would escape the check of names."""
    changes = r"\.(trials|jobs|results|campaigns|events)\.(decide|decide_all|add|move|open|claim|finish|report|record|correct|set_status|revise)\(|start_from\("
    found = [
        f"{file}: {line.strip()}"
        for folder in ("flows/cli", "ui")
        for file in sorted((Path(__file__).parents[1] / folder).rglob("*.py"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(changes, line) and "desk." not in line
    ]
    assert found == []
