"""Whether bounds and constraints leave any point at all."""

from collections.abc import Mapping, Sequence

from planner.campaign.expression import Constraint
from planner.campaign.parameter import Choice, Free, ends
from planner.campaign.programme import Programme
from planner.campaign.rules import AnyConstraint


def bounds_of(free: Mapping[str, Free]) -> dict[str, tuple[float, float]]:
    """Smallest and largest setting of every numeric parameter."""
    return {name: ends(p) for name, p in free.items() if not isinstance(p, Choice)}


def leaves_room(free: Mapping[str, Free], constraints: Sequence[AnyConstraint]) -> bool:
    """Whether some point satisfies all constraints; of formulas it is not known."""
    return _corner_satisfies(free, constraints) or not Programme(free, constraints).is_empty


def _corner_satisfies(free: Mapping[str, Free], constraints: Sequence[AnyConstraint]) -> bool:
    """Whether a corner is plainly allowed: the one that is best for the constraints together, each
    scaled to the bounds. Most campaigns need no more."""
    bounds = bounds_of(free)
    linear = [c for c in constraints if isinstance(c, Constraint) and bounds.keys() >= {*c.names}]
    if len(linear) < len(constraints):
        return False
    pull = dict.fromkeys(bounds, 0.0)
    for constraint in linear:
        spans = {n: c * (bounds[n][1] - bounds[n][0]) for n, c in constraint.coefficients.items()}
        size = sum(map(abs, spans.values())) or 1.0
        for name, span in spans.items():
            pull[name] += span / size
    corner = {name: low if pull[name] > 0 else high for name, (low, high) in bounds.items()}
    return all(constraint.excess(corner) <= 0 for constraint in linear)
