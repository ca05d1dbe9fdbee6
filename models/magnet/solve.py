"""Solve a magnet by the tier that the problem asks for. Failures come back as results too."""

import time
from dataclasses import replace

from models.magnet.closed_form import analytic_result
from models.magnet.failure import MagnetFailure
from models.magnet.problem import Problem
from models.magnet.result import FieldResult
from models.magnet.solution import Solution


def solve(problem: Problem) -> Solution:
    """Everything about a magnet. A case that cannot be solved has a result that says why."""
    begun = time.monotonic()
    try:
        solution = _solved(problem)
    except MagnetFailure as failure:
        solution = Solution(problem, failed(problem, failure))
    seconds = time.monotonic() - begun
    return replace(solution, result=replace(solution.result, seconds=seconds))


def failed(problem: Problem, failure: MagnetFailure) -> FieldResult:
    """A failure as a result: no field, and why."""
    return FieldResult(
        problem.fidelity, failure.kind, str(failure),
        at_most_T=failure.at_most, last_time_s=failure.last_time,
    )  # fmt: skip


def _solved(problem: Problem) -> Solution:
    if problem.fidelity == "analytic":
        return Solution(problem, analytic_result(problem))
    from models.magnet.errors import with_errors
    from models.magnet.finite_elements import solved

    solution = solved(problem)
    return with_errors(solution) if problem.estimate_error else solution
