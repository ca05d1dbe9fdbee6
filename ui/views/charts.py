"""Figures of the panel (plotly). Pure: tables in, figure out. Colours suit light and dark."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from planner.campaign.campaign import Campaign
from planner.campaign.outcome import Outcome
from planner.campaign.plain import drawn
from ui.views.waiting import Expectation
from ui.views.words import heading, limits

BLUE, GREEN, ORANGE, RED, GREY = "#3b82f6", "#10a37f", "#f08c2e", "#e5484d", "#8b98a9"
ARROW = {"maximize": "↑", "minimize": "↓", "target": "◎", "none": ""}
"""Which way is better."""
NAMED = 12
"""Points of a front that carry their trial's number; where there are more, it shows on touch."""
LEGEND = (
    ":blue[●] expected, with its 95 % interval · :green[┃] best so far · "
    ":orange[┃] threshold or limit · ↑ ↓ which way is better"
)


def expected(expectations: Sequence[Expectation]) -> go.Figure:
    """Predicted means with 95 % intervals, one line each with its own axis, against the best so far
    and the limits. ``LEGEND`` explains it once for many."""
    rows = len(expectations)
    figure = make_subplots(rows=rows, cols=1, vertical_spacing=0.45 / rows)
    for row, e in enumerate(expectations, 1):
        name = f"{drawn(heading(e.outcome, e.unit))} {ARROW[e.goal]}".strip()
        band = {"color": BLUE, "width": 11}
        figure.add_scatter(
            x=[e.low, e.high], y=[name, name], mode="lines", line=band, opacity=0.35,
            hoverinfo="skip", row=row, col=1,
        )  # fmt: skip
        if e.best is not None:
            _tick(figure, row, name, e.best, "best so far", GREEN)
        for limit, value in e.limits.items():
            _tick(figure, row, name, value, limit, ORANGE)
        tip = f"expected {e.mean:.4g} {drawn(e.unit)}<br>95 %: {e.low:.4g} to {e.high:.4g}"
        figure.add_scatter(
            x=[e.mean], y=[name], mode="markers", marker={"color": BLUE, "size": 11},
            hovertemplate=f"{tip}<extra></extra>", row=row, col=1,
        )  # fmt: skip
    figure.update_layout(showlegend=False)
    figure.update_yaxes(showgrid=False, automargin=True, ticklabelstandoff=6)
    figure.update_xaxes(showgrid=False, nticks=6, zeroline=False)
    return _plain(figure, height=54 * rows + 20, top=4, bottom=28)


def objective(frame: pd.DataFrame, name: str, outcome: Outcome, note: str = "") -> go.Figure:
    """An objective over the trials, with its best so far and its limits. ``frame``: see
    ``progress.course``."""
    figure = go.Figure()
    for allowed, colour, symbol, label in (
        (True, BLUE, "circle", "measured"),
        (False, GREY, "x", "a requirement fails"),
    ):
        part = frame[frame.allowed == allowed]
        if len(part):
            figure.add_scatter(
                x=part.trial,
                y=part.value,
                mode="markers",
                name=label,
                customdata=part.label.map(drawn),
                marker={"color": colour, "size": 9, "symbol": symbol},
                error_y={"array": part.error.astype(float), "thickness": 1.2, "width": 3},
                hovertemplate="trial %{x}: %{y:.4g} "
                + drawn(outcome.unit)
                + "<br>%{customdata}<extra></extra>",
            )
    figure.add_scatter(
        x=frame.trial,
        y=frame.best,
        mode="lines",
        name="best so far",
        hoverinfo="skip",
        line={"color": GREEN, "width": 2, "shape": "hv"},
    )
    for limit, value in limits(outcome).items():
        figure.add_hline(
            y=value,
            line={"color": ORANGE, "dash": "dot", "width": 1.5},
            annotation={"text": limit, "font": {"color": ORANGE}},
        )
    _whole_ticks(figure, frame.trial)
    figure.update_xaxes(title="trial")
    figure.update_yaxes(title=f"{drawn(heading(name, outcome.unit))} {ARROW[outcome.goal]}")
    return _plain(figure, height=300, note=note)


