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
    """Centre, surface, homogeneity, moment and flux of a snapshot, by the names of the result."""
    field, probes, centre = snapshot.field, problem.probes, problem.centre
    endless = problem.bodies[0].endless
    sphere = probes.homogeneity_sphere
    rim = max(b.outer for b in problem.bodies)
    return {
        "trapped_field_center": snapshot.centre,
        "surface_field": [] if endless else _above(problem, discrete, snapshot),
        "homogeneity_ppm": homogeneity(field, centre, sphere) if sphere else None,
        "moment_A_m2": moment(discrete, snapshot.j),
        "flux_Wb": float(field.flux(np.array([rim]), np.array([centre]))[0]),
    }


def _above(problem: Problem, discrete: Discrete, snapshot: Snapshot) -> list[FieldAt]:
    """The field above the highest face, summed over the currents: just outside of a body that is
    far better than the finite elements themselves."""
    heights = np.array(problem.probes.heights)
    field = axial_field(discrete, snapshot.j, problem.top + heights) + snapshot.field.applied
    return [FieldAt(float(h), float(b)) for h, b in zip(heights, field, strict=True)]
