"""``kyoso replay --hypotheses``: a past campaign with hypotheses, without them, and reversed."""

import os
from pathlib import Path
from typing import Any

from rich.table import Table

from planner.past.history import read_history
from planner.past.mapping import HistoryError
from planner.replay.planned import Noise
from planner.replay.with_hypotheses import ClaimsReport, compare_claims, read_claims


def replay_claims(
    source: str,
    content: Any,
    mapping: Path | None = None,
    seeds: int = 20,
    budget: int = 45,
    outcome: str | None = None,
    *,
    noise: Noise = "mean",
    workers: int | None = None,
    progress: bool = False,
) -> ClaimsReport:
    """Experiments to the goal with hypotheses (plain data, as in a campaign file), without them,
    and with each reversed. CampaignError where they do not fit the campaign."""
    history = read_history(source, mapping)
    pool = history.pool(outcome)
    if pool.merits.shape[1] > 1:
        goals = ", ".join(pool.campaign.objectives)
        raise HistoryError(f"hypotheses are replayed for one outcome; name one of {goals}")
    claims = read_claims(pool.campaign, content)
    cores = workers or os.cpu_count() or 1
    name = history.mapping.name
    return compare_claims(name, pool, claims, seeds, budget, cores, noise, progress)


def summary(report: ClaimsReport) -> Table:
    """The report as a table: experiments to the goal with, without and reversed."""
    table = Table(
        title=f"{report.name}: {report.conditions} conditions, {report.seeds} seeds",
        caption=f"To {report.goal}; {report.budget} where it was not reached.\n"
        f"Claims: {'; '.join(report.claims)}",
        caption_justify="left", caption_style="",
    )  # fmt: skip
    for heading in ("claims", "experiments, median", "ratio to without (95 %)", "not reached",
                    "credence at the end"):  # fmt: skip
        table.add_column(heading, justify="left" if heading == "claims" else "right")
    for arm, found in report.arms.items():
        spread = "no interval: all runs end alike"
        if found.ratio_95:
            spread = "{:.2f} to {:.2f}".format(*found.ratio_95)
        credences = ", ".join(f"{c:.2f}" for c in found.credence_at_the_end.values())
        table.add_row(
            arm, f"{found.median:g} ({found.quartiles[0]:g} to {found.quartiles[1]:g})",
            f"{found.ratio_to_without:.2f} ({spread})",
            str(found.not_reached), credences,
        )  # fmt: skip
    return table
