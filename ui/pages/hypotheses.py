"""What people claim, what the record says about it, and how that came about."""

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from planner import desk
from planner.campaign.campaign import Campaign
from planner.loop.laboratory import utc_now
from planner.record.record import Record
from ui.parts import taking_back
from ui.parts.claim_picture import picture
from ui.parts.frame import Visit, attempt, fault
from ui.parts.sheet import sheet
from ui.views import belief_charts, beliefs
from ui.views.words import plain

if TYPE_CHECKING:
    from planner.beliefs.ledger import Ledger


def page(here: Visit) -> None:
    """The ledger, credence over time, and a picture of each claim."""
    from planner.beliefs.vetoes import taught  # scipy, only where it is needed

    campaign, record = taught(here.campaign, here.record)
    if not campaign.hypotheses:
        st.info(
            "Nobody has claimed anything yet. A claim is entered under Inject, or stands in the "
            "campaign's file.",
            icon=":material/psychology:",
        )
        return
    found = _ledger(campaign, record, here.seen)
    table, course = beliefs.ledger_table(found), beliefs.course(found)
    bar = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    sheet(table, {"stated": bar, "credence": bar})
    st.caption(
        "Credence: the probability that was stated, moved by what the results say; few results "
        "count for little. It decides in how many proposals a claim has a say."
    )
    over_time, claimed = st.columns([1, 1], gap="medium")
    with over_time:
        st.subheader("Over time", anchor=False)
        figure = belief_charts.credence(course, here.note)
        st.plotly_chart(figure, key="credence", config={"displayModeBar": False})
    with claimed:
        _claimed(here, campaign, record, course, table)


def _claimed(
    here: Visit,
    campaign: Campaign,
    record: Record,
    course: pd.DataFrame,
    table: pd.DataFrame,
) -> None:
    titles = [h.title for h in campaign.hypotheses]
    st.subheader("What it claims", anchor=False)
    title = st.selectbox("Claim", titles, key="claim", label_visibility="collapsed")
    claim = campaign.hypotheses[titles.index(title)]
    picture(here, campaign, record, claim, f"claim:{title}")
    st.caption(plain(claim.words + (f" ({claim.because})" if claim.because else "")))
    st.caption(plain(table.evidence[titles.index(title)]))
    if moves := beliefs.biggest_moves(course, title):
        st.caption(f"moved most by {moves}")
    _take_back_veto(here, title)
    if title in [h.title for h in here.campaign.hypotheses]:
        fault(f"retract:{title}")
        st.button("Retract", key=f"retract:{title}", icon=":material/undo:", on_click=_retract,
                  args=(here, title))  # fmt: skip


def _take_back_veto(here: Visit, title: str) -> None:
    """Where the claim is what a veto of a region left."""
    from planner.beliefs.vetoes import avoid_of  # scipy, only where it is needed

    veto = next((d for d in here.record.vetoes if d.scope and avoid_of(d).title == title), None)
    if veto is not None:
        taking_back.popover(here, here.record.trial(veto.trial), "Take back the veto")


@st.cache_data(max_entries=8, show_spinner="weighing the claims")
def _ledger(_campaign: Campaign, _record: Record, seen: int) -> "Ledger":
    """The ledger, computed anew when something has happened (``seen``: the last event)."""
    from planner.beliefs.ledger import ledger  # scipy, only where it is needed

    return ledger(_campaign, _record, utc_now().date())


def _retract(here: Visit, title: str) -> None:
    act = partial(desk.retract, here.store, here.campaign.name, title, here.who)
    attempt(act, f"the claim is retracted: {title}", f"retract:{title}")
