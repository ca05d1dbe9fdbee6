"""Outcomes as a Gaussian process likes them: standardised, and less skewed by a power transform."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from models.arrays import Floats
from models.statistics.yeo_johnson import YeoJohnson

WIDTH = 1.959963984540054
"""A standard deviation goes through a curve as half the width of its 95 % interval does."""
CONSTANT = 1e-8
"""Outcomes with a smaller spread are only shifted."""
TOLD_APART = 1e-9
"""How near to the end of the curve's image a value may come that is told to others, who go back
from it by themselves: nearer, rounding makes it infinite."""
MARGIN = 1e-3
"""How near to the end of the curve's image a value may come on the way back."""


@dataclass(frozen=True)
class Warp:
    """A strictly rising curve fitted to outcomes, and its inverse."""

    centre: float
    spread: float
    power: YeoJohnson | None = None

    @classmethod
    def fit(cls, y: Floats, skewed: bool) -> Self:
        """To outcomes (n,); ``skewed``: with a power transform."""
        spread = float(np.std(y, ddof=1)) if len(y) > 1 else 0.0
        plain = cls(float(np.mean(y)), spread if spread > CONSTANT else 1.0)
        if not skewed:
            return plain
        return cls(plain.centre, plain.spread, YeoJohnson.fit(plain.forward(y)))

    def forward(self, y: Floats) -> Floats:
        """Outcomes (n,) as the model sees them."""
        z = (np.asarray(y, dtype=float) - self.centre) / self.spread
        return z if self.power is None else self.power.forward(z)

    def forward_error(self, y: Floats, error: Floats) -> Floats:
        """Standard errors (n,) of outcomes (n,) as the model sees them."""
        wide = self.forward(y + WIDTH * error) - self.forward(y - WIDTH * error)
        return np.asarray(wide / 2 / WIDTH)

    def within_reach(self, y: float) -> float:
        """The outcome itself, or the one next to it that the curve still tells from its end."""
        if self.power is None:
            return y
        z, (low, high) = float(self.forward(np.array(y))), self.power.image
        z = float(np.clip(z, low + TOLD_APART, high - TOLD_APART))
        farthest = float(self.power.inverse(np.array(z)) * self.spread + self.centre)
        return farthest if abs(farthest - self.centre) < abs(y - self.centre) else y

    def back(self, mean: float, sd: float) -> tuple[float, float]:
        """Mean and standard deviation in the unit of the outcome."""
        if self.power is None:
            return mean * self.spread + self.centre, sd * self.spread
        low, high = self.power.image
        ends = low + MARGIN, high - MARGIN
        mean = float(np.clip(mean, *ends))
        z = np.clip([mean, mean - WIDTH * sd, mean + WIDTH * sd], *ends)
        middle, low, high = self.power.inverse(z) * self.spread
        return float(middle + self.centre), float((high - low) / 2 / WIDTH)
