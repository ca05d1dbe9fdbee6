"""What waits for people: proposals to decide on, tasks to carry out."""

import streamlit as st

from planner.laboratory import utc_now
from ui import bench, charts, review, views
from ui.frame import Visit

SHOWN = 20
"""Proposals on one page; the others come up as these are decided."""


def page(here: Visit) -> None:
    """All that waits; an explanation where nothing does."""
    waiting = views.proposals(here.campaign, here.record, here.version)
    todo = views.tasks(here.campaign, here.record)
    if waiting:
        _proposals(here, waiting)
    if todo:
        st.subheader(f"To carry out ({len(todo)})", anchor=False)
        for task in todo[:SHOWN]:
            bench.card(here, task, task.is_overdue(utc_now()))
    if not waiting and not todo:
        _nothing(here)


def _proposals(here: Visit, waiting: list[views.Proposed]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader(f"To decide ({len(waiting)})", anchor=False, width="stretch")
        if len(waiting) > 1:
            review.several(here, waiting[:SHOWN])
    if any(p.expectations for p in waiting):
        st.caption(charts.LEGEND)
    for proposed in waiting[:SHOWN]:
        review.card(here, proposed)
    if len(waiting) > SHOWN:
        st.caption(f"{len(waiting) - SHOWN} more come up as these are decided.")


def _nothing(here: Visit) -> None:
    open_trials = sum(trial.state.is_open for trial in here.record.trials)
    st.info(
        "Nothing waits for you. "
        + (
            f"{open_trials} trials are under way; what is new shows in the sidebar."
            if open_trials
            else "The next proposals appear when the loop runs (`kyoso run FILE` or `make run`). "
            "A condition of your own can be added under Inject."
        ),
        icon=":material/done_all:",
    )
