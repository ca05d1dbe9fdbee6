"""Why a proposal was made, and what moved it, in words a researcher can check."""

from collections.abc import Mapping

from planner.campaign.campaign import Campaign
from planner.campaign.values import shown, with_spread
from planner.record.record import Record
from planner.record.summary import best
from planner.record.trial import Guidance
from planner.space.metrics import metrics, nothing_holds


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
            top = f", best so far {tops[name].value:.4g}" if name in tops else ""
            parts.append(f"{name} {with_spread(mean, sd)} {outcome.unit}".rstrip() + top)
    certainty = f"; feasible with {feasibility:.0%}" if feasibility < 0.995 else ""
    return f"{_aim(campaign, record)}: {', '.join(parts)}{certainty}"


def _aim(campaign: Campaign, record: Record) -> str:
    """What the model looked for."""
    if nothing_holds(campaign, metrics(campaign, record.observations)):
        return "most likely to meet every requirement and threshold, as no trial has so far"
    return "largest expected gain"


def moved(campaign: Campaign, guidance: Guidance) -> str:
    """Which hypotheses moved a proposal, by how much, and what would have come without them."""
    speaking = [
        f'"{title}" (credence {part["credence"]:.0%}, {part["gain"]:+.1f})'
        for title, part in sorted(guidance["moved_by"].items(), key=lambda m: -abs(m[1]["gain"]))
        if abs(part["gain"]) >= 0.05
    ]
    other = guidance["without"]
    if not speaking:
        return "hypotheses agree with the model here"
    place = ", ".join(f"{name} = {shown(other[name])}" for name in campaign.free)
    given_up = ""
    if "score" in guidance:
        loss = guidance["score_without"] - guidance["score"]
        given_up = f" (log expected gain {loss:.1f} higher)" if loss > 0.05 else ""
    return f"moved by {'; '.join(speaking)}; without them {place}{given_up}"
