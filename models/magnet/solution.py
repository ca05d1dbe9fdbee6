"""A solved case with its fields: what pictures and files are made of."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.arrays import Floats
from models.magnet.currents import axial_field, moment
from models.magnet.discrete import Discrete
from models.magnet.field import FieldMap, homogeneity
from models.magnet.problem import Problem
from models.magnet.result import FieldAt, FieldResult

LEAST = 0.01
"""Smallest field at the centre, relative to the largest in the mid-plane, that others are told
relative to."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The magnet at one time."""

    field: FieldMap
    j: Floats
    """(k,) current density in A/m^2 at the Gauss points of the discretisation."""
    current: Floats
    """(2n + 1, 2m + 1) the same on the lattice of the grid; NaN in air."""
    centre: float
    """B_z in T at the centre."""


@dataclass(frozen=True, eq=False)
class Solution:
    """A problem, what is told of it, and its fields after the ramp and after the hold."""

    problem: Problem
    result: FieldResult
    discrete: Discrete | None = None
    ramped: Snapshot | None = None
    held: Snapshot | None = None


def told(problem: Problem, discrete: Discrete, snapshot: Snapshot) -> dict[str, Any]:
    """Centre, surface, homogeneity, moment and flux of a snapshot, by the names of the result; and
    why homogeneity is missing, where it is."""
    field, centre = snapshot.field, problem.centre
    sphere = problem.probes.homogeneity_sphere
    why = _no_homogeneity(problem, snapshot) if sphere else None
    rim = max(b.outer for b in problem.bodies)
    return {
        "trapped_field_center": snapshot.centre,
        "surface_field": [] if problem.endless else _above(problem, discrete, snapshot),
        "homogeneity_ppm": homogeneity(field, centre, sphere) if sphere and not why else None,
        "moment_A_m2": moment(discrete, snapshot.j),
        "flux_Wb": float(field.flux(np.array([rim]), np.array([centre]))[0]),
        "missing": {"homogeneity_ppm": why} if why else {},
    }


def no_centre(problem: Problem, field: FieldMap, centre: float) -> str | None:
    """Why nothing can be told relative to the field at the centre; None where it can."""
    r = np.unique(np.concatenate([field.grid.lattice[0], [b.inner for b in problem.bodies]]))
    r = r[r <= max(b.outer for b in problem.bodies)]
    largest = float(np.abs(field.flux_density(r, np.full_like(r, problem.centre))[1]).max())
    if abs(centre) >= LEAST * largest and largest > 0:
        return None
    return f"the field at the centre, {centre:.3g} T, is below 1 % of the {largest:.3g} T beside it"


def _no_homogeneity(problem: Problem, snapshot: Snapshot) -> str | None:
    diameter, rim = problem.probes.homogeneity_sphere or 0.0, max(b.outer for b in problem.bodies)
    height = np.inf if problem.endless else 2 * (problem.top - problem.centre)
    if diameter > min(2 * rim, height):
        return (
            f"a sphere of {1e3 * diameter:g} mm is larger than the magnet, "
            f"{2e3 * rim:g} mm across and {1e3 * height:g} mm high"
        )
    return no_centre(problem, snapshot.field, snapshot.centre)


def _above(problem: Problem, discrete: Discrete, snapshot: Snapshot) -> list[FieldAt]:
    """The field above the highest face, summed over the currents: just outside of a body that is
    far better than the finite elements themselves."""
    heights = np.array(problem.probes.heights)
    field = axial_field(discrete, snapshot.j, problem.top + heights) + snapshot.field.applied
    return [FieldAt(float(h), float(b)) for h, b in zip(heights, field, strict=True)]
