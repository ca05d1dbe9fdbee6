"""One trial in full: point, expectation, results, decisions, jobs, files."""

from functools import partial
from itertools import batched
from pathlib import Path
from typing import Any

import streamlit as st

from planner import desk
from planner.door import pictures
from planner.door.refused import Refused
from planner.record.job import Artifact
from planner.record.result import Result
from planner.record.trial import Trial, TrialState
from ui.parts import proposal, taking_back
from ui.parts.doubt import ask_anyway, storing
from ui.parts.entry import KEPT, TYPED, form
from ui.parts.fields import changed, point_fields, read_point
from ui.parts.frame import Visit, attempt, fault
from ui.parts.sheet import sheet, table
from ui.views import tables
from ui.views.words import origin_of, plain, quantity

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
ABREAST = 3
"""Pictures in a row."""


def details(here: Visit) -> None:
    """The trial that is chosen."""
    numbers = [t.number for t in here.record.trials][::-1]
    newest = next((i for i, n in enumerate(numbers) if n in here.record.results_of), 0)
    number = st.selectbox("One trial in full", numbers, newest, key="trial", bind="query-params")
    trial = next(t for t in here.record.trials if t.number == number)
    with st.container(border=True):
        st.markdown(f"**Trial {number}** · {trial.state.value} · {plain(origin_of(trial))}")
        st.caption(plain(" · ".join(filter(None, (trial.reason, trial.message)))))
        if why := here.record.left_out.get(number):
            st.info(plain(f"Nothing is learned from it: {why}"))
        left, right = st.columns(2, gap="medium")
        with left:
            as_run = here.record.as_run(trial)
            table(tables.point_table(here.campaign, as_run, trial.point))
        with right:
            found = tables.expected_and_found(here.campaign, here.record, trial)
            table(found.fillna(""))
        _history(here, trial)
        _files(here, here.store.jobs.artifacts(here.campaign.name, trial.number))


def _history(here: Visit, trial: Trial) -> None:
    campaign, record = here.campaign, here.record
    history = here.store.results.history(campaign.name, trial.number)
    decisions = [d for d in record.decisions if d.trial == trial.number]
    parts = {
        "Results": tables.result_table(campaign, history),
        "Decisions": tables.decision_table(campaign, decisions),
        "Jobs": tables.job_table(record.jobs_of(trial.number).values()),
    }
    for title, frame in parts.items():
        if len(frame):
            st.caption(title)
            sheet(frame, placeholder="")
    if current := record.results_of.get(trial.number):
        newest = max(r.number for r in current)
        with st.popover("Correct a result", icon=":material/edit:", key=f"open-correct:{newest}"):
            _correction(here, trial, current)
    if begun := record.jobs_of(trial.number):
        known = len(record.results_of.get(trial.number, ()))
        with st.popover("Record a result", icon=":material/add_chart:",
                        key=f"open-record:{trial.number}:{known}"):  # fmt: skip
            _late_result(here, trial, list(begun))
    if trial.state in (TrialState.PROPOSED, TrialState.APPROVED):
        with st.popover("Veto", icon=":material/block:"):
            proposal.veto_form(here, trial, f"{trial.campaign}:{trial.number}:{trial.version}")
    taking_back.popover(here, trial)


@form
def _correction(here: Visit, trial: Trial, current: list[Result]) -> None:
    key = f"correct:{here.campaign.name}:{current[0].trial}:{max(r.number for r in current)}"
    st.selectbox("Result", current, key=f"{key}:result", format_func=_result_line, **KEPT)
    st.text_input("Right value, with its unit where it has one", key=f"{key}:value", **TYPED)
    st.text_input("± standard error", key=f"{key}:error", placeholder="if known", **TYPED)
    st.text_input("Why", key=f"{key}:why", **TYPED)
    with st.expander("It ran differently"):
        point_fields(here.campaign, f"{key}:run", here.record.as_run(trial), as_run=True)
    fault(key)
    ask_anyway(key)
    st.button("Correct", key=f"{key}:do", type="primary", on_click=_correct,
              args=(here, trial, key))  # fmt: skip


def _result_line(result: Result) -> str:
    return f"{result.number}: {result.outcome} = {quantity(result.value, result.unit)}"


