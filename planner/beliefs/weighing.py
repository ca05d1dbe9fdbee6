"""What the record says about one claim, as a value: its prior, the odds of what was seen, and the
credence that comes of them."""

import math
from dataclasses import dataclass

from planner.beliefs.slope import Slope, student
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.evidence import Course

CERTAIN = 0.95
"""Nobody's word is beyond evidence: a stronger claim starts here."""
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

    @property
    def prior(self) -> float:
        """Probability before any data, as the researcher stated it."""
        return min(self.hypothesis.strength, CERTAIN)

    @property
    def trust(self) -> float:
        """w: how much the number of results lets evidence count, 0 to 1."""
        if isinstance(self.hypothesis.evidence, Course):
            return 1.0
        return (1.96 / student(self.results - 2)) ** 2 if self.results > 2 else 0.0

    @property
    def log_odds(self) -> float:
        """By how much the data move the log odds: w log B."""
        if self.before is None or self.after is None:
            return 0.0
        return self.trust * (_logit(self.after) - _logit(self.before))

    @property
    def credence(self) -> float:
        """Probability that the claim is true; 0 for a strength of 0."""
        if not self.prior:
            return 0.0
        return 1 / (1 + math.exp(-(_logit(self.prior) + self.log_odds)))


def _logit(p: float) -> float:
    p = min(max(p, LEAST), 1 - LEAST)
    return math.log(p / (1 - p))
