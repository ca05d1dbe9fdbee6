"""A claim over two parameters, or along one, as a picture."""

import streamlit as st

from planner.campaign.campaign import Campaign
from planner.campaign.hypotheses.claim import Claim
from planner.record.record import Record
from ui.parts.frame import Visit
from ui.views import belief_charts, beliefs
from ui.views.words import plain, point_line


def picture(here: Visit, campaign: Campaign, record: Record, claim: Claim, key: str) -> None:
    """A claim over two chosen parameters, the others held at its point or at the best trial. Along
    one, where both are the same or there is no other."""
    names = list(campaign.free)
    x, y = beliefs.axes_of(campaign, claim)
    if len(names) > 1:
        across, up = st.columns(2)
        x = across.selectbox("across", names, names.index(x), key=f"{key}:x")
        y = up.selectbox("up", names, names.index(y), key=f"{key}:y")
    held = beliefs.held_at(campaign, record, claim)
    shown = beliefs.picture(campaign, claim, (x, y), held)
    trials = beliefs.trials_at(campaign, record, (x, y))
    draw = belief_charts.along if x == y else belief_charts.claim
    figure = draw(shown, trials, campaign, here.note)
    st.plotly_chart(figure, key=f"{key}:chart", config={"displayModeBar": False})
    others = {n: v for n, v in held.items() if n not in (x, y)}
    if others:
        st.caption(f"held: {plain(point_line(campaign, others))}")
