"""The weak form of ``models.disc_fem`` in the words of dolfinx. Importing it needs dolfinx."""

from collections.abc import Callable
from typing import Any

import basix.ufl
import numpy as np
import ufl
from dolfinx import fem, mesh
from mpi4py import MPI

from models.trapped_field import MU_0

SOURCE_DEGREE = 6
"""Quadrature degree of r^2 v J. It needs at least 4: degree 3 costs one or two percent."""
JIT = {"timeout": 120}
"""Seconds to wait for another process that compiles the same form."""


def domain(points: np.ndarray, cells: np.ndarray) -> Any:
    """A dolfinx mesh of quadrilaterals, points (n, 2) and cells (m, 4), in this process alone."""
    element: Any = basix.ufl.element("Lagrange", "quadrilateral", 1, shape=(2,))
    return mesh.create_mesh(MPI.COMM_SELF, cells.astype(np.int64), element, points)


def flux_density(u: Any, r: Any) -> Any:
    """B = (B_r, B_z) = (-r du/dz, 2 u + r du/dr) of u = A_phi / r."""
    return ufl.as_vector((-r * u.dx(1), 2 * u + r * u.dx(0)))


def solve(domain: Any, far: float, current: Callable[..., np.ndarray]) -> fem.Function:
    """u = A_phi / r of the current density ``current(r, z)``, second order."""
    from scipy.sparse.linalg import splu

    space = fem.functionspace(domain, ("Lagrange", 2))
    u, v = ufl.TrialFunction(space), ufl.TestFunction(space)
    r, ds = ufl.SpatialCoordinate(domain)[0], _far_boundary(domain, far)
    rho = fem.Constant(domain, float(far))
    dx = ufl.dx(metadata={"quadrature_degree": SOURCE_DEGREE})
    a = ufl.inner(flux_density(u, r), flux_density(v, r)) * r * dx + r**3 * u * v / rho * ds
    load = fem.Constant(domain, MU_0) * _at_quadrature(domain, current) * r**2 * v * dx
    matrix = fem.assemble_matrix(fem.form(a, jit_options=JIT)).to_scipy().tocsc()
    solution = fem.Function(space)
    right = fem.assemble_vector(fem.form(load, jit_options=JIT)).array
    solution.x.array[:] = splu(matrix).solve(right)
    return solution


def sample(solution: fem.Function) -> tuple[np.ndarray, np.ndarray]:
    """Points (m, 9, 2) and B (m, 9, 2) at a 3 x 3 grid in each of the m cells."""
    domain = solution.function_space.mesh
    x = ufl.SpatialCoordinate(domain)
    grid = np.array([(i / 2, j / 2) for i in range(3) for j in range(3)])
    both = ufl.as_vector((*x, *flux_density(solution, x[0])))
    values = _evaluate(both, domain, grid).reshape(-1, 9, 4)
    return values[..., :2], values[..., 2:]


def at_origin(solution: fem.Function) -> float:
    """u at r = z = 0."""
    place = solution.function_space.tabulate_dof_coordinates()
    return float(solution.x.array[np.argmin(np.linalg.norm(place, axis=1))])


def _far_boundary(domain: Any, far: float) -> Any:
    facets = mesh.locate_entities_boundary(
        domain, 1, lambda x: np.hypot(x[0], x[1]) > far * (1 - 1e-9)
    )
    tags = mesh.meshtags(domain, 1, np.sort(facets), np.ones(len(facets), dtype=np.int32))
    return ufl.ds(domain=domain, subdomain_data=tags)(1)


def _at_quadrature(domain: Any, current: Callable[..., np.ndarray]) -> fem.Function:
    """J at the quadrature points, which lie inside the cells: edges of the current are exact."""
    element = basix.ufl.quadrature_element("quadrilateral", degree=SOURCE_DEGREE)
    values = fem.Function(fem.functionspace(domain, element))
    points = basix.make_quadrature(basix.CellType.quadrilateral, SOURCE_DEGREE)[0]
    x = _evaluate(ufl.SpatialCoordinate(domain), domain, np.asarray(points)).reshape(-1, 2)
    values.x.array[values.function_space.dofmap.list.ravel()] = current(x[:, 0], x[:, 1])
    return values


def _evaluate(expression: Any, domain: Any, points: np.ndarray) -> np.ndarray:
    cells = np.arange(domain.topology.index_map(2).size_local, dtype=np.int32)
    return fem.Expression(expression, points, jit_options=JIT).eval(domain, cells)
