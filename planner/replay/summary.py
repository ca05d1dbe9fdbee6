"""The report of a replay for the terminal: a table, and in words what follows from it."""

from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.table import Table

from planner.replay.forecasts import (
    JudgedForecasts,
    OutcomeForecasts,
    PrequentialReport,
    Report,
)
from planner.replay.values import FirstHit, GainVerdict, PoolReport

MODES = {
    "pool": "Mode: pool. Planners chose among conditions that were measured; what they would have "
    "found among these, never outside them.",
    "prequential": "Mode: prequential. The true order was walked and each batch predicted before "
    "it was known; nothing was chosen.",
}


def summary(report: Report) -> Table:
    """The figures; ``remarks`` says what they mean."""
    return _walked(report) if report.mode == "prequential" else _pool(report)


def remarks(report: Report) -> list[str]:
    """What has to be said of the report, a sentence or two each."""
    if report.mode == "prequential":
        return [MODES["prequential"], *(_judged(n, a) for n, a in report.outcomes.items())]
    lines = [MODES["pool"], f"Compared with: {report.baseline}. Seeds: {report.seeds}."]
    real = report.enrichment
    if real and real.experiments < report.budget:
        lines.append(f"The real random search ended after {real.experiments} experiments; from "
                     "there on its last value is held, which favours the planners.")  # fmt: skip
    for name, v in report.verdicts.items():
        lines.append(gain_line(name, v))
    for c in report.comparisons:
        spread = "no interval"
        if c.interval_95:
            spread = "95 % {:+.3f} to {:+.3f}".format(*c.interval_95)
        lines.append(
            f"{c.planner} against {c.against}, {c.measure} after {c.experiments}: "
            f"{c.verdict} ({c.difference:+.3f}, {spread})"
        )
    for planner in report.planners.values():
        for name, arm in planner.arms.items():
            lines.append(f"arm {name}: {arm.rows} rows, hypervolume {arm.final_hypervolume:.4f}")
    return [*lines, *warnings(report)]


def warnings(report: Report) -> list[str]:
    """Why the figures may say less than they seem to."""
    if report.mode == "prequential":
        return []
    found = [report.pool.warning, report.enrichment and report.enrichment.words]
    found += [f"{words}." for words in report.pool.leaks]
    for name, planner in report.planners.items():
        for outcome, c in (planner.calibration or {}).items():
            if c.verdict not in ("honest", "too few results to tell"):
                found.append(
                    f"{name} was {c.verdict} about the {outcome} of its own choices: its 90 % "
                    f"intervals held {c.coverage_90:.0%} of {c.n}."
                )
    return [text for text in found if text]


def gain_line(name: str, v: GainVerdict) -> str:
    """Whether a planner gained over the baseline; where an interval above 0 is no gain, why."""
    spread = "no interval" if v.interval_99 is None else "99 % {:+.3f} to {:+.3f}".format(
        *v.interval_99)  # fmt: skip
    figures = f"{v.measure} at the budget {v.difference:+.3f}, {spread}"
    return f"{name} against the baseline: {v.verdict} ({figures})" + (f": {v.why}" if v.why else "")


def _pool(report: PoolReport) -> Table:
    about = report.pool
    table = Table(title=f"{report.name}: {about.conditions} conditions, top set {about.top_set}")
    for heading in ("planner", "first of\ntop set", "share\nat half", "share\nat end",
                    "hyper-\nvolume", "s per\nproposal", "verdict"):  # fmt: skip
        _column(table, heading, left=heading in ("planner", "verdict"))
    for name, found in report.planners.items():
        share = found.share_of_top
        table.add_row(
            name, shown_hit(found.first_hit), f"{share[(len(share) - 1) // 2]:.2f}",
            f"{share[-1]:.2f}", f"{found.hypervolume[-1]:.3f}",
            f"{found.seconds_per_proposal:.3f}",
            report.word(name),
        )  # fmt: skip
    return table


def _column(table: Table, heading: str, left: bool) -> None:
    """A column that a narrow terminal breaks but never cuts; a verdict stays in one piece."""
    side: Literal["left", "right"] = "left" if left else "right"
    table.add_column(heading, justify=side, overflow="fold", no_wrap=heading == "verdict")


def _walked(report: PrequentialReport) -> Table:
    table = Table(
        title=f"{report.name}: predicted before it was known (order: {report.order})",
        box=SIMPLE_HEAD,
        pad_edge=False,
    )
    for heading in ("outcome", "results", "inside\n90 %", "log\nscore", "without\nmodel",
                    "place of\nchosen", "verdict"):  # fmt: skip
        _column(table, heading, left=heading in ("outcome", "verdict"))
    for name, a in report.outcomes.items():
        if not isinstance(a, JudgedForecasts):
            table.add_row(name, "0", "", "", "", "", a.verdict)
            continue
        place = "" if a.rank_of_chosen is None else f"{a.rank_of_chosen:.0%}"
        table.add_row(
            name, str(a.n), f"{a.coverage_90:.0%}", f"{a.log_score:.2f}",
            f"{a.log_score_without_model:.2f}", place, a.verdict,
        )  # fmt: skip
    return table


def _judged(name: str, about: OutcomeForecasts) -> str:
    if not isinstance(about, JudgedForecasts):
        return f"{name}: nothing could be predicted ({about.verdict})."
    low, high = about.coverage_90_by_chance
    place = about.rank_of_chosen
    chosen = "" if place is None else (
        f" The condition that was really chosen stood at {place:.0%} of the model's list of those "
        "still to come (0 %: first, 50 %: as by lot)."
    )  # fmt: skip
    return (
        f"{name}: {about.verdict}. {about.coverage_90:.0%} of {about.n} results fell into "
        f"the 90 % interval (85 to 95 % is taken for honest; {low:.0%} to {high:.0%} may be "
        f"chance)." + chosen
    )


def shown_hit(hit: FirstHit) -> str:
    """Median and quartiles of the experiments to the first of the top set."""
    median, low, high = (
        "> budget" if n is None else f"{n:g}" for n in (hit.median, hit.q25, hit.q75)
    )
    return median if low == median == high else f"{median} ({low} to {high})"
