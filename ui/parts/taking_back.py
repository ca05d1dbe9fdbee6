"""Taking back what was decided or said of a trial: what it leads to, and why."""

from functools import partial

import streamlit as st

from planner import desk
from planner.desk import Seen
from planner.record.trial import Trial
from ui.parts.entry import TYPED, form
from ui.parts.frame import Visit, attempt, fault


def popover(here: Visit, trial: Trial, label: str = "Take back") -> None:
    """A button that opens the form, where there may be something to take back."""
    if desk.can_be_taken_back(here.record, trial):
        key = f"back:{trial.campaign}:{trial.number}:{trial.version}"
        with st.popover(label, icon=":material/undo:", key=f"open-{key}"):  # it closes once done
            _form(here, trial, key)


@form
def _form(here: Visit, trial: Trial, key: str) -> None:
    st.caption(f"Trial {trial.number} is {trial.state.value}. {desk.LEADS[trial.state]}")
    st.text_input("Why", key=f"{key}:why", placeholder="kept with the decision", **TYPED)
    fault(key)
    st.button(f"Take back trial {trial.number}", key=f"{key}:do", type="primary",
              on_click=_take_back, args=(here, trial, key))  # fmt: skip


def _take_back(here: Visit, trial: Trial, key: str) -> None:
    seen = Seen(trial.campaign, trial.number, trial.version)
    act = partial(desk.take_back, here.store, seen, here.who, st.session_state[f"{key}:why"])
    attempt(act, f"trial {trial.number}: taken back", key)
