"""Bayesian linear regression that learns its noise: few data, honest intervals."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from models.arrays import Floats

NOISES = 41
"""Levels of noise that are weighed, a fifth apart with the usual spread."""
REACH = 2.5
"""How far they reach, in standard deviations of ln noise."""


@dataclass(frozen=True)
class LinearBelief:
    """What is believed of y = X beta + e, e ~ N(0, noise^2): a mixture over k levels of noise.

    Given one, beta ~ N(mean, covariance). The noise and the coefficients are independent before
    data, so that few data with much noise are not taken for few with little.
    """

    noise: Floats
    """(k,), in units of y."""
    log_weight: Floats
    """(k,), of each level; they need not sum to 1."""
    mean: Floats
    """(k, d)"""
    covariance: Floats
    """(k, d, d)"""

    @property
    def weight(self) -> Floats:
        """How far each level is believed, shape (k,); they sum to 1."""
        weights: Floats = np.exp(self.log_weight - logsumexp(self.log_weight))
        return weights


def prior(mean: ArrayLike, sd: ArrayLike, noise: float, spread: float = 1.5) -> LinearBelief:
    """A belief before data: coefficients ``mean`` +- ``sd`` (d,), ln noise normal about
    ln ``noise`` with the standard deviation ``spread``."""
    m, s = np.asarray(mean, dtype=float), np.asarray(sd, dtype=float)
    if noise <= 0 or spread <= 0 or (s <= 0).any():
        raise ValueError("sd, noise and its spread must be above 0")
    z = np.linspace(-REACH, REACH, NOISES)
    return LinearBelief(
        noise * np.exp(spread * z),
        -(z**2) / 2,
        np.tile(m, (NOISES, 1)),
        np.tile(np.diag(s**2), (NOISES, 1, 1)),
    )


def update(belief: LinearBelief, x: ArrayLike, y: ArrayLike) -> LinearBelief:
    """The belief after data ``x`` (n, d) and ``y`` (n,): at each level the normal formulas, and its
    weight times the density that it gave them."""
    x, y = np.atleast_2d(np.asarray(x, dtype=float)), np.asarray(y, dtype=float)
    for row, value in zip(x, y, strict=True):
        off, variance, gain = _one_step(belief, row, value)
        belief = replace(
            belief,
            log_weight=belief.log_weight - (np.log(variance) + off**2 / variance) / 2,
            mean=belief.mean + (off / variance)[:, None] * gain,
            covariance=belief.covariance
            - gain[:, :, None] * gain[:, None, :] / variance[:, None, None],
        )
    return belief


def _one_step(belief: LinearBelief, row: Floats, value: float) -> tuple[Floats, Floats, Floats]:
    """At each level how far the datum is from its prediction (k,), the variance of that (k,), and
    the covariance with the coefficients (k, d)."""
    gain: Floats = belief.covariance @ row
    return value - belief.mean @ row, gain @ row + belief.noise**2, gain


def predict(belief: LinearBelief, x: ArrayLike) -> tuple[Floats, Floats]:
    """Mean and standard deviation (n,) of new measurements at ``x`` (n, d)."""
    means, variances = _by_level(belief, x)
    mean = belief.weight @ means
    return mean, np.sqrt(belief.weight @ (variances + (means - mean) ** 2))


def coefficients(belief: LinearBelief) -> tuple[Floats, Floats]:
    """Mean and standard deviation (d,) of beta."""
    mean = belief.weight @ belief.mean
    variances = np.diagonal(belief.covariance, axis1=1, axis2=2)
    return mean, np.sqrt(belief.weight @ (variances + (belief.mean - mean) ** 2))


def log_density(belief: LinearBelief, x: ArrayLike, y: ArrayLike) -> Floats:
    """Log of the predicted density of each y (n,) at ``x`` (n, d)."""
    means, variances = _by_level(belief, x)
    normal = -(np.log(2 * np.pi * variances) + (np.asarray(y) - means) ** 2 / variances) / 2
    weighed = normal + belief.log_weight[:, None]
    told: Floats = logsumexp(weighed, axis=0) - logsumexp(belief.log_weight)
    return told


def _by_level(belief: LinearBelief, x: ArrayLike) -> tuple[Floats, Floats]:
    """Mean and variance (k, n) of new measurements at each level of noise."""
    x = np.atleast_2d(np.asarray(x, dtype=float))
    spread = np.einsum("ni,kij,nj->kn", x, belief.covariance, x)
    return belief.mean @ x.T, spread + belief.noise[:, None] ** 2


def leave_one_out(belief: LinearBelief, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """For each datum, predicted from all others: the residual (n,) and the log density (n,)."""
    x, y = np.atleast_2d(np.asarray(x, dtype=float)), np.asarray(y, dtype=float)
    residual, density = np.empty(len(y)), np.empty(len(y))
    for i in range(len(y)):
        others = update(belief, np.delete(x, i, axis=0), np.delete(y, i))
        residual[i] = y[i] - predict(others, x[i])[0][0]
        density[i] = log_density(others, x[i], y[i : i + 1])[0]
    return residual, density
