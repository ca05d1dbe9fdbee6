"""A Gaussian process for each metric of a record, on the scale on which it looks most normal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.statistics.gaussian_process import GaussianProcess
from models.statistics.likelihood import SEEN
from models.statistics.warp import Warp
from planner.space.encoding import Floats
from planner.space.metrics import MetricColumn, errors, skewed

type MeanSd = tuple[float, float]
"""Mean and standard deviation."""


def fit_all(
    columns: Mapping[str, MetricColumn], x: Mapping[int, Floats], categories: Sequence[int]
) -> dict[str, "Fitted"]:
    """A model of each metric, from its values and the place of each trial in the unit cube.

    FitError or LinAlgError where one cannot be fitted.
    """
    bent = skewed(columns)
    return {
        name: Fitted.of(
            np.array([x[trial] for trial in column]), column, categories, skewed=name in bent
        )
        for name, column in columns.items()
    }


@dataclass(frozen=True)
class Fitted:
    """One metric's process and the scale on which it was fitted."""

    warp: Warp
    process: GaussianProcess

    @classmethod
    def of(
        cls, x: Floats, column: MetricColumn, categories: Sequence[int], *, skewed: bool
    ) -> "Fitted":
        y = np.array([value for value, _ in column.values()])
        warp = Warp.fit(y, skewed)
        error = np.array(errors(column))
        known = 0.0 if np.isnan(error).any() else warp.forward_error(y, error) ** 2
        return cls(warp, GaussianProcess.fit(x, warp.forward(y), known, categories))

    def at_one(self, x: Floats, *, noise: bool) -> MeanSd:
        (mean,), (sd,) = self.process.at(x)
        return self.warp.back(float(mean), float(np.hypot(sd, noise * self.process.noise**0.5)))

    def before_measuring(self, x: Floats) -> tuple[Floats, Floats]:
        """Mean and spread of what a measurement at x (m, d) would show, as the model sees it."""
        mean, sd = self.process.at(x)
        return mean, np.sqrt(sd**2 + SEEN * self.process.noise)
