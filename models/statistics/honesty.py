"""Whether forecasts said rightly how sure they were: over-confident, under-confident or honest."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

type Judgement = Literal["honest", "over-confident", "under-confident", "too few results to tell"]

LEVELS = (0.5, 0.68, 0.9, 0.95)
JUDGED = 0.9
"""Interval by which the verdict is made, and the coverage that is taken for honest."""
HONEST = (0.85, 0.95)
FEWEST = 10


@dataclass(frozen=True)
class Honesty:
    """How often the truth fell into central intervals of n Gaussian forecasts, and what follows."""

    n: int
    coverage: dict[float, float]
    """Share of the results inside, by the share that should be."""
    chance: tuple[float, float]
    """Between which coverages of the 90 % interval 95 % of honest forecasters of n results lie."""
    sd_z: float
    """Root mean square of z = (result - mean) / sd: 1 of an honest forecaster."""
    verdict: Judgement


def honesty(z: ArrayLike) -> Honesty:
    """Judge standardised errors z = (result - mean) / sd, shape (n,), n > 0, all finite.

    >>> honesty([0.0, 0.5, -0.5, 1.0, -1.0, 0.2, -0.2, 0.1, 1.2, 2.5]).verdict
    'honest'
    """
    errors = np.abs(np.asarray(z, dtype=float))
    if not errors.size or not np.isfinite(errors).all():
        raise ValueError("standardised errors must be finite, and at least one is needed")
    found = {p: float(np.mean(errors <= NormalDist().inv_cdf(0.5 + p / 2))) for p in LEVELS}
    return Honesty(
        n=len(errors),
        coverage=found,
        chance=_by_chance(len(errors)),
        sd_z=float(np.sqrt(np.mean(errors**2))),
        verdict=_verdict(len(errors), found[JUDGED]),
    )


def _verdict(n: int, coverage: float) -> Judgement:
    if n < FEWEST:
        return "too few results to tell"
    if coverage < HONEST[0]:
        return "over-confident"
    return "under-confident" if coverage > HONEST[1] else "honest"


def _by_chance(n: int) -> tuple[float, float]:
    from scipy.stats import binom  # half a second of import

    return float(binom.ppf(0.025, n, JUDGED)) / n, float(binom.ppf(0.975, n, JUDGED)) / n
