"""Claims beside each other: which exclude one another, which say the same, and what is left of
their credences where at most one can be true. Pure.

Of claims that exclude each other, what was stated and what was seen is weighed together, with the
chance 0 that none of them holds among the rest:

    P_i = W_i / (W_0 + W_1 + ... + W_k),    W_i = odds(prior_i) (after_i / before_i)^w,
    W_0 = (after_0 / before_0)^w,

for one claim alone the rule of ``credence``. Where they leave nothing else, W_0 is 0.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from planner.beliefs.weighing import LEAST, Weighing, odds_of
from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.evidence import OPPOSITE, Course, Optimum
from planner.campaign.parameter import to_unit
from planner.space.encoding import Floats

REST = 0.02
"""Share of the space below which nothing is left beside claims."""


def together(campaign: Campaign, found: Sequence[Weighing], rows: Floats) -> list[Weighing]:
    """Weighings that know of each other; ``rows`` (m, d) stand for the space."""
    claims = [w.hypothesis for w in found]
    held = _held(campaign, claims, rows)
    empty = Cube(campaign.parameters, campaign.outcomes, np.zeros(0))
    rivals, twins = _rivals(claims, held, empty), _twins(claims, empty)
    inside = held[:, : len(rows)]
    linked = []
    for i, weighing in enumerate(found):
        groups = [[found[k] for k in (j, *twins[j])] for j in _distinct(rivals[i], twins)]
        is_all = _leave_nothing(claims[i], inside[[i, *rivals[i]]])
        among = _among(weighing, groups, is_all) if groups else None
        names = [tuple(claims[j].title for j in others) for others in (rivals[i], twins[i])]
        linked.append(replace(weighing, rivals=names[0], twins=names[1], among=among))
    return linked


def _leave_nothing(claim: Claim, inside: Floats) -> bool:
    """Whether one of a claim and its rivals must be true."""
    if isinstance(claim.evidence, Course):
        return claim.evidence.sign in ("rises", "falls")
    return float((~inside.any(axis=0)).mean()) < REST


def _twins(claims: Sequence[Claim], cube: Cube) -> list[list[int]]:
    """Of each claim, the others that say the same at the same time."""
    said = [_meant(claim, cube) for claim in claims]
    return [
        [j for j, b in enumerate(claims) if j != i and said[i] == said[j] and a.holds_with(b)]
        for i, a in enumerate(claims)
    ]


def _rivals(claims: Sequence[Claim], held: Floats, cube: Cube) -> list[list[int]]:
    """Of each claim, those that cannot be true if it is; ``held`` as of ``_held``."""
    return [
        [j for j, b in enumerate(claims) if j != i and _exclude(a, b, held[[i, j]], cube)]
        for i, a in enumerate(claims)
    ]


def _exclude(a: Claim, b: Claim, inside: Floats, cube: Cube) -> bool:
    if not (a.strength and b.strength and a.holds_with(b)):
        return False
    match a.evidence, b.evidence:
        case Course() as one, Course() as other:
            against = replace(one, sign=OPPOSITE[one.sign])
            return _run(against, cube) == _run(other, cube)
        case Optimum(), Optimum():
            return not inside.all(axis=0).any()
    return False


def _meant(claim: Claim, cube: Cube) -> object:
    """What a claim says, however it is written: the order of conditions, of choices and of
    inequalities is nothing, nor is a range that is all there is."""
    course, content = claim.evidence, claim.content
    if isinstance(course, Course):
        content |= {"over": _ends(course, cube)}
    return claim.kind, _unordered(content)


def _run(course: Course, cube: Cube) -> Course:
    return replace(course, over=_ends(course, cube))


def _ends(course: Course, cube: Cube) -> tuple[float, float]:
    """Of the range that is claimed, 0 to 1, without what converting a unit adds."""
    low, high = course.span(cube)
    return round(low, 9), round(high, 9)


def _unordered(content: Any) -> Any:
    """Lists of words or of settings sorted; pairs of numbers are low and high."""
    if isinstance(content, dict):
        return {name: _unordered(part) for name, part in sorted(content.items())}
    if not isinstance(content, list | tuple):
        return content
    parts = [_unordered(part) for part in content]
    return sorted(parts, key=repr) if all(isinstance(p, str | dict) for p in parts) else parts


def _held(campaign: Campaign, claims: Sequence[Claim], rows: Floats) -> Floats:
    """Whether the optimum may be at points if a claim is true, (claims, points): at those given, at
    the middle of each claim, and about half way between any two: an edge is no common ground."""
    middles = _middles(campaign, claims)
    pairs = [(a, b) for i, a in enumerate(middles) for j, b in enumerate(middles) if i != j]
    between = [0.49 * a + 0.51 * b for a, b in pairs]
    points = np.vstack([rows, *middles, *between])
    cube = Cube(campaign.parameters, campaign.outcomes, points)
    return np.array([np.broadcast_to(claim.holds(cube), len(points)) for claim in claims])


def _middles(campaign: Campaign, claims: Sequence[Claim]) -> list[Floats]:
    empty = Cube(campaign.parameters, campaign.outcomes, np.zeros(0))
    return [
        np.array([to_unit(p, held[n]) if n in held else 0.5 for n, p in campaign.free.items()])
        for held in (claim.held(empty) for claim in claims)
    ]


def _distinct(rivals: Sequence[int], twins: Sequence[Sequence[int]]) -> list[int]:
    """Rivals of which none says the same as one before it."""
    return [j for j in rivals if not any(k in rivals and k < j for k in twins[j])]


def _among(own: Weighing, rivals: Sequence[Sequence[Weighing]], is_all: bool) -> float:
    """Credence of a claim beside its rivals; of those that say the same, all but the mean strength
    is equal."""
    odds = [float(np.mean([odds_of(w.prior) for w in same])) for same in rivals]
    parts = [own, *(same[0] for same in rivals)]
    weights = [
        k * math.exp(part.support)
        for k, part in zip((odds_of(own.prior), *odds), parts, strict=True)
    ]
    return weights[0] / (sum(weights) + (0.0 if is_all else _rest(own, parts)))


def _rest(own: Weighing, parts: Sequence[Weighing]) -> float:
    """The weight of everything that none of some claims says."""
    if own.before is None:
        return 1.0
    left = max(1 - sum(w.before or 0.0 for w in parts), REST)
    support = own.trust * (math.log(_remaining([w.after for w in parts])) - math.log(left))
    if own.taken_off is None:
        return math.exp(support)
    early = [w.early or replace(w, after=w.before) for w in parts]
    then, start = [w.after for w in early], 1 - sum(w.before or 0.0 for w in early)
    support -= own.trust * (math.log(_remaining(then)) - math.log(max(start, REST)))
    return math.exp(support)


def _remaining(chances: Sequence[float | None]) -> float:
    return max(1 - sum(p or 0.0 for p in chances), LEAST)
