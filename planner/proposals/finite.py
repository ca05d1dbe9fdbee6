"""Choosing the next of a finite set of points exactly: every candidate is valued, none is searched
for. For one objective and one proposal at a time; the rest goes through ``ax_bridge``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from models.statistics.gaussian_process import log_expected_improvement
from models.statistics.likelihood import FitError
from models.statistics.warp import Warp
from planner.beliefs.merging import Guide
from planner.campaign.campaign import Campaign
from planner.campaign.values import Point
from planner.proposals.failure import NoModelError
from planner.proposals.forecast import forecast
from planner.record.record import Record
from planner.record.trial import EXACT, Proposal
from planner.space.columns import Coding
from planner.space.encoding import Floats, encode
from planner.space.fitted import Fitted, fit_all
from planner.space.metrics import Limit, MetricColumn, keeps, limits, metrics, objectives

PACKAGES = ("numpy", "scipy", "scikit-learn")


def is_simple(campaign: Campaign, record: Record) -> bool:
    """Whether one objective has data and no open trial has to be reckoned with."""
    known = metrics(campaign, record.observations)
    return len(objectives(campaign, known)) == 1 and not record.pending(campaign)


def choose(
    campaign: Campaign,
    record: Record,
    seed: int,
    pool: Sequence[Point],
    guide: Guide | None = None,
    others: Sequence[Point] = (),
) -> Proposal:
    """The candidate of the largest expected improvement; ties go by the seed. With a ``guide`` the
    largest sum with its log belief; ``others`` holds what comes without one.
    """
    try:
        view = _Models.of(campaign, record)
    except (FitError, np.linalg.LinAlgError) as error:
        raise NoModelError(str(error)) from error
    value = view.value(view.unit(pool))
    total = value if guide is None else value + guide.log_belief(encode(campaign, pool))
    best = np.flatnonzero(total >= total.max() - 1e-9)
    i = int(np.random.default_rng(seed).choice(best))
    at = view.unit([pool[i]])
    proposal = forecast(
        campaign,
        record,
        pool[i],
        measured={name: m.at_one(at, noise=True) for name, m in view.models.items()},
        latent={name: m.at_one(at, noise=False) for name, m in view.models.items()},
        generator=EXACT,
        acquisition=float(value[i]),
        seed=seed,
        packages=PACKAGES,
    )
    if guide is None:
        return proposal
    (without,) = view.value(view.unit(others[:1])).tolist()
    told = guide.told(pool[i], others[0], (float(value[i]), without))
    return proposal.model_copy(update={"guidance": told})


@dataclass(frozen=True)
class Valuation:
    """What the model expects of points (m,), on its own scale, and how it values them."""

    mean: Floats
    sd: Floats
    """Of a measurement, noise included."""
    value: Floats
    """Log expected improvement, and log probability that every limit holds."""
    warp: Warp
    """Between the outcome's unit and the model's scale."""


def survey(campaign: Campaign, record: Record, points: Sequence[Point]) -> Valuation:
    """Of a campaign with one objective. NoModelError where no model fits the results."""
    try:
        view = _Models.of(campaign, record)
    except (FitError, np.linalg.LinAlgError) as error:
        raise NoModelError(str(error)) from error
    x, model = view.unit(points), view.models[view.objective]
    mean, sd = model.process.at(x)
    noisy = np.sqrt(sd**2 + model.process.noise)
    return Valuation(mean, noisy, np.asarray(view.value(x)), model.warp)


@dataclass(frozen=True)
class _Models:
    """A model of each metric, and what is wanted of them."""

    coding: Coding
    columns: dict[str, MetricColumn]
    models: dict[str, Fitted]
    objective: str
    sign: float
    limits: list[Limit]

    @classmethod
    def of(cls, campaign: Campaign, record: Record) -> "_Models":
        coding, seen = Coding(campaign), record.observations
        columns = metrics(campaign, seen)
        ((objective, small),) = objectives(campaign, columns).items()
        x = dict(zip((o.trial for o in seen), coding.unit([o.point for o in seen]), strict=True))
        models = fit_all(columns, x, coding.categorical)
        sign = -1.0 if small else 1.0
        return cls(coding, columns, models, objective, sign, limits(campaign, columns))

    def unit(self, points: Sequence[Point]) -> Floats:
        return self.coding.unit(points)

    def value(self, x: Floats) -> Floats:
        """Log expected improvement over the best feasible result, and log probability that every
        limit holds, at x (m, d); the latter alone while no result is feasible."""
        total = np.sum([self._holds(limit, x) for limit in self.limits], axis=0)
        best = self._best()
        if best is None:
            return np.broadcast_to(total, len(x))
        mean, sd = self.models[self.objective].before_measuring(x)
        return np.asarray(log_expected_improvement(self.sign * mean, sd, best) + total)

    def _holds(self, limit: Limit, x: Floats) -> Floats:
        metric, sign, bound = limit
        mean, sd = self.models[metric].before_measuring(x)
        gap = mean - self.models[metric].warp.forward(np.array([bound]))
        return np.asarray(log_ndtr((gap if sign == ">=" else -gap) / np.maximum(sd, 1e-12)))

    def _best(self) -> float | None:
        """The best result of the objective that breaks no limit, as the model sees it."""
        values = [
            value
            for trial, (value, _) in self.columns[self.objective].items()
            if keeps(self.columns, self.limits, trial)
        ]
        seen = self.sign * self.models[self.objective].warp.forward(np.array(values))
        return float(seen.max()) if values else None
