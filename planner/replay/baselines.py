"""The floor that a planner has to beat: a plain Gaussian process with expected improvement.

It reads a pool and nothing else, knows no hypothesis and no campaign history; several objectives
are turned into one with random weights (ParEGO, Knowles 2006).
"""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.campaign.campaign import Campaign
from planner.campaign.values import Point
from planner.past.pool import Chosen, Pool
from planner.space.encoding import encode

type Floats = NDArray[np.float64]

REFIT = 8
"""Results after which the hyperparameters are fitted again; conditioning is done every time."""
ARD = 7
"""Columns up to which each has its own length scale: few results cannot tell more of them."""
AUGMENTED = 0.05
"""Share of the plain sum in ParEGO's Chebyshev scalarisation."""


class GpEi:
    """Expected improvement over the remaining pool; one instance for each replay.

    Matern 5/2, with a length scale for each column where there are few, plus white noise, which is
    part of the predictive standard deviation. Choices are one-hot. Ties are broken by the seed.
    """

    def __init__(self, pool: Pool, seed: int) -> None:
        self.inputs = one_hot(pool.campaign, pool.points)
        self.pool = pool
        self.seed = seed
        self.kernel: Any = None
        self.fitted_on = 0

    def __call__(
        self, seen: Sequence[int], remaining: Sequence[int], waiting: Sequence[int] = ()
    ) -> Chosen:
        """The next condition, from those tried and those left; what is still under way is believed
        to come as predicted (Ginsbourger et al. 2010)."""
        rng = np.random.default_rng([self.seed, len(seen) + len(waiting)])
        target = scalarised(self.pool.merits_among(seen), rng)
        model = self._model(self.inputs[list(seen)], target)
        if waiting:
            believed = np.append(target, model.predict(self.inputs[list(waiting)]))
            model = _process(self.inputs.shape[1], self.kernel)
            model.fit(self.inputs[[*seen, *waiting]], believed)
        candidates = rng.permutation(list(remaining))
        mean, sd = model.predict(self.inputs[candidates], return_std=True)
        gain = expected_improvement(mean, sd, target.max())
        best = np.flatnonzero(gain >= gain.max() * (1 - 1e-9))[0]  # the first of a shuffled tie
        return Chosen(int(candidates[best]), "gp-ei")

    def _model(self, inputs: Floats, target: Floats) -> Any:
        """A Gaussian process conditioned on everything, with hyperparameters of the last refit."""
        changing = len(self.pool.campaign.objectives) > 1  # another weighting is another surface
        refit = self.kernel is None or changing or len(target) >= self.fitted_on + REFIT
        model = _process(inputs.shape[1]) if refit else _process(inputs.shape[1], self.kernel)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # length scales at their bounds: nothing to be done
            model.fit(inputs, target)
        if refit:
            self.kernel, self.fitted_on = model.kernel_, len(target)
        return model


def one_hot(campaign: Campaign, points: Sequence[Point]) -> Floats:
    """Points as rows, shape (n, columns): numbers on 0 to 1, a column for each choice's value."""
    unit = encode(campaign, points)
    columns = []
    for i, parameter in enumerate(campaign.free.values()):
        if parameter.kind != "choice":
            columns.append(unit[:, i : i + 1])
            continue
        index = np.rint(unit[:, i] * (len(parameter.values) - 1)).astype(int)
        columns.append(np.eye(len(parameter.values))[index])
    return np.hstack(columns)


def expected_improvement(mean: Floats, sd: Floats, best: float) -> Floats:
    """Expected gain over ``best``, in the unit of ``mean``; shapes (n,)."""
    from scipy.stats import norm  # half a second of import

    sd = np.maximum(sd, 1e-12)
    z = (mean - best) / sd
    return np.asarray((mean - best) * norm.cdf(z) + sd * norm.pdf(z))


def scalarised(merits: Floats, rng: np.random.Generator) -> Floats:
    """One number for each row of (n, M): the merit itself, or ParEGO's with weights drawn anew."""
    if merits.shape[1] == 1:
        return merits[:, 0]
    spread = np.ptp(merits, axis=0)
    unit = (merits - merits.min(axis=0)) / np.where(spread > 0, spread, 1.0)
    weighted = rng.dirichlet(np.ones(merits.shape[1])) * (unit - 1)  # 0 is the best
    return np.asarray(weighted.min(axis=1) + AUGMENTED * weighted.sum(axis=1))


def _process(columns: int, kernel: Any = None) -> Any:
    from sklearn.gaussian_process import GaussianProcessRegressor  # a second of import
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    scale = np.ones(columns) if columns <= ARD else 1.0
    hill = ConstantKernel(1.0, (1e-2, 1e2)) * Matern(scale, (0.1, 10.0), nu=2.5)
    fresh = hill + WhiteKernel(1e-2, (1e-6, 1.0))  # outcomes are normalised: at most all is noise
    optimizer = "fmin_l_bfgs_b" if kernel is None else None
    return GaussianProcessRegressor(
        fresh if kernel is None else kernel, optimizer=optimizer, normalize_y=True, random_state=0
    )
