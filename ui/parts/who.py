"""Who is here: a name in a cookie of the browser, so that it survives a reload, another tab, a link
and a restart. It says who one is and proves nothing; only the panel that asked for it reads it."""

from functools import cache
from typing import Any
from urllib.parse import quote, unquote

import streamlit as st

from planner.desk import person

COOKIE = "kyoso_who"
_WRITE = """
export default function({ data }) {
  if (data.who === null) return;
  const age = data.who ? 31536000 : 0;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `kyoso_who=${data.who}; path=/; max-age=${age}; ` +
    `SameSite=Strict${secure}`;
}
"""
"""Streamlit reads cookies and writes none; a component of its own is the way that it names."""


def who() -> str:
    """The name of the person, empty where it is not known yet, or where somebody has left."""
    if "who" not in st.session_state and not st.session_state.get("left") and (name := _kept()):
        st.session_state.who = name
    name = st.session_state.get("who", "")
    return str(name)


def arrive(name: str) -> None:
    """Take a name. ValueError where it is none."""
    st.session_state.who = person(name)


def leave() -> None:
    """Forget the name, in the browser too."""
    del st.session_state.who
    st.session_state.left = True


def keep() -> None:
    """Let the browser keep the name, or forget it. On every page, at the same place."""
    name = st.session_state.get("who")
    if name is None and st.session_state.get("left"):
        name = ""
    known = None if name is None else quote(name, safe="")
    _writer()(data={"who": known}, key="keep-who")


def _kept() -> str:
    try:
        return person(unquote(dict(st.context.cookies).get(COOKIE, "")))
    except ValueError:
        return ""


@cache
def _writer() -> Any:
    return st.components.v2.component(COOKIE, js=_WRITE)
