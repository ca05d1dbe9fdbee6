"""The law of a grain boundary: how much current it carries at which misorientation.

    J(theta) = J0                                     up to theta_c
    J(theta) = J0 exp(-(theta - theta_c) / theta_0)   beyond

J0 is what the grains carry. The form: Katase et al., Nat. Commun. 2, 409 (2011), for Ba122:Co;
numbers are always those of the user's file.
"""

from dataclasses import dataclass, field

import numpy as np

from models.arrays import Floats


@dataclass(frozen=True, eq=False)
class BoundaryLaw:
    """The law with its uncertainty."""

    plateau: float
    """J0 in A/m^2."""
    critical_angle: float
    """theta_c in degrees."""
    decay: float
    """theta_0 in degrees."""
    covariance: Floats = field(default_factory=lambda: np.zeros((3, 3)))
    """Of (ln J0, theta_c, ln theta_0), (3, 3)."""

    def __post_init__(self) -> None:
        for name, value in (("plateau", self.plateau), ("decay", self.decay)):
            if not 0 < value < np.inf:
                raise ValueError(f"the {name} must be above 0, not {value:g}")
        if not 0 <= self.critical_angle < 180:
            raise ValueError(
                f"the critical angle must be 0 to 180 degrees, not {self.critical_angle:g}"
            )
        square = np.asarray(self.covariance)
        if square.shape != (3, 3) or not np.isfinite(square).all():
            raise ValueError(f"the covariance must be 3 x 3 numbers, not {square.shape}")
        smallest = np.linalg.eigvalsh(square).min()
        if not np.allclose(square, square.T) or smallest < -1e-9 * max(np.trace(square), 1e-300):
            raise ValueError("the covariance is not that of any three quantities")

    def __call__(self, angle: Floats) -> Floats:
        """J in A/m^2 at angles in degrees; 0 where the angle is not known (between phases)."""
        j: Floats = current_density(angle, self.mean[None])[0]
        return j

    @property
    def mean(self) -> Floats:
        """(ln J0, theta_c, ln theta_0)."""
        return np.array([np.log(self.plateau), self.critical_angle, np.log(self.decay)])

    def draws(self, n: int, random: np.random.Generator) -> Floats:
        """Parameters (n, 3) as likely as they are: normal, but no critical angle below 0."""
        drawn = random.multivariate_normal(self.mean, self.covariance, size=n, method="svd")
        drawn[:, 1] = np.maximum(drawn[:, 1], 0)
        return drawn


def current_density(angle: Floats, parameters: Floats) -> Floats:
    """J in A/m^2, (k, m), at angles (m,) or (k, m) by the laws of parameters (k, 3)."""
    level, critical, decay = parameters.T[:, :, None]
    fall = np.maximum(angle - critical, 0) / np.exp(decay)
    return np.where(np.isnan(fall), 0.0, np.exp(level - np.nan_to_num(fall)))
