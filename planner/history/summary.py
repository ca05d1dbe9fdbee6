"""The report of a replay as a table for the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table


def summary(report: Mapping[str, Any]) -> Table:
    """The report as a table for the terminal, with its baseline, verdicts and warning below."""
    about = report["pool"]
    table = Table(
        title=f"{report['name']}: {about['conditions']} conditions, top set {about['top_set']}",
        caption="\n".join(_remarks(report)), caption_justify="left", caption_style="",
    )  # fmt: skip
    for heading in ("planner", "first of the top set", "share at half", "share at the end",
                    "hypervolume", "s per proposal"):  # fmt: skip
        table.add_column(heading, justify="left" if heading == "planner" else "right")
    for name, found in report["planners"].items():
        share = found["share_of_top"]
        table.add_row(
            name, _shown_hit(found["first_hit"]), f"{share[(len(share) - 1) // 2]:.2f}",
            f"{share[-1]:.2f}", f"{found['hypervolume'][-1]:.3f}",
            f"{found['seconds_per_proposal']:.3f}",
        )  # fmt: skip
    return table


def _remarks(report: Mapping[str, Any]) -> list[str]:
    remarks = [f"Compared with: {report['baseline']}. Seeds: {report['seeds']}."]
    for c in report["comparisons"]:
        spread = "one seed"
        if c["interval_95"]:
            spread = "95 % {:+.3f} to {:+.3f}".format(*c["interval_95"])
        remarks.append(
            f"{c['planner']} against {c['against']}, {c['measure']} after {c['experiments']}: "
            f"{c['verdict']} ({c['difference']:+.3f}, {spread})"
        )
    for name, arm in report["planners"].get("history", {}).get("arms", {}).items():
        remarks.append(
            f"arm {name}: {arm['rows']} rows, hypervolume {arm['final_hypervolume']:.4f}"
        )
    return [*remarks, *([report["pool"]["warning"]] if report["pool"]["warning"] else [])]


def _shown_hit(hit: Mapping[str, float | None]) -> str:
    median, low, high = (
        "> budget" if hit[k] is None else f"{hit[k]:g}" for k in ("median", "q25", "q75")
    )
    return f"{median} ({low} to {high})"
