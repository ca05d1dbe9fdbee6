"""How far the record supports each claim. Computed whenever it is read, from data alone; pure.

The credence of a claim is its prior probability (its strength), moved by the odds of what was seen:

    log odds = log odds of the prior + w * log B.

B compares what the model believes after the data with what the same model believed before them: of
a claim on where the optimum lies, the odds that it is there; of a trend, the odds that the outcome
runs so over the conditions that are possible. Three results prove nothing: a trend goes by
Student's t with n - 3 degrees of freedom (and w is 1); of any other claim w = (1.96 / t)^2, where t
is Student's quantile for n - 2: evidence counts less by the square of how much wider than 1.96
standard errors an honest 95 % interval is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.statistics.evidence import FitError
from models.statistics.optimum import Functions, contrast, draw, gain_of_feature
from planner.beliefs.slope import Slope, slope_of, student
from planner.beliefs.trend import LEARNED, contrasts, probability, within
from planner.campaign.campaign import Campaign
from planner.campaign.cube import View
from planner.campaign.hypothesis import Avoid, Hypothesis, Trend
from planner.campaign.values import Point
from planner.record.record import Observation, Record
from planner.space.design import first_design
from planner.space.encoding import Array, encode, listed
from planner.space.fitted import Fitted, fit_all
from planner.space.metrics import limits, metrics, objectives

CERTAIN = 0.95
"""Nobody's word is beyond evidence: a stronger claim starts here."""
GROUND = 200
"""Points among which the optimum of a drawn function is looked for, besides the trials."""
SEED = 5
LEAST = 1e-9
"""Probabilities nearer to 0 or 1 are the same."""
EFFECT = (1.5, 0.75)
"""What a true claim is expected to do to an outcome between the points where it says 0 and 1, in
standard deviations of the outcome: size and spread."""


@dataclass(frozen=True)
class Weighing:
    """What the record says about one claim."""

    hypothesis: Hypothesis
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
    """For a trend: the straight line through all results, with its interval."""
    note: str = ""

    @property
    def prior(self) -> float:
        """Probability before any data, as the researcher stated it."""
        return min(self.hypothesis.strength, CERTAIN)

    @property
    def trust(self) -> float:
        """w: how much the number of results lets evidence count, 0 to 1."""
        if isinstance(self.hypothesis, Trend):
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


def weigh(
    campaign: Campaign, record: Record, pool: Sequence[Point] | None = None
) -> list[Weighing]:
    """What the record says about each hypothesis of the campaign, in their order.

    ``pool`` limits where the optimum can be, as in a replay.
    """
    if not campaign.hypotheses:
        return []
    return weigh_observations(campaign, record.observations, ground(campaign, pool))


def ground(campaign: Campaign, pool: Sequence[Point] | None = None) -> Array:
    """Points of the unit cube (GROUND, d) that stand for the whole space, or for a pool."""
    points = pool if pool is not None else listed(campaign)
    if points is None:
        return encode(campaign, first_design(campaign, [], GROUND, SEED))
    chosen = np.random.default_rng(SEED).permutation(len(points))[:GROUND]
    return encode(campaign, [points[i] for i in chosen])


def likely_best(campaign: Campaign, record: Record, rows: Array) -> Array | None:
    """Which of some points (m, d), or of the trials, the model takes for the best, shape (d,); None
    where it has too little to go by. Several objectives count alike."""
    lesson = _Lesson(campaign, record.observations, rows)
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
    campaign: Campaign, seen: Sequence[Observation], rows: Array
) -> list[Weighing]:
    """As ``weigh``, of observations and of points that stand for the space."""
    try:
        lesson = _Lesson(campaign, seen, rows)
        return [lesson.weigh(claim) for claim in campaign.hypotheses]
    except (FitError, np.linalg.LinAlgError) as error:
        note = f"no model fits the results ({error})"
        return [Weighing(claim, note=note) for claim in campaign.hypotheses]


