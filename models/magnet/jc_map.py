"""Maps of Jc over the cross-section of a body, relative to its law."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from models.arrays import Floats
from models.magnet.failure import MagnetFailure

if TYPE_CHECKING:
    from scipy.interpolate import RegularGridInterpolator


@dataclass(frozen=True, eq=False)
class JcMap:
    """Factors on a grid; between its points bilinear, outside the value of the nearest edge."""

    r: Floats
    """(n,) ascending, in m."""
    z: Floats
    """(m,) ascending, in m."""
    factor: Floats
    """(n, m) Jc relative to the law, above 0."""

    def __post_init__(self) -> None:
        if self.factor.shape != (len(self.r), len(self.z)) or min(self.factor.shape) < 2:
            raise MagnetFailure("bad-input", "a Jc map needs 2 x 2 points of r and z at least")
        if (np.diff(self.r) <= 0).any() or (np.diff(self.z) <= 0).any():
            raise MagnetFailure("bad-input", "r and z of a Jc map must ascend")
        if not (np.isfinite(self.factor).all() and (self.factor > 0).all()):
            raise MagnetFailure("bad-input", "the factors of a Jc map must be above 0")

    @cached_property
    def _lookup(self) -> "RegularGridInterpolator[np.float64]":
        from scipy.interpolate import RegularGridInterpolator

        return RegularGridInterpolator((self.r, self.z), self.factor)

    def __call__(self, r: Floats, z: Floats) -> Floats:
        """The factor at points in m."""
        inside = np.clip(r, *self.r[[0, -1]]), np.clip(z, *self.z[[0, -1]])
        factor: Floats = self._lookup(np.column_stack(inside))
        return factor


def rotated(x: Floats, y: Floats, z: Floats, values: Floats, r: Floats) -> JcMap:
    """The mean around the axis of a map ``values`` (x, y, z), at radii ``r``: what an axisymmetric
    model can use of an image. Lengths in m; circles must lie within the map."""
    from scipy.interpolate import RegularGridInterpolator

    if r.max() > min(-x[0], x[-1], -y[0], y[-1]) * (1 + 1e-9):
        raise MagnetFailure("bad-input", f"the map does not reach r = {r.max():g} m all around")
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    circle = np.stack(
        [np.outer(r, np.cos(angle)), np.outer(r, np.sin(angle))], axis=-1
    )  # (r, angle, 2)
    low, high = (x[0], y[0]), (x[-1], y[-1])
    layers = [
        RegularGridInterpolator((x, y), values[:, :, k])(np.clip(circle, low, high)).mean(axis=1)
        for k in range(len(z))
    ]
    return JcMap(r, z, np.column_stack(layers))
