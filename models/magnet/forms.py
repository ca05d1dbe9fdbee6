"""The weak form in the words of dolfinx. Importing this needs dolfinx; nothing else does.

The unknown is u = A_phi / r of the field that the currents make, so that B_r = -r du/dz and
B_z = 2 u + r du/dr hold without any 1/r, and the axis needs no condition. With test functions v:

    int B(u) . B(v) r dr dz + far(u, v) = mu0 int J r v r dr dz

The far term is what a dipole at the centre leaves on the boundary, exactly. Mirrors, the axis and
the mantle of an endless cylinder are natural boundaries.
"""

import dolfinx_solver  # noqa: F401, I001  # it must come before dolfinx

from typing import Any

import basix
import basix.ufl
import numpy as np
import ufl
from dolfinx import fem, mesh
from mpi4py import MPI
from scipy import sparse

from models.arrays import Flags, Floats, Integers

from models.magnet.compile_cache import options
from models.magnet.grid import AIR, Grid

DEGREE = 5
"""Quadrature of 3 x 3 Gauss points: exact for r^2 v J with J constant."""


def space_of(grid: Grid) -> fem.FunctionSpace[np.float64]:
    """Second-order elements on a mesh of quadrilaterals, in this process alone."""
    points = np.stack(np.meshgrid(grid.r, grid.z, indexing="ij"), axis=-1)
    number = np.arange(points.size // 2, dtype=np.int64).reshape(points.shape[:2])
    corners = number[:-1, :-1], number[1:, :-1], number[:-1, 1:], number[1:, 1:]
    cells = np.stack(corners, axis=-1).reshape(-1, 4)
    element: Any = basix.ufl.element("Lagrange", "quadrilateral", 1, shape=(2,))
    domain = mesh.create_mesh(MPI.COMM_SELF, cells, element, points.reshape(-1, 2))
    return fem.functionspace(domain, ("Lagrange", 2))


def stiffness(space: fem.FunctionSpace[np.float64], grid: Grid) -> sparse.csr_matrix:
    """The left side, symmetric."""
    domain = space.mesh
    u, v = ufl.TrialFunction(space), ufl.TestFunction(space)
    r, z = ufl.SpatialCoordinate(domain)
    normal = ufl.FacetNormal(domain)
    square = r**2 + z**2
    dipole = normal[0] * (3 * r**2 / square - 2) + normal[1] * 3 * r * z / square
    dx = ufl.dx(metadata={"quadrature_degree": DEGREE})
    ds = ufl.ds(domain=domain, subdomain_data=_far(domain, grid))
    form = ufl.inner(_flux_density(u, r), _flux_density(v, r)) * r * dx
    form += dipole * r**2 * u * v * ds(1, metadata={"quadrature_degree": DEGREE})
    matrix: sparse.csr_matrix = fem.assemble_matrix(
        fem.form(form, jit_options=options())
    ).to_scipy()
    return matrix


def at_gauss_points(
    space: fem.FunctionSpace[np.float64], grid: Grid
) -> tuple[Integers, Integers, Floats, Floats, Floats]:
    """What the unknowns are at the 9 Gauss points of each cell of a body.

    Cells (c, 2) by their place in the grid, unknowns (c, 9) of each, values of (r v, B_r, B_z) of
    each unknown (c, 9 points, 3, 9 unknowns), points (9, 2) and weights (9,) of the unit square.
    """
    domain = space.mesh
    v, r = ufl.TestFunction(space), ufl.SpatialCoordinate(domain)[0]
    points, weights = map(np.asarray, basix.make_quadrature(basix.CellType.quadrilateral, DEGREE))
    both = ufl.as_vector((r * v, *_flux_density(v, r)))
    expression = fem.Expression(both, points, jit_options=options())
    place = np.asarray(domain.topology.original_cell_index)
    cells = np.flatnonzero(grid.body.ravel()[place] != AIR).astype(np.int32)
    told: Floats = np.asarray(expression.eval(domain, cells), np.float64)
    values = told.reshape(len(cells), len(weights), 3, -1)
    where = np.column_stack(np.unravel_index(place[cells], grid.body.shape))
    return where, space.dofmap.list[cells], values, points, weights


def places(space: fem.FunctionSpace[np.float64]) -> Floats:
    """(n, 2) r and z of all unknowns."""
    return space.tabulate_dof_coordinates()[:, :2]


def _flux_density(u: ufl.core.expr.Expr, r: ufl.core.expr.Expr) -> ufl.core.expr.Expr:
    """B = (B_r, B_z) of u = A_phi / r."""
    b: ufl.core.expr.Expr = ufl.as_vector((-r * u.dx(1), 2 * u + r * u.dx(0)))
    return b


def _far(domain: mesh.Mesh[np.float64], grid: Grid) -> mesh.MeshTags:
    """The edges of the far boundary, marked 1; none of an endless cylinder."""
    facets = np.array([], dtype=np.int32)
    if not grid.endless:
        slack = 1e-6 * grid.r[-1]

        def far(x: Floats) -> Flags:
            out: Flags = (x[0] > grid.r[-1] - slack) | (x[1] > grid.z[-1] - slack)
            return out if grid.half else np.logical_or(out, x[1] < grid.z[0] + slack)

        facets = np.sort(mesh.locate_entities_boundary(domain, 1, far))
    return mesh.meshtags(domain, 1, facets, np.ones(len(facets), dtype=np.int32))
