"""What may be approved without a person. People decide the rest, when they like."""

from planner.campaign.campaign import Campaign
from planner.loop.health import ModelHealth
from planner.record.decision import Verdict
from planner.record.record import Record
from planner.record.trial import Trial

SAFE_FEASIBILITY = 0.9
"""Least predicted probability of feasibility that ``when-safe`` approves."""
SAFE_COVERAGE = 0.8
"""Least share of results inside the planner's own 95 % intervals that ``when-safe`` trusts."""
JUDGED = 5
"""Predictions that must have been checked before ``when-safe`` trusts the model."""


def policy_reason(campaign: Campaign, record: Record, trial: Trial) -> str | None:
    """Why the campaign's policy approves this trial by itself; None leaves it to people, as all of
    which an approval was taken back."""
    if any(d.trial == trial.number and d.verdict is Verdict.TAKEN_BACK for d in record.decisions):
        return None
    if campaign.review.approve_first_design and is_first_design(campaign, record, trial):
        return "it belongs to the first design"
    match campaign.review.autonomy:
        case "automatic":
            return "autonomy is automatic"
        case "when-safe" if not doubt(record, trial):
            return f"safe: feasibility {trial.feasibility:.0%}, predictions have held"
    return None


def is_first_design(campaign: Campaign, record: Record, trial: Trial) -> bool:
    """Whether the planner made it for the first design, and not in place of a model that failed."""
    before = sum(t.state.takes_place for t in record.trials if t.number < trial.number)
    return trial.generator == "sobol" and before < campaign.initial


def doubt(record: Record, trial: Trial) -> str | None:
    """What speaks against approving a trial without a person."""
    health = next((v for v in reversed(record.versions) if v.learner == ModelHealth.name), None)
    if not trial.is_by_model or trial.feasibility is None:
        return "no model stands behind it"
    if trial.feasibility < SAFE_FEASIBILITY:
        return f"feasibility is only {trial.feasibility:.0%}"
    if health is None or health.scores["n"] < JUDGED:
        return "too few predictions have been checked"
    if health.scores["coverage_95"] < SAFE_COVERAGE:
        return f"only {health.scores['coverage_95']:.0%} of results lay in their 95 % interval"
    return None
