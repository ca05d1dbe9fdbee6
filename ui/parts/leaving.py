"""Leaving a page right after a key: a link waits until what was typed has arrived.

A field tells what it holds when it is left, which is the same click that asks for the other page;
that page would be drawn without it. So the click is held back until the program rests again.
"""

from functools import cache
from typing import Any

import streamlit as st

_HOLD = """
const LINK = "[data-testid='stSidebarNavLink']";
const SHORTEST = 200, LONGEST = 5000;  // milliseconds

export default function() {
  if (window.kyosoHoldsLinks) return;
  window.kyosoHoldsLinks = true;
  let typed = false, told = 0;
  const told_now = () => { if (typed) { typed = false; told = Date.now(); } };
  const rests = () =>
    document.querySelector("[data-test-script-state='notRunning']") !== null;
  window.addEventListener("input", () => { typed = true; told = Date.now(); }, true);
  window.addEventListener("focusout", told_now, true);
  window.addEventListener("click", event => {
    const link = event.target.closest?.(LINK);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (typed) { document.activeElement?.blur(); told_now(); }
    const since = () => Date.now() - told;
    const goes = () => since() > LONGEST || (since() > SHORTEST && rests());
    if (goes()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const ask = () => goes() ? link.click() : setTimeout(ask, 50);
    ask();
  }, true);
}
"""


def hold() -> None:
    """Let links wait for what is typed. On every page, at the same place."""
    _holder()(key="hold-links")


@cache
def _holder() -> Any:
    return st.components.v2.component("kyoso_links", js=_HOLD)
