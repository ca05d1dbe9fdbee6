"""All trials: how far, how good, and one of them in full."""

import streamlit as st

from planner.record.summary import budget
from planner.record.trial import TrialState
from ui.parts import trial
from ui.parts.frame import Visit
from ui.parts.kept import kept
from ui.parts.sheet import download, sheet
from ui.views import charts, progress, tables
from ui.views.progress import TRADE_OFF, VOLUME
from ui.views.words import plain


def page(here: Visit) -> None:
    """Progress, figures, table, one trial."""
    _progress(here)
    if not here.record.trials:
        st.info("No trial yet. Proposals come with the next turn of the loop, or by Inject.")
        return
    _figures(here)
    _table(here)
    trial.details(here)


def _progress(here: Visit) -> None:
    standing = budget(here.campaign, here.record)
    counts = progress.states(here.campaign, here.record)
    text = " · ".join(f"{n} {state}" for state, n in counts.items())
    st.progress(min(1.0, standing.spent / standing.trials), f"{standing.shown}: {text}")


def _figures(here: Visit) -> None:
    campaign, record, note = here.campaign, here.record, here.note
    names = list(campaign.objectives)
    titles = [*names, TRADE_OFF, VOLUME] if len(names) > 1 else names
    for title, tab in zip(titles, st.tabs([plain(title) for title in titles]), strict=True):
        frame = kept(f"trials:{title}", progress.of, campaign, record, title)
        if frame.empty:
            tab.info("Nothing to draw yet: no trial has come back with this.")
            continue
        if title == TRADE_OFF:
            figure = charts.pareto(frame, progress.awaited(campaign, record), campaign, note)
        elif title == VOLUME:
            figure = charts.hypervolume(frame, progress.volume_unit(campaign), note)
        else:
            figure = charts.objective(frame, title, campaign.outcomes[title], note)
        tab.plotly_chart(figure, key=f"figure:{title}", config={"displayModeBar": False})


def _table(here: Visit) -> None:
    states = [s.value for s in TrialState if here.record.count(s)]
    chosen = st.pills("State", states, selection_mode="multi", label_visibility="collapsed")
    trials = kept("trials:table", tables.trials_table, here.campaign, here.record)
    frame = tables.matching(trials, "", state=chosen)
    number = st.column_config.NumberColumn(format="%.4g")
    numbers = dict.fromkeys(frame.select_dtypes(float).columns, number)
    sheet(frame, numbers, placeholder="")
    file_name = f"{here.campaign.name}-trials{here.note and '-synthetic'}.csv"
    download("Table as CSV", frame, file_name, "trials:csv")
