"""The two finite-element tiers, from a problem to what is told of it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.arrays import Floats, Integers
from models.magnet import closed_form
from models.magnet.carriers import Carriers, carriers_of
from models.magnet.conductor import Conductor
from models.magnet.critical_state import CriticalState, critical_state, gradient
from models.magnet.currents import axial_weights
from models.magnet.discrete import Discrete, discretise
from models.magnet.failure import MagnetFailure
from models.magnet.field import FieldMap
from models.magnet.grid import AIR, Grid, Spacing, grid_of
from models.magnet.problem import EC, Problem
from models.magnet.result import FieldResult, FieldWhen
from models.magnet.solution import Snapshot, Solution, no_centre, told
from models.magnet.transient import Cost, Instant, history

SPACING = {
    "critical-state": Spacing(0.1),
    "power-law": Spacing(0.15, axis=24.0, widest=1.5),
}
"""A power law needs more at the axis, where J falls like r^(1/n) when E does like r, and inside,
where fronts move."""
WIDEST = 0.5
"""And what is left where the field was up and down depends on where three fronts met."""
RISE = 1e-6
"""Relative rise of the field in the last decade of the hold above which there is no loss to tell:
more than Newton's method leaves open."""
LARGEST = 60_000
"""Unknowns of the largest mesh. A critical state with 31,000 took about 10 s of one core; a power
law takes hundreds of such solutions, and is what a time limit is for."""
AGREE = 5e-3
"""Largest relative difference to the closed form of a uniform current."""


def spacing(problem: Problem) -> Spacing:
    """How fine the mesh of a problem is."""
    usual = SPACING[problem.fidelity]
    if problem.fidelity == "power-law" and problem.protocol.kind == "zero-field-cooling":
        usual = replace(usual, widest=WIDEST)
    return usual if problem.detail is None else replace(usual, detail=problem.detail)


def nodes(problem: Problem) -> int:
    """Unknowns that the mesh of a problem has."""
    return grid_of(problem.bodies, spacing(problem)).nodes


def _grid(problem: Problem) -> Grid:
    grid = grid_of(problem.bodies, spacing(problem))
    if grid.nodes > LARGEST:
        raise MagnetFailure(
            "mesh", f"the mesh would have {grid.nodes} unknowns, more than {LARGEST}: the bodies "
            "are too thin, too long or too many; a larger detail would help",
        )  # fmt: skip
    return grid


def solved(problem: Problem) -> Solution:
    """The solution of a problem, without errors. MagnetFailure where there is none."""
    begun = time.monotonic()
    discrete = discretise(_grid(problem))
    conductor = Conductor(problem, discrete.r, discrete.z + discrete.grid.middle, discrete.body)
    temperature = problem.protocol.temperature
    state = critical_state(discrete, conductor, temperature)
    result = _common(problem, discrete, conductor, state)
    if problem.fidelity == "critical-state":
        warnings = closed_form.check_magnetised(
            problem, at_centre(problem, discrete, state.u, state.j)
        )
        shot = _snapshot_of_critical_state(problem, discrete, state)
        result = replace(
            result, **told(problem, discrete, shot), warnings=result.warnings + warnings
        )
        solution = Solution(problem, result, discrete, shot, shot)
    else:
        limit = problem.time_limit
        deadline = float("inf") if limit is None else begun + limit
        solution = _through_time(problem, discrete, state, result, Cost(deadline=deadline))
    seconds = time.monotonic() - begun
    return replace(solution, result=replace(solution.result, seconds=seconds))


def _common(
    problem: Problem, discrete: Discrete, conductor: Conductor, state: CriticalState
) -> FieldResult:
    """What the critical state tells of a problem, whatever the tier."""
    bound, centre = closed_form.bound(problem), at_centre(problem, discrete, state.u, state.j)
    if not np.isfinite(centre):
        raise MagnetFailure("accuracy", "the critical state is not finite")
    if closed_form.is_uniform(problem) and abs(centre / bound - 1) > AGREE:
        raise MagnetFailure(
            "accuracy", f"finite elements are {centre / bound - 1:+.2%} off the closed form; "
            "a smaller detail would help",
        )  # fmt: skip
    slopes, sigma = gradient(
        discrete, conductor, problem.protocol.temperature, state,
        *centre_of(problem, discrete),
    )  # fmt: skip
    outside = conductor.outside(state.b, problem.protocol.temperature)
    share = float(discrete.weight[outside].sum() / discrete.weight.sum())
    result = FieldResult(
        problem.fidelity, "ok", sigma_T=sigma, analytic_bound_T=bound,
        gradient={closed_form.parameter_name(*k): v for k, v in slopes.items()},
        dofs=len(state.u), iterations=state.iterations, warnings=closed_form.unseen(problem),
    )  # fmt: skip
    return _flagged(result, share)


