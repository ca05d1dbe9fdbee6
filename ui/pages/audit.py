"""Everything that happened, and who decided what: to be searched and taken along."""

import pandas as pd
import streamlit as st

from ui.parts.frame import Visit
from ui.parts.kept import EventLog, kept
from ui.parts.sheet import download, sheet
from ui.views import tables
from ui.views.words import plain

SHOWN = 5
"""Damaged events that are told of."""


def page(here: Visit) -> None:
    """Decisions and events, each with filters and a download."""
    decisions, events = st.tabs([":material/gavel: Decisions", ":material/list: Events"])
    with decisions:
        made_of = here.campaign, here.record.decisions
        frame = kept("audit:decisions", tables.decision_table, *made_of)
        _log(here, "decisions", frame, ("verdict", "by"))
    with events:
        log = kept("audit:log", EventLog, here.store.events, here.campaign.name)
        log.read_on()
        _log(here, "events", log.table, ("event", "by"))
        for fault in log.faults[:SHOWN]:
            st.error(f"cannot be read: {plain(fault)}", icon=":material/error:")


def _log(here: Visit, title: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    if frame.empty:
        st.info(f"No {title} yet.")
        return
    words, *cells = st.columns([2, *(1 for _ in columns)])
    text = words.text_input("Holds the words", key=f"{title}:words", placeholder="trial 3 Aki")
    wanted = {
        column: cell.multiselect(column, sorted(frame[column].unique()), key=f"{title}:{column}")
        for column, cell in zip(columns, cells, strict=True)
    }
    found = tables.matching(frame, text, **wanted)
    st.caption(f"{len(found)} of {len(frame)} {title}")
    sheet(found, height=560 if len(found) > 14 else "auto")
    file_name = f"{here.campaign.name}-{title}{here.note and '-synthetic'}.csv"
    download("As CSV", found, file_name, f"{title}:csv")
