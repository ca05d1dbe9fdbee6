"""A value that may be a slip: the form asks once more, and then stores it anyway."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from planner.desk import Implausible


def ask_anyway(key: str) -> None:
    """A box to tick, where the last value of this form may be a slip."""
    if st.session_state.get(f"{key}:doubt"):
        st.checkbox("Store anyway", key=f"{key}:anyway")


def anyway(key: str) -> bool:
    """Whether somebody looked again and wants the value stored."""
    return bool(st.session_state.get(f"{key}:anyway"))


@contextmanager
def doubting(key: str) -> Iterator[None]:
    """Remember that a value of this form may be a slip."""
    st.session_state[f"{key}:doubt"] = False
    try:
        yield
    except Implausible:
        st.session_state[f"{key}:doubt"] = True
        raise
