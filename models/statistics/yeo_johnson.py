"""The power transform of Yeo and Johnson (Biometrika 87, 954, 2000), fitted fast to few numbers.

With u = log(1 + abs(z)), a power p and the sign of z:

    z >= 0:  (exp(p u) - 1) / p              (u where p = 0)
    z <  0: -(exp((2 - p) u) - 1) / (2 - p)  (-u where p = 2)

The power has the largest likelihood; the result is standardised. The same as scikit-learn's, at a
tenth of its time.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.optimize import brent

from models.arrays import Floats

FLAT = 1e-10
"""A power closer than this to 0 (or 2) is a logarithm."""


@dataclass(frozen=True)
class YeoJohnson:
    """A strictly rising curve and its inverse."""

    power: float
    mean: float
    sd: float
    """Of the transformed values, to standardise them."""

    @classmethod
    def fit(cls, z: Floats) -> Self:
        """To values (n,) that are not all the same."""
        power = float(brent(lambda p: -_log_likelihood(z, float(p)), brack=(-2.0, 2.0)))
        bent = _bent(z, power)
        sd = float(bent.std())
        return cls(power, float(bent.mean()), sd if sd > 0 else 1.0)

    def forward(self, z: Floats) -> Floats:
        """Values (n,), bent and standardised."""
        return (_bent(z, self.power) - self.mean) / self.sd

    def inverse(self, y: Floats) -> Floats:
        """The values (n,) that ``forward`` takes to y; y lies inside ``image``."""
        bent = y * self.sd + self.mean
        up = np.maximum(bent, 0.0)
        down = np.maximum(-bent, 0.0)
        return _unbent(up, self.power) - _unbent(down, 2 - self.power)

    @property
    def image(self) -> tuple[float, float]:
        """Between which values the curve has an inverse: a power below 0 or above 2 ends it."""
        low = (1 / (2 - self.power) - self.mean) / self.sd if self.power > 2 else -np.inf
        high = (-1 / self.power - self.mean) / self.sd if self.power < 0 else np.inf
        return low, high


def _bent(z: Floats, power: float) -> Floats:
    u = np.log1p(np.abs(z))
    return np.where(z >= 0, _grown(u, power), -_grown(u, 2 - power))


def _grown(u: Floats, power: float) -> Floats:
    return u if abs(power) < FLAT else np.expm1(power * u) / power


def _unbent(bent: Floats, power: float) -> Floats:
    """abs(z) of one side."""
    return np.expm1(bent if abs(power) < FLAT else np.log1p(power * bent) / power)


def _log_likelihood(z: Floats, power: float) -> float:
    """Of normal values after the transform, at the best mean and variance."""
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        variance = float(np.var(_bent(z, power)))
        if not 0 < variance < np.inf:
            return -np.inf
        slope = (power - 1) * float(np.sum(np.sign(z) * np.log1p(np.abs(z))))
        return slope - len(z) / 2 * float(np.log(variance))
