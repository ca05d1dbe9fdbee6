"""One implicit time step of currents that obey E = Ec (|J| / Jc(|B|))^n.

Unknown are u = A_phi / r at the nodes of the bodies and the current density J of each carrier: a
node seen from one body. The air is eliminated beforehand. With the row sums F of the source,

    K u = F J,    E(J, B) = e := -r [u + Ba / 2 - v] / dt

both at the new time, where v is what A_phi / r would be without flux motion. Newton's method keeps
E(J) smooth by treating J as an unknown of its own and eliminating it node by node, as A-J
formulations do; where a step would raise |J|, J is taken from e instead, because E(J) would
overshoot. So neither a threshold of E nor a start near the solution is needed, and a region without
flux motion keeps its flux to the last digit.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models.arrays import Floats
from models.magnet.analytic import MU_0
from models.magnet.carriers import Carriers
from models.magnet.conductor import Conductor
from models.magnet.discrete import factorised
from models.magnet.problem import EC

STIFFEST = 1e10
"""Largest stiffness of a node that is pinned, relative to that of the field. A resistivity of
mu0 R r / (STIFFEST dt) stands for it, by which some 1e-10 of the field leaks in a step."""
ITERATIONS = 60
TOLERANCE = 1e-7


@dataclass(frozen=True, eq=False)
class State:
    """The currents at one time."""

    u: Floats
    """(b,) A_phi / r of the currents, in T."""
    j: Floats
    """(c,) in A/m^2."""
    applied: float
    """In T."""

    @property
    def whole(self) -> Floats:
        """(b,) A_phi / r with the applied field, in T."""
        whole: Floats = self.u + self.applied / 2
        return whole


@dataclass(frozen=True)
class Step:
    """What one implicit step needs: e = -r [u + applied / 2 - v] / dt."""

    dt: float
    v: Floats
    """(b,) what A_phi / r would be without flux motion, in T."""
    applied: float
    temperature: float


def solve_step(
    carriers: Carriers, conductor: Conductor, guess: State, step: Step
) -> tuple[State, int] | None:
    """The state after a step and the iterations it took; None where they do not converge."""
    c, u, j = carriers, guess.u.copy(), guess.j.copy()
    floor = MU_0 * c.size * c.r / (step.dt * STIFFEST)
    drive = c.r * (step.v[c.node] - step.applied / 2) / step.dt
    n = conductor.n(_flux_density(c, u, step.applied)[0], step.temperature)
    weight = _columns(c.load)
    for iteration in range(1, ITERATIONS + 1):
        b, br, bz = _flux_density(c, u, step.applied)
        jc, slope = conductor.jc(b, step.temperature)
        creep, de_dj = _electric_field(j, jc, n)
        s = 1 / (de_dj + floor)
        e = drive - c.r * u[c.node] / step.dt
        miss = s * (e - creep - floor * j)
        turns = bool(slope.any())
        along = s * n * creep * slope / jc / np.maximum(b, 1e-12)
        matrix = c.filled_in.matrix(s * c.r / step.dt, along * br, along * bz, turns=turns)
        du = factorised(matrix, ordered=True).solve(c.load @ (j + miss) - c.stiffness @ u)
        moved = e - c.r * du[c.node] / step.dt
        wanted, able = j + s * (moved - creep - floor * j), jc
        if turns:
            wanted = wanted + along * (br * (c.to_br @ du) + bz * (c.to_bz @ du))
            able = _able(c, conductor, u + du, step)
        limit = able * np.maximum(np.abs(j) / jc, (np.abs(moved) / EC) ** (1 / n))
        new = np.clip(wanted, -limit, limit)
        u, j, clipped = u + du, new, weight @ np.abs(wanted - new)
        if not np.isfinite(du).all():
            return None
        change = np.abs(du).max() / max(np.abs(u).max(), 1e-3 * abs(step.applied), 1e-12)
        if change < TOLERANCE and clipped < TOLERANCE * (weight @ jc):
            return State(u, j, step.applied), iteration
    return None


def _able(c: Carriers, conductor: Conductor, u: Floats, step: Step) -> Floats:
    """Jc at the field of u."""
    return conductor.jc(_flux_density(c, u, step.applied)[0], step.temperature)[0]


def _columns(matrix: sparse.csr_matrix) -> Floats:
    return np.asarray(abs(matrix).sum(axis=0)).ravel()


def _flux_density(c: Carriers, u: Floats, applied: float) -> tuple[Floats, Floats, Floats]:
    """|B|, B_r and B_z in T at the carriers."""
    br, bz = c.to_br @ u, c.to_bz @ u + applied
    return np.hypot(br, bz), br, bz


def _electric_field(j: Floats, jc: Floats, n: Floats) -> tuple[Floats, Floats]:
    """E in V/m and dE/dJ of the power law."""
    ratio = np.minimum(np.abs(j) / jc, 1e3)  # far above what any step keeps, below overflow
    with np.errstate(over="ignore", under="ignore"):
        power = np.minimum(EC * ratio ** (n - 1), 1e200)
    return np.sign(j) * power * ratio, n * power / jc