def _flagged(result: FieldResult, share: float) -> FieldResult:
    """With the share of the volume in which Jc is extrapolated, where it is more than was known."""
    if share <= result.extrapolated_share:
        return result
    told = [w for w in result.warnings if not w.startswith("Jc is extrapolated")]
    told.append(f"Jc is extrapolated in {share:.1%} of the volume")
    return replace(result, extrapolated_share=share, warnings=told)


def centre_of(problem: Problem, discrete: Discrete) -> tuple[Floats, Floats]:
    """Weights of u (n,) and of J (k,) whose sum is B_z in T at the centre.

    In a body it is 2 u on the axis; in a bore or a gap it is summed over the currents, which is
    better there.
    """
    of_u, of_j = np.zeros(discrete.stiffness.shape[0]), np.zeros(len(discrete.r))
    middle, cells = discrete.grid.middle, discrete.grid.body[0]
    beside = np.searchsorted(discrete.grid.z, problem.centre - middle)
    if AIR in cells[max(beside - 1, 0) : beside + 1]:
        of_j += axial_weights(discrete, np.array([problem.centre]))[0]
        return of_u, of_j
    nodes = np.abs(discrete.grid.lattice[1] - (problem.centre - middle))
    axis = np.flatnonzero(discrete.place[0] == 0)
    nearest = axis[np.argmin(nodes[discrete.place[1, axis]])]
    if nodes.min() < 1e-9 * discrete.grid.r[-1] or discrete.grid.endless:
        of_u[nearest] = 2.0
        return of_u, of_j
    unit = np.zeros([len(x) for x in discrete.grid.lattice])
    for unknown in axis:
        unit[0, discrete.place[1, unknown]] = 1.0
        of_u[unknown] = float(FieldMap(discrete.grid, unit).axial(np.array([problem.centre]))[0])
        unit[0] = 0.0
    return of_u, of_j


def at_centre(problem: Problem, discrete: Discrete, u: Floats, j: Floats) -> float:
    """B_z in T of the currents at the centre."""
    of_u, of_j = centre_of(problem, discrete)
    return float(of_u @ u + of_j @ j)


def _snapshot_of_critical_state(
    problem: Problem, discrete: Discrete, state: CriticalState
) -> Snapshot:
    field = FieldMap(discrete.grid, discrete.node(state.u))
    body = _body_of_nodes(discrete)
    i, j = np.nonzero(body != AIR)
    r, z = discrete.grid.lattice
    br, bz = field.flux_density(r[i], z[j] + discrete.grid.middle)
    at = Conductor(problem, r[i], z[j] + discrete.grid.middle, body[i, j])
    current = np.full(body.shape, np.nan)
    current[i, j] = at.jc(np.hypot(br, bz), problem.protocol.temperature)[0]
    return Snapshot(field, state.j, current, at_centre(problem, discrete, state.u, state.j))


def _body_of_nodes(discrete: Discrete) -> Integers:
    """(2n + 1, 2m + 1) body of each node of the lattice; AIR only where no body touches it."""
    cells = discrete.grid.body
    told = np.full([2 * s + 1 for s in cells.shape], AIR)
    for i, j in np.argwhere(cells != AIR):
        told[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] = cells[i, j]
    return told


@dataclass(frozen=True, eq=False)
class _Times:
    """The field at the centre over time."""

    time: Floats
    field: Floats

    def at(self, time: Floats) -> Floats:
        """Monotone in the logarithm of time, in which creep is smooth."""
        from scipy.interpolate import PchipInterpolator

        if len(self.time) == 1:
            return np.full(np.shape(time), self.field[0])
        start = self.time[1]
        return PchipInterpolator(np.log(self.time + start), self.field)(np.log(time + start))


def _through_time(
    problem: Problem, discrete: Discrete, critical: CriticalState, result: FieldResult, work: Cost
) -> Solution:
    """The power-law tier: the history, and what is told of its moments."""
    carriers = carriers_of(discrete)
    conductor = Conductor(problem, carriers.r, carriers.z + discrete.grid.middle, carriers.body)
    moments = history(carriers, conductor, critical.u[carriers.inner], work)
    centres, ramped, held = _followed(problem, carriers, moments)
    shots = [_snapshot(problem, carriers, moment) for moment in (ramped, held)]
    first, last = (told(problem, discrete, shot) for shot in shots)
    full = at_centre(problem, discrete, critical.u, critical.j)
    decay = _decay(problem, centres, shots[0].field)
    missing = first.pop("missing") | decay.pop("missing")
    result = replace(
        result, **first, **decay, missing=missing, after_hold=last if held.time > 0 else None,
        warnings=result.warnings + _warnings(problem, full, first["trapped_field_center"]),
        steps=work.steps, iterations=work.iterations,
        sigma_T=(result.sigma_T or 0.0) * _share_of_sigma(problem, full, shots[0].centre),
    )  # fmt: skip
    temperatures = problem.protocol.temperature, problem.protocol.last_temperature
    for moment, temperature in zip((ramped, held), temperatures, strict=True):
        share = _extrapolated(carriers, conductor, moment, temperature)
        result = _flagged(result, share if moment.time > 0 or moment is ramped else 0.0)
    return Solution(problem, result, discrete, *shots)


