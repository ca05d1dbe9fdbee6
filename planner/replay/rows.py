"""The curves of a replay as rows, for a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from planner.replay.forecasts import PrequentialReport, Report
from planner.replay.values import PoolReport
from planner.tables.formulas import csv_text

CURVES = ("share_of_top", "regret", "hypervolume", "ef_topk", "ef_value")


def as_csv(report: Report) -> str:
    """One row for each planner, curve and experiment; of a walk, one for each forecast."""
    if report.mode == "prequential":
        head = ["outcome", "campaign", "batch", "rows", "low_90", "middle", "high_90",
                "value", "z", "log_score", "rank", "candidates"]  # fmt: skip
        return csv_text([head, *_forecasts(report)])
    head = ["planner", "curve", "experiment", "value", "low_95", "high_95"]
    return csv_text([head, *_curves(report)])


def _curves(report: PoolReport) -> Iterator[list[Any]]:
    for planner, found in report.planners.items():
        curves = {name: values for name in CURVES if (values := found.curve(name)) is not None}
        best = found.best_so_far
        named = best if isinstance(best, dict) else {"": best}
        curves |= {f"best_so_far{':' + n if n else ''}": values for n, values in named.items()}
        for name, values in curves.items():
            ends = found.ends(name) or [[None] * len(values)] * 2
            for i, value in enumerate(values):
                yield [planner, name, i + 1, value, ends[0][i], ends[1][i]]


def _forecasts(report: PrequentialReport) -> Iterator[list[Any]]:
    for outcome, about in report.outcomes.items():
        for course in about.courses:
            for f in course.forecasts:
                yield [outcome, course.name, f.batch, " ".join(map(str, f.lines)),
                       f.low, f.middle, f.high, f.value, f.z, f.log_score,
                       f.rank, f.candidates]  # fmt: skip
