"""How hypotheses and data become one plan. The rule, whole:

    x = argmax  log a(x) + sum_h e_h log belief_h(x),    belief_h = floor + (1 - floor) says_h(x),
    e_h = beta_h share_h,    share_h = credence_h min(1, fading / n_h),   their sum at most 1,

where a is the acquisition from data alone, n_h counts the results since the claim was made (the
form of piBO: Hvarfner et al., ICLR 2022), and beta_h is larger for trends than for places. Claims
that say the same have one share between them. Only
some slots are planned so: of the trials numbered 1, 2, 3 ... the share min(most, largest
credence^4), evenly spread. In all others soft hypotheses have no say, which bounds what a wrong one
can cost; claims that lose credence lose their slots. While a trend has a say (below), it has it
in all slots up to the largest share; places have none in those of them that they did not earn.

A trend names a parameter that matters and guesses one of two signs, of which results soon tell the
true one. So it leans as far as its probability p by the results is from one half: share_h holds
2p - 1 instead of the credence, and where that is below 0, as results speak against a rise or fall,
it leans to the other end of the range. A peak or dip is not turned. Alone it seeds the last of the
first design, when there are results, beside places the slots that these have; it has a say up to a
few results beyond it (docs/decisions/0017).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Any

import numpy as np

from planner.beliefs.credence import weigh
from planner.beliefs.moments import known_when_made
from planner.beliefs.weighing import Weighing
from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.evidence import Course
from planner.campaign.values import Point
from planner.record.record import Record
from planner.record.trial import Guidance, Push
from planner.space.encoding import encode, feasible, without


@dataclass(frozen=True)
class MergingRule:
    """The constants of the rule; each part can be switched off to see what it is worth."""

    beta: float = 2.0
    """Weight of a certain claim about places: what is inside against what is outside."""
    beta_trend: float = 4.0
    """Weight of a certain trend, which tells one end of a range from the other, but little of the
    points between."""
    floor: float = 0.01
    """Belief in a point of which a claim says nothing good."""
    fading: float = 8
    """Results from which on data outweigh claims; infinite: never."""
    caution: float = 4
    """Power of the credence that is the share of slots: the higher, the less a wrong claim costs.
    Of 3 and 4 a right one saves as much."""
    most: float = 0.9
    """Largest share of slots in which soft hypotheses have a say."""
    slots: bool = True
    """Whether some slots are without them; else they have a say in all."""
    evidence: bool = True
    """Whether credence follows the record; else it stays at what was stated."""
    seeding: bool = True
    """Whether claims have a say in the first design."""
    watching: bool = True
    """Whether a trend is mostly watched: it leans as its credence does, early alone; else it is
    treated as a place."""
    head_start: int = 3
    """Results beyond the first design up to which such a trend has a say; then the model knows as
    much by itself."""


RULE = MergingRule()
OPENING = 0.4
"""Largest share of the first design that claims seed."""


@dataclass(frozen=True)
class Guide:
    """The soft hypotheses that have a say now, and with what weight."""

    campaign: Campaign
    claims: tuple[Claim, ...]
    credences: tuple[float, ...]
    weights: tuple[float, ...]
    """Below 0 a trend speaks for the opposite."""
    rule: MergingRule = field(default_factory=MergingRule)

    def parts(self, rows: Any) -> dict[str, Any]:
        """e_h log belief_h of each claim, by title, at rows (..., d) of the unit cube; NumPy or
        Torch."""
        cube = Cube(self.campaign.parameters, self.campaign.outcomes, rows)
        return {
            claim.title: abs(weight) * _log_belief(self.rule.floor, _said(claim, weight, cube))
            for claim, weight in zip(self.claims, self.weights, strict=True)
        }

    def log_belief(self, rows: Any) -> Any:
        """The sum over all claims, shape (...)."""
        return sum(self.parts(rows).values())

    def takes(self, number: int, opening: bool = False) -> bool:
        """Whether claims have a say in the trial of this number; ``opening``: in the first design,
        of which more than half stays space-filling, the first half where trends alone speak."""
        initial = self.campaign.initial
        if opening and number <= initial and all(map(self._is_watched, self.claims)):
            return not self.rule.slots or number > (1 - OPENING) * initial
        return self._falls_on(number, max(map(self._wants, self.claims, self.credences)), opening)

    def at(self, number: int, opening: bool = False) -> "Guide":
        """The claims that have a say in the trial of this number, of those that take it: in a slot
        that no place earned, trends alone."""
        heard = [*map(self._is_watched, self.claims)]
        earned = [
            0.0 if w else c**self.rule.caution for w, c in zip(heard, self.credences, strict=True)
        ]
        if not any(heard) or self._falls_on(number, max(earned), opening):
            return self
        return replace(
            self,
            claims=tuple(compress(self.claims, heard)),
            credences=tuple(compress(self.credences, heard)),
            weights=tuple(compress(self.weights, heard)),
        )

    def _falls_on(self, number: int, share: float, opening: bool) -> bool:
        """Whether a trial is one of the share, evenly spread."""
        share = min(self.rule.most, OPENING, share) if opening else min(self.rule.most, share)
        return not self.rule.slots or math.floor(number * share) > math.floor((number - 1) * share)

    def _wants(self, claim: Claim, credence: float) -> float:
        """The share of slots that a claim earns; a trend has the word for a while."""
        return 1.0 if self._is_watched(claim) else credence**self.rule.caution

    def _is_watched(self, claim: Claim) -> bool:
        return self.rule.watching and is_trend(claim)

    def untried(self, excluded: Sequence[Point]) -> list[Point]:
        """Explicit conditions that claims name and that may still be tried."""
        named = [point for claim in self.claims for point in claim.conditions]
        allowed = [p for point in named if (p := feasible(self.campaign, point)) is not None]
        return without(self.campaign, allowed, excluded)

    def told(
        self, chosen: Point, other: Point, scores: tuple[float, float] | None = None
    ) -> Guidance:
        """What a proposal keeps of how it was moved: for each claim its credence, its weight and by
        how much (in nats) it speaks for the point rather than for the one without claims."""
        rows = encode(self.campaign, [chosen, other])
        parts = {t: np.broadcast_to(part, 2).tolist() for t, part in self.parts(rows).items()}
        moved: dict[str, Push] = {
            claim.title: {"credence": p, "weight": e, "gain": part[0] - part[1]}
            for claim, p, e, part in zip(
                self.claims, self.credences, self.weights, parts.values(), strict=True
            )
        }
        told: Guidance = {"moved_by": moved, "without": other}
        if scores is not None:
            told["score"], told["score_without"] = scores
        return told


def guide_of(
    campaign: Campaign,
    record: Record,
    pool: Sequence[Point] | None = None,
    rule: MergingRule = RULE,
) -> Guide | None:
    """The guide for the next proposals; None where no soft hypothesis of any strength has a say."""
    late = rule.watching and len(record.observations) >= campaign.initial + rule.head_start
    soft = tuple(h for h in campaign.hypotheses if h.strength > 0 and not h.is_hard)
    if all(late and is_trend(h) for h in soft):
        return None
    asked = campaign.holding(soft)
    found = weigh(asked, record, pool) if rule.evidence else [Weighing(claim) for claim in soft]
    heard = [w for w in found if not (late and w.is_trend) and _strength(rule, w)]
    if not heard:
        return None
    known = known_when_made(asked, record)
    shares = [
        _strength(rule, w) * _left(rule, known.get(w.hypothesis.title, frozenset()), record)
        for w in heard
    ]
    cap = min(1.0, 1 / sum(map(abs, shares)))
    claims = tuple(w.hypothesis for w in heard)
    weights = (cap * share * _beta(rule, h) for h, share in zip(claims, shares, strict=True))
    return Guide(campaign, claims, tuple(w.credence for w in heard), tuple(weights), rule)


def draw(guide: Guide, candidates: Sequence[Point], seed: int, number: int) -> Point:
    """One of some points, with a probability in proportion to what is believed of it."""
    belief = guide.log_belief(encode(guide.campaign, candidates))
    odds = np.exp(np.broadcast_to(belief - np.max(belief), len(candidates)))
    rng = np.random.default_rng([seed, number])
    return candidates[int(rng.choice(len(candidates), p=odds / odds.sum()))]


def _strength(rule: MergingRule, weighing: Weighing) -> float:
    """How strongly a claim speaks: its credence, or the lean of a trend, below 0 for the opposite;
    shared with those that say the same."""
    same = 1 + len(weighing.twins)
    if rule.watching and weighing.is_trend:
        return weighing.lean / (same + len(weighing.rivals))
    return weighing.credence / same


def _beta(rule: MergingRule, claim: Claim) -> float:
    return rule.beta_trend if is_trend(claim) else rule.beta


def is_trend(claim: Claim) -> bool:
    """Whether a claim tells how an outcome runs, and not where the optimum is."""
    return isinstance(claim.evidence, Course)


def _left(rule: MergingRule, known: frozenset[int], record: Record) -> float:
    """What the number of results since a claim was made leaves of it."""
    results = sum(o.trial not in known for o in record.observations)
    return min(1.0, rule.fading / max(results, 1))


def _said(claim: Claim, weight: float, cube: Cube) -> Any:
    """What a claim says, or the opposite, where its weight is below 0."""
    return claim.says(cube) if weight > 0 else 1 - claim.says(cube)


def _log_belief(floor: float, says: Any) -> Any:
    """For an array of NumPy, a tensor of Torch, or a number."""
    belief = floor + (1 - floor) * says
    return belief.log() if hasattr(belief, "log") else np.log(belief)
