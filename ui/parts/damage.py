"""Campaigns that cannot be loaded, or not be worked on: named in the sidebar, explained where one
is chosen."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from planner.loop.trouble import read_file_troubles, read_troubles
from planner.store import Store
from ui.connection import data_folder
from ui.views.words import in_lines, plain


@dataclass(frozen=True)
class Damaged:
    """A campaign that was chosen and cannot be loaded."""

    name: str
    why: str


def tell(store: Store) -> dict[str, str]:
    """Name in the sidebar, whichever campaign is shown, those that cannot be loaded and those that
    the loop could not work on; why, by name."""
    damaged, names = store.campaigns.damaged(), store.campaigns.names()
    shown = {n: why for n, why in read_troubles(data_folder()).items() if n in names}
    if listed := ", ".join(damaged):
        st.sidebar.caption(f":red[:material/error: cannot be loaded: {plain(listed)}]")
    if listed := ", ".join(name for name in shown if name not in damaged):
        st.sidebar.caption(f":red[:material/error: does not go on: {plain(listed)}]")
    return shown | damaged


def tell_files() -> dict[str, str]:
    """Name in the sidebar the files in the folder of campaigns that cannot be used, and why."""
    files = read_file_troubles(data_folder())
    with st.sidebar.container():
        for name, why in files.items():
            with st.expander(f":red[:material/error: {plain(name)} cannot be used]"):
                st.markdown(in_lines(why))
    return files


def new_complaints(before: Mapping[str, str]) -> int:
    """How many files are complained of that were not, or otherwise."""
    now = read_file_troubles(data_folder())
    return sum(before.get(name) != why for name, why in now.items())


def page(here: Damaged) -> None:
    """What is wrong, and what can be done."""
    st.header(plain(here.name), anchor=False)
    st.error(in_lines(here.why), icon=":material/error:")
    st.markdown(
        "The loop passes this campaign over; the others go on. Nothing of its record was changed "
        "or taken away. To go on with it, bring back a copy of the data folder from before the "
        "damage. To show it no more:"
    )
    st.code(f"kyoso remove {shlex.quote(here.name)} --as NAME", language="shell")
