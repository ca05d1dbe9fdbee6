"""One task at the bench as a card: what to set, what was found, or why it came to nothing."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from planner import desk
from planner.executor import Measurement
from planner.record.job import JobState
from ui.parts.doubt import ask_anyway, storing
from ui.parts.entry import KEPT, TYPED, forget_uploads, form, uploaded, uploads
from ui.parts.fields import changed, point_fields, read_point
from ui.parts.frame import Visit, attempt, fault
from ui.parts.sheet import table
from ui.views import tables
from ui.views.waiting import Task
from ui.views.words import heading, in_badge, plain, quantity

FAILED, FAULT = "the sample failed (that is data)", "a technical fault (not data)"


def card(here: Visit, task: Task, overdue: bool) -> None:
    """A task with its form."""
    job = task.job
    key = f"task:{job.id}"
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain(job.stage)} of trial {job.trial}**", width="content")
            st.badge(in_badge(job.executor), icon=":material/handyman:", color="gray")
            if job.due:
                late = ", overdue" * overdue
                st.badge(
                    f"due {job.due:%Y-%m-%d}{late}",
                    icon=":material/event:",
                    color="red" if overdue else "gray",
                )
        what, form = st.columns([3, 7], gap="medium")
        with what:
            st.caption("To set")
            table(tables.point_table(here.campaign, task.point), hide_header=True)
            if job.message:
                st.caption(plain(f"{job.executor}: {job.message}"))
            for result in task.measured:
                found = quantity(result.value, result.unit)
                st.caption(f"known: {plain(result.outcome)} = {plain(found)}")
        with form:
            _result_form(here, task, key)
            with st.popover("It came to nothing", icon=":material/report:"):
                _failure_form(here, task, key)


def missing(task: Task) -> list[str]:
    """The outcomes that have not come yet."""
    known = {result.outcome for result in task.measured}
    return [name for name in task.gives if name not in known]


@form
def _result_form(here: Visit, task: Task, key: str) -> None:
    with st.container(key=f"form:{key}"):
        for name in missing(task):
            unit = here.campaign.unit(name)
            value, error, given = st.columns([3, 2, 2])
            value.text_input(plain(heading(name, unit)), key=f"{key}:{name}:value", **TYPED)
            error.text_input("± standard error", key=f"{key}:{name}:error", placeholder="if known",
                             **TYPED)  # fmt: skip
            given.text_input("unit", unit, key=f"{key}:{name}:unit", disabled=not unit, **TYPED)
        with st.expander("It ran differently, how it was measured"):
            st.caption("Change what was really different from the plan.")
            point_fields(here.campaign, f"{key}:run", task.point, as_run=True)
            method, source = st.columns(2)
            method.text_input("method", key=f"{key}:method", **TYPED)
            source.text_input("instrument or notebook page", key=f"{key}:source", **TYPED)
        uploads("Files: pictures, curves, logs", f"{key}:files")
        fault(key)
        ask_anyway(key)
        with st.container(horizontal=True):
            st.button("Hand in", key=f"{key}:whole", type="primary", on_click=_hand_in,
                      args=(here, task, key, False))  # fmt: skip
            st.button("Store, more is to come", key=f"{key}:part", on_click=_hand_in,
                      args=(here, task, key, True))  # fmt: skip


@form
def _failure_form(here: Visit, task: Task, key: str) -> None:
    st.radio("What was it?", (FAILED, FAULT), key=f"{key}:what", **KEPT)
    st.text_area("Because", key=f"{key}:because", height=90, placeholder="cracked on cooling",
                 **KEPT)  # fmt: skip
    uploads("Files", f"{key}:failed_files")
    fault(f"{key}:failure")
    st.button("End the task", key=f"{key}:end", type="primary", on_click=_end,
              args=(here, task, key))  # fmt: skip


def _measurements(task: Task, key: str) -> Sequence[Measurement]:
    state = st.session_state
    return [
        desk.measurement(
            name,
            state[f"{key}:{name}:value"],
            state[f"{key}:{name}:error"],
            state[f"{key}:{name}:unit"],
            state[f"{key}:method"].strip(),
            state[f"{key}:source"].strip(),
        )
        for name in missing(task)
        if state[f"{key}:{name}:value"].strip()
    ]


def _hand_in(here: Visit, task: Task, key: str, partial_result: bool) -> None:
    run = read_point(here.campaign, f"{key}:run", task.point, as_run=True)
    files = _uploads(f"{key}:files")

    def act() -> None:
        found = _measurements(task, key)
        differing, job = changed(run, task.point), task.job
        hand_in = partial(desk.hand_in, here.store, job, found, differing, files, here.who,
                          partial_result)  # fmt: skip
        storing(key, lambda anyway: hand_in(anyway=anyway))

    if attempt(act, f"{task.job.stage} of trial {task.job.trial} is stored", key):
        forget_uploads(f"{key}:files")


def _end(here: Visit, task: Task, key: str) -> None:
    why = st.session_state[f"{key}:because"]
    failed = st.session_state[f"{key}:what"] == FAILED
    state = JobState.FAILED if failed else JobState.ABANDONED
    files = _uploads(f"{key}:failed_files")
    act = partial(desk.end_without, here.store, task.job, state, why, here.who, files)
    if attempt(act, f"{task.job.stage} of trial {task.job.trial} is ended", f"{key}:failure"):
        forget_uploads(f"{key}:failed_files")


def _uploads(key: str) -> list[desk.Upload]:
    return [desk.Upload(file.name, file) for file in uploaded(key)]
