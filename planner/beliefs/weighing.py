"""What the record says about one claim, as a value: its prior, the odds of what was seen, and the
credence that comes of them."""

import math
from dataclasses import dataclass

from planner.beliefs.slope import Slope, student
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.evidence import Course

CERTAIN = 0.95
"""Nobody's word is beyond evidence: a stronger claim starts here."""
PLACE = 0.75
"""How much of its evidence counts for a place, however many results there are: the model takes
its own curve for the right one, so that it is too sure of where the optimum is. Fitted to claims
about simulated functions (docs/benchmarks.md)."""
FEW = 5
"""Results up to which plans go by the straight line through them, which has learned two numbers
from them, and not by the model, which has learned three."""
LEAST = 1e-9
"""Probabilities nearer to 0 or 1 are the same."""


@dataclass(frozen=True)
class Weighing:
    """What the record says about one claim."""

    hypothesis: Claim
    results: int = 0
    """Trials that say something about it."""
    before: float | None = None
    """Probability by the model before the data that the claim holds (for a region: that the optimum
    lies in it, which is its share of the space)."""
    after: float | None = None
    """The same after the data."""
    predictive: float | None = None
    """Log score of predictions with the claim minus without, summed over the trials."""
    slope: Slope | None = None
    """Of how an outcome runs: the straight line through all results, with its interval; beside the
    evidence and no part of it."""
    slopes: tuple[Slope, ...] = ()
    """Of how an outcome runs: the model's, by which the credence moves. One of a rise or fall, two
    of a peak or dip."""
    note: str = ""
    early: "Weighing | None" = None
    """What the results said that were there when the claim was made; None: there were none."""
    rivals: tuple[str, ...] = ()
    """Titles of claims that cannot be true if this one is."""
    twins: tuple[str, ...] = ()
    """Titles of claims that say the same."""
    among: float | None = None
    """Credence beside the rivals; None without any."""
    is_aimed: bool = True
    """Whether more or less of the outcome of a trend is better; else it has nothing to say."""

    @property
    def prior(self) -> float:
        """Probability when the claim was made, as the researcher stated it."""
        return min(self.hypothesis.strength, CERTAIN)

    @property
    def is_trend(self) -> bool:
        """Whether it tells how an outcome runs, and not where the optimum is."""
        return self.course is not None

    @property
    def course(self) -> Course | None:
        """How an outcome runs, if it is claimed."""
        evidence = self.hypothesis.evidence
        return evidence if isinstance(evidence, Course) else None

    @property
    def is_turnable(self) -> bool:
        """Whether the opposite is true if it is not: of rise and fall, one is."""
        return self.course is not None and self.course.sign in ("rises", "falls")

    @property
    def trust(self) -> float:
        """w: how much the number of results lets evidence count, 0 to 1."""
        if self.is_trend:
            return 1.0
        return PLACE * (1.96 / student(self.results - 2)) ** 2 if self.results > 2 else 0.0

    @property
    def made_after(self) -> int:
        """Results that were there when the claim was made."""
        return self.early.results if self.early else 0

    @property
    def evidence(self) -> float:
        """log B: by how much all results move the log odds by the model; 0 where it is silent."""
        if self.before is None or self.after is None:
            return 0.0
        return _logit(self.after) - _logit(self.before)

    @property
    def taken_off(self) -> "Weighing | None":
        """What those said, where it speaks for the claim: they may have suggested it, so it is no
        evidence. What spoke against a claim cannot have suggested it, and counts."""
        return self.early if self.early and self.early.evidence > 0 else None

    @property
    def log_odds(self) -> float:
        """By how much the results move the log odds: w (log B - log B of what is taken off). One w
        for both: what is taken off must not come back as later results let evidence count more."""
        return self.trust * (self.evidence - (self.taken_off.evidence if self.taken_off else 0.0))

    @property
    def support(self) -> float:
        """By how much they move the log probability: w log(after / before), likewise."""
        return self.trust * (self._growth - (self.taken_off._growth if self.taken_off else 0.0))

    @property
    def _growth(self) -> float:
        if self.before is None or self.after is None:
            return 0.0
        return math.log(max(self.after, LEAST)) - math.log(max(self.before, LEAST))

    @property
    def alone(self) -> float:
        """Probability that the claim is true if nobody claims anything else; 0 for a strength of
        0."""
        if not self.prior:
            return 0.0
        return 1 / (1 + math.exp(-(_logit(self.prior) + self.log_odds)))

    @property
    def credence(self) -> float:
        """Probability that the claim is true, beside those that it excludes."""
        return self.alone if self.among is None else self.among

    @property
    def lean(self) -> float:
        """How strongly a trend speaks, 2 p - 1. Below 0 it speaks for the opposite: one of rise and
        fall is true. A peak that is none need not be a dip, and has nothing to say; no more has a
        strength of 0."""
        if not (self.prior and self.is_aimed):
            return 0.0
        if not self.is_turnable:
            return max(2 * self.credence - 1, 0.0)
        if self.slope is None or self.results > FEW or self.early or self.rivals:
            return 2 * self.credence - 1
        rising = _logit(self.slope.rising)
        way = 1 if self.course and self.course.sign == "rises" else -1
        return math.tanh((_logit(self.prior) + way * rising) / 2)


def odds_of(p: float) -> float:
    """p / (1 - p)."""
    return math.exp(_logit(p))


def _logit(p: float) -> float:
    p = min(max(p, LEAST), 1 - LEAST)
    return math.log(p / (1 - p))