@dataclass(frozen=True)
class _Lesson:
    """The models of some observations, and functions drawn from them."""

    campaign: Campaign
    seen: Sequence[Observation]
    rows: Array

    def weigh(self, claim: Hypothesis) -> Weighing:
        if isinstance(claim, Avoid) and claim.hard:
            return Weighing(claim, note="a constraint: it is kept, not weighed")
        if isinstance(claim, Trend):
            return self._trend(claim)
        n = min((len(self.columns.get(m, ())) for m in self.goals), default=0)
        if n < 3:
            return Weighing(claim, results=n, note="fewer than three results")
        says = np.asarray(claim.says(self._view(self.everywhere)))
        before, after = (float(says[np.argmax(m, axis=1)].mean()) for m in self.merits)
        share = float(says[: len(self.rows)].mean())
        draws = len(self.merits.before)
        before = (draws * before + share) / (draws + 1)  # as if one more had said what is usual
        after = (draws * after + before) / (draws + 1)
        return Weighing(claim, n, before, after, predictive=self._predictive(claim))

    def _trend(self, claim: Trend) -> Weighing:
        metric = f"m{list(self.campaign.outcomes).index(claim.outcome)}"
        n, slope = len(self.columns.get(metric, ())), slope_of(self.campaign, claim, self.seen)
        if n <= LEARNED:
            note = f"{LEARNED} results or fewer say nothing of a trend"
            return Weighing(claim, results=n, slope=slope, note=note)
        view = self._view(self.rows)
        weights = contrasts(claim, view)
        if not len(weights):
            note = f"too few settings of {claim.parameter} are possible to tell"
            return Weighing(claim, results=n, slope=slope, note=note)
        found = contrast(self.models[metric].process, within(claim, view), weights)
        before = probability(np.zeros(len(weights)), found.before)
        after = probability(found.mean, found.after, n - LEARNED)
        return Weighing(claim, n, before, after, self._predictive(claim), slope)

    def _predictive(self, claim: Hypothesis) -> float:
        """Over the objectives that the claim is about, on the mean."""
        if isinstance(claim, Trend):
            index = list(self.campaign.outcomes).index(claim.outcome)
            signs = {f"m{index}": 1.0}
        else:
            signs = {m: -1.0 if small else 1.0 for m, small in self.goals.items()}
        gains = []
        for metric, sign in signs.items():
            view = self._view(self.models[metric].process.x)
            feature = claim.course(view) if isinstance(claim, Trend) else claim.says(view)
            feature = np.broadcast_to(sign * feature, len(view.rows))
            gains.append(gain_of_feature(self.models[metric].process, feature, *EFFECT))
        return float(np.mean(gains))

    def _view(self, rows: Array) -> View:
        return View(self.campaign.parameters, self.campaign.outcomes, rows)

    @cached_property
    def columns(self) -> dict[str, dict[int, tuple[float, float | None]]]:
        return metrics(self.campaign, self.seen)

    @cached_property
    def goals(self) -> dict[str, bool]:
        return objectives(self.campaign, self.columns)

    @cached_property
    def places(self) -> Array:
        return encode(self.campaign, [o.point for o in self.seen])

    @cached_property
    def models(self) -> dict[str, Fitted]:
        x = dict(zip((o.trial for o in self.seen), self.places, strict=True))
        choices = [i for i, p in enumerate(self.campaign.free.values()) if p.kind == "choice"]
        enough = {m: column for m, column in self.columns.items() if len(column) > 2}
        return fit_all(enough, x, choices)

    @cached_property
    def everywhere(self) -> Array:
        """The ground and the trials."""
        return np.vstack([self.rows, self.places])

    @cached_property
    def merits(self) -> Functions:
        """Merit of each point in each drawn function; the worst where a requirement is broken.

        Several objectives are weighed at random, another time in each draw: together the optima of
        the draws cover the front.
        """
        drawn = {m: draw(f.process, self.everywhere, SEED) for m, f in self.models.items()}
        rng, wanted = np.random.default_rng(SEED), limits(self.campaign, self.columns)
        count = len(next(iter(drawn.values())).before)
        weights = rng.dirichlet(np.ones(len(self.goals)), count)
        found = []
        for moment in range(2):
            merit = sum(
                weights[:, [i]] * (-1 if small else 1) * drawn[m][moment]
                for i, (m, small) in enumerate(self.goals.items())
            )
            for metric, sign, bound in wanted:
                if metric in drawn:
                    level = self.models[metric].warp.forward(np.array([bound]))[0]
                    gap = (drawn[metric][moment] - level) * (1 if sign == ">=" else -1)
                    merit = np.where(gap >= 0, merit, merit - 1e3 + np.minimum(gap, 0))
            found.append(np.asarray(merit))
        return Functions(*found)


def _logit(p: float) -> float:
    p = min(max(p, LEAST), 1 - LEAST)
    return math.log(p / (1 - p))
