"""Import of a table of past experiments, in four steps: file, roles, questions, keep."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from planner.door.names import file_name, own_name
from planner.importing.answers import with_roles
from planner.importing.guess.roles import ROLES
from planner.importing.importing import Import, import_table
from planner.past.mapping import Question
from planner.settings import Settings
from planner.tables.reading import read_declaration
from planner.tables.table import HistoryError
from ui.parts.entry import KEPT, uploaded, uploads
from ui.parts.sheet import as_text
from ui.views import past
from ui.views.words import in_lines, plain

KINDS = ["csv", "tsv", "txt", "dat", "log", "xlsx", "xlsm", "json", "jsonl"]


def page() -> None:
    """Nothing is repaired and nothing is stored before the last button."""
    st.caption("CSV, TSV, Excel, JSON and Ax. Nothing in the table is repaired.")
    uploads("A table of past experiments", "table", KINDS, one=True)
    uploads("What says its columns, where that is a file of its own: a campaign of BayBE, a domain "
            "of BoFire", "declaration", ["json"], one=True)  # fmt: skip
    if not uploaded("table"):
        return
    chosen = [*uploaded("table")[-1:], *uploaded("declaration")[-1:]]
    key = "+".join(f.file_id for f in chosen)  # what was answered of another table is no answer
    try:
        files = _named(chosen)
        found = _read(files, {})
        corrected = _roles(found, key)
        found = _read(files, corrected)
    except HistoryError as error:
        st.error(in_lines(error), icon=":material/error:")
        return
    _findings(found)
    st.subheader("3 · What no table can tell", anchor=False)
    roles = _asked([q for q in found.questions if q.field.startswith("role.")], key)
    rest = [q for q in with_roles(found.proposal, roles).questions if q.field not in roles]
    _keep(found, files, roles | _asked(rest, key), key)


def _named(chosen: Sequence[Any]) -> dict[str, bytes]:
    """The files by name, the table first; of what the browser sent only a safe part is a name."""
    files = {file_name(file.name): file.getvalue() for file in chosen}
    if len(files) < len(chosen):
        raise HistoryError(f"{next(iter(files))}: both files have this name; rename one of them")
    return files


def _read(files: Mapping[str, bytes], corrected: dict[str, str]) -> Import:
    """What is in the table, with what the file beside it says."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content)
        for path in paths[1:]:
            if read_declaration(path) is None:
                raise HistoryError(f"{path.name}: it does not say what the columns of a table are; "
                                   "a campaign of BayBE or a domain of BoFire does")  # fmt: skip
        return import_table(paths, corrected=corrected, name=own_name(paths[0].stem))


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


def _keep(found: Import, files: Mapping[str, bytes], answers: dict[str, str], key: str) -> None:
    st.subheader("4 · Keep it", anchor=False)
    start = found.proposal.content["name"]
    name = st.text_input("Name", start, key=f"history_name:{key}", **KEPT)
    if st.button("Keep table and mapping", type="primary", icon=":material/save:"):
        try:
            place = past.keep(found, files, answers, Settings().data / "history", name)
        except (HistoryError, OSError) as error:
            st.error(in_lines(error), icon=":material/error:")
        else:
            st.success(plain(f"{place.name} is kept; replay it on the page Replay"))
