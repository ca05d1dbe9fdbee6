"""The report of a replay as one HTML page that needs nothing else: a researcher can send it on."""

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from planner.past.mapping_text import mapping_text
from planner.replay.figures import figures
from planner.replay.forecasts import JudgedForecasts, Report
from planner.replay.legend import LEGEND
from planner.replay.summary import remarks, shown_hit, warnings
from planner.replay.values import PlannerFigures, PoolReport

_STYLE = """
body {font: 15px/1.55 system-ui, "Hiragino Sans", "Noto Sans JP", sans-serif; max-width: 64rem;
  margin: 2rem auto; padding: 0 1.2rem; color: #1f2937; background: #fff}
h1 {font-size: 1.6rem; margin-bottom: .2rem} h2 {font-size: 1.15rem; margin: 2.2rem 0 .4rem}
.sub {color: #6b7280; margin-top: 0} .num {text-align: right; font-variant-numeric: tabular-nums}
.warn {background: #fff7ed; border-left: 4px solid #f08c2e; padding: .6rem 1rem; margin: .8rem 0}
.verdict {font-size: 1.05rem; background: #eff6ff; border-left: 4px solid #3b82f6;
  padding: .6rem 1rem; margin: .8rem 0}
table {border-collapse: collapse; width: 100%} th, td {padding: .35rem .6rem; text-align: left;
  border-bottom: 1px solid #e5e7eb} pre {background: #f3f4f6; padding: 1rem; overflow-x: auto;
  font-size: .85rem} .grid {display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr))}
.grid > div {min-width: 0} details {margin: 1rem 0} summary {cursor: pointer}
"""
POOL = (
    "planner", "first of the top set", "share at half", "share at the end", "regret", "hypervolume",
    "ef_topk", "ef_value", "AF at 0.5", "in 90 %", "s / proposal", "verdict",
)  # fmt: skip
WALKED = (
    "outcome", "forecasts", "in 50 %", "in 68 %", "in 90 %", "in 95 %", "rms z", "log score",
    "without model", "verdict",
)  # fmt: skip
"""Headings of the figures; ``planner.replay.legend`` says what they mean."""
_FIT = 'window.dispatchEvent(new Event("resize"))'
"""The first figures were drawn before their neighbours took half of the width."""


def page(report: Report) -> str:
    """The whole page: figures with plotly inside, table, verdicts, warnings, mapping, versions."""
    from plotly.offline import get_plotlyjs

    title = f"Replay of {report.name}"
    told = warnings(report)
    parts = [
        f"<h1>{escape(title)}</h1><p class=sub>{escape(_subtitle(report))}</p>",
        *(f"<div class=verdict>{escape(text)}</div>" for text in headlines(report)),
        *(f"<div class=warn>{escape(text)}</div>" for text in told),
        _table(*numbers(report)),
        "<div class=grid>",
        *(_figure(name, figure) for name, figure in figures(report).items()),
        "</div><h2>In words</h2><ul>",
        *(f"<li>{escape(text)}</li>" for text in remarks(report) if text not in told),
        *(f"<li>About the table: {escape(note)}.</li>" for note in report.notes),
        "</ul>",
        _small(report),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><script>{get_plotlyjs()}</script></head><body>"
        + "".join(parts)
        + f"<script>{_FIT}</script></body></html>\n"
    )


def _subtitle(report: Report) -> str:
    if report.mode == "prequential":
        return f"Mode: prequential. Order of the experiments: {report.order}."
    about, setup = report.pool, report.setup
    return (
        f"Mode: pool ({about.kind}, {about.conditions} conditions, top set "
        f"{about.top_set}). Baseline: {report.baseline}. {report.seeds} seeds, "
        f"{report.budget} experiments, the first {setup.start} by lot; batch: "
        f"{setup.batch}, pending: {setup.pending}, a planner sees the {setup.noise}."
    )


def headlines(report: Report) -> list[str]:
    """The answer, in a line each."""
    if report.mode == "prequential":
        return remarks(report)[1:]
    lines = []
    for name, v in report.verdicts.items():
        what = "the pool's hypervolume" if v.measure == "hypervolume" else "the top set"
        spread = "" if v.interval_99 is None else " (99 %: {:+.2f} to {:+.2f})".format(
            *v.interval_99)  # fmt: skip
        word = {"gain": "a gain", "loss": "a loss"}.get(v.verdict, "no gain shown")
        if v.interval_99 is None:
            word = "too few runs, so no gain can be claimed"
        doubt = f"; {v.why}" if v.why and v.interval_99 is not None else ""
        lines.append(
            f"{name}: {word} against the baseline; after {report.budget} experiments it held "
            f"{v.difference:+.2f} of {what} more than the baseline{spread}{doubt}."
        )
    return lines


def numbers(report: Report) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of the table of figures."""
    if report.mode == "prequential":
        rows = [
            [name, str(a.n), *(f"{c:.0%}" for c in a.coverage.values()), f"{a.rms_z:.2f}",
             f"{a.log_score:.2f}", f"{a.log_score_without_model:.2f}", a.verdict]
            for name, a in report.outcomes.items() if isinstance(a, JudgedForecasts)
        ]  # fmt: skip
        return [*WALKED], rows
    return [*POOL], [_row(report, name, p) for name, p in report.planners.items()]


def _row(report: PoolReport, name: str, p: PlannerFigures) -> list[str]:
    share = p.share_of_top
    covered = [c.coverage_90 for c in (p.calibration or {}).values()]
    return [
        name, shown_hit(p.first_hit), f"{share[(len(share) - 1) // 2]:.2f}", f"{share[-1]:.2f}",
        _last(p.regret), _last(p.hypervolume), _last(p.ef_topk), _last(p.ef_value),
        "" if p.acceleration["0.5"] is None else f"{p.acceleration['0.5']:.2f}",
        " / ".join(f"{c:.0%}" for c in covered), f"{p.seconds_per_proposal:.3f}",
        report.word(name),
    ]  # fmt: skip


def _last(curve: Sequence[float] | None) -> str:
    return "" if curve is None else f"{curve[-1]:.3g}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(
        f'<th{" class=num" if i else ""} title="{escape(LEGEND[h])}">{escape(h)}'
        for i, h in enumerate(heads)
    )
    body = "".join(
        "<tr>" + "".join(f"<td{' class=num' if i else ''}>{escape(c)}" for i, c in enumerate(row))
        for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _figure(name: str, figure: Any) -> str:
    html = figure.to_html(
        full_html=False,
        include_plotlyjs=False,
        default_width="100%",
        config={"displaylogo": False, "responsive": True},
    )
    return f"<div><h2>{escape(name)}</h2>{html}</div>"


def _small(report: Report) -> str:
    """What makes the report repeatable."""
    versions = ", ".join(f"{name} {number}" for name, number in report.versions.items())
    mapping = report.mapping
    about = [mapping.get(key) for key in ("title", "source", "citation", "licence")]
    told = "<br>".join(escape(text) for text in about if text)
    return (
        f"<h2>Where this comes from</h2><p>{told}</p><p>Made with {escape(versions)}.</p>"
        f"<details><summary>Mapping: what the columns mean</summary><pre>"
        f"{escape(mapping_text(json.loads(json.dumps(mapping))))}</pre></details>"
    )
