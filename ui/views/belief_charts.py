"""Figures of hypotheses (plotly). Pure: tables in, figure out."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from planner.campaign.campaign import Campaign
from planner.campaign.parameter import Range
from planner.campaign.plain import drawn
from ui.views.beliefs import FINE, Picture
from ui.views.charts import BLUE, GREEN, GREY, ORANGE, RED, _plain
from ui.views.words import heading

COLOURS = (BLUE, ORANGE, GREEN, RED, "#8b5cf6", "#0ea5a4", GREY)
SCALE = [
    [0, "rgba(139,152,169,0.10)"],
    [0.5, "rgba(59,130,246,0.45)"],
    [1, "rgba(16,163,127,0.95)"],
]


def credence(frame: pd.DataFrame, note: str = "") -> go.Figure:
    """Credence of each claim against the number of results; see ``beliefs.course``."""
    figure = go.Figure()
    for i, (claim, part) in enumerate(frame.groupby("claim", sort=False)):
        figure.add_scatter(
            x=part.results, y=part.credence, name=drawn(_short(str(claim))), mode="lines+markers",
            customdata=part[["trial", "moved"]].fillna(0),
            line={"color": COLOURS[i % len(COLOURS)], "width": 2.5}, marker={"size": 6},
            hovertemplate="%{y:.0%} after trial %{customdata[0]:.0f} (%{customdata[1]:+.0%})",
        )  # fmt: skip
    figure.update_xaxes(title="trials that have come back", rangemode="tozero")
    figure.update_yaxes(title="credence", range=[-0.02, 1.02], tickformat=".0%")
    legend = 22 * frame.claim.nunique()
    return _plain(figure, height=320 + legend, note=note, top=30 + legend)


def claim(shown: Picture, trials: pd.DataFrame, campaign: Campaign, note: str = "") -> go.Figure:
    """What a claim says over two parameters, with the trials so far."""
    figure = go.Figure()
    figure.add_heatmap(
        x=_ticks(shown.x), y=_ticks(shown.y), z=shown.says, zmin=0, zmax=1, colorscale=SCALE,
        colorbar={"title": {"text": "says"}, "thickness": 12, "tickvals": [0, 0.5, 1]},
        hovertemplate="%{x}, %{y}: says %{z:.2f}<extra></extra>",
    )  # fmt: skip
    if len(trials):
        figure.add_scatter(
            x=_ticks(trials.x), y=_ticks(trials.y), text=trials.trial, mode="markers",
            name="trials",
            marker={"color": "white", "size": 8, "line": {"color": "#111827", "width": 1.5}},
            hovertemplate="trial %{text}<extra></extra>",
        )  # fmt: skip
    for axis, name in zip((figure.update_xaxes, figure.update_yaxes), shown.names, strict=True):
        axis(title=drawn(heading(name, campaign.unit(name))), **_scale(campaign, name))
    figure.update_layout(showlegend=False)
    return _plain(figure, height=380, note=note, top=12)


def along(shown: Picture, trials: pd.DataFrame, campaign: Campaign, note: str = "") -> go.Figure:
    """What a claim says along one parameter (both axes of ``shown``), with the trials so far."""
    name = shown.names[0]
    says = shown.says[:, 0]
    figure = go.Figure()
    figure.add_scatter(
        x=_ticks(shown.y), y=says, name="says", line={"color": GREEN, "width": 2.5},
        mode="lines+markers" if len(says) < FINE else "lines",
        hovertemplate="%{x}: says %{y:.2f}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=_ticks(trials.x), y=[0.0] * len(trials), mode="markers", text=trials.trial,
        name="trials",
        marker={"color": "white", "size": 8, "line": {"color": "#111827", "width": 1.5}},
        hovertemplate="trial %{text}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(title=drawn(heading(name, campaign.unit(name))), **_scale(campaign, name))
    figure.update_yaxes(title="says", range=[-0.05, 1.05])
    figure.update_layout(showlegend=False)
    return _plain(figure, height=300, note=note, top=12)


def _scale(campaign: Campaign, name: str) -> dict[str, str]:
    parameter = campaign.free[name]
    is_log = isinstance(parameter, Range) and parameter.scale == "log"
    return {"type": "log"} if is_log else {}


def _ticks(values: Iterable[Any]) -> list[Any]:
    """Places on an axis: words as they are drawn, numbers as they are."""
    return [drawn(value) if isinstance(value, str) else value for value in values]


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