def pareto(
    found: pd.DataFrame,
    awaited: pd.DataFrame,
    campaign: Campaign,
    note: str = "",
) -> go.Figure:
    """The first two objectives: what was measured, what nobody beats, what is expected.

    ``found`` and ``awaited``: see ``progress.front`` and ``progress.awaited``.
    """
    (x, of_x), (y, of_y) = list(campaign.objectives.items())[:2]
    tip = "trial %{text}: %{x:.4g}, %{y:.4g}<br>%{customdata}<extra></extra>"
    figure = go.Figure()
    groups = (
        (found[~found.best & found.allowed], "measured", BLUE, "circle", 8),
        (found[~found.allowed], "a requirement fails", GREY, "x", 8),
    )
    for part, label, colour, symbol, size in groups:
        if len(part):
            figure.add_scatter(
                x=part.x,
                y=part.y,
                mode="markers",
                name=label,
                text=part.trial,
                customdata=part.label.map(drawn),
                hovertemplate=tip,
                marker={"color": colour, "size": size, "symbol": symbol},
            )
    best = found[found.best].sort_values("x")
    figure.add_scatter(
        x=best.x,
        y=best.y,
        mode="lines+markers" + "+text" * (len(best) <= NAMED),
        name="nobody beats it",
        text=best.trial,
        customdata=best.label.map(drawn),
        hovertemplate=tip,
        textposition="top center",
        line={"color": GREEN, "width": 1.5, "dash": "dot"},
        marker={"color": GREEN, "size": 11},
    )
    if len(awaited):
        figure.add_scatter(
            x=awaited.x,
            y=awaited.y,
            mode="markers",
            name="expected, ± 1 sd",
            text=awaited.trial,
            customdata=awaited.label.map(drawn),
            hovertemplate=tip,
            opacity=0.8,
            error_x={"array": awaited.sd_x, "thickness": 1},
            error_y={"array": awaited.sd_y, "thickness": 1},
            marker={"color": ORANGE, "size": 10, "symbol": "diamond-open", "line": {"width": 2}},
        )
    figure.update_xaxes(title=f"{drawn(heading(x, of_x.unit))} {ARROW[of_x.goal]}")
    figure.update_yaxes(title=f"{drawn(heading(y, of_y.unit))} {ARROW[of_y.goal]}")
    return _plain(figure, height=380, note=note)


def hypervolume(frame: pd.DataFrame, unit: str, note: str = "") -> go.Figure:
    """Hypervolume after each completed trial. ``frame``: see ``progress.volume``."""
    count = list(range(1, len(frame) + 1))
    figure = go.Figure()
    figure.add_scatter(
        x=count,
        y=frame.volume,
        mode="lines+markers",
        showlegend=False,
        line={"color": GREEN, "width": 2, "shape": "hv"},
        marker={"size": 6},
        customdata=frame[["trial", "at"]].astype(str),
        hovertemplate="after %{x} trials: %{y:.4g}<br>trial %{customdata[0]}, %{customdata[1]}"
        "<extra></extra>",
    )
    _whole_ticks(figure, pd.Series(count))
    figure.update_xaxes(title="completed trials")
    figure.update_yaxes(title=drawn(heading("hypervolume", unit)), rangemode="tozero")
    return _plain(figure, height=380, note=note)


def _tick(figure: go.Figure, row: int, at: str, value: float, name: str, colour: str) -> None:
    """A short upright line."""
    figure.add_scatter(
        x=[value], y=[at], mode="markers", row=row, col=1,
        marker={"symbol": "line-ns", "size": 18, "line": {"color": colour, "width": 2.5}},
        hovertemplate=f"{name} %{{x:.4g}}<extra></extra>",
    )  # fmt: skip


def _whole_ticks(figure: go.Figure, numbers: pd.Series) -> None:
    """No trial 2.5 on the axis."""
    if len(numbers) and numbers.max() - numbers.min() < 10:
        figure.update_xaxes(dtick=1)


def _plain(
    figure: go.Figure, height: int, note: str = "", top: int = 36, bottom: int = 8
) -> go.Figure:
    """The look that all figures share; ``note`` stands in the corner, such as ``synthetic``."""
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": None}
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 12, "t": top, "b": bottom},
        legend=legend,
        hovermode="closest",
        dragmode=False,
    )
    if note:
        figure.add_annotation(
            text=note,
            xref="paper",
            yref="paper",
            x=1,
            y=0,
            xanchor="right",
            yanchor="bottom",
            showarrow=False,
            opacity=0.6,
            font={"size": 13, "color": ORANGE},
        )
    return figure
