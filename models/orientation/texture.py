"""What disorientations would be without texture: the distribution to compare a map with."""

import numpy as np

from models.arrays import Floats
from models.orientation.symmetry import PointGroup

DIRECTIONS = 5_000


def random_density(degrees: Floats, group: PointGroup) -> Floats:
    """Probability per degree (n,) of disorientation angles (n,) between random orientations.

    All rotations have the density (2 / pi) sin^2(w/2) per radian; |G| times the part of the sphere
    of axes at which no equivalent is nearer to the identity is left (J. K. Mackenzie, Biometrika
    45, 229, 1958, for cubes). The part is counted over directions that fill the sphere evenly.
    """
    half = np.radians(np.asarray(degrees, float)) / 2
    axes = _sphere(DIRECTIONS)
    others = group.rotations[1:]
    inside = [_share(h, axes, others) for h in half]
    weight = len(group.rotations) * (2 / np.pi) * np.sin(half) ** 2
    density: Floats = weight * np.array(inside) * np.pi / 180
    return density


def _share(half: float, axes: Floats, others: Floats) -> float:
    scalar = np.cos(half)
    dots = np.abs(others[:, :1] * scalar + np.sin(half) * (others[:, 1:] @ axes.T))
    return float((dots.max(axis=0, initial=0.0) <= scalar).mean())


def _sphere(n: int) -> Floats:
    """Directions (n, 3) on a spiral of equal areas."""
    k = np.arange(n) + 0.5
    z, phi = 1 - 2 * k / n, np.pi * (1 + np.sqrt(5)) * k
    flat = np.sqrt(1 - z**2)
    return np.column_stack([flat * np.cos(phi), flat * np.sin(phi), z])
