"""Replay of a history, in a process of its own: start it, watch it, read its report."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from planner.past.mapping import HistoryError
from planner.replay import background
from planner.replay.figures import figures
from planner.replay.forecasts import Report
from planner.replay.legend import LEGEND
from planner.replay.page import headlines, numbers
from planner.replay.replay import PLANNERS
from planner.replay.summary import remarks, warnings
from planner.settings import Settings
from ui.parts.entry import KEPT
from ui.parts.sheet import sheet
from ui.views import past
from ui.views.words import in_lines, plain

WATCH_SECONDS = 2
MODES = {"pool": "choose among what was measured", "prequential": "predict along the true order"}
PLANNER_HELP = (
    "kyoso: this planner; random: every order alike, computed exactly; gp-ei: a plain Gaussian "
    "process with expected improvement"
)
SEEDS_HELP = (
    "so many walks of each planner, each with another start by lot; more tell smaller gains"
)
BUDGET_HELP = "after so many experiments a walk ends, and planners are compared"


def page() -> None:
    """A form on top, the chosen replay below."""
    data = Settings().data.resolve()
    histories = past.kept(data / "history")
    if not histories:
        st.info("No history yet: bring one in on the page Import, or with kyoso import.")
    else:
        started = past.replays(data / "replays")
        ended = sum((folder / "report.html").exists() for folder in started.values())
        key = f"replay:form:{len(started)}:{ended}"  # it folds when one begins, and when one ends
        with st.expander("Start a replay", expanded=not started, key=key):
            _form(histories, data / "replays")
    if started := past.replays(data / "replays"):
        _watch(started[st.selectbox("Replay", list(started), key="replay")])


def _form(histories: dict[str, Path], folder: Path) -> None:
    st.selectbox("History", list(histories), key="replay:history", **KEPT)
    st.radio("Mode", list(MODES), horizontal=True, captions=list(MODES.values()),
             key="replay:mode", **KEPT)  # fmt: skip
    st.multiselect("Planners", PLANNERS, default=["kyoso", "random"], key="replay:planners",
                   help=PLANNER_HELP, **KEPT)  # fmt: skip
    left, right = st.columns(2)
    left.number_input("Seeds", 1, 200, 20, key="replay:seeds", help=SEEDS_HELP, **KEPT)
    right.number_input("Experiments", 2, 500, 45, key="replay:budget", help=BUDGET_HELP, **KEPT)
    st.button("Start", key="replay:start", type="primary", icon=":material/play_arrow:",
              on_click=_begin, args=(histories, folder))  # fmt: skip


def _begin(histories: dict[str, Path], folder: Path) -> None:
    parts = ("history", "mode", "planners", "seeds", "budget")
    name, mode, planners, seeds, budget = (st.session_state[f"replay:{part}"] for part in parts)
    place = folder / f"{datetime.now():%Y-%m-%d %H.%M.%S} {name}"
    request = {"source": str(histories[name]), "mode": mode, "planners": planners,
               "seeds": int(seeds), "budget": int(budget)}  # fmt: skip
    background.begin(place, request)
    st.session_state.replay = place.name


def _watch(folder: Path) -> None:
    now = background.standing(folder)
    if now.state == "running":
        _progress(folder)
    elif now.state == "failed":
        _failed(folder, now.message)
    else:
        try:
            report = background.report_of(folder)
        except HistoryError as error:  # another version of Kyoso wrote it
            _failed(folder, str(error))
        else:
            _report(folder, report)


def _failed(folder: Path, why: str) -> None:
    st.error(in_lines(why), icon=":material/error:")
    st.button("Start again", icon=":material/replay:", on_click=_again, args=(folder,))


def _again(folder: Path) -> None:
    """Finished runs are kept: it goes on from them."""
    background.begin(folder, background.request_of(folder))


@st.fragment(run_every=WATCH_SECONDS)
def _progress(folder: Path) -> None:
    """A line that refreshes itself; the page is drawn anew when the replay has ended."""
    now = background.standing(folder)
    if now.state != "running":
        st.rerun()
    left = "" if now.seconds_left is None else f", about {now.seconds_left / 60:.0f} min left"
    text = f"{now.done} of {now.total} runs{left}" if now.total else "under way"
    st.progress(now.done / now.total if now.total else 0.0, text=text)


def _report(folder: Path, report: Report) -> None:
    for text in headlines(report):
        st.info(plain(text))
    told = warnings(report)
    for text in told:
        st.warning(plain(text))
    heads, rows = numbers(report)
    helps = {head: st.column_config.Column(help=words) for head, words in LEGEND.items()}
    sheet(pd.DataFrame(rows, columns=heads), {h: helps[h] for h in heads if h in helps})
    with st.expander("What the words mean", icon=":material/help:"):
        st.markdown(
            "\n".join(f"- **{plain(h)}**: {plain(LEGEND[h])}" for h in heads if h in LEGEND)
        )
    for title, figure in figures(report).items():
        st.markdown(f"**{plain(title)}**")
        st.plotly_chart(figure, key=f"{folder.name}:{title}")
    with st.expander("In words"):
        st.markdown("\n".join(f"- {plain(t)}" for t in remarks(report) if t not in told))
    page_of_report = (folder / "report.html").read_bytes()
    st.download_button("The report as one page", page_of_report, f"{report.name}.html",
                       "text/html", icon=":material/download:")  # fmt: skip
