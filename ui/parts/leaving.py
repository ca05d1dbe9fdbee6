"""Leaving a page right after a key: a link waits until what was typed has arrived.

A field tells what it holds when it is left, which is the same click that asks for the other page;
that page would be drawn without it. So the click is held back until the program rests again.
"""

from functools import cache
from typing import Any

import streamlit as st

_HOLD = """
const LINK = "[data-testid='stSidebarNavLink']", STATE = "data-test-script-state";
const STARTS = 1000, RESTS = 200, LONGEST = 5000;  // milliseconds

export default function() {
  if (window.kyosoHoldsLinks) return;
  window.kyosoHoldsLinks = true;
  let typed = false, told = 0, began = 0, changed = 0;
  const rests = () => document.querySelector(`[${STATE}='notRunning']`) !== null;
  new MutationObserver(() => {
    changed = Date.now();
    if (!rests()) began = changed;
  }).observe(document.body, { attributes: true, attributeFilter: [STATE], subtree: true });
  const left = () => { if (typed) { typed = false; told = Date.now(); } };
  window.addEventListener("input", () => { typed = true; }, true);
  window.addEventListener("focusout", left, true);
  window.addEventListener("click", event => {
    const link = event.target.closest?.(LINK);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (typed) { document.activeElement?.blur(); left(); }
    const has_arrived = () => {
      const since = Date.now() - told;
      const has_rested = rests() && Date.now() - changed > RESTS;
      return since > LONGEST || (has_rested && (began > told || since > STARTS));
    };
    if (has_arrived()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const ask = () => has_arrived() ? link.click() : setTimeout(ask, 50);
    ask();
  }, true);
}
"""
"""Streamlit says in an attribute of the page whether it runs; a run follows what a field tells."""


def hold() -> None:
    """Let links wait for what is typed. On every page, at the same place."""
    _holder()(key="hold-links")


@cache
def _holder() -> Any:
    return st.components.v2.component("kyoso_links", js=_HOLD)
