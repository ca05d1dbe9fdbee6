"""What may be said of a replay: planners compared, and whether there was a gain at all."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from models.statistics import scores

SURE = 0.99
"""Level of the interval that a claimed gain must clear; a false claim would be repeated to
others."""


def compare(planners: Mapping[str, Mapping[str, Any]], objectives: int) -> list[dict[str, Any]]:
    """Paired differences at the budget between planners; a single run stands for all seeds."""
    found = []
    measures = [("share_of_top", "final_share"), ("hypervolume", "final_hypervolume")]
    for (ours, a), (theirs, b) in itertools.combinations(planners.items(), 2):
        if max(a["runs"], b["runs"]) < 2 and {ours, theirs} & {"random", "real random arm"}:
            continue  # neither has seeds, so nothing can be said
        for measure, key in measures if objectives > 1 else measures[:1]:
            left, right = _paired(a[key], b[key])
            if len(left) == len(right) and len(a[measure]) == len(b[measure]):
                difference = scores.paired_difference(left, right)
                found.append({
                    "planner": ours, "against": theirs, "measure": measure,
                    "experiments": len(a[measure]), "difference": difference.mean,
                    "interval_95": difference.interval, "verdict": difference.verdict,
                })  # fmt: skip
    return found


def verdicts(
    planners: Mapping[str, Mapping[str, Any]], baseline: Mapping[str, Any], objectives: int
) -> dict[str, dict[str, Any]]:
    """By planner that made runs: ``gain``, ``no gain`` or ``loss`` against the baseline.

    A gain is claimed only where the 99 % intervals of the paired differences lie above 0, at the
    budget and on the mean over all experiments: share of the top set, or with several objectives
    the hypervolume.
    """
    measure = "hypervolume" if objectives > 1 else "share"
    return {
        name: _verdict(found, baseline, measure)
        for name, found in planners.items()
        if found["runs"] > 0 and name != "random"
    }


def _verdict(found: Mapping[str, Any], baseline: Mapping[str, Any], measure: str) -> dict[str, Any]:
    parts = {
        key: scores.paired_difference(*_paired(found[key], baseline[key]), SURE)
        for key in (f"final_{measure}", f"mean_{measure}")
    }
    final = parts[f"final_{measure}"]
    kinds = {part.verdict for part in parts.values()}
    word = "gain" if kinds == {"better"} else "loss" if kinds == {"worse"} else "no gain"
    why = ""
    if final.interval is None:
        why = "too few runs for an interval"
    elif word == "no gain" and final.verdict == "better":
        why = "over all experiments up to the budget its lead is not certain"
    return {"verdict": word, "measure": measure, "difference": final.mean,
            "interval_99": final.interval, "why": why}  # fmt: skip


def _paired(a: Sequence[float], b: Sequence[float]) -> tuple[list[float], list[float]]:
    """Both as long as the longer one, where the other is a single run."""
    runs = max(len(a), len(b))
    left, right = (list(x) * (runs if len(x) == 1 else 1) for x in (a, b))
    return left, right
