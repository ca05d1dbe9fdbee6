"""Numerical errors of a finite-element solution: what mesh and step change, each by itself.

Both are seen by solving again, on a coarser mesh, and there with longer steps too. Together in one
comparison, one could hide the other.
"""

from dataclasses import replace

from models.magnet.failure import MagnetFailure
from models.magnet.finite_elements import solved, spacing
from models.magnet.power_law import TOLERANCE
from models.magnet.problem import Problem
from models.magnet.result import FIELDS, FieldResult, NumericalError, numbers
from models.magnet.solution import Solution
from models.magnet.transient import ALLOWED

COARSER, LONGER = 1.5, 2.0
"""Of the mesh, and of the steps."""
SAFETY, CONTROLLED = 3.0, 0.1
"""By which the difference of the steps is multiplied, and the least of it relative to what a step
may be off: steps of controlled error lie elsewhere when they are longer, and both may be off to one
side by chance. Chosen so that nine of ten errors are covered (``benchmarks.magnet errors``)."""
RELATIVE = ("homogeneity_ppm", "held_homogeneity_ppm")


def with_errors(solution: Solution) -> Solution:
    """The solution with the errors of its numbers; with a note where they cannot be told."""
    problem, result = solution.problem, solution.result
    try:
        coarse = _solved_again(_coarser(problem), result.seconds)
        spent = result.seconds + coarse.seconds
        slow = coarse
        if problem.fidelity == "power-law":
            slow = _solved_again(_slower(_coarser(problem)), spent)
    except MagnetFailure as failure:
        note = f"no error estimate: {failure.kind} on a coarser mesh"
        return replace(solution, result=replace(result, warnings=[*result.warnings, note]))
    errors = _differences(problem, numbers(result), numbers(coarse), numbers(slow))
    total = errors["trapped_field_center"].total
    return replace(solution, result=replace(result, errors=errors, error_estimate_T=total))


def _differences(
    problem: Problem, usual: dict[str, float], coarse: dict[str, float], slow: dict[str, float]
) -> dict[str, NumericalError]:
    least = _least(problem, usual) if problem.fidelity == "power-law" else {}
    return {
        name: NumericalError(
            mesh=abs(usual[name] - coarse[name]),
            step=max(SAFETY * abs(coarse[name] - slow[name]), least.get(name, 0.0)),
        )
        for name in usual
        if name in coarse and name in slow
    }


def _least(problem: Problem, usual: dict[str, float]) -> dict[str, float]:
    """What the control of the steps leaves open of fields, moment and flux, whatever longer steps
    happen to change; and what Newton's method leaves open of the homogeneity, in ppm."""
    share = CONTROLLED * ALLOWED * problem.time_step**2
    field = share * max(problem.protocol.applied_field, abs(usual["trapped_field_center"]))
    sums = {name: share * abs(usual[name]) for name in ("moment_A_m2", "flux_Wb")}
    fields, relative = dict.fromkeys(FIELDS, field), dict.fromkeys(RELATIVE, 1e6 * TOLERANCE)
    return fields | sums | relative


def _solved_again(problem: Problem, spent: float) -> FieldResult:
    return solved(replace(problem, time_limit=_left(problem, spent))).result


def _left(problem: Problem, spent: float) -> float | None:
    return None if problem.time_limit is None else max(problem.time_limit - spent, 0.0)


def _coarser(problem: Problem) -> Problem:
    """On a coarser mesh; where none is allowed, on a finer one, which tells as much."""
    detail = spacing(problem).detail
    other = detail * COARSER if detail * COARSER <= 1 else detail / COARSER
    return replace(problem, detail=other)


def _slower(problem: Problem) -> Problem:
    """With longer steps; where none are allowed, with shorter ones."""
    step = problem.time_step
    return replace(problem, time_step=step * LONGER if step * LONGER <= 2 else step / LONGER)
