"""The record that the panel works on, opened once for each process."""

from pathlib import Path

import streamlit as st

from planner.settings import Settings, open_record
from planner.store import Store


def data_folder() -> Path:
    """Where everything lies."""
    return Settings().data.resolve()


def store() -> Store:
    """The store that ``KYOSO_DATA`` and ``KYOSO_DATABASE`` name."""
    chosen = Settings()
    return _open(chosen.data.resolve(), chosen.database)


@st.cache_resource(show_spinner="Opening the record", on_release=lambda opened: opened.close())
def _open(data: Path, database: str | None) -> Store:
    return open_record(Settings(data=data, database=database))
