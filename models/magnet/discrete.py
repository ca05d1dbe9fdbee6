"""A mesh turned into matrices: all that the solvers know of the geometry. Arrays in SI units."""

import importlib.util
import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from models.arrays import Floats, Integers
from models.magnet.alone import alone
from models.magnet.analytic import MU_0
from models.magnet.compile_cache import compiling
from models.magnet.failure import MagnetFailure
from models.magnet.grid import Grid

if TYPE_CHECKING:
    from dolfinx import fem
    from scipy.sparse.linalg import SuperLU

FACTOR: dict[str, Any] = {
    "permc_spec": "MMD_AT_PLUS_A",
    "diag_pivot_thresh": 0.01,
    "options": {"SymmetricMode": True},
    "relax": 1,
    "panel_size": 1,
}
"""How SuperLU factorises our matrices, whose pattern is symmetric and which are small: a third of
the work of its default."""
ORDERED = FACTOR | {"permc_spec": "NATURAL"}
"""The same where the unknowns are numbered as it would order them."""


def why_not() -> str | None:
    """Why finite elements cannot run here; None where they can."""
    if any(importlib.util.find_spec(name) is None for name in ("dolfinx_solver", "dolfinx")):
        return "dolfinx is not installed"
    if not any(shutil.which(name) for name in (os.environ.get("CC", "cc"), "gcc", "clang")):
        return "there is no C compiler"
    return None


def factorised(
    matrix: sparse.csr_matrix | sparse.csc_matrix, *, ordered: bool = False
) -> "SuperLU[np.float64]":
    """SuperLU of a sparse matrix; ``ordered``: it is in an order of little fill-in already.
    MagnetFailure where it is singular."""
    from scipy.sparse.linalg import splu

    try:
        return splu(matrix.tocsc(), **(ORDERED if ordered else FACTOR))
    except RuntimeError as error:
        raise MagnetFailure("not-converged", f"the matrix is singular: {error}") from error


@dataclass(frozen=True, eq=False)
class Discrete:
    """n unknowns u = A_phi / r on the lattice of a grid, and k Gauss points in the bodies."""

    grid: Grid
    space: "fem.FunctionSpace[np.float64]"
    place: Integers
    """(2, n) indices of the unknowns in the lattice."""
    stiffness: sparse.csr_matrix
    """(n, n)"""
    source: sparse.csr_matrix
    """(k, n) r v at the Gauss points."""
    to_br: sparse.csr_matrix
    to_bz: sparse.csr_matrix
    """(k, n) B of each unknown at the Gauss points."""
    weight: Floats
    """(k,) area times r."""
    r: Floats
    z: Floats
    """(k,) Gauss points in m, z from the middle of the grid."""
    body: Integers
    """(k,) which body they are in."""

    @cached_property
    def load(self) -> sparse.csr_matrix:
        """(n, k) right side of a current density at the Gauss points."""
        return (self.source.T.multiply(MU_0 * self.weight)).tocsr()

    @cached_property
    def factor(self) -> "SuperLU[np.float64]":
        """SuperLU of the stiffness."""
        return factorised(self.stiffness)

    def node(self, values: Floats) -> Floats:
        """(2n + 1, 2m + 1) values of all unknowns on the lattice."""
        r, z = self.grid.lattice
        told = np.empty((len(r), len(z)))
        told[tuple(self.place)] = values
        return told


def discretise(grid: Grid) -> Discrete:
    """Matrices of a grid. MagnetFailure where finite elements cannot run or the mesh cannot be."""
    forms = _forms()
    if grid.body.max(initial=-1) < 0 or min(np.diff(grid.r).min(), np.diff(grid.z).min()) <= 0:
        raise MagnetFailure("mesh", "the bodies are too thin or too close for a mesh")
    try:
        space = forms.space_of(grid)
        with compiling():
            stiffness = forms.stiffness(space, grid)
            cells, unknowns, values, points, weights = forms.at_gauss_points(space, grid)
    except (RuntimeError, TimeoutError, OSError) as error:
        raise MagnetFailure("no-compiler", f"the forms were not compiled: {error}") from error
    place = _in_lattice(grid, forms.places(space))
    q, n = len(weights), len(place[0])
    column = np.repeat(unknowns, q, axis=0).ravel()
    row = np.arange(0, len(column) + 1, unknowns.shape[1])

    def operator(i: int) -> sparse.csr_matrix:
        data = np.ascontiguousarray(values[:, :, i, :]).ravel()
        return sparse.csr_matrix((data, column, row), shape=(len(row) - 1, n))

    i, j = cells.T
    dr, dz = np.diff(grid.r)[i, None], np.diff(grid.z)[j, None]
    r = grid.r[i, None] + dr * points[:, 0]
    z = grid.z[j, None] + dz * points[:, 1]
    return Discrete(
        grid=grid, space=space, place=place, stiffness=stiffness.tocsr(),
        source=operator(0), to_br=operator(1), to_bz=operator(2),
        weight=(dr * dz * weights * r).ravel(), r=r.ravel(), z=z.ravel(),
        body=np.repeat(grid.body[i, j], q),
    )  # fmt: skip


def _in_lattice(grid: Grid, points: Floats) -> Integers:
    """(2, n) indices of points in the lattice."""
    found = []
    for nodes, x in zip(grid.lattice, points.T, strict=True):
        middle = (nodes[1:] + nodes[:-1]) / 2
        found.append(np.searchsorted(middle, x))
    return np.array(found)


def _forms() -> ModuleType:
    """What is written in the words of dolfinx; imported where it is used."""
    if reason := why_not():
        raise MagnetFailure("no-compiler", reason)
    # PETSc, which comes along, would otherwise turn a closed pipe or a SIGTERM into an MPI abort.
    os.environ.setdefault("PETSC_OPTIONS", "-no_signal_handler")
    with alone():
        from models.magnet import forms

    return forms


def warm_up() -> None:
    """Import, and compile or load all forms, so that no case pays for it."""
    from models.magnet.grid import Spacing, grid_of
    from models.magnet.problem import Body

    discretise(grid_of([Body(0.01, -0.01, 0.01)], Spacing(0.5)))
