"""A claim over two parameters, as a picture."""

import streamlit as st

from planner.campaign.campaign import Campaign
from planner.campaign.hypotheses.claim import Claim
from planner.record.record import Record
from ui.parts.frame import Visit
from ui.views import belief_charts, beliefs
from ui.views.words import plain, point_line


def picture(here: Visit, campaign: Campaign, record: Record, claim: Claim, key: str) -> None:
    """A claim over two chosen parameters, the others held at its point or at the best trial."""
    names = list(campaign.free)
    first, second = beliefs.axes_of(campaign, claim)
    across, up = st.columns(2)
    x = across.selectbox("across", names, names.index(first), key=f"{key}:x")
    y = up.selectbox("up", names, names.index(second), key=f"{key}:y")
    held = beliefs.held_at(campaign, record, claim)
    shown = beliefs.picture(campaign, claim, (x, y), held)
    trials = beliefs.trials_at(campaign, record, (x, y))
    figure = belief_charts.claim(shown, trials, campaign, here.note)
    st.plotly_chart(figure, key=f"{key}:chart", config={"displayModeBar": False})
    others = {n: v for n, v in held.items() if n not in (x, y)}
    if others:
        st.caption(f"held: {plain(point_line(campaign, others))}")
