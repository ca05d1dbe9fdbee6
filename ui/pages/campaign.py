"""The campaign itself: goal, space, pipeline, who decides, how healthy the model is; pause, resume,
stop, remove."""

from functools import partial

import streamlit as st

from planner import desk
from planner.campaign.campaign import Campaign
from planner.record.summary import budget
from planner.store import CampaignStatus
from ui.parts.campaign_file import FILE_TYPES, read_upload
from ui.parts.entry import KEPT, form, uploaded, uploads
from ui.parts.frame import Visit, attempt, fault
from ui.parts.sheet import sheet, table
from ui.views import tables
from ui.views.words import AUTONOMY, MEANS, plain

ASKED = (CampaignStatus.STOPPED, CampaignStatus.REMOVED)
"""What is asked once more before it is done."""


def page(here: Visit) -> None:
    """Everything that holds for all trials."""
    campaign, record = here.campaign, here.record
    _statuses(here)
    cells = st.columns(4)
    cells[0].metric(
        "Budget",
        f"{record.spent()} / {campaign.budget.trials}",
        border=True,
        help=f"{budget(campaign, record).shown}: a proposal counts once it is approved",
    )
    cells[1].metric("Open at once", campaign.planner.batch, border=True)
    cells[2].metric(
        "Who decides",
        campaign.review.autonomy,
        border=True,
        help=AUTONOMY[campaign.review.autonomy],
    )
    cells[3].metric("Version", here.version, border=True, help="Change more with a new file")
    with st.container(horizontal=True):
        with st.popover("Change these", icon=":material/tune:"):
            _rules(here)
        with st.popover("A new file", icon=":material/upload_file:"):
            _new_file(here)
    _parts(here)
    _health(here)


def _statuses(here: Visit) -> None:
    with st.container(horizontal=True):
        for status, (label, icon, help_) in MEANS.items():
            if status not in ASKED:
                _button(here, status, label, icon, help_)
                continue
            with st.popover(label, icon=icon, disabled=status is here.status):
                st.markdown(help_)
                _button(here, status, f"{label} {here.campaign.name}", icon, "")


def _button(here: Visit, status: CampaignStatus, label: str, icon: str, help_: str) -> None:
    st.button(
        plain(label),
        key=f"status:{status}",
        icon=icon,
        help=help_ or None,
        disabled=status is here.status,
        on_click=_set,
        args=(here, status),
    )


@form
def _rules(here: Visit) -> None:
    """What people may change at any moment without a file: a new version of the campaign."""
    key = f"rules:{here.campaign.name}:{here.version}"
    campaign = here.campaign
    ways = list(AUTONOMY)
    st.radio(
        "Who decides",
        ways,
        ways.index(campaign.review.autonomy),
        key=f"{key}:autonomy",
        captions=[AUTONOMY[way] for way in ways],
        **KEPT,
    )
    st.number_input("Budget in trials", 1, 100_000, campaign.budget.trials, key=f"{key}:trials",
                    **KEPT)  # fmt: skip
    st.number_input("Open at once", 1, 100, campaign.planner.batch, key=f"{key}:batch", **KEPT)
    fault(key)
    st.button("Put in force", key=f"{key}:do", type="primary", on_click=_revise, args=(here, key))


def _parts(here: Visit) -> None:
    campaign = here.campaign
    parts = {
        "Goal": tables.outcome_table(campaign, here.record),
        "Parameters": tables.parameter_table(campaign),
        "Pipeline": tables.stage_table(campaign),
    }
    for title, frame in parts.items():
        st.subheader(title, anchor=False)
        table(frame)
        if title == "Parameters" and campaign.constraints:
            st.caption(":material/rule: " + plain("   and   ".join(campaign.constraints)))


def _health(here: Visit) -> None:
    st.subheader("Model health", anchor=False)
    health = tables.health_table(here.record)
    if len(health):
        sheet(health)
    else:
        st.info("Not known yet: it is scored as soon as a result comes that had been predicted.")


def _set(here: Visit, status: CampaignStatus) -> None:
    act = partial(desk.LEADS_TO[status], here.store, here.campaign.name, here.who)
    attempt(act, f"{here.campaign.name} is {status.value}")


def _revise(here: Visit, key: str) -> None:
    wanted = {name: st.session_state[f"{key}:{name}"] for name in ("autonomy", "trials", "batch")}

    def act() -> None:
        new = desk.with_parts(
            here.campaign,
            review={"autonomy": wanted["autonomy"]},
            budget={"trials": wanted["trials"]},
            planner={"batch": wanted["batch"]},
        )
        _put_in_force(here, new)

    attempt(act, f"version {here.version + 1} of {here.campaign.name} is in force", key)


@form
def _new_file(here: Visit) -> None:
    """All else that may change: a new version of the campaign's file."""
    key = f"file:{here.campaign.name}:{here.version}"
    uploads("Campaign file (YAML)", f"{key}:file", FILE_TYPES, one=True)
    fault(key)
    st.button("Put the file in force", key=f"{key}:do", type="primary", on_click=_revise_by_file,
              args=(here, key))  # fmt: skip


def _revise_by_file(here: Visit, key: str) -> None:
    files = uploaded(f"{key}:file")

    def act() -> None:
        new = read_upload(files)
        if new.name != here.campaign.name:
            raise ValueError(f"the file is of {new.name!r}, not of {here.campaign.name!r}")
        _put_in_force(here, new)

    attempt(act, f"version {here.version + 1} of {here.campaign.name} is in force", key)


def _put_in_force(here: Visit, new: Campaign) -> None:
    if desk.revise(here.store, new, here.version, here.who) == here.version:
        raise ValueError("nothing was changed")
