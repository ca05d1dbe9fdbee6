"""Campaigns that begin: from a file, or from a past campaign that was imported."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from planner import desk
from planner.past.mapping import read_mapping
from planner.settings import Settings
from planner.store import Store
from planner.tables.table import HistoryError
from ui.connection import store as open_store
from ui.parts import who
from ui.parts.campaign_file import FILE_TYPES, read_upload
from ui.parts.entry import KEPT, forget_uploads, form, uploaded, uploads
from ui.parts.frame import attempt, fault, told
from ui.views import past
from ui.views.words import in_lines, plain


def page() -> None:
    """Two forms, each with the name of the person."""
    told()
    store = open_store()
    st.subheader("From its file", anchor=False)
    _from_file(store)
    st.subheader("From a past campaign", anchor=False)
    _from_history(store, past.kept(Settings().data.resolve() / "history"))


@form
def _from_file(store: Store) -> None:
    uploads("Campaign file (YAML)", "add:file", FILE_TYPES, one=True)
    _name("add")
    fault("add")
    st.button("Add it", key="add:do", type="primary", on_click=_add, args=(store,))


@form
def _from_history(store: Store, histories: dict[str, Path]) -> None:
    if not histories:
        st.info("No history yet: bring one in on the page Import, or with kyoso import.")
        return
    chosen = st.selectbox("History", list(histories), key="start:history", **KEPT)
    _what_it_would_do(histories[chosen])
    st.text_input("Name of the new campaign", key="start:name", placeholder="as the history",
                  **KEPT)  # fmt: skip
    st.checkbox("Take goals that nobody confirmed as they were guessed", key="start:guessed",
                **KEPT)  # fmt: skip
    _name("start")
    fault("start")
    st.button("Go on from it", key="start:do", type="primary", on_click=_start,
              args=(store, histories))  # fmt: skip
    if text := st.session_state.get("started_file"):
        st.download_button("Its campaign file", text, "campaign.yaml", on_click="ignore",
                           icon=":material/download:")  # fmt: skip


def _what_it_would_do(folder: Path) -> None:
    """Goals and settings of a history, before anything starts."""
    try:
        campaign = read_mapping(folder / "mapping.yaml").campaign()
    except HistoryError as error:
        st.error(in_lines(error), icon=":material/error:")
    else:
        st.caption(plain(". ".join(desk.plan_in_words(campaign))))


def _name(key: str) -> None:
    st.text_input("Your name", who.who(), key=f"{key}:who", help="It stands beside what you do.",
                  **KEPT)  # fmt: skip


def _add(store: Store) -> None:
    files, who = uploaded("add:file"), st.session_state["add:who"]

    def act() -> None:
        desk.add(store, read_upload(files), who)

    if attempt(act, "the campaign is added; a running server begins with it at once", "add"):
        forget_uploads("add:file")


def _start(store: Store, histories: dict[str, Path]) -> None:
    fields = ("history", "name", "who", "guessed")
    chosen, name, who, guessed = (st.session_state[f"start:{n}"] for n in fields)
    act: Callable[[], None] = partial(_go_on, store, histories[chosen], name.strip(), who, guessed)
    attempt(act, "the campaign is started", "start")


def _go_on(store: Store, folder: Path, name: str, who: str, as_guessed: bool) -> None:
    """Make the campaign and its trials out of a history; keep its file to be downloaded."""
    begin = desk.out_of_history(str(folder), None, name or None, as_guessed=as_guessed)
    desk.start_from(store, begin.campaign, begin.past, who)
    st.session_state.started_file = begin.text
