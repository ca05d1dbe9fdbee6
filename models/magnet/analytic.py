"""Fields of coaxial bodies that carry the critical current density everywhere: closed forms.

The current density is azimuthal and uniform in each body (critical state, field cooling from far
above full penetration). SI units: lengths in m, current densities in A/m^2, fields in T.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from models.arrays import Floats
from models.magnet.problem import Body

MU_0 = 1.25663706212e-6
"""Vacuum permeability in T m / A; CODATA 2018."""


def disc_on_axis(
    radius: ArrayLike, thickness: ArrayLike, jc: ArrayLike, z: ArrayLike = 0.0
) -> Floats:
    """B_z on the axis of a disc, ``z`` metres from its centre; arrays broadcast.

    B = mu0 Jc / 2 [f(z + b) - f(z - b)], f(s) = s ln[(R + sqrt(R^2 + s^2)) / |s|], b half the
    thickness. At the centre: mu0 Jc b ln[R/b + sqrt(1 + (R/b)^2)], the full-penetration field.

    >>> round(float(disc_on_axis(0.005, 0.018, 1.70e8)), 3)  # Weiss 2015: about 1 T
    1.02
    """
    r, t, j, at = (np.asarray(a, dtype=float) for a in (radius, thickness, jc, z))
    if (r <= 0).any() or (t <= 0).any():
        raise ValueError("radius and thickness must be above 0")
    return MU_0 * j / 2 * (_f(r, at + t / 2) - _f(r, at - t / 2))


def ring_on_axis(
    inner: float, outer: float, thickness: float, jc: ArrayLike, z: ArrayLike = 0.0
) -> Floats:
    """B_z on the axis of a ring: the outer disc less the inner one."""
    field = disc_on_axis(outer, thickness, jc, z)
    return field - disc_on_axis(inner, thickness, jc, z) if inner > 0 else field


def stack_on_axis(bodies: Iterable[tuple[Body, float]], z: ArrayLike) -> Floats:
    """B_z on the axis at heights ``z`` of bodies, each with its current density, by superposition.

    Endless bodies count too: mu0 Jc (outer - inner).
    """
    at = np.asarray(z, dtype=float)
    total = np.zeros_like(at)
    for body, jc in bodies:
        if body.endless:
            total = total + MU_0 * jc * (body.outer - body.inner)
        else:
            middle = (body.bottom + body.top) / 2
            height = body.top - body.bottom
            total = total + ring_on_axis(body.inner, body.outer, height, jc, at - middle)
    return total


def long_cylinder(radius: ArrayLike, jc: ArrayLike, r: ArrayLike) -> Floats:
    """B_z inside an infinitely long cylinder (Bean): mu0 Jc (R - r), and 0 outside."""
    depth = np.asarray(radius, dtype=float) - np.abs(np.asarray(r, dtype=float))
    b: Floats = MU_0 * np.asarray(jc, dtype=float) * np.maximum(depth, 0)
    return b


def slab(width: ArrayLike, jc: ArrayLike, x: ArrayLike = 0.0) -> Floats:
    """B in an infinite slab of full ``width``, ``x`` from its middle: mu0 Jc (width/2 - |x|)."""
    return long_cylinder(np.asarray(width, dtype=float) / 2, jc, x)


def ring_moment(body: Body, jc: float) -> float:
    """Magnetic moment in A m^2: pi Jc (outer^3 - inner^3) height / 3; per metre if endless."""
    height = 1.0 if body.endless else body.top - body.bottom
    return float(np.pi * jc * (body.outer**3 - body.inner**3) * height / 3)


def axial_sum(radius: Floats, above: Floats, below: Floats) -> Floats:
    """f(above) - f(below): 2 B / (mu0 J) of a disc, ``above`` its lower and ``below`` its upper
    face."""
    return _f(radius, above) - _f(radius, below)


def _f(radius: Floats, s: Floats) -> Floats:
    """s ln[(R + sqrt(R^2 + s^2)) / |s|] = s asinh(R / |s|), and its limit 0 at s = 0."""
    away = np.where(s == 0, 1.0, np.abs(s))
    return np.asarray(s * np.arcsinh(radius / away))
