"""Whether bounds and linear constraints leave any point at all."""

from collections.abc import Mapping, Sequence

from planner.campaign.expression import Constraint
from planner.campaign.parameter import Choice, Free, ends


def bounds_of(free: Mapping[str, Free]) -> dict[str, tuple[float, float]]:
    """Smallest and largest setting of every numeric parameter."""
    return {name: ends(p) for name, p in free.items() if not isinstance(p, Choice)}


def leaves_room(free: Mapping[str, Free], constraints: Sequence[Constraint]) -> bool:
    """Whether some point satisfies all constraints, steps and whole numbers left aside."""
    return _corner_satisfies(free, constraints) or _programme_has_a_point(free, constraints)


def _programme_has_a_point(free: Mapping[str, Free], constraints: Sequence[Constraint]) -> bool:
    """The exact answer, by a linear programme."""
    from scipy.optimize import linprog  # half a second, needed only here

    bounds = bounds_of(free)
    names = list(bounds)
    rows = [[c.coefficients.get(n, 0.0) for n in names] for c in constraints]
    upper = [(r, c.bound) for r, c in zip(rows, constraints, strict=True) if not c.equality]
    equal = [(r, c.bound) for r, c in zip(rows, constraints, strict=True) if c.equality]
    solved = linprog(
        [0.0] * len(names),
        A_ub=[r for r, _ in upper] or None,
        b_ub=[b for _, b in upper] or None,
        A_eq=[r for r, _ in equal] or None,
        b_eq=[b for _, b in equal] or None,
        bounds=[bounds[n] for n in names],
    )
    return solved.status != 2  # 2: proved infeasible


def _corner_satisfies(free: Mapping[str, Free], constraints: Sequence[Constraint]) -> bool:
    """Whether a corner is plainly allowed: the one that is best for the constraints together, each
    scaled to the bounds. Most campaigns need no more."""
    bounds = bounds_of(free)
    pull = dict.fromkeys(bounds, 0.0)
    for constraint in constraints:
        spans = {n: c * (bounds[n][1] - bounds[n][0]) for n, c in constraint.coefficients.items()}
        size = sum(map(abs, spans.values())) or 1.0
        for name, span in spans.items():
            pull[name] += span / size
    corner = {name: low if pull[name] > 0 else high for name, (low, high) in bounds.items()}
    return all(constraint.excess(corner) <= 0 for constraint in constraints)
