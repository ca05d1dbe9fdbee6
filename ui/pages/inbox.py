"""What waits for people: proposals to decide on, tasks to carry out."""

import streamlit as st

from planner.campaign.values import counted
from planner.loop.laboratory import utc_now
from ui.parts import proposal, task
from ui.parts.frame import Visit
from ui.views import charts, waiting

SHOWN = 20
"""Proposals on one page; the others come up as these are decided."""


def page(here: Visit) -> None:
    """All that waits; an explanation where nothing does."""
    proposed = waiting.proposals(here.campaign, here.record, here.version)
    todo = waiting.tasks(here.campaign, here.record)
    if proposed:
        _proposals(here, proposed)
    if todo:
        st.subheader(f"To carry out ({len(todo)})", anchor=False)
        for due in todo[:SHOWN]:
            task.card(here, due, due.is_overdue(utc_now()))
    if not proposed and not todo:
        _nothing(here)


def _proposals(here: Visit, proposed: list[waiting.Proposed]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader(f"To decide ({len(proposed)})", anchor=False, width="stretch")
        proposal.several(here, proposed[:SHOWN])
    if any(p.expectations for p in proposed):
        st.caption(charts.LEGEND)
    for each in proposed[:SHOWN]:
        proposal.card(here, each)
    if len(proposed) > SHOWN:
        st.caption(f"{len(proposed) - SHOWN} more come up as these are decided.")


def _nothing(here: Visit) -> None:
    open_trials = sum(trial.state.is_open for trial in here.record.trials)
    st.info(
        "Nothing waits for you. "
        + (
            f"{counted(open_trials, 'trial is', 'trials are')} under way; "
            "what is new shows in the sidebar."
            if open_trials
            else "The next proposals appear when the loop runs (`kyoso run FILE` or `make run`). "
            "A condition of your own can be added under Inject."
        ),
        icon=":material/done_all:",
    )
