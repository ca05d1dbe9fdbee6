"""Why a proposal was made, in words a researcher can check."""

from collections.abc import Mapping

from planner.campaign import Campaign
from planner.record import Record
from planner.summary import best


def reason_of(
    campaign: Campaign,
    record: Record,
    prediction: Mapping[str, tuple[float, float]],
    feasibility: float,
) -> str:
    """What is expected of each objective, the best so far, and how likely the sample holds."""
    tops = best(campaign, record)
    parts = []
    for name, outcome in campaign.objectives.items():
        if name in prediction:
            mean, sd = prediction[name]
            top = f", best so far {tops[name]['value']:.4g}" if name in tops else ""
            parts.append(f"{name} {mean:.4g} +- {sd:.2g} {outcome.unit}".rstrip() + top)
    certainty = f"; feasible with {feasibility:.0%}" if feasibility < 0.995 else ""
    return f"largest expected gain: {', '.join(parts)}{certainty}"
