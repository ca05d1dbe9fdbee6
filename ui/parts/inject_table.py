"""A pasted table of conditions: every row is checked, then all are added or none."""

from collections.abc import Sequence

import streamlit as st

from planner import desk
from planner.campaign.values import Point
from planner.desk.conditions import PastedLine
from ui.parts.entry import KEPT, form
from ui.parts.frame import Visit, attempt, fault
from ui.parts.sheet import sheet
from ui.views import paste
from ui.views.words import in_lines, plain

HELP = "Columns: {}, and if you like 'reason'. A heading may name a unit, such as T (K)."


@form
def tab(here: Visit, count: int) -> None:
    """Paste, look at what was understood, add. A fresh field after each addition."""
    key = f"paste:{here.campaign.name}:{count}"
    text = st.text_area(
        "Paste from a spreadsheet, a CSV or a TSV file, heading included",
        key=key,
        height=180,
        **KEPT,
        placeholder="\t".join([*here.campaign.free, "reason"]),
        help=plain(HELP.format(", ".join(here.campaign.free))),
    )
    st.button("Check", icon=":material/fact_check:")
    if text.strip():
        try:
            _show(here, desk.read_conditions(here.campaign, here.record, text), key, count)
        except ValueError as error:
            st.error(in_lines(error))


def _show(here: Visit, rows: list[PastedLine], key: str, count: int) -> None:
    bad = len(rows) - len(_right(rows))
    sheet(paste.row_table(here.campaign, rows))
    if bad:
        st.warning(f"{bad} of {len(rows)} rows need mending; nothing is added before all are right")
    fault(key)
    st.button(
        f"Propose {len(rows) - bad} conditions",
        key=f"{key}:add",
        type="primary",
        disabled=bool(bad),
        on_click=_add,
        args=(here, rows, key, count),
    )


def _right(rows: Sequence[PastedLine]) -> list[tuple[Point, str]]:
    return [(row.point, row.reason) for row in rows if row.point is not None]


def _add(here: Visit, shown: Sequence[PastedLine], key: str, count: int) -> None:
    """Add what was looked at, and no other text that was put there since."""

    def act() -> None:
        now = desk.read_conditions(here.campaign, here.record, st.session_state[key])
        if now != shown:
            raise ValueError("the table was changed since it was checked; look at it once more")
        desk.inject(here.store, here.campaign.name, _right(now), here.who)

    is_first_click = count == st.session_state.pastes
    if is_first_click and attempt(act, f"{len(shown)} conditions wait in the inbox", key):
        st.session_state.pastes += 1