def _extrapolated(
    carriers: Carriers, conductor: Conductor, moment: Instant, temperature: float
) -> float:
    """Share of the carriers, by what they weigh, whose Jc is extrapolated at a moment."""
    u, applied = moment.state.u, moment.state.applied
    b = np.hypot(carriers.to_br @ u, carriers.to_bz @ u + applied)
    outside = carriers.volume[conductor.outside(b, temperature)]
    return float(outside.sum() / carriers.volume.sum())


def _share_of_sigma(problem: Problem, full: float, found: float) -> float:
    """By what the standard error of the critical state is multiplied. After zero-field cooling that
    does not fill the magnet, the centre is what was applied less what shielded it: with as large an
    error as that."""
    if problem.protocol.kind == "zero-field-cooling" and _unfilled(problem, full):
        return 1.0
    return abs(found / full)


def _unfilled(problem: Problem, full: float) -> bool:
    return problem.protocol.applied_field < closed_form.needed_field(problem, full)


def _warnings(problem: Problem, full: float, found: float) -> list[str]:
    if found > 1.01 * full:
        return [
            f"the ramp is so fast that E exceeds {EC:g} V/m and J exceeds Jc: "
            f"more is trapped than the {full:.4g} T of the critical state"
        ]
    if not _unfilled(problem, full):
        return []
    needed = closed_form.needed_field(problem, full)
    return [
        f"under-magnetised: {problem.protocol.applied_field:g} T applied, {needed:.4g} T would "
        "fill it; sigma_T is that of full magnetisation, and too large where the core is pinned"
    ]


def _followed(
    problem: Problem, carriers: Carriers, moments: Iterator[Instant]
) -> tuple[_Times, Instant, Instant]:
    """The centre from the end of the ramp on, and the moments at the ends of ramp and hold."""
    discrete = carriers.discrete
    of_u, of_j = centre_of(problem, discrete)
    of_nodes, of_carriers = of_u[carriers.inner], carriers.at_gauss.T @ of_j
    times, fields, ramped = [], [], None
    for moment in moments:
        if moment.time < 0:
            continue
        ramped = ramped or moment
        state = moment.state
        times.append(max(moment.time, 0.0))
        fields.append(float(of_nodes @ state.u + of_carriers @ state.j) + state.applied)
    assert ramped is not None, "a history ends after the ramp"
    if not np.isfinite(fields).all():
        raise MagnetFailure("accuracy", "the field is not finite")
    return _Times(np.array(times), np.array(fields)), ramped, moment


def _decay(problem: Problem, centres: _Times, ramped: FieldMap) -> dict[str, Any]:
    """The centre over time, and its mean loss or why there is none."""
    hold = problem.protocol.hold
    extra = np.array([t for t in problem.probes.times if 0 <= t <= hold])
    time = np.unique(np.concatenate([centres.time, extra, [hold / 10] if hold else []]))
    field = centres.at(time)
    told: dict[str, Any] = {
        "decay": [FieldWhen(float(t), float(b)) for t, b in zip(time, field, strict=True)],
        "missing": {},
    }
    if hold <= 0:
        return told
    early, late = map(float, centres.at(np.array([hold / 10, hold])))
    why = no_centre(problem, ramped, early)
    if why is None and abs(late) > (1 + RISE) * abs(early):
        why = f"the field at the centre rises, from {early:.4g} to {late:.4g} T: flux still enters"
    if why:
        return told | {"missing": {"decay_ppm_per_hour": why}}
    return told | {"decay_ppm_per_hour": (early - late) / early * 1e6 / (0.9 * hold / 3600)}


def _snapshot(problem: Problem, carriers: Carriers, moment: Instant) -> Snapshot:
    discrete, applied = carriers.discrete, moment.state.applied
    u, j = carriers.everywhere(moment.state.u), carriers.at_gauss @ moment.state.j
    field = FieldMap(discrete.grid, discrete.node(u), applied)
    current = np.full(field.u.shape, np.nan)
    current[tuple(discrete.place[:, carriers.inner[carriers.node]])] = moment.state.j
    current[0] = current[1]  # the axis carries what is beside it
    return Snapshot(field, j, current, at_centre(problem, discrete, u, j) + applied)
