"""From sections to the volume. Every step names what it assumes of the shape."""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import nnls

from models.arrays import Floats

MEAN_CHORD = (6 / np.pi) ** (1 / 3) * 2.910 / 2
"""Diameter of a ball of the mean cell's volume over the mean chord, cells of Poisson-Voronoi: 1.805
(of equal balls it is 3/2)."""


@dataclass(frozen=True, eq=False)
class Spheres:
    """Sizes of balls, as their profiles in sections say."""

    limits: Floats = field(repr=False)
    """Limits of the classes of diameter in metres, (k + 1,)."""
    density: Floats = field(repr=False)
    """Balls per volume in each class, 1/m^3, (k,)."""

    @property
    def mean(self) -> float:
        """Mean diameter in metres."""
        middle = (self.limits[1:] + self.limits[:-1]) / 2
        return float((self.density * middle).sum() / self.density.sum())


def unfold(profiles: Floats, weight: Floats, area: float, classes: int = 12) -> Spheres:
    """Balls from the diameters of their profiles (n,) in metres, each standing for ``weight`` of
    them, seen on ``area`` m^2 of sections. ASSUMES that every body is a ball.

    A ball of diameter D is met by D per volume and area, and shows a profile below d with the
    chance 1 - sqrt(1 - (d/D)^2) (S. Wicksell, Biometrika 17, 84, 1925). Classes as S. Saltykov's,
    but balls spread evenly over a class, and no class holds less than none (least squares).
    """
    limits = np.linspace(0, profiles.max() * (1 + 1e-9), classes + 1)
    seen, _ = np.histogram(profiles, limits, weights=weight)
    scale = 1 / np.sqrt(np.maximum(seen, 1))
    density, _ = nnls(_profiles(limits) * scale[:, None], seen / area * scale)
    return Spheres(limits, density)


def _profiles(limits: Floats, parts: int = 20) -> Floats:
    """Profiles per area in class i from one ball per volume in class j, (i, j)."""
    inner = (np.arange(parts) + 0.5) / parts
    size = limits[:-1, None] + np.diff(limits)[:, None] * inner
    above = np.sqrt(np.maximum(1 - (limits[:, None, None] / size) ** 2, 0))
    return np.asarray((size * (above[:-1] - above[1:])).mean(axis=-1))


def mean_of_spheres(profiles: Floats, weight: Floats) -> float:
    """Mean diameter of balls from that of their profiles: pi / 2 over the mean of 1 / d. ASSUMES
    balls; small profiles weigh much, and those below a pixel are not seen."""
    return float(np.pi / 2 * weight.sum() / (weight / profiles).sum())


def grain_diameter(mean_chord: float) -> float:
    """Diameter of a ball of the mean grain's volume from the mean chord of grains that fill space.
    ASSUMES the shapes of Poisson-Voronoi cells."""
    return float(MEAN_CHORD * mean_chord)
