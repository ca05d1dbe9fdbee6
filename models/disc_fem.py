"""Trapped field by finite elements: axisymmetric A-phi form, second order (dolfinx, optional).

Tier 0 of the magnet executor: the current density is given. The unknown is u = A_phi / r, so that
B_r = -r du/dz and B_z = 2 u + r du/dr hold without any 1/r. With test functions v:

    int B(u) . B(v) r dr dz + int_far u v r^3 / rho ds = mu0 int J r v r dr dz

Only z >= 0 is meshed; the natural condition at z = 0 and on the axis is the symmetry of the field.
The far boundary is a quarter circle of radius rho, where the second term is exact for a dipole.
"""

import importlib.util
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

type Current = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""J_phi in A/m^2 at r and z in m; arrays of one shape."""

FAR = 4.0
"""Radius of the far boundary in units of the radius of the body (or half its height)."""


@dataclass(frozen=True)
class Mesh:
    """Quadrilaterals of a quarter disc around a rectangle that they fit exactly."""

    points: np.ndarray
    """(n, 2): r and z in m."""
    cells: np.ndarray
    """(m, 4) numbers of points, in tensor order: two of one edge, then the two across from them."""
    far: float
    """Radius of the outer circle in m."""


@dataclass(frozen=True)
class Field:
    """The field at points of the quarter plane r >= 0, z >= 0."""

    centre: float
    """B_z at r = z = 0 in T."""
    points: np.ndarray
    """(n, 2): r and z in m. Every cell has its own nine."""
    triangles: np.ndarray
    """(m, 3) numbers of points."""
    b: np.ndarray
    """(n, 2): B_r and B_z in T."""
    unknowns: int


def why_not() -> str | None:
    """Why finite elements cannot run here; None where they can."""
    if any(importlib.util.find_spec(name) is None for name in ("dolfinx_solver", "dolfinx")):
        return "dolfinx is not installed"
    if not any(shutil.which(name) for name in (os.environ.get("CC", "cc"), "gcc", "clang")):
        return "there is no C compiler"
    return None


def disc_field(radius: float, thickness: float, jc: float, cells: int = 10) -> Field:
    """The field of a disc of uniform ``jc``; ``cells`` quadrilaterals along the half height.

    The centre is within 0.01 % of the closed form for thickness / radius from 1/30 to 4; the error
    falls with the fourth power of ``cells``.
    """
    far = FAR * max(radius, thickness / 2)
    mesh = quarter_mesh(radius, thickness / 2, far, cells)

    def current(r: np.ndarray, z: np.ndarray) -> np.ndarray:
        return np.where((r < radius) & (z < thickness / 2), jc, 0.0)

    return solve(mesh, current)


def quarter_mesh(radius: float, height: float, far: float, cells: int) -> Mesh:
    """2 ``cells`` x ``cells`` quadrilaterals in [0, radius] x [0, height], and layers outside.

    They get narrower towards the axis: J_phi is not zero there, and the field has a kink.

    Layers grow geometrically from the surface of the rectangle, where they are about as thin as
    the cells inside, to the circle of radius ``far``.
    """
    r = radius * _growing(2 * cells, min(2 * height / radius, 1.0) / cells)
    z = height * np.linspace(0, 1, cells + 1)
    inside = np.stack(np.meshgrid(r, z, indexing="ij"), axis=-1)
    rim = np.vstack([inside[-1], inside[-2::-1, -1]])
    angle = np.linspace(0, np.pi / 2, len(rim))
    circle = far * np.column_stack([np.cos(angle), np.sin(angle)])
    circle[-1, 0] = 0.0
    share = _growing(3 * cells, min(radius, height) / (cells * far))
    outside = rim + share[:, None, None] * (circle - rim)
    points, blocks = np.vstack([inside.reshape(-1, 2), outside.reshape(-1, 2)]), []
    for first, (n, m) in ((0, inside.shape[:2]), (inside.size // 2, outside.shape[:2])):
        number = first + np.arange(n * m).reshape(n, m)
        corners = number[:-1, :-1], number[1:, :-1], number[:-1, 1:], number[1:, 1:]
        blocks.append(np.stack(corners, axis=-1).reshape(-1, 4))
    return _joined(points, np.vstack(blocks), far)


def _growing(layers: int, first: float) -> np.ndarray:
    """0 to 1 in ``layers`` steps that grow geometrically; the first one is about ``first``."""
    factor = np.geomspace(1e-3, 30, 400)
    step = np.expm1(factor / layers) / np.expm1(factor)
    chosen = factor[np.argmin(np.abs(step - first))]
    return np.expm1(chosen * np.linspace(0, 1, layers + 1)) / np.expm1(chosen)


def _joined(points: np.ndarray, cells: np.ndarray, far: float) -> Mesh:
    """The mesh with points that coincide made one."""
    _, first, which = np.unique(
        np.round(points / far, 12), axis=0, return_index=True, return_inverse=True
    )
    return Mesh(points[first], which.ravel()[cells], far)


def solve(mesh: Mesh, current: Current) -> Field:
    """The field of a current density on a mesh. ImportError without dolfinx, see ``why_not``."""
    forms = _forms()
    u = forms.solve(forms.domain(mesh.points, mesh.cells), mesh.far, current)
    points, b = forms.sample(u)
    corner = np.array([[0, 1, 3], [1, 4, 3], [1, 2, 4], [2, 5, 4]])
    pattern = np.vstack([corner, corner + 3])
    triangles = (9 * np.arange(len(points))[:, None, None] + pattern).reshape(-1, 3)
    centre = 2 * forms.at_origin(u)
    return Field(centre, points.reshape(-1, 2), triangles, b.reshape(-1, 2), len(u.x.array))


@cache
def _forms() -> Any:
    """What is written in the words of dolfinx; imported once, where it is used."""
    import dolfinx_solver  # noqa: F401  # it must come before dolfinx

    from models import disc_forms

    return disc_forms
