"""A value that may be a slip: the form asks once more, and then stores it anyway."""

from collections.abc import Callable

import streamlit as st

from planner.desk import Implausible


def ask_anyway(key: str) -> None:
    """A box to tick, where the last value of this form may be a slip."""
    if st.session_state.get(f"{key}:doubt"):
        st.checkbox("Store anyway", key=f"{key}:anyway")


def storing(key: str, store: Callable[[bool], object]) -> None:
    """Store what a form holds; ``store`` is told whether slips are stored anyway. Implausible
    where somebody is to look again: a tick holds for the values it was asked of, and no others."""
    asked = st.session_state.pop(f"{key}:doubt", "")
    try:
        store(False)
    except Implausible as doubt:
        if str(doubt) == asked and st.session_state.get(f"{key}:anyway"):
            store(True)
            return
        st.session_state[f"{key}:doubt"] = str(doubt)
        st.session_state[f"{key}:anyway"] = False
        raise
