"""The campaign itself: goal, space, pipeline, who decides, how healthy the model is; pause, resume,
stop."""

from functools import partial

import streamlit as st

from planner.store import CampaignStatus
from ui import desk, tables
from ui.frame import Visit, attempt
from ui.words import AUTONOMY, MEANS, plain


def page(here: Visit) -> None:
    """Everything that holds for all trials."""
    campaign, record = here.campaign, here.record
    with st.container(horizontal=True):
        for status, (label, icon, help_) in MEANS.items():
            st.button(
                label,
                key=f"status:{status}",
                icon=icon,
                help=help_,
                disabled=status is here.status,
                on_click=_set,
                args=(here, status),
            )
    cells = st.columns(4)
    cells[0].metric(
        "Budget",
        f"{record.spent()} / {campaign.budget.trials}",
        border=True,
        help="trials that were not vetoed or abandoned",
    )
    cells[1].metric("Open at once", campaign.planner.batch, border=True)
    cells[2].metric(
        "Who decides",
        campaign.review.autonomy,
        border=True,
        help=AUTONOMY[campaign.review.autonomy],
    )
    cells[3].metric("Version", here.version, border=True, help="Change it with: kyoso revise FILE")
    parts = {
        "Goal": tables.outcome_table(campaign, record),
        "Parameters": tables.parameter_table(campaign),
        "Pipeline": tables.stage_table(campaign),
    }
    for title, frame in parts.items():
        st.subheader(title, anchor=False)
        st.table(frame, border="horizontal", hide_index=True)
        if title == "Parameters" and campaign.constraints:
            st.caption(":material/rule: " + plain("   and   ".join(campaign.constraints)))
    st.subheader("Model health", anchor=False)
    health = tables.health_table(record)
    if len(health):
        st.dataframe(health, hide_index=True)
    else:
        st.info("Not known yet: it is scored as soon as a result comes that had been predicted.")


def _set(here: Visit, status: CampaignStatus) -> None:
    act = partial(desk.set_status, here.store, here.campaign.name, status, here.who)
    attempt(act, f"{here.campaign.name} is {status.value}")
