"""Outcomes as a Gaussian process likes them: standardised, and less skewed by a power transform."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]

WIDTH = 1.959963984540054
"""A standard deviation goes through a curve as half the width of its 95 % interval does."""
CONSTANT = 1e-8
"""Outcomes with a smaller spread are only shifted."""
MARGIN = 1e-3
"""How near to the end of the curve's image a value may come on the way back."""


@dataclass(frozen=True)
class Warp:
    """A strictly rising curve fitted to outcomes, and its inverse."""

    centre: float
    spread: float
    power: Any = None
    """scikit-learn's Yeo-Johnson transform (Yeo and Johnson, Biometrika 87, 954, 2000), or none."""

    @classmethod
    def fit(cls, y: Array, skewed: bool) -> Self:
        """To outcomes (n,); ``skewed``: with a power transform."""
        spread = float(np.std(y, ddof=1)) if len(y) > 1 else 0.0
        plain = cls(float(np.mean(y)), spread if spread > CONSTANT else 1.0)
        if not skewed:
            return plain
        from sklearn.preprocessing import PowerTransformer  # a second of import

        return cls(plain.centre, plain.spread, PowerTransformer().fit(plain.forward(y)[:, None]))

    def forward(self, y: Array) -> Array:
        """Outcomes (n,) as the model sees them."""
        z = (np.asarray(y, dtype=float) - self.centre) / self.spread
        return z if self.power is None else self.power.transform(z[:, None])[:, 0]

    def forward_error(self, y: Array, error: Array) -> Array:
        """Standard errors (n,) of outcomes (n,) as the model sees them."""
        wide = self.forward(y + WIDTH * error) - self.forward(y - WIDTH * error)
        return np.asarray(wide / 2 / WIDTH)

    def back(self, mean: float, sd: float) -> tuple[float, float]:
        """Mean and standard deviation in the unit of the outcome."""
        if self.power is None:
            return mean * self.spread + self.centre, sd * self.spread
        mean = float(np.clip(mean, *self._image))
        z = np.clip([mean, mean - WIDTH * sd, mean + WIDTH * sd], *self._image)
        middle, low, high = self.power.inverse_transform(z[:, None])[:, 0] * self.spread
        return float(middle + self.centre), float((high - low) / 2 / WIDTH)

    @property
    def _image(self) -> tuple[float, float]:
        """Between which values the curve has an inverse: Yeo-Johnson's with a power below 0 or
        above 2 ends."""
        power, scaler = float(self.power.lambdas_[0]), self.power._scaler
        shift, scale = float(scaler.mean_[0]), float(scaler.scale_[0])
        low = (1 / (2 - power) - shift) / scale + MARGIN if power > 2 else -np.inf
        high = (-1 / power - shift) / scale - MARGIN if power < 0 else np.inf
        return low, high
