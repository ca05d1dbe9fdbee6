"""The models of some observations, functions drawn from them, and what these say of a claim: one
rule for each kind of evidence (``planner.campaign.hypotheses.evidence``)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from models.statistics.optimum import Functions, contrast, draw, gain_of_feature
from planner.beliefs.slope import slope_of, slopes_by_model
from planner.beliefs.trend import LEARNED, contrasts, probability, within
from planner.beliefs.weighing import Weighing
from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.evidence import Course, Optimum
from planner.record.record import Observation
from planner.space.encoding import Floats, encode
from planner.space.fitted import Fitted, fit_all
from planner.space.metrics import limits, metric_of, metrics, objectives

SEED = 5
"""Of the functions that are drawn."""
EFFECT = (1.5, 0.75)
"""What a true claim is expected to do to an outcome between the points where it says 0 and 1, in
standard deviations of the outcome: size and spread."""


@dataclass(frozen=True)
class DrawnModels:
    """The models of some observations, and functions drawn from them."""

    campaign: Campaign
    observations: Sequence[Observation]
    rows: Floats

    def weigh(self, claim: Claim) -> Weighing:
        """One claim, by the rule that its kind names."""
        match claim.evidence:
            case Optimum():
                return self._optimum(claim)
            case Course() as course:
                return self._course(claim, course)
        return Weighing(claim, note="a constraint: it is kept, not weighed")

    def _optimum(self, claim: Claim) -> Weighing:
        n = min((len(self.columns.get(m, ())) for m in self.goals), default=0)
        if n < 3:
            return Weighing(claim, results=n, note="fewer than three results")
        says = np.asarray(claim.says(self._cube(self.everywhere)))
        before, after = (float(says[np.argmax(m, axis=1)].mean()) for m in self.merits)
        share = float(says[: len(self.rows)].mean())
        draws = len(self.merits.before)
        before = (draws * before + share) / (draws + 1)  # as if one more had said what is usual
        after = (draws * after + before) / (draws + 1)
        signs = {m: -1.0 if small else 1.0 for m, small in self.goals.items()}
        return Weighing(claim, n, before, after, predictive=self._predictive(claim.says, signs))

    def _course(self, claim: Claim, course: Course) -> Weighing:
        metric = metric_of(self.campaign, course.outcome)
        n, slope = len(self.columns.get(metric, ())), slope_of(self.campaign, course, self.seen)
        if n <= LEARNED:
            note = f"{LEARNED} results or fewer say nothing of a trend"
            return Weighing(claim, results=n, slope=slope, note=note)
        cube = self._cube(self.rows)
        weights = contrasts(course, cube)
        if not len(weights):
            note = f"too few settings of {course.parameter} are possible to tell"
            return Weighing(claim, results=n, slope=slope, note=note)
        found = contrast(self.models[metric].process, within(course, cube), weights)
        before = probability(np.zeros(len(weights)), found.before)
        after = probability(found.mean, found.after, n - LEARNED)
        predictive = self._predictive(course.at, {metric: 1.0})
        warp, freedom = self.models[metric].warp, n - LEARNED
        slopes = slopes_by_model(self.campaign, course, cube, found, warp, freedom)
        return Weighing(claim, n, before, after, predictive, slope, slopes)

    def _predictive(self, says: Callable[[Cube], Any], signs: Mapping[str, float]) -> float:
        """Gain of predictions of these metrics by what is said of them, on the mean."""
        gains = []
        for metric, sign in signs.items():
            cube = self._cube(self.models[metric].process.x)
            feature = np.broadcast_to(sign * says(cube), len(cube.rows))
            gains.append(gain_of_feature(self.models[metric].process, feature, *EFFECT))
        return float(np.mean(gains))

    def _cube(self, rows: Floats) -> Cube:
        return Cube(self.campaign.parameters, self.campaign.outcomes, rows)

    @cached_property
    def seen(self) -> list[Observation]:
        """The observations in an order that is theirs, whatever that of the trials: sums and
        random draws go by it, and credence is not to depend on who was first."""
        rows = encode(self.campaign, [o.point for o in self.observations]).tolist()
        keys = [
            (row, sorted(o.values.items(), key=str))
            for row, o in zip(rows, self.observations, strict=True)
        ]
        order = sorted(range(len(keys)), key=lambda i: (keys[i][0], str(keys[i][1])))
        return [self.observations[i] for i in order]

    @cached_property
    def columns(self) -> dict[str, dict[int, tuple[float, float | None]]]:
        return metrics(self.campaign, self.seen)

    @cached_property
    def goals(self) -> dict[str, bool]:
        return objectives(self.campaign, self.columns)

    @cached_property
    def places(self) -> Floats:
        return encode(self.campaign, [o.point for o in self.seen])

    @cached_property
    def models(self) -> dict[str, Fitted]:
        x = dict(zip((o.trial for o in self.seen), self.places, strict=True))
        choices = [i for i, p in enumerate(self.campaign.free.values()) if p.kind == "choice"]
        enough = {m: column for m, column in self.columns.items() if len(column) > 2}
        return fit_all(enough, x, choices)

    @cached_property
    def everywhere(self) -> Floats:
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
