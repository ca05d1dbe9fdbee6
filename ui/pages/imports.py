"""Import of a table of past experiments, in four steps: file, roles, questions, keep."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from planner.door.names import file_name, own_name
from planner.importing.answers import with_roles
from planner.importing.guess.roles import ROLES
from planner.importing.importing import Import, import_table
from planner.past.mapping import Question
from planner.settings import Settings
from planner.tables.table import HistoryError
from ui.parts.entry import KEPT, uploaded, uploads
from ui.parts.sheet import as_text
from ui.views import past
from ui.views.words import plain

KINDS = ["csv", "tsv", "txt", "dat", "log", "xlsx", "xlsm", "json", "jsonl"]


def page() -> None:
    """Nothing is repaired and nothing is stored before the last button."""
    st.caption("CSV, TSV, Excel, JSON and Ax. Nothing in the table is repaired.")
    uploads("A table of past experiments", "table", KINDS, one=True)
    if not (files := uploaded("table")):
        return
    file = files[-1]
    key = file.file_id  # what was answered of another table is no answer of this one
    try:
        found = _read(file.name, file.getvalue(), {})
        corrected = _roles(found, key)
        found = _read(file.name, file.getvalue(), corrected)
    except HistoryError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    _findings(found)
    st.subheader("3 · What no table can tell", anchor=False)
    roles = _asked([q for q in found.questions if q.field.startswith("role.")], key)
    rest = [q for q in with_roles(found.proposal, roles).questions if q.field not in roles]
    _keep(found, file.getvalue(), roles | _asked(rest, key), key)


def _read(name: str, content: bytes, corrected: dict[str, str]) -> Import:
    """What is in an upload; of the name that the browser sent only a safe part is used."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file_name(name)
        path.write_bytes(content)
        return import_table([path], corrected=corrected, name=own_name(path.stem))


def _roles(found: Import, key: str) -> dict[str, str]:
    st.subheader("1 · What the columns are", anchor=False)
    shown = past.roles(found).assign(role=_roles_before(past.roles(found), key))
    fixed = [c for c in shown.columns if c != "role"]
    role = st.column_config.SelectboxColumn(options=list(ROLES), required=True)
    edited = st.data_editor(
        as_text(shown),
        hide_index=True,
        disabled=fixed,
        column_config={"role": role},
        key=f"roles:{key}",
    )
    roles = dict(zip(shown["column"], edited["role"], strict=True))
    st.session_state[f"kept:roles:{key}"] = roles
    return roles


def _roles_before(guessed: pd.DataFrame, key: str) -> list[str]:
    """What was corrected before a look at another page; else what is guessed."""
    if f"roles:{key}" not in st.session_state:  # it is drawn for the first time, or again
        chosen = st.session_state.get(f"kept:roles:{key}", {})
        st.session_state[f"start:roles:{key}"] = chosen
    start = st.session_state[f"start:roles:{key}"]
    pairs = zip(guessed["column"], guessed["role"], strict=True)
    return [start.get(name, role) for name, role in pairs]


def _findings(found: Import) -> None:
    st.subheader("2 · What is odd", anchor=False)
    st.markdown("\n".join(past.findings(found)) or "Nothing.")


def _asked(questions: Sequence[Question], key: str) -> dict[str, str]:
    """Answers by the field of the question."""
    answers = {}
    for q in questions:
        options, place = list(dict.fromkeys([q.guess, *q.allowed])), f"ask:{key}:{q.field}"
        if q.allowed:
            chosen = st.selectbox(plain(q.text), options, key=place, accept_new_options=q.free,
                                  **KEPT)  # fmt: skip
            answers[q.field] = chosen or q.guess
        else:
            answers[q.field] = st.text_input(plain(q.text), q.guess, key=place, **KEPT)
    return answers


def _keep(found: Import, content: bytes, answers: dict[str, str], key: str) -> None:
    st.subheader("4 · Keep it", anchor=False)
    start = found.proposal.content["name"]
    name = st.text_input("Name", start, key=f"history_name:{key}", **KEPT)
    if st.button("Keep table and mapping", type="primary", icon=":material/save:"):
        try:
            place = past.keep(found, content, answers, Settings().data / "history", name)
        except (HistoryError, OSError) as error:
            st.error(plain(str(error)), icon=":material/error:")
        else:
            st.success(plain(f"{place.name} is kept; replay it on the page Replay"))
