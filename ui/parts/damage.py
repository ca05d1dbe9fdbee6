"""Campaigns that cannot be loaded: named in the sidebar, explained where one is chosen."""

import shlex
from dataclasses import dataclass

import streamlit as st

from planner.store import Store
from ui.views.words import plain


@dataclass(frozen=True)
class Damaged:
    """A campaign that was chosen and cannot be loaded."""

    name: str
    why: str


def tell(store: Store) -> None:
    """Name them in the sidebar, whichever campaign is shown."""
    if names := ", ".join(store.campaigns.damaged()):
        st.sidebar.caption(f":red[:material/error: cannot be loaded: {plain(names)}]")


def page(here: Damaged) -> None:
    """What is wrong, and what can be done."""
    st.header(plain(here.name), anchor=False)
    st.error(plain(here.why), icon=":material/error:")
    st.markdown(
        "The loop passes this campaign over; the others go on. Nothing of its record was changed "
        "or taken away. To go on with it, bring back a copy of the data folder from before the "
        "damage. To show it no more:"
    )
    st.code(f"kyoso remove {shlex.quote(here.name)} --as NAME", language="shell")
