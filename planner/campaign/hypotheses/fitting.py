"""Whether the settings, limits and inequalities of a claim fit its campaign. For all kinds; each
function says what is wrong, in words."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planner.campaign.checks import read_constraint
from planner.campaign.cube import Cube
from planner.campaign.expression import Constraint
from planner.campaign.parameter import Choice, Free, Range, ends, read_number
from planner.campaign.values import Value, shown


def unknown(field: str, name: str, cube: Cube) -> str:
    """That a name is no free parameter, and which there are."""
    return f"{field}: no free parameter {name!r}; there are {', '.join(cube.free)}"


def numeric_problems(field: str, name: str, cube: Cube) -> Iterator[str]:
    """Of the name of a parameter that must have a direction."""
    if name not in cube.free:
        yield unknown(field, name, cube)
    elif isinstance(cube.free[name], Choice):
        yield f"{field}: {name} is a choice, which has no direction; use 'region'"


def outcome_problems(field: str, name: str, cube: Cube) -> Iterator[str]:
    """Of the name of an outcome."""
    if name not in cube.outcomes:
        yield f"{field}: no outcome {name!r}; there are {', '.join(cube.outcomes)}"


def point_problems(
    point: Mapping[str, Value], cube: Cube, constraints: Sequence[Constraint]
) -> list[str]:
    """Of settings that may leave parameters open: names, values, then constraints."""
    return _setting_problems(point, cube) or _broken(point, cube, constraints)


def condition_problems(
    point: Mapping[str, Value], cube: Cube, constraints: Sequence[Constraint]
) -> list[str]:
    """Of settings of all free parameters."""
    missing = [f"{n}: no value came" for n in cube.free if n not in point]
    return [*missing, *_setting_problems(point, cube)] or _broken(point, cube, constraints)


def limit_problems(field: str, name: str, limits: Sequence[Value], cube: Cube) -> Iterator[str]:
    """Of low and high of a numeric parameter, or of values of a choice."""
    parameter = cube.free[name]
    if isinstance(parameter, Choice):
        if not limits:
            allowed = ", ".join(map(shown, parameter.values))
            yield f"{field}: the region is empty; name some of {allowed}"
        yield from (f"{field}: {e}" for v in limits if (e := _fault(parameter, v)))
        return
    if len(limits) != 2:
        yield f"{field}: low and high are needed, not {len(limits)} values"
        return
    try:
        low, high = (read_number(v, parameter.unit) for v in limits)
    except ValueError as error:
        yield f"{field}: {error}"
        return
    bottom, top = ends(parameter)
    if low >= high:
        yield f"{field}: low ({low:g}) must be below high ({high:g})"
    elif high < bottom or low > top:
        yield f"{field}: {low:g} to {high:g} lies outside {bottom:g} to {top:g}"
    elif getattr(parameter, "scale", "") == "log" and low <= 0:
        yield f"{field}: {low:g} is not above 0, as a log scale needs"
    elif parameter.count < math.inf and not any(low <= v <= high for v in parameter.grid()):
        yield f"{field}: no setting of {name} lies in {low:g} to {high:g}"


def inequality_problems(field: str, text: str, cube: Cube) -> Iterator[str]:
    """Of a linear inequality that cuts a region."""
    try:
        constraint = read_constraint(text, cube.parameters)
    except ValueError as error:
        yield f"{field}: {error}"
        return
    if constraint.equality:
        yield f"{field}: {text!r} is an equality; a region needs <= or >="
    elif not constraint.coefficients:
        yield f"{field}: {text!r} holds only fixed parameters"


def _setting_problems(point: Mapping[str, Value], cube: Cube) -> list[str]:
    problems = []
    for name, value in point.items():
        if name not in cube.free:
            problems.append(unknown(name, name, cube))
        elif fault := _fault(cube.free[name], value):
            problems.append(f"{name}: {fault}")
    return problems


def _broken(point: Mapping[str, Value], cube: Cube, constraints: Sequence[Constraint]) -> list[str]:
    """Constraints that a point breaks, as far as it names what stands in them."""
    values = {
        n: read_number(v, cube.free[n].unit)  # type: ignore[union-attr]  # a choice is left out
        for n, v in point.items()
        if not isinstance(cube.free[n], Choice)
    }
    known = [c for c in constraints if set(c.coefficients) <= set(values)]
    broken = [c for c in known if not c.holds(values)]
    return [f"{shown(values)}: the constraint {c.text!r} does not hold there" for c in broken]


def _fault(parameter: Free, value: Any) -> str:
    """What is wrong with a setting; a belief may lie between those that the instrument knows."""
    try:
        if not isinstance(parameter, Choice):
            low, high = ends(parameter)
            parameter = Range(low=low, high=high, unit=parameter.unit)
        parameter.check(value)
    except ValueError as error:
        return str(error)
    return ""
