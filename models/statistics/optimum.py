"""Where the optimum of a Gaussian process lies, and how it differs from place to place: before the
trials, and after them. The former from draws of whole functions, so that the two can be compared
fairly.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import log_ndtr

from models.arrays import Floats
from models.statistics.gaussian_process import GaussianProcess

DRAWS = 400
"""Functions drawn: a probability is known to 0.025."""
SUPPORTS = (1e-8, 1e-6, 1e-4, 1e-2)
"""What is added to the diagonal of a covariance, as a share of it, until it has a root."""


class Functions(NamedTuple):
    """The same random functions before and after the trials, at m points: shapes (draws, m)."""

    before: Floats
    after: Floats


class Contrast(NamedTuple):
    """Differences of f between points: what is believed of them before and after the trials."""

    before: Floats
    """Covariance (F, F); every mean is 0."""
    mean: Floats
    """After the trials, (F,)."""
    after: Floats
    """Covariance after the trials, (F, F)."""


def draw(process: GaussianProcess, x: Floats, seed: int, draws: int = DRAWS) -> Functions:
    """Functions at points x (m, d).

    Each function g of the prior, drawn at points and trials together, is corrected by what the
    trials say (Matheron's rule; Wilson et al., Pathwise Conditioning of Gaussian Processes, JMLR 22
    (2021)):

        f(x) = g(x) + k(x, X) K^-1 (y - g(X) - e),   e ~ N(0, K - k(X, X)).
    """
    rng, n = np.random.default_rng(seed), len(process.x)
    everywhere = np.vstack([process.x, x])
    root = _root(replace(process, x=everywhere).covariance(everywhere))
    before = rng.standard_normal((draws, len(everywhere))) @ root.T
    noise = np.maximum((process.factor**2).sum(axis=1) - process.scale, 0.0)
    shown = before[:, :n] + rng.standard_normal((draws, n)) * np.sqrt(noise)
    half = solve_triangular(process.factor, shown.T, lower=True)
    known = solve_triangular(process.factor, half, lower=True, trans=1).T
    correction = (process.solved - known) @ process.covariance(x)
    return Functions(process.mean + before[:, n:], process.mean + before[:, n:] + correction)


def contrast(process: GaussianProcess, x: Floats, weights: Floats) -> Contrast:
    """Weighted sums of f over points x (m, d), with ``weights`` (F, m), each row adding up to 0:
    exact."""
    before = weights @ replace(process, x=x).covariance(x) @ weights.T
    cross = process.covariance(x) @ weights.T  # (n, F)
    half = solve_triangular(process.factor, cross, lower=True)
    return Contrast(before, process.solved @ cross, before - half.T @ half)


def gain_of_feature(process: GaussianProcess, feature: Floats, size: float, spread: float) -> float:
    """By how much the trials are better predicted, each from those before it, if f holds
    a * feature with a ~ N(size, spread^2), a > 0: the sum of log densities with it minus without.

    ``feature`` is (n,), at the trials; a constant in it is taken up by the mean.
    """
    both = np.column_stack([feature, np.ones(len(feature))])
    half = solve_triangular(process.factor, both, lower=True)
    (ff, f1), (_, one) = half.T @ half
    square = ff - f1**2 / one
    pull = (feature - f1 / one) @ process.solved
    precision, towards = 1 / spread**2 + square, size / spread**2 + pull
    gain = (towards**2 / precision - size**2 / spread**2 - np.log(spread**2 * precision)) / 2
    return float(gain + log_ndtr(towards / np.sqrt(precision)) - log_ndtr(size / spread))


def _root(covariance: Floats) -> Floats:
    """A lower Cholesky factor, with as little support as it takes."""
    size = float(np.mean(np.diag(covariance)))
    for support in SUPPORTS:
        try:
            return np.linalg.cholesky(covariance + support * size * np.eye(len(covariance)))
        except np.linalg.LinAlgError:
            continue
    raise np.linalg.LinAlgError("the covariance of the points has no root")
