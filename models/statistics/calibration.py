"""Whether predictions were honest: how often the truth fell where they said it would."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from models.arrays import Floats


@dataclass(frozen=True)
class Calibration:
    """Scores of n Gaussian predictions (mean m, standard deviation s) against values y.

    With z = (y - m) / s, an honest forecaster has coverages of 0.50, 0.68 and 0.95, a mean z of 0
    and an sd of z of 1. An sd of z above 1, or coverages too small, mean overconfidence.
    """

    n: int
    coverage_50: float
    """Share of values inside the central 50 % interval: abs(z) <= 0.674."""
    coverage_68: float
    """abs(z) <= 0.994."""
    coverage_95: float
    """abs(z) <= 1.960."""
    log_score: float
    """Mean of log N(y; m, s^2) = -log(s sqrt(2 pi)) - z^2 / 2. Larger is better."""
    rmse: float
    """sqrt(mean((y - m)^2)), in the unit of the values."""
    mean_z: float
    """Mean of z: above 0 where predictions are too low."""
    sd_z: float
    """sqrt(mean((z - mean z)^2)); the population form, so one prediction gives 0."""


def calibration(mean: ArrayLike, sd: ArrayLike, value: ArrayLike) -> Calibration:
    """Score predictions ``mean`` and ``sd`` against ``value``: arrays of shape (n,), in one unit.

    ``sd`` is that of the value itself, so it holds the noise of the measurement as well. ValueError
    for arrays that are empty, of other shapes or not finite, and where ``sd`` is not above 0.

    >>> calibration([0, 0, 0, 0], [1, 1, 1, 1], [0.5, -0.5, 1.5, -2.5]).coverage_50
    0.5
    """
    m, s, y = (np.asarray(a, dtype=float) for a in (mean, sd, value))
    _check(m, s, y)
    z = (y - m) / s
    log_score = -np.log(s * np.sqrt(2 * np.pi)) - z**2 / 2
    rmse = np.sqrt(np.mean((y - m) ** 2))
    return Calibration(
        n=len(z),
        coverage_50=_coverage(z, 0.50),
        coverage_68=_coverage(z, 0.68),
        coverage_95=_coverage(z, 0.95),
        log_score=float(log_score.mean()),
        rmse=float(rmse),
        mean_z=float(z.mean()),
        sd_z=float(z.std()),
    )


def _coverage(z: Floats, level: float) -> float:
    """Share of z inside the central interval that should hold ``level`` of them."""
    return float(np.mean(np.abs(z) <= NormalDist().inv_cdf(0.5 + level / 2)))


def _check(mean: Floats, sd: Floats, value: Floats) -> None:
    if mean.ndim != 1 or not mean.shape == sd.shape == value.shape or not mean.size:
        shapes = f"{mean.shape}, {sd.shape} and {value.shape}"
        raise ValueError(f"mean, sd and value must be of one shape (n,), n > 0, not {shapes}")
    if not all(np.isfinite(a).all() for a in (mean, sd, value)):
        raise ValueError("mean, sd and value must be finite")
    if (sd <= 0).any():
        raise ValueError(f"sd must be above 0, not {sd.min():g}")
