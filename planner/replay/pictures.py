"""The curves of a replay as one picture (matplotlib), for a report or a slide."""

import io
from typing import Any

from planner.replay.figures import ARM, COLOURS, TITLES, colour, in_view
from planner.replay.forecasts import JudgedForecasts, Report
from planner.replay.values import PoolReport


def png(report: Report) -> bytes:
    """A PNG of 150 dots an inch: the main curves of a pool replay, or the forecasts of a walk."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with rc_context({"text.parse_math": False}):  # a name may hold $
        figure = _drawn(report)
        out = io.BytesIO()
        FigureCanvasAgg(figure)
        figure.savefig(out, format="png", dpi=150, metadata={"Software": "kyoso"})
    return out.getvalue()


def _drawn(report: Report) -> Any:
    from matplotlib.figure import Figure

    if report.mode == "prequential":
        walked = [(n, a) for n, a in report.outcomes.items() if isinstance(a, JudgedForecasts)]
        figure = Figure(figsize=(8, 3.2 * max(len(walked), 1)), layout="constrained")
        for i, (name, about) in enumerate(walked, 1):
            _forecasts(figure.add_subplot(len(walked), 1, i), name, about)
    else:
        several = len(report.pool.reference_point) > 1
        curves = ("share_of_top", "hypervolume" if several else "regret")
        figure = Figure(figsize=(10, 4.2), layout="constrained")
        for i, curve in enumerate(curves, 1):
            _curves(figure.add_subplot(1, 2, i), report, curve)
        figure.suptitle(f"{report.name}   (baseline: {report.baseline})", fontsize=11)
    return figure


def _curves(axes: Any, report: PoolReport, curve: str) -> None:
    for place, (name, found) in enumerate(report.planners.items()):
        if (values := found.curve(curve)) is None:
            continue
        x = range(1, len(values) + 1)
        dash = ":" if name in ("random", "history") else "-"
        axes.plot(x, values, dash, color=colour(name, place), label=name, lw=2)
        if ends := found.ends(curve):
            axes.fill_between(x, *ends, color=colour(name, place), alpha=0.15, lw=0)
    if real := report.real_search(curve):
        axes.plot(range(1, len(real) + 1), real, "--", color=ARM, label="real random search", lw=2)
    axes.set_xlabel("experiments")
    axes.set_ylabel(TITLES[curve][0])
    axes.set_title(TITLES[curve][1], fontsize=10)
    axes.legend(frameon=False, fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)


def _forecasts(axes: Any, name: str, about: JudgedForecasts) -> None:
    rows = [f for course in about.courses for f in course.forecasts]
    x = list(range(1, len(rows) + 1))
    axes.vlines(x, [f.low for f in rows], [f.high for f in rows], color=COLOURS["kyoso"],
                alpha=0.45, lw=2, label="90 % interval before it was known")  # fmt: skip
    for hit, label, tone in ((True, "result", COLOURS["history"]), (False, "outside", ARM)):
        part = [(i, f.value) for i, f in zip(x, rows, strict=True)
                if (f.low <= f.value <= f.high) is hit]  # fmt: skip
        axes.plot([i for i, _ in part], [v for _, v in part], "o", color=tone, ms=3.5, label=label)
    unit = about.unit.strip("[]")
    axes.set_ylabel(f"{name} ({unit})" if unit else name)
    axes.set_ylim(*in_view(rows))
    axes.set_xlabel("experiments in their true order")
    axes.set_title(f"{about.verdict}: {about.coverage_90:.0%} inside", fontsize=10)
    axes.legend(frameon=False, fontsize=8, ncols=3)
    axes.spines[["top", "right"]].set_visible(False)