def _correct(here: Visit, trial: Trial, key: str) -> None:
    result, *texts = (st.session_state[f"{key}:{n}"] for n in ("result", "value", "error", "why"))
    value, error, why = texts
    run = _as_run(here, trial, key)

    def act() -> None:
        measured = desk.measurement("value", value, error, result.unit)
        correct = partial(desk.correct, here.store, result.campaign, result.number, measured,
                          here.who, why, run)  # fmt: skip
        storing(key, lambda anyway: correct(anyway=anyway))

    attempt(act, f"result {result.number} is superseded", key)


@form
def _late_result(here: Visit, trial: Trial, stages: list[str]) -> None:
    """A result whenever it comes: early, in parts, or after the task has ended."""
    known = here.record.results_of.get(trial.number, [])
    key = f"record:{here.campaign.name}:{trial.number}:{len(known)}"
    gives = [o for stage in stages for o in here.campaign.stage(stage).gives]
    st.selectbox("Outcome", gives, key=f"{key}:outcome", **KEPT)
    st.text_input("Value, with its unit where it has one", key=f"{key}:value", **TYPED)
    st.text_input("± standard error", key=f"{key}:error", placeholder="if known", **TYPED)
    method, source = st.columns(2)
    method.text_input("method", key=f"{key}:method", **TYPED)
    source.text_input("instrument or notebook page", key=f"{key}:source", **TYPED)
    with st.expander("It ran differently"):
        point_fields(here.campaign, f"{key}:run", here.record.as_run(trial), as_run=True)
    fault(key)
    ask_anyway(key)
    st.caption("A task that is open stays open.")
    st.button("Record", key=f"{key}:do", type="primary", on_click=_record,
              args=(here, trial, key))  # fmt: skip


def _record(here: Visit, trial: Trial, key: str) -> None:
    outcome, value, error, method, source = (
        st.session_state[f"{key}:{n}"] for n in ("outcome", "value", "error", "method", "source")
    )
    run = _as_run(here, trial, key)

    def act() -> None:
        unit = here.campaign.unit(outcome)
        measured = desk.measurement(outcome, value, error, unit, method.strip(), source.strip())
        record = partial(desk.record, here.store, trial.campaign, trial.number, [measured],
                         here.who, as_run=run, partial=True)  # fmt: skip
        storing(key, lambda anyway: record(anyway=anyway))

    attempt(act, f"{outcome} of trial {trial.number} is recorded", key)


def _as_run(here: Visit, trial: Trial, key: str) -> dict[str, Any]:
    """What was said to have been different, from the fields of a form."""
    known = here.record.as_run(trial)
    return changed(read_point(here.campaign, f"{key}:run", known, as_run=True), known)


def _files(here: Visit, artifacts: list[Artifact]) -> None:
    """Pictures side by side, then every file to take along."""
    if not artifacts:
        return
    st.caption("Files")
    for a in artifacts:
        if not here.store.files.holds(a.sha256):
            st.error(plain(f"{a.label} is missing on disk"), icon=":material/error:")
    artifacts = [a for a in artifacts if here.store.files.holds(a.sha256)]
    drawn = [a for a in artifacts if a.name.lower().endswith(PICTURES)]
    for row in batched(drawn, ABREAST):
        for column, a in zip(st.columns(ABREAST), row, strict=False):
            with column:
                _picture(here.store.files.path(a.sha256), f"{a.stage}: {a.name} {here.note}")
    with st.container(horizontal=True):
        for a in artifacts:
            st.download_button(
                plain(f"{a.name} ({a.size / 1000:.0f} kB)"),
                here.store.files.path(a.sha256).read_bytes,  # once somebody asks for it
                a.name,
                key=f"file:{a.stage}:{a.name}",
                on_click="ignore",
                icon=":material/attach_file:",
            )


def _picture(path: Path, caption: str) -> None:
    """A picture, or why it is not shown; its file is among the others."""
    png, problem = _shown(str(path))
    if png:
        st.image(png, plain(caption))
    else:
        st.caption(plain(f"{caption}: it {problem}"))


@st.cache_data(max_entries=100, show_spinner=False)
def _shown(path: str) -> tuple[bytes, str]:
    """A kept file as a picture, which never changes, or why not."""
    try:
        return pictures.shown(Path(path)), ""
    except Refused as error:
        return b"", str(error)
