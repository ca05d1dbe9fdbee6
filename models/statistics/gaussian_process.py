"""A Gaussian process conditioned on its trials, in plain arrays: for choosing among few thousand
points. The model is that of ``evidence``; spaces are searched with ``surrogate``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import erfcx, ndtr

from models.arrays import Floats
from models.statistics.likelihood import SAME, MarginalLikelihood

ROOT_HALF_PI = float(np.sqrt(np.pi / 2))
LOG_ROOT_TWO_PI = float(np.log(2 * np.pi) / 2)
TINY = float(np.finfo(float).tiny)


@dataclass(frozen=True)
class GaussianProcess:
    """p(f | trials) with the most probable hyperparameters."""

    x: Floats
    """Inputs of the trials in [0, 1], shape (n, d)."""
    weight: Floats
    """5 / l_i^2, shape (d,)."""
    scale: float
    mean: float
    noise: float
    """Variance v that was learned, plus the mean of the known ones: that of a measurement."""
    factor: Floats
    """Lower Cholesky factor of the covariance of the outcomes, shape (n, n)."""
    solved: Floats
    """K^-1 (y - m), shape (n,)."""
    categories: tuple[int, ...] = ()

    @classmethod
    def fit(
        cls, x: Floats, y: Floats, known: Floats | float = 0.0, categories: Sequence[int] = ()
    ) -> Self:
        """From inputs (n, d), outcomes (n,) and the known part of their variances (n,).

        FitError where nothing fits, LinAlgError where a covariance has no factor.
        """
        evidence = MarginalLikelihood(x, y, known, categories)
        found = evidence.maximum()
        factor, solved, mean = evidence.conditioned(found.theta)
        *length, scale, noise = np.exp(found.theta).tolist()
        return cls(
            x=x,
            weight=5 / np.square(length),
            scale=scale,
            mean=mean,
            noise=noise + float(np.mean(known)),
            factor=factor,
            solved=solved,
            categories=tuple(categories),
        )

    def at(self, x: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation of f at points (m, d), shapes (m,); no noise in them."""
        cross = self.covariance(x)
        half = solve_triangular(self.factor, cross, lower=True, check_finite=False)
        variance = self.scale - np.einsum("nm,nm->m", half, half)
        return self.mean + self.solved @ cross, np.sqrt(np.maximum(variance, 0.0))

    def covariance(self, x: Floats) -> Floats:
        """k between the trials and points (m, d), shape (n, m)."""
        r2 = np.zeros((len(self.x), len(x)))
        for i, weight in enumerate(self.weight):
            gap = self.x[:, i, None] - x[None, :, i]
            if i in self.categories:
                gap = (np.abs(gap) > SAME).astype(float)
            r2 += weight * gap**2
        r = np.sqrt(r2)
        return np.asarray(self.scale * (1 + r + r2 / 3) * np.exp(-r))


def log_expected_improvement(mean: Floats, sd: Floats, best: float) -> Floats:
    """log E[max(f - best, 0)] for f ~ N(mean, sd^2), shapes (m,); exact far below ``best`` too.

    With z = (mean - best) / sd it is log(sd) + log(phi(z) + z Phi(z)) (Ament et al., Unexpected
    Improvements to Expected Improvement, NeurIPS 2023, equation 9); for z < 0 the sum is written
    phi(z) (1 - |z| sqrt(pi / 2) erfcx(|z| / sqrt 2)), whose bracket tends to 1 / z^2.
    """
    sd = np.maximum(sd, 1e-12)
    z = (mean - best) / sd
    density = np.exp(-(z**2) / 2 - LOG_ROOT_TWO_PI)
    above = np.log(np.maximum(density + z * ndtr(z), TINY))
    return np.log(sd) + np.where(z > -1, above, _log_gain_below(np.minimum(z, -1.0)))


def _log_gain_below(z: Floats) -> Floats:
    """log(phi(z) + z Phi(z)) for z <= -1."""
    bracket = 1 + z * ROOT_HALF_PI * erfcx(-z / np.sqrt(2))
    bracket = np.where(z < -1e3, 1 / z**2, bracket)  # there it has lost its digits
    return np.asarray(np.log(bracket) - z**2 / 2 - LOG_ROOT_TWO_PI)
