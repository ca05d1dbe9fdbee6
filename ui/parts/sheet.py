"""Tables that people can scroll, search and take along as CSV.

The browser, too, makes a CSV of what a sheet shows. So a cell that a spreadsheet would take for a
formula stands in the sheet itself as it stands in our own files (``planner.tables.formulas``).
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.campaign.plain import plain
from planner.tables.formulas import inert


def sheet(frame: pd.DataFrame, columns: Mapping[str, Any] | None = None, **how: Any) -> None:
    """Show a table; ``columns`` says how some of them look."""
    looks = {inert(name): look for name, look in (columns or {}).items()}
    st.dataframe(as_text(frame), hide_index=True, column_config=looks, **how)


def table(frame: pd.DataFrame, **how: Any) -> None:
    """Show a small table as a whole; Streamlit takes its cells for Markdown."""
    cells = frame.map(lambda cell: plain(cell) if isinstance(cell, str) else cell)
    st.table(cells.rename(columns=plain), border="horizontal", hide_index=True, **how)


def download(label: str, frame: pd.DataFrame, file_name: str, key: str) -> None:
    """A button that gives the table as CSV, which is written when somebody presses it."""
    csv, icon = partial(csv_of, frame), ":material/download:"
    st.download_button(label, csv, file_name, key=key, on_click="ignore", icon=icon)


def csv_of(frame: pd.DataFrame) -> str:
    """The table as CSV."""
    return as_text(frame).to_csv(index=False, lineterminator="\r\n")  # so that both are quoted


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The table without formulas; numbers and times as they are."""
    words = frame.select_dtypes(["object", "string"]).columns
    return frame.assign(**{name: _inert(frame[name]) for name in words}).rename(columns=inert)


def _inert(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """In a column of words alone each is looked at once, however many rows hold it."""
    if isinstance(cells.dtype, pd.StringDtype):
        different = cells.dropna().unique()
        if all(inert(cell) == cell for cell in different):
            return cells
    return cells.map(inert, na_action="ignore")
