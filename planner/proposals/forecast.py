"""What a model expects of a point, as a proposal keeps it."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from statistics import NormalDist

from planner.campaign.campaign import Campaign
from planner.campaign.values import Point
from planner.proposals.explain import reason_of
from planner.record.record import Record
from planner.record.trial import Proposal
from planner.space.fitted import MeanSd
from planner.space.metrics import SUCCESS, metric_of


def forecast(
    campaign: Campaign,
    record: Record,
    point: Point,
    *,
    measured: Mapping[str, MeanSd],
    latent: Mapping[str, MeanSd],
    generator: str,
    acquisition: float | None,
    seed: int,
    packages: tuple[str, ...],
) -> Proposal:
    """A proposal of ``point`` with what is expected of each metric: ``measured`` as it will be
    seen, noise included, and ``latent`` without."""
    named = {name: metric_of(campaign, name) for name in campaign.outcomes}
    prediction = {name: measured[m] for name, m in named.items() if m in measured}
    feasibility = _feasibility(campaign, latent)
    return Proposal(
        point=point,
        generator=generator,
        reason=reason_of(campaign, record, prediction, feasibility),
        prediction=prediction,
        feasibility=feasibility,
        acquisition=acquisition,
        seed=seed,
        packages=_versions(packages),
    )


@cache
def _versions(packages: tuple[str, ...]) -> dict[str, str]:
    return {name: version(name) for name in packages}


def _feasibility(campaign: Campaign, latent: Mapping[str, MeanSd]) -> float:
    """Probability that the sample survives and every requirement holds, as if independent."""
    probability = 1.0
    if SUCCESS in latent:
        probability *= _between(latent[SUCCESS], 0.5, None)
    for name, outcome in campaign.outcomes.items():
        if (metric := metric_of(campaign, name)) in latent:
            probability *= _between(latent[metric], outcome.at_least, outcome.at_most)
    return probability


def _between(found: MeanSd, low: float | None, high: float | None) -> float:
    mean, sd = found
    normal = NormalDist(mean, max(sd, 1e-12))
    above = normal.cdf(high) if high is not None else 1.0
    below = normal.cdf(low) if low is not None else 0.0
    return min(1.0, max(0.0, above - below))
