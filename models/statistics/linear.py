"""Bayesian linear regression with unknown noise: few data, honest intervals, exact formulas."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from models.arrays import Floats


@dataclass(frozen=True)
class LinearBelief:
    """What is believed of y = X beta + e, e ~ N(0, s^2): a normal-inverse-gamma distribution.

    beta | s^2 ~ N(mean, s^2 covariance), s^2 ~ inverse gamma(shape, scale).
    """

    mean: Floats
    """(d,)"""
    covariance: Floats
    """(d, d), in units of s^2."""
    shape: float
    scale: float
    """In units of y^2."""


def prior(mean: ArrayLike, sd: ArrayLike, noise: float, shape: float = 2.0) -> LinearBelief:
    """A belief before data: coefficients ``mean`` +- ``sd`` (d,), and noise of about ``noise``.

    ``shape`` is half the number of data that the noise is worth.
    """
    m, s = np.asarray(mean, dtype=float), np.asarray(sd, dtype=float)
    if noise <= 0 or (s <= 0).any():
        raise ValueError("sd and noise must be above 0")
    return LinearBelief(m, np.diag((s / noise) ** 2), shape, shape * noise**2)


def update(belief: LinearBelief, x: ArrayLike, y: ArrayLike) -> LinearBelief:
    """The belief after data ``x`` (n, d) and ``y`` (n,).

    V' = (V^-1 + X'X)^-1, m' = V' (V^-1 m + X'y), a' = a + n/2,
    b' = b + (y'y + m'V^-1 m - m''V'^-1 m') / 2; the last in the form of a sum of squares.
    """
    x, y = np.atleast_2d(np.asarray(x, dtype=float)), np.asarray(y, dtype=float)
    before = np.linalg.inv(belief.covariance)
    after = np.linalg.inv(before + x.T @ x)
    mean = after @ (before @ belief.mean + x.T @ y)
    moved, left = mean - belief.mean, y - x @ mean
    scale = belief.scale + (left @ left + moved @ before @ moved) / 2
    return LinearBelief(mean, (after + after.T) / 2, belief.shape + len(y) / 2, float(scale))


def predict(belief: LinearBelief, x: ArrayLike) -> tuple[Floats, Floats]:
    """Mean and scale (n,) of new measurements at ``x`` (n, d).

    They follow Student's t with 2 a degrees of freedom: (y - mean) / scale.
    """
    x = np.atleast_2d(np.asarray(x, dtype=float))
    spread = 1 + np.einsum("ni,ij,nj->n", x, belief.covariance, x)
    return x @ belief.mean, np.sqrt(belief.scale / belief.shape * spread)


def sd_of(belief: LinearBelief, scale: Floats) -> Floats:
    """Standard deviation of Student's t of that scale; there is one from a > 1."""
    sd: Floats = scale * np.sqrt(belief.shape / (belief.shape - 1))
    return sd


def log_density(belief: LinearBelief, x: ArrayLike, y: ArrayLike) -> Floats:
    """Log of the predicted density of each y (n,) at ``x`` (n, d)."""
    mean, scale = predict(belief, x)
    nu, z = 2 * belief.shape, (np.asarray(y, dtype=float) - mean) / scale
    norm = gammaln((nu + 1) / 2) - gammaln(nu / 2) - np.log(nu * np.pi) / 2 - np.log(scale)
    return np.asarray(norm - (nu + 1) / 2 * np.log1p(z**2 / nu))


def leave_one_out(belief: LinearBelief, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """For each datum, predicted from all others: the residual (n,) and the log density (n,)."""
    x, y = np.atleast_2d(np.asarray(x, dtype=float)), np.asarray(y, dtype=float)
    residual, density = np.empty(len(y)), np.empty(len(y))
    for i in range(len(y)):
        others = update(belief, np.delete(x, i, axis=0), np.delete(y, i))
        residual[i] = y[i] - predict(others, x[i])[0][0]
        density[i] = log_density(others, x[i], y[i : i + 1])[0]
    return residual, density
