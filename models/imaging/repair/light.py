"""Brightness that differs between slices, and light that is uneven over all of them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from models.arrays import Floats
from models.imaging.repair.chain import chained, pairs_of
from models.imaging.repair.repaired import Numbers
from models.imaging.volume import Greys

REACH = (1, 2, 4, 8)
"""Slices ahead that each one is compared with: errors of single pairs do not add up."""
DARK = 0.05
"""Greys below this are no base for a ratio."""


@dataclass(frozen=True)
class EvenBrightness:
    """A gain for each slice, from the ratios of its points to those of slices before it.

    Most points show the same phase in two neighbouring slices, so the median of the ratios in the
    brighter phase is the change of the instrument and not of the specimen; means of slices would
    mix the two.
    """

    block: int = 4
    """Pixels along the edge of the squares that are averaged first, against noise."""
    name: ClassVar[str] = "brightness"

    def measured(self, grey: Greys) -> Numbers:
        """``gain``: of each slice (z,), their geometric mean is 1."""
        small = [_blocks(slice_, self.block) for slice_ in grey]
        pairs = pairs_of(len(grey), REACH)
        ratios = np.array([_ratio(small[a], small[b]) for a, b in pairs]).reshape(-1, 1)
        logs = chained(pairs, np.log(ratios), len(grey), least=1e-3)[:, 0]
        return {"gain": np.exp(logs - logs.mean())}

    def applied(self, grey: Greys, numbers: Numbers) -> Greys:
        """Each slice divided by its gain."""
        return (grey / numbers["gain"][:, None, None]).astype(np.float32)

    def told(self, numbers: Numbers) -> str:
        """The range of the gains."""
        gain = numbers["gain"]
        return f"brightness of slices evened: gains {gain.min():.3f} to {gain.max():.3f}"


@dataclass(frozen=True)
class EvenLight:
    """A smooth surface of light over the picture, the same in all slices: a polynomial, fitted to
    the median of each point through the stack."""

    degree: int = 2
    name: ClassVar[str] = "light"

    def measured(self, grey: Greys) -> Numbers:
        """``light``: coefficients over x and y from -1 to 1; the light's mean is 1."""
        median = _median(grey)
        base = _powers(median.shape, self.degree)
        weights = np.ones(median.size)
        for _ in range(10):  # pores pull the fit down: far points count less
            fit = np.linalg.lstsq(base * weights[:, None], median.ravel() * weights, rcond=None)[0]
            rest = median.ravel() - base @ fit
            scale = 1.5 * np.median(np.abs(rest)) + 1e-9
            weights = 1 / np.sqrt(1 + (rest / scale) ** 2)
        return {"light": fit / max((base @ fit).mean(), DARK)}

    def applied(self, grey: Greys, numbers: Numbers) -> Greys:
        """The stack divided by the light."""
        light = self.light(grey.shape[1:], numbers)
        return (grey / np.maximum(light, DARK)).astype(np.float32)

    def light(self, shape: tuple[int, ...], numbers: Numbers) -> Floats:
        """The light (y, x)."""
        return np.reshape(_powers(shape, self.degree) @ numbers["light"], shape)

    def told(self, numbers: Numbers) -> str:
        """How uneven it was."""
        light = self.light((50, 50), numbers)
        return f"light over the picture evened: {light.min():.3f} to {light.max():.3f} of its mean"


def _median(grey: Greys) -> Floats:
    """Through at most 64 slices, spread over the stack."""
    chosen = np.unique(np.linspace(0, len(grey) - 1, 64).astype(int))
    return np.asarray(np.median(grey[chosen], axis=0), np.float64)


def _powers(shape: tuple[int, ...], degree: int) -> Floats:
    """1, x, y, x^2, xy, y^2 ... of each point (point, term)."""
    y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij")
    terms = [y**i * x**j for i in range(degree + 1) for j in range(degree + 1 - i)]
    return np.stack([term.ravel() for term in terms], axis=1)


def _blocks(slice_: Greys, edge: int) -> Floats:
    """Means of squares; what is over at the rim is left out."""
    edge = max(1, min(edge, *slice_.shape))
    high, wide = (n // edge for n in slice_.shape)
    parts = slice_[: high * edge, : wide * edge].reshape(high, edge, wide, edge)
    return parts.mean(axis=(1, 3), dtype=np.float64)


def _ratio(before: Floats, after: Floats) -> float:
    """The median of points in the brighter half of both: what turns into a pore is in neither."""
    bright = (before > max(np.median(before), DARK)) & (after > max(np.median(after), DARK))
    return float(np.median(after[bright] / before[bright])) if bright.any() else 1.0
