"""Why a proposal was made, and what moved it, in words a researcher can check."""

from collections.abc import Mapping

from planner.campaign.campaign import Campaign
from planner.campaign.values import counted, shown, with_spread
from planner.record.basis import by_trials, judged
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
    """What is expected of each objective, the best so far, how likely the sample holds, and on how
    many trials that rests."""
    tops = best(campaign, record)
    parts = []
    for name, outcome in campaign.objectives.items():
        if name in prediction:
            mean, sd = prediction[name]
            top = f", best so far {tops[name].value:.4g}" if name in tops else ""
            parts.append(f"{name} {with_spread(mean, sd)} {outcome.unit}".rstrip() + top)
    certainty = ""
    if feasibility < 0.995:
        rests_on = by_trials(campaign, judged(campaign, record.observations))
        certainty = f"; feasible with {feasibility:.0%} {rests_on}"
    return f"{_aim(campaign, record)}: {', '.join(parts)}{certainty}"


def _aim(campaign: Campaign, record: Record) -> str:
    """What the model looked for, and after how much."""
    back = counted(len(record.observations), "trial")
    if nothing_holds(campaign, metrics(campaign, record.observations)):
        return f"most likely to meet every requirement and threshold, as none of {back} has so far"
    return f"largest expected gain after {back}"


def moved(campaign: Campaign, guidance: Guidance) -> str:
    """Which hypotheses moved a proposal, by how much, and what would have come without them."""
    speaking = [
        f'{"the opposite of " if part["weight"] < 0 else ""}"{title}" '
        f"(credence {part['credence']:.0%}, {part['gain']:+.1f})"
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
