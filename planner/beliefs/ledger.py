"""The ledger of a campaign's hypotheses as plain data: credence, evidence, how it came about."""

from datetime import date
from typing import Any

from planner.beliefs.credence import ground, weigh_observations
from planner.beliefs.trend import LEARNED
from planner.beliefs.weighing import Weighing
from planner.campaign.campaign import Campaign
from planner.campaign.hypotheses.evidence import Course
from planner.record.record import Record

STEPS = 60
"""Rows of the ledger at most; a longer record is looked at in larger steps."""


def ledger(campaign: Campaign, record: Record, day: date) -> dict[str, Any]:
    """Each hypothesis as it stands, and its credence after each trial that gave a result.

    Computed from the record, trials by number; nothing of it is stored.
    """
    seen, rows = record.observations, ground(campaign)
    lengths = _lengths(len(seen))
    moments = {k: weigh_observations(campaign, seen[:k], rows) for k in lengths}
    now = moments[len(seen)]
    return {
        "campaign": campaign.name,
        "synthetic": campaign.synthetic,
        "results": len(seen),
        "hypotheses": [describe(weighing, day) for weighing in now],
        "history": [
            {
                "after_trial": seen[k - 1].trial if k else None,
                "results": k,
                "credence": {w.hypothesis.title: w.credence for w in moments[k]},
            }
            for k in lengths
        ],
    }


def describe(weighing: Weighing, day: date) -> dict[str, Any]:
    """One hypothesis with its evidence, as plain data."""
    claim, slope = weighing.hypothesis, weighing.slope
    return {
        "title": claim.title,
        "claim": claim.words,
        "kind": claim.kind,
        "author": claim.author,
        "because": claim.because,
        "strength": claim.strength,
        "active": claim.holds_on(day),
        "credence": weighing.credence,
        "results": weighing.results,
        "probability_before": weighing.before,
        "probability_after": weighing.after,
        "trust": weighing.trust,
        "log_odds": weighing.log_odds,
        "predictive_gain": weighing.predictive,
        "slope": slope
        and {
            "value": slope.value,
            "standard_error": slope.standard_error,
            "half_width_95": slope.half_width,
            "degrees_of_freedom": slope.freedom,
            "unit": slope.unit,
        },
        "evidence": in_words(weighing),
    }


def in_words(weighing: Weighing) -> str:
    """The evidence in a sentence or two that a researcher can check."""
    evidence, parts = weighing.hypothesis.evidence, []
    if weighing.slope:
        parts.append(f"slope {weighing.slope.shown}")
    if evidence is not None and weighing.before is not None and weighing.after is not None:
        n = weighing.results
        counted = (
            f"by Student's t with {n - LEARNED} of {n} results to spare"
            if isinstance(evidence, Course)
            else f"counted {weighing.trust:.0%} at {n} results"
        )
        parts.append(
            f"{evidence.words} with {weighing.after:.0%} by the model "
            f"({weighing.before:.0%} before the data), {counted}"
        )
    if weighing.predictive is not None:
        better = "better" if weighing.predictive >= 0 else "worse"
        parts.append(f"results predicted {better} with it ({weighing.predictive:+.1f} nats)")
    return "; ".join([*parts, *filter(None, [weighing.note])])


def _lengths(n: int) -> list[int]:
    """How many results the rows of the ledger take into account, 0 and ``n`` among them."""
    step = -(-n // STEPS) or 1
    return sorted({*range(0, n, step), n})
