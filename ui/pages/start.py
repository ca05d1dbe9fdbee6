"""Campaigns that begin: from a file, or from a past campaign that was imported."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from planner import desk
from planner.settings import Settings
from planner.store import Store
from ui.connection import store as open_store
from ui.parts import who
from ui.parts.campaign_file import FILE_TYPES, read_upload
from ui.parts.entry import KEPT, forget_uploads, form, uploaded, uploads
from ui.parts.frame import attempt, fault, told
from ui.views import past


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
    st.selectbox("History", list(histories), key="start:history", **KEPT)
    st.text_input("Name of the new campaign", key="start:name", placeholder="as the history",
                  **KEPT)  # fmt: skip
    _name("start")
    fault("start")
    st.button("Go on from it", key="start:do", type="primary", on_click=_start,
              args=(store, histories))  # fmt: skip
    if text := st.session_state.get("started_file"):
        st.download_button("Its campaign file", text, "campaign.yaml", on_click="ignore",
                           icon=":material/download:")  # fmt: skip


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
    chosen, name, who = (st.session_state[f"start:{n}"] for n in ("history", "name", "who"))
    act: Callable[[], None] = partial(_go_on, store, histories[chosen], name.strip(), who)
    attempt(act, "the campaign is started", "start")


def _go_on(store: Store, folder: Path, name: str, who: str) -> None:
    """Make the campaign and its trials out of a history; keep its file to be downloaded."""
    from planner.importing import start
    from planner.past.history import read_history

    history = read_history(str(folder), None)
    text = start.campaign_text(history, name or None)
    desk.start_from(store, start.campaign_of(text), start.past_trials(history), who)
    st.session_state.started_file = text
