"""The reverse of settings, limits and inequalities: half of every range away. For all kinds."""

from collections.abc import Sequence

from planner.campaign.checks import read_constraint
from planner.campaign.cube import Cube
from planner.campaign.parameter import Choice, Free, from_unit, read_number, to_unit
from planner.campaign.values import Point, Value


def far(cube: Cube, point: Point) -> Point:
    """The settings half a range away; of a choice, half of the list further."""
    return {name: _far(cube.free[name], value) for name, value in point.items()}


def _far(parameter: Free, value: Value) -> Value:
    if isinstance(parameter, Choice):
        at, count = parameter.values.index(parameter.check(value)), len(parameter.values)
        return parameter.values[(at + count // 2) % count]
    u = to_unit(parameter, read_number(value, parameter.unit))
    return from_unit(parameter, u + 0.5 if u < 0.5 else u - 0.5)


def shifted(parameter: Free, limits: Sequence[Value]) -> tuple[Value, ...]:
    """Limits whose middle is half a range away, as far as the range goes; of a choice, the other
    values."""
    if isinstance(parameter, Choice):
        named = {parameter.check(v) for v in limits}
        return tuple(v for v in parameter.values if v not in named) or tuple(limits)
    low, high = (to_unit(parameter, read_number(v, parameter.unit)) for v in limits)
    shift = 0.5 if (low + high) / 2 < 0.5 else -0.5
    ends = min(max(low + shift, 0.0), 0.95), max(min(high + shift, 1.0), 0.05)
    return tuple(from_unit(parameter, u) for u in ends)


def turned(cube: Cube, text: str) -> str:
    """The inequality that holds where this one does not."""
    constraint = read_constraint(text, cube.parameters)
    total = " + ".join(f"{-k!r}*`{name}`" for name, k in constraint.coefficients.items())
    return f"{total} <= {-constraint.bound!r}"
