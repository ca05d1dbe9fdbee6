"""Conditions of one's own: one by a form, or a pasted table. They wait for approval like any
other."""

import streamlit as st

from planner import desk
from ui.parts import claim_form, inject_table
from ui.parts.entry import TYPED, form
from ui.parts.fields import point_fields, read_point
from ui.parts.frame import Visit, attempt, fault
from ui.views.words import plain


def page(here: Visit) -> None:
    """Two ways in for conditions, one for a claim."""
    one, table, claim = st.tabs(
        [
            ":material/edit_note: One condition",
            ":material/table: A table",
            ":material/psychology: A claim",
        ]
    )
    with one:
        _form(here, st.session_state.setdefault("injected", 0))
    with table:
        inject_table.tab(here, st.session_state.setdefault("pastes", 0))
    with claim:
        claim_form.tab(here, st.session_state.setdefault("claims", 0))


@form
def _form(here: Visit, count: int) -> None:
    """A fresh form after each injection; until then it keeps what is typed."""
    key = f"inject:{here.campaign.name}:{here.version}:{count}"
    with st.container(border=True):
        point_fields(here.campaign, key)
        for text in here.campaign.constraints:
            st.caption(f":material/rule: {plain(text)}")
        st.text_input("Why", key=f"{key}:why", placeholder="kept with the trial", **TYPED)
        fault(key)
        st.button("Propose", key=f"{key}:add", type="primary", on_click=_add,
                  args=(here, key, count))  # fmt: skip


def _add(here: Visit, key: str, count: int) -> None:
    why = st.session_state[f"{key}:why"].strip()

    def act() -> None:
        values = read_point(here.campaign, key)
        desk.inject(here.store, here.campaign.name, [(values, why)], here.who)

    is_first_click = count == st.session_state.injected
    if is_first_click and attempt(act, "it waits in the inbox", key):
        st.session_state.injected += 1
