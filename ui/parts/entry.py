"""What people type and upload is kept until it is handed in: it survives a look at another page.
While somebody types, only the form around it is drawn anew and never the page."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import streamlit as st

from ui.views.words import plain

KEPT: dict[str, Any] = {"persist_state": "session"}
"""For every field of a form: Streamlit keeps its value as long as the visit lasts."""
TYPED: dict[str, Any] = {**KEPT, "live": "500ms"}
"""For a line of text: what is typed is kept after half a second without a key, and not only when
the field is left."""


def form[**P](draw: Callable[P, None]) -> Callable[P, None]:
    """A form that runs alone while it is filled in. Its buttons have callbacks; once one has done
    something, the whole page follows."""

    @wraps(draw)
    def alone(*args: P.args, **kwargs: P.kwargs) -> None:
        if "notice" in st.session_state:
            st.rerun()
        draw(*args, **kwargs)

    return st.fragment(alone)


def uploads(label: str, key: str, types: Sequence[str] | None = None, *, one: bool = False) -> None:
    """A field for files, or for ``one``; what it held before a look at another page stands below it
    until another one comes, or it is left out."""
    if key not in st.session_state:  # it is drawn for the first time, or again
        st.session_state[_shelf(key)] = uploaded(key)
    shown = _listed(st.file_uploader(label, types, accept_multiple_files=not one, key=key))
    st.session_state[_last(key)] = shown
    if kept := [] if one and shown else st.session_state[_shelf(key)]:
        names = plain(", ".join(file.name for file in kept))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f":material/attach_file: kept: {names}", width="content")
            st.button("Leave out", key=f"{key}:out", type="tertiary", on_click=forget_uploads,
                      args=(key,))  # fmt: skip


def uploaded(key: str) -> list[Any]:
    """The files of a field; of a field for one, the last one holds."""
    is_there = key in st.session_state
    shown = _listed(st.session_state[key]) if is_there else st.session_state.get(_last(key), [])
    return [*st.session_state.get(_shelf(key), []), *shown]


def forget_uploads(key: str) -> None:
    """Keep no longer what a field held before: it was handed in, or is not wanted."""
    st.session_state[_shelf(key)] = []
    st.session_state[_last(key)] = []


def _listed(found: Any) -> list[Any]:
    """What a field itself holds."""
    return [*found] if isinstance(found, list) else [found] if found else []


def _shelf(key: str) -> str:
    return f"kept:{key}"


def _last(key: str) -> str:
    return f"last:{key}"
