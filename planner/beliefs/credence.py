"""How far the record supports each claim. Computed whenever it is read, from data alone; pure.

The credence of a claim is its prior probability (its strength), moved by the odds of what was seen:

    log odds = log odds of the prior + w * log B.

B compares what the model believes after the data with what the same model believed before them: of
a claim on where the optimum lies, the odds that it is there; of a trend, the odds that the outcome
runs so over the conditions that are possible. Three results prove nothing: a trend goes by
Student's t with n - 3 degrees of freedom (and w is 1); of any other claim w = 3/4 (1.96 / t)^2,
where t is Student's quantile for n - 2: evidence counts less by the square of how much wider than
1.96 standard errors an honest 95 % interval is, and because the model is too sure of its optimum.

Results that were there when a claim was made may have suggested it, so they are no evidence for
it: what they added to the log odds is taken off again. What spoke against it counts. Claims that
exclude each other are weighed together (``accord``).
"""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from models.statistics.likelihood import FitError
from planner.beliefs.accord import together
from planner.beliefs.lesson import DrawnModels
from planner.beliefs.moments import Known, known_when_made
from planner.beliefs.weighing import Weighing
from planner.campaign.campaign import Campaign
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.evidence import Course
from planner.campaign.values import Point
from planner.record.record import Observation, Record
from planner.space.design import first_design
from planner.space.encoding import Floats, encode, listed

GROUND, SEED = 200, 5
"""Points among which the optimum of a drawn function is looked for, besides the trials; and the
seed by which they are drawn."""


def weigh(
    campaign: Campaign, record: Record, pool: Sequence[Point] | None = None
) -> list[Weighing]:
    """What the record says about each hypothesis of the campaign, in their order.

    ``pool`` limits where the optimum can be, as in a replay.
    """
    if not campaign.hypotheses:
        return []
    known = known_when_made(campaign, record)
    return weigh_observations(campaign, record.observations, ground(campaign, pool), known)


def ground(campaign: Campaign, pool: Sequence[Point] | None = None) -> Floats:
    """Points of the unit cube (GROUND, d) that stand for the whole space, or for a pool."""
    points = pool if pool is not None else listed(campaign)
    if points is None:
        return encode(campaign, first_design(campaign, [], GROUND, SEED))
    rows = encode(campaign, points)
    rows = rows[np.lexsort(rows.T)]  # in whatever order a table has them
    return rows[np.random.default_rng(SEED).permutation(len(rows))[:GROUND]]


def likely_best(campaign: Campaign, record: Record, rows: Floats) -> Floats | None:
    """Which of some points (m, d), or of the trials, the model takes for the best, shape (d,); None
    where it has too little to go by. Several objectives count alike."""
    lesson = DrawnModels(campaign, record.observations, rows)
    try:
        if not lesson.goals or any(m not in lesson.models for m in lesson.goals):
            return None
    except (FitError, np.linalg.LinAlgError):
        return None
    means = [
        (-1 if small else 1) * lesson.models[m].process.at(lesson.everywhere)[0]
        for m, small in lesson.goals.items()
    ]
    return np.asarray(lesson.everywhere[int(np.argmax(np.sum(means, axis=0)))])


def weigh_observations(
    campaign: Campaign,
    seen: Sequence[Observation],
    rows: Floats,
    known: Known = MappingProxyType({}),
) -> list[Weighing]:
    """As ``weigh``, of observations, of points that stand for the space, and of what was known when
    each claim was made."""
    lesson = DrawnModels(campaign, seen, rows)
    early = {
        trials: DrawnModels(campaign, [o for o in seen if o.trial in trials], rows)
        for trials in {*known.values()}
        if trials
    }
    found = [
        replace(
            _weighed(lesson, claim),
            early=_weighed(before, claim) if before else None,
            is_aimed=_is_aimed(campaign, claim),
        )
        for claim in campaign.hypotheses
        for before in [early.get(known.get(claim.title, frozenset()))]
    ]
    return together(campaign, found, rows)


def _is_aimed(campaign: Campaign, claim: Claim) -> bool:
    course = claim.evidence
    return not isinstance(course, Course) or campaign.outcomes[course.outcome].direction != 0


def _weighed(lesson: DrawnModels, claim: Claim) -> Weighing:
    try:
        return lesson.weigh(claim)
    except (FitError, np.linalg.LinAlgError) as error:
        return Weighing(claim, note=f"no model fits the results ({error})")
