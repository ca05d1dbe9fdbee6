"""What may be approved without a person. People decide the rest, when they like."""

from planner.campaign.campaign import Campaign
from planner.campaign.values import counted
from planner.loop.health import ModelHealth
from planner.record.basis import Basis
from planner.record.decision import Verdict
from planner.record.record import Record
from planner.record.result import ModelVersion
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
        case "when-safe" if not doubt(campaign, record, trial):
            return f"safe: {Basis(campaign, record).shown(trial)}; {_held(record)}"
    return None


def _held(record: Record) -> str:
    """How predictions did so far: ``94% of 17 results lay in their 95 % interval``."""
    health = _health(record)
    assert health is not None
    share, n = health.scores["coverage_95"], round(health.scores["n"])
    return f"{share:.0%} of {counted(n, 'result')} lay in their 95 % interval"


def _health(record: Record) -> ModelVersion | None:
    return next((v for v in reversed(record.versions) if v.learner == ModelHealth.name), None)


def is_first_design(campaign: Campaign, record: Record, trial: Trial) -> bool:
    """Whether the planner made it for the first design, and not in place of a model that failed."""
    before = sum(t.state.takes_place for t in record.trials if t.number < trial.number)
    return trial.generator == "sobol" and before < campaign.initial


def doubt(campaign: Campaign, record: Record, trial: Trial) -> str | None:
    """What speaks against approving a trial without a person."""
    health = _health(record)
    if not trial.is_by_model or trial.feasibility is None:
        return "no model stands behind it"
    if trial.feasibility < SAFE_FEASIBILITY:
        return f"only {Basis(campaign, record).shown(trial)}"
    if health is None or health.scores["n"] < JUDGED:
        checked = 0 if health is None else round(health.scores["n"])
        return f"too few predictions have been checked: {checked} of {JUDGED}"
    if health.scores["coverage_95"] < SAFE_COVERAGE:
        return f"only {_held(record)}"
    return None
