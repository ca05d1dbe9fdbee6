"""Meshes of coaxial bodies: rectangles between lines of constant r and z that fit every face.

Lines are closest where the current ends and, in a disc, at the axis, where J_phi is not zero and
the field has a kink; from there they grow apart. Such a mesh cannot fail and costs no time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from models.arrays import Floats, Integers
from models.magnet.problem import Body

FAR = 2.5
"""Distance of the far boundary in units of the largest radius or half height."""
AIR = -1
GROWTH, GROWTH_AIR = 2.6, 3.6
"""How cells grow with the distance from a mark, in units of the detail. These numbers, and those
below, were chosen so that the centre of discs of any aspect ratio is within 0.01 % at a detail of
0.1 with few unknowns."""
STEEPEST = 0.8
"""Cells in a body that grow faster would have nodes of negative weight in the power law."""
BORE = 1.5
"""Largest cell in the bore of rings, in units of the detail times its radius."""


@dataclass(frozen=True)
class Spacing:
    """How fine a mesh is."""

    detail: float
    """Smallest cells relative to the size of their body."""
    axis: float = 1.5
    """How much smaller they are at the axis."""
    widest: float = 3.0
    """Largest cells inside a body, in units of the detail times its size."""


@dataclass(frozen=True, eq=False)
class Grid:
    """A tensor product of lines."""

    r: Floats
    """(n + 1,) ascending, from 0, in m."""
    z: Floats
    """(m + 1,) ascending, in m from ``middle``."""
    body: Integers
    """(n, m) number of the body that fills each cell; AIR where there is none."""
    middle: float = 0.0
    """z of the problem at which z is 0 here."""
    half: bool = False
    """Only z >= 0 is there; below lies the mirror image."""
    endless: bool = False
    """A slice of endless cylinders: no field returns outside, and nothing depends on z."""

    @cached_property
    def lattice(self) -> tuple[Floats, Floats]:
        """r (2n + 1,) and z (2m + 1,) of the nodes of second order: lines and half-way."""
        return _with_halves(self.r), _with_halves(self.z)

    @property
    def nodes(self) -> int:
        """Number of nodes of second order."""
        return (2 * len(self.r) - 1) * (2 * len(self.z) - 1)


def grid_of(bodies: Sequence[Body], spacing: Spacing) -> Grid:
    """The mesh of these bodies; half of it where they are their own mirror image."""
    if bodies[0].endless:
        return _slice(bodies, spacing)
    middle = (min(b.bottom for b in bodies) + max(b.top for b in bodies)) / 2
    half = _is_mirrored(bodies, middle)
    faces = np.array(sorted({round(f - middle, 12) for b in bodies for f in (b.bottom, b.top)}))
    rims = np.array(
        sorted({0.0} | {round(edge, 12) for b in bodies for edge in (b.inner, b.outer)})
    )
    far = FAR * max(rims[-1], faces[-1])
    r = _lines(np.append(rims, far), _radial_size(bodies, spacing))
    inner = np.append([0.0], faces[faces > 0]) if half else np.append(-far, faces)
    z = _lines(np.append(inner, far), _axial_size(bodies, middle, spacing))
    return Grid(r, z, _filled(bodies, middle, r, z), middle, half)


def _slice(bodies: Sequence[Body], spacing: Spacing) -> Grid:
    """One layer of cells of endless cylinders, out to the largest radius."""
    rims = np.array(sorted({0.0} | {edge for b in bodies for edge in (b.inner, b.outer)}))
    widest = spacing.detail * min(1.5, spacing.widest) / 6
    thin = widest * min(b.outer - b.inner for b in bodies)
    growth = min(GROWTH * spacing.detail, STEEPEST)
    r = _lines(rims, lambda x: np.minimum(thin, thin / spacing.axis + growth * x))
    z = np.array([0.0, 1.0]) * rims[-1]
    return Grid(r, z, _filled(bodies, 0.0, r, z), endless=True)


def _radial_size(bodies: Sequence[Body], spacing: Spacing) -> Callable[[Floats], Floats]:
    """Width that cells may have at r."""
    detail, bore = spacing.detail, min(b.inner for b in bodies)

    def size(x: Floats) -> Floats:
        width = np.full_like(x, np.inf)
        for b in bodies:
            thin = min(0.85 * (b.outer - b.inner), b.top - b.bottom) * detail
            inside = (x >= b.inner) & (x <= b.outer)
            growth = np.where(inside, min(GROWTH * detail, STEEPEST), GROWTH_AIR * detail)
            for edge in (b.inner, b.outer):
                first = thin / spacing.axis if edge == 0 else thin
                width = np.minimum(width, first + growth * np.abs(x - edge))
            widest = spacing.widest * detail * (b.outer - b.inner)
            width = np.where(inside, np.minimum(width, widest), width)
        return np.where(x < bore, np.minimum(width, BORE * detail * bore), width)

    return size


def _axial_size(
    bodies: Sequence[Body], middle: float, spacing: Spacing
) -> Callable[[Floats], Floats]:
    """Height that cells may have at z."""
    detail = spacing.detail

    def size(x: Floats) -> Floats:
        height = np.full_like(x, np.inf)
        for b in bodies:
            low, high = b.bottom - middle, b.top - middle
            thin = min(b.outer - b.inner, (high - low) / 2) * detail
            inside = (x >= low) & (x <= high)
            growth = np.where(inside, min(GROWTH * detail, STEEPEST), GROWTH_AIR * detail)
            for face in (low, high):
                height = np.minimum(height, thin + growth * np.abs(x - face))
            widest = 0.75 * spacing.widest * detail * min(b.outer, (high - low) / 2)
            height = np.where(inside, np.minimum(height, widest), height)
        return height

    return size


def _lines(marks: Floats, size: Callable[[Floats], Floats]) -> Floats:
    """Lines through all marks, as far apart as ``size`` says, two steps between marks at least."""
    lines = [marks[:1]]
    for low, high in pairwise(marks):
        x = low + (high - low) * (1 - np.cos(np.pi * np.linspace(0, 1, 400))) / 2
        inside = low + (high - low) * np.clip((x - low) / (high - low), 1e-9, 1 - 1e-9)
        density = 1 / size(inside)
        count = np.append(0, np.cumsum(np.diff(x) * (density[1:] + density[:-1]) / 2))
        steps = max(2, round(count[-1]))
        lines.append(np.interp(np.arange(1, steps + 1) / steps * count[-1], count, x))
    return np.concatenate(lines)


def _filled(bodies: Sequence[Body], middle: float, r: Floats, z: Floats) -> Integers:
    """(n, m) number of the body in each cell."""
    at_r, at_z = (r[1:] + r[:-1])[:, None] / 2, (z[1:] + z[:-1])[None, :] / 2 + middle
    cells = np.full((len(r) - 1, len(z) - 1), AIR)
    for number, b in enumerate(bodies):
        within = (at_r > b.inner) & (at_r < b.outer)
        cells[within & (b.endless | ((at_z > b.bottom) & (at_z < b.top)))] = number
    return cells


def _is_mirrored(bodies: Sequence[Body], middle: float) -> bool:
    def shape(b: Body, sign: int) -> tuple[float | str, ...]:
        ends = sorted(sign * (end - middle) for end in (b.bottom, b.top))
        return (b.inner, b.outer, b.material, *(round(end, 10) for end in ends))

    upright = sorted(shape(b, 1) for b in bodies)
    return upright == sorted(shape(b, -1) for b in bodies)


def _with_halves(lines: Floats) -> Floats:
    nodes = np.empty(2 * len(lines) - 1)
    nodes[::2], nodes[1::2] = lines, (lines[1:] + lines[:-1]) / 2
    return nodes
