"""Interactive figures of a replay (plotly): a report in, figures out. The panel and the page share
them. Colours suit light and dark.
"""

from collections.abc import Sequence

import plotly.graph_objects as go

from planner.campaign.plain import drawn
from planner.replay.forecasts import (
    Forecast,
    ForecastCourse,
    JudgedForecasts,
    OutcomeForecasts,
    PrequentialReport,
    Report,
)
from planner.replay.values import PoolReport

COLOURS = {"kyoso": "#3b82f6", "gp-ei": "#f08c2e", "random": "#8b98a9", "history": "#10a37f"}
OTHERS = ("#a855f7", "#e5484d", "#0ea5e9", "#84cc16")
ARM = "#e5484d"
TITLES = {
    "share_of_top": ("share of the top set", "How much of the top set was found"),
    "best_so_far": ("best so far", "Best result so far"),
    "regret": ("(best of pool - best so far) / range", "Regret"),
    "hypervolume": ("share of the pool's hypervolume", "Hypervolume"),
    "ef_topk": ("times random order", "Enhancement factor by share of the top set (ef_topk)"),
    "ef_value": ("times random order", "Enhancement factor by value (ef_value)"),
}


def figures(report: Report) -> dict[str, go.Figure]:
    """By title: curves of a pool replay, or forecasts and their errors of a walk."""
    if report.mode == "prequential":
        return _walked(report)
    several = len(report.pool.reference_point) > 1
    wanted = ["share_of_top", "hypervolume"] if several else list(TITLES)
    found = {}
    for curve in wanted:
        if any(getattr(p, curve) is not None for p in report.planners.values()):
            found[TITLES[curve][1]] = _curves(report, curve)
    return found


def colour(name: str, place: int) -> str:
    """The colour of a planner, the same in every figure."""
    return COLOURS.get(name, OTHERS[place % len(OTHERS)])


def _curves(report: PoolReport, curve: str) -> go.Figure:
    figure = go.Figure()
    for place, (name, found) in enumerate(report.planners.items()):
        values = found.curve(curve)
        if values is None:
            continue
        x, tone = list(range(1, len(values) + 1)), colour(name, place)
        if ends := found.ends(curve):
            _band(figure, x, ends, tone)
        dash = "dot" if name in ("random", "history") else "solid"
        figure.add_scatter(
            x=x, y=values, name=drawn(name), mode="lines",
            line={"color": tone, "width": 2.5, "dash": dash},
            hovertemplate=f"{drawn(name)}: %{{y:.3g}} after %{{x}}<extra></extra>",
        )  # fmt: skip
    if (real := report.real_search(curve)) is not None:
        figure.add_scatter(
            x=list(range(1, len(real) + 1)), y=real, mode="lines",
            name="real random search", line={"color": ARM, "width": 2.5, "dash": "dash"},
        )  # fmt: skip
    figure.update_xaxes(title="experiments", rangemode="tozero")
    figure.update_yaxes(title=TITLES[curve][0])
    return plain(figure)


def _band(figure: go.Figure, x: Sequence[int], ends: Sequence[Sequence[float]], tone: str) -> None:
    figure.add_scatter(
        x=[*x, *reversed(x)], y=[*ends[1], *reversed(ends[0])], fill="toself", fillcolor=tone,
        line={"width": 0}, opacity=0.18, hoverinfo="skip", showlegend=False,
    )  # fmt: skip


def _walked(report: PrequentialReport) -> dict[str, go.Figure]:
    found = {}
    for name, about in report.outcomes.items():
        for course in about.courses:
            if course.forecasts:
                title = f"{name}{', ' + course.name if course.name else ''}"
                found[f"{title}: forecast and result"] = _forecasts(name, about, course)
        if isinstance(about, JudgedForecasts):
            found[f"{name}: how often the truth fell inside"] = _coverage(about)
    return found


def _forecasts(name: str, about: OutcomeForecasts, course: ForecastCourse) -> go.Figure:
    rows = course.forecasts
    x = list(range(1, len(rows) + 1))
    inside = [f.low <= f.value <= f.high for f in rows]
    figure = go.Figure()
    figure.add_scatter(
        x=x, y=[f.middle for f in rows], mode="markers", name="expected, 90 % interval",
        marker={"color": COLOURS["kyoso"], "size": 4, "symbol": "line-ew-open"},
        error_y={"symmetric": False, "array": [f.high - f.middle for f in rows],
                 "arrayminus": [f.middle - f.low for f in rows], "thickness": 2, "width": 0,
                 "color": COLOURS["kyoso"]},
        opacity=0.55, hovertemplate="%{y:.4g}<extra>expected</extra>",
    )  # fmt: skip
    for hit, label, tone in ((True, "result", COLOURS["history"]),
                             (False, "result outside", ARM)):  # fmt: skip
        part = [(i, f) for i, f, ok in zip(x, rows, inside, strict=True) if ok is hit]
        figure.add_scatter(
            x=[i for i, _ in part], y=[f.value for _, f in part], mode="markers", name=label,
            marker={"color": tone, "size": 7, "symbol": "circle" if hit else "x"},
            text=[", ".join(map(str, f.lines[:6])) for _, f in part],
            hovertemplate="%{y:.4g}, row %{text}<extra></extra>",
        )  # fmt: skip
    unit = about.unit.strip("[]")
    figure.update_xaxes(title=drawn(f"experiments after the first, {course.how}"))
    figure.update_yaxes(title=drawn(f"{name} ({unit})" if unit else name), range=in_view(rows))
    return plain(figure)


def in_view(rows: Sequence[Forecast]) -> list[float]:
    """Ends of the axis of forecasts: half the span of the results beyond them at most, for one
    interval may be so wide that nothing else could be seen."""
    values = [f.value for f in rows]
    room = 0.5 * (max(values) - min(values)) or 1.0
    low = max(min(f.low for f in rows), min(values) - room)
    high = min(max(f.high for f in rows), max(values) + room)
    edge = 0.1 * room
    return [min(low, *values) - edge, max(high, *values) + edge]


def _coverage(about: JudgedForecasts) -> go.Figure:
    levels = [100 * float(level) for level in about.coverage]
    shares = [100 * share for share in about.coverage.values()]
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 100], y=[0, 100], mode="lines", name="an honest forecaster", hoverinfo="skip",
        line={"color": COLOURS["random"], "dash": "dot"},
    )  # fmt: skip
    figure.add_scatter(
        x=levels, y=shares, mode="lines+markers", name="this model", marker={"size": 9},
        line={"color": COLOURS["kyoso"], "width": 2.5},
    )  # fmt: skip
    figure.update_xaxes(title="interval that should hold so many, %", range=[0, 100])
    figure.update_yaxes(title="results that fell inside, %", range=[0, 102])
    return plain(figure)


def plain(figure: go.Figure) -> go.Figure:
    """The look that all share."""
    figure.update_layout(
        height=380, margin={"l": 8, "r": 12, "t": 12, "b": 8}, hovermode="closest",
        template="plotly_white",
        legend={"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
    )  # fmt: skip
    return figure
