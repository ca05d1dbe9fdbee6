"""How a Gaussian process of few trials is fitted: the most probable hyperparameters, fast.

One outcome y of n trials at x in [0, 1]^d, standardised, is modelled as (Rasmussen and Williams,
Gaussian Processes for Machine Learning, 2006, equations 2.25, 4.17 and 5.9)

    y = m + f(x) + e,   f ~ GP(0, k),   e ~ N(0, v + known variance of y),
    k(x, x') = s (1 + r + r^2 / 3) exp(-r),   r^2 = 5 sum_i (x_i - x'_i)^2 / l_i^2,

where two different categories are one unit apart. The l_i, s and v have log-normal priors. v is
learned even where the variance of each y is known: the error of a measurement is not all that makes
two samples differ, and a model that believes it is explains the rest as a rugged response.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotri, dpotrs
from scipy.optimize import minimize

from models.arrays import Floats
from models.error import KyosoError

# Priors: the centre, and the standard deviation of the logarithm.
LENGTH = (0.7, 1.0)  # size the l_i share: a response bends about once within the range tried
LENGTH_SPREAD = 0.8  # one l_i against another: factors of 2 to 3 are common, of 10 are not
SCALE = (1.0, 1.0)  # s: outcomes are standardised
NOISE = (0.1, 1.5)  # v: a tenth of the variance, but anything from 0.005 to 2 is possible

LENGTH_LIMITS = (1e-3, 1e3)  # beyond them k no longer changes, nor does the prior allow it
SCALE_LIMITS = (1e-4, 1e4)
NOISE_LIMITS = (2e-6, 1e2)  # the lower one keeps K positive definite with replicates
START = (LENGTH[0], SCALE[0], NOISE[0])
ROUGH_START = (0.2, 1.0, 0.5)  # of ten tried, the one that most often escaped a poor optimum
JITTER = (0.0, 1e-8, 1e-6, 1e-4)  # tried in turn, relative to the diagonal of K
SEEN = 1.5
"""How many times the noise the spread of a candidate of a pool holds: each can be measured only
once. Of 1, 1.5 and 3, the one that found the best of past campaigns soonest."""
SAME = 1e-6  # two codes of a category closer than this are the same category


class FitError(KyosoError, ValueError):
    """No hyperparameters could be found."""


class Posterior(NamedTuple):
    """What a fit found: log hyperparameters (p,), m, and the log posterior density there."""

    theta: Floats
    mean: float
    value: float


class MarginalLikelihood:
    """log p(y | theta) + log p(theta) of theta = (log l_1 .. log l_d, log s, log v).

    With K the covariance of y, m = 1' K^-1 y / 1' K^-1 1 at its best for each theta, and
    a = K^-1 (y - m),

        log p(y | theta) = -(y - m)' a / 2 - log det(K) / 2 - n log(2 pi) / 2,
        d/dtheta_i       = tr((a a' - K^-1) dK/dtheta_i) / 2,
        dK_jk/dlog l_i   = s (1 + r) exp(-r) 5 (x_ij - x_ik)^2 / (3 l_i^2)

    (Rasmussen and Williams 2006, equation 5.9). Each pair of trials is worked out once.
    """

    def __init__(
        self, x: Floats, y: Floats, known: Floats | float = 0.0, categories: Sequence[int] = ()
    ) -> None:
        """Inputs (n, d), outcomes (n,), and the known part of their variances (n,)."""
        n, d = x.shape
        self.y, self.known, self.d = y, known, d
        self.row, self.column = np.tril_indices(n, -1)
        self.cell = self.row + n * self.column  # where a pair is in K, stored column by column
        difference = x[self.row] - x[self.column]
        for i in categories:
            difference[:, i] = np.abs(difference[:, i]) > SAME
        self.square = np.ascontiguousarray(difference.T**2)  # (d, pairs)
        self.centre, self.precision, self.limits = _prior(d)
        scale = np.linalg.slogdet(self.precision / (2 * np.pi))[1] - n * np.log(2 * np.pi)
        self.constant = float(scale) / 2

    def __call__(self, theta: Floats) -> tuple[float, Floats]:
        """The negative log density and its gradient (p,), both over n as gpytorch has them."""
        n, d = len(self.y), self.d
        noise = float(np.exp(theta[d + 1]))
        weight, scale = 5 * np.exp(-2 * theta[:d]), float(np.exp(theta[d]))
        slope, k = self._covariance(weight, scale)
        factor, solved, mean = self._solve(k, scale + noise + self.known)
        a = solved[:, 0] - mean * solved[:, 1]
        off = theta - self.centre
        value = self.constant - (self.y - mean) @ a / 2 - np.log(np.diag(factor)).sum()
        value -= off @ self.precision @ off / 2
        inverse = dpotri(factor, lower=1, overwrite_c=1)[0].ravel("K")
        pairs = a[self.row] * a[self.column] - inverse[self.cell]
        single = a**2 - inverse[:: n + 1]
        gradient = -self.precision @ off
        gradient[:d] += weight / 3 * (self.square @ (pairs * slope))
        gradient[d] += pairs @ k + scale * single.sum() / 2
        gradient[d + 1] += noise * single.sum() / 2
        return -value / n, -gradient / n

    def maximum(self) -> Posterior:
        """The best of two L-BFGS-B searches, one from START and one from ROUGH_START."""
        found: list[tuple[float, Floats]] = []
        for start in (START, ROUGH_START):
            theta = np.log([start[0]] * self.d + list(start[1:]))
            try:
                result = minimize(
                    self,
                    theta,
                    jac=True,
                    method="L-BFGS-B",
                    bounds=self.limits,
                    options={"maxiter": 200, "ftol": 1e-10, "gtol": 1e-6},
                )
            except np.linalg.LinAlgError:
                continue
            if np.isfinite(result.fun) and np.isfinite(result.x).all():
                found.append((float(result.fun), result.x))
        if not found:
            raise FitError(
                f"no covariance of these {len(self.y)} outcomes could be factorised: "
                "are they, their inputs and their noise variances finite numbers?"
            )
        value, theta = min(found, key=lambda f: f[0])
        return Posterior(theta, self.conditioned(theta)[2], -value * len(self.y))

    def conditioned(self, theta: Floats) -> tuple[Floats, Floats, float]:
        """The lower Cholesky factor of K (n, n), K^-1 (y - m) (n,), and m."""
        noise = float(np.exp(theta[-1]))
        scale = float(np.exp(theta[self.d]))
        k = self._covariance(5 * np.exp(-2 * theta[: self.d]), scale)[1]
        factor, solved, mean = self._solve(k, scale + noise + self.known)
        return factor, solved[:, 0] - mean * solved[:, 1], mean

    def _covariance(self, weight: Floats, scale: float) -> tuple[Floats, Floats]:
        """s (1 + r) exp(-r) and k of every pair."""
        r = np.sqrt(weight @ self.square)
        decay = scale * np.exp(-r)
        slope = (1 + r) * decay
        return slope, slope + r**2 / 3 * decay

    def _solve(self, k: Floats, diagonal: Floats | float) -> tuple[Floats, Floats, float]:
        """The lower Cholesky factor of K, K^-1 (y, 1) of shape (n, 2), and m."""
        n = len(self.y)
        for jitter in JITTER:
            flat = np.zeros(n * n)
            flat[self.cell] = k
            flat[:: n + 1] = diagonal + jitter * np.mean(diagonal)
            factor, failed = dpotrf(flat.reshape((n, n), order="F"), lower=1, overwrite_a=1)
            if not failed:
                break
        else:
            raise np.linalg.LinAlgError("K is not positive definite")
        solved = dpotrs(factor, np.stack([self.y, np.ones(n)], axis=1), lower=1)[0]
        return factor, solved, float(solved[:, 0].sum() / solved[:, 1].sum())


def length_prior(d: int) -> Floats:
    """Covariance (d, d) of the log l_i: shared^2 along (1, .., 1), spread^2 across it."""
    mean = np.full((d, d), 1 / d, np.float64)
    return LENGTH_SPREAD**2 * (np.eye(d) - mean) + LENGTH[1] ** 2 * np.ones((d, d))


def _prior(d: int) -> tuple[Floats, Floats, list[tuple[float, float]]]:
    """Centre (p,), precision (p, p) and limits of theta."""
    centre = np.log([LENGTH[0]] * d + [SCALE[0], NOISE[0]])
    precision = np.diag([0.0] * d + [SCALE[1] ** -2, NOISE[1] ** -2])
    precision[:d, :d] = np.linalg.inv(length_prior(d))
    limits = [LENGTH_LIMITS] * d + [SCALE_LIMITS, NOISE_LIMITS]
    return centre, precision, [(float(np.log(a)), float(np.log(b))) for a, b in limits]
