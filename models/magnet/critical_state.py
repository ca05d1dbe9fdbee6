"""The critical state: the whole body carries J = Jc(|B|, T, place). And its adjoint.

    K u = L Jc(|B(u)|)

with the matrices of ``discrete``. Newton's method after a few relaxed fixed-point steps, which
bring it near for any law. At the solution, one transposed solve gives the gradient of a field with
respect to every parameter of every law.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models.arrays import Floats
from models.magnet.conductor import Conductor
from models.magnet.discrete import Discrete, factorised
from models.magnet.failure import MagnetFailure

WARM_UP, NEWTON, HALVINGS = 6, 40, 12
TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False)
class CriticalState:
    """A solution at the Gauss points of a discretisation."""

    u: Floats
    """(n,) A_phi / r in T."""
    b: Floats
    """(k,) |B| in T."""
    j: Floats
    """(k,) in A/m^2."""
    iterations: int
    jacobian: sparse.csr_matrix
    """(n, n) of the residual at the solution."""
    turned: sparse.csr_matrix | None
    """(k, n) dJ/du by way of |B|; None where J does not depend on it."""


def critical_state(discrete: Discrete, conductor: Conductor, temperature: float) -> CriticalState:
    """Solve it. MagnetFailure ``not-converged`` where Newton's method stalls."""
    u = _warmed_up(discrete, conductor, temperature)
    residual, jacobian, b, j, turned = _linearised(discrete, conductor, temperature, u)
    scale = np.abs(discrete.load @ j).max()
    for iteration in range(NEWTON):
        if np.abs(residual).max() <= TOLERANCE * scale:
            return CriticalState(u, b, j, iteration, jacobian, turned)
        step = -factorised(jacobian).solve(residual)
        share, size = 1.0, np.linalg.norm(discrete.factor.solve(residual))
        for _ in range(HALVINGS):
            found = _linearised(discrete, conductor, temperature, u + share * step)
            if np.linalg.norm(discrete.factor.solve(found[0])) < (1 - share / 4) * size:
                break
            share /= 2
        u = u + share * step
        residual, jacobian, b, j, turned = found
    if np.abs(residual).max() <= 1e3 * TOLERANCE * scale:
        return CriticalState(u, b, j, NEWTON, jacobian, turned)
    raise MagnetFailure("not-converged", f"the critical state after {NEWTON} steps of Newton")


def _warmed_up(discrete: Discrete, conductor: Conductor, temperature: float) -> Floats:
    """u after a few steps J <- sqrt(J Jc(|B(J)|)), which cannot overshoot by much."""
    none = np.zeros(len(discrete.r))
    j = conductor.jc(none, temperature)[0]
    u = discrete.factor.solve(discrete.load @ j)
    for _ in range(WARM_UP if _depends_on_field(conductor, u, discrete, temperature) else 0):
        b = np.hypot(discrete.to_br @ u, discrete.to_bz @ u)
        j = np.sqrt(j * conductor.jc(b, temperature)[0])
        u = discrete.factor.solve(discrete.load @ j)
    return u


def _depends_on_field(
    conductor: Conductor, u: Floats, discrete: Discrete, temperature: float
) -> bool:
    b = np.hypot(discrete.to_br @ u, discrete.to_bz @ u)
    return bool(conductor.jc(b, temperature)[1].any())


def _linearised(
    discrete: Discrete, conductor: Conductor, temperature: float, u: Floats
) -> tuple[Floats, sparse.csr_matrix, Floats, Floats, sparse.csr_matrix | None]:
    """Residual K u - L Jc, its derivative in u, |B|, Jc, and the derivative of Jc in u."""
    br, bz = discrete.to_br @ u, discrete.to_bz @ u
    b = np.hypot(br, bz)
    jc, slope = conductor.jc(b, temperature)
    residual = discrete.stiffness @ u - discrete.load @ jc
    if not slope.any():
        return residual, discrete.stiffness, b, jc, None
    along = slope / np.maximum(b, 1e-12)
    turned = discrete.to_br.multiply((along * br)[:, None]) + discrete.to_bz.multiply(
        (along * bz)[:, None]
    )
    return residual, (discrete.stiffness - discrete.load @ turned).tocsr(), b, jc, turned.tocsr()


def gradient(
    discrete: Discrete,
    conductor: Conductor,
    temperature: float,
    state: CriticalState,
    of_u: Floats,
    of_j: Floats,
) -> tuple[dict[tuple[str, str], float], float]:
    """d(of_u . u + of_j . J) / d parameter by material and name, and its standard error.

    The errors of different parameters are taken to be independent.
    """
    names, rows, errors = conductor.sensitivities(state.b, temperature)
    through = of_u if state.turned is None else of_u + state.turned.T @ of_j
    transposed = factorised(state.jacobian).solve(through, trans="T")
    values = rows @ (discrete.load.T @ transposed + of_j)
    told = dict(zip(names, map(float, values), strict=True))
    return told, float(np.sqrt(((values * errors) ** 2).sum()))
