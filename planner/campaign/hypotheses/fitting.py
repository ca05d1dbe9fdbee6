"""Whether the settings, limits and inequalities of a claim fit its campaign. For all kinds; each
function says what is wrong, in words."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planner.campaign.checks import read_constraint
from planner.campaign.cube import Cube
from planner.campaign.expression import Constraint
from planner.campaign.parameter import (
    Choice,
    Free,
    Integer,
    Ordered,
    Range,
    allowed,
    ends,
    is_number,
    read_number,
)
from planner.campaign.values import Value, shown

ENDS = ("low", "high")


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


def limit_problems(
    field: str, name: str, limits: Sequence[Value], cube: Cube, one: bool = False
) -> Iterator[str]:
    """Of low and high of a numeric parameter, or of values of a choice; ``one``: low and high may
    be the same setting where there are only some."""
    parameter = cube.free[name]
    if isinstance(parameter, Choice):
        if not limits:
            named = ", ".join(map(shown, parameter.values))
            yield f"{field}: the region is empty; name some of {named}"
        yield from (f"{field}: {e}" for v in limits if (e := _fault(parameter, v)))
        return
    if len(limits) != 2:
        yield f"{field}: low and high are needed, not {len(limits)} values"
        return
    faults = [
        f"{field}: {e}"
        for w, v in zip(ENDS, limits, strict=True)
        if (e := _unread(w, v, parameter))
    ]
    if faults:
        yield from faults
        return
    low, high = (read_number(v, parameter.unit) for v in limits)
    bottom, top = ends(parameter)
    if low > high or (low == high and not (one and parameter.count < math.inf)):
        yield f"{field}: low ({low:g}) must be below high ({high:g})"
    elif high < bottom or low > top:
        yield f"{field}: {low:g} to {high:g} lies outside {bottom:g} to {top:g}"
    elif getattr(parameter, "scale", "") == "log" and low <= 0:
        yield f"{field}: {low:g} is not above 0, as a log scale needs"
    elif parameter.count < math.inf and not any(low <= v <= high for v in parameter.grid()):
        there = allowed(parameter)
        yield f"{field}: no setting of {name} lies in {low:g} to {high:g}; there are {there}"


def read_limits(parameter: Any, limits: Sequence[Value]) -> tuple[Value, ...]:
    """Limits as numbers in the unit of a parameter; values of a choice as words, so that two that
    are numbers are not taken for low and high. What cannot be read, as it came."""
    if isinstance(parameter, Choice):
        return tuple(map(shown, limits))
    if not isinstance(parameter, Range | Integer | Ordered):
        return tuple(limits)
    try:
        return tuple(read_number(v, parameter.unit) for v in limits)
    except ValueError:
        return tuple(limits)


def on_settings(parameter: Any, limits: Sequence[Value]) -> tuple[Value, ...]:
    """Limits that were read, drawn in to the settings that lie between them: levels, whole numbers,
    steps. As they are where there are no such settings."""
    if isinstance(parameter, Choice) or getattr(parameter, "count", math.inf) == math.inf:
        return tuple(limits)
    if len(limits) != 2 or not all(map(is_number, limits)):
        return tuple(limits)
    low, high = limits
    inside = [s for s in parameter.grid() if low <= s <= high]
    return (inside[0], inside[-1]) if inside else tuple(limits)


def _unread(word: str, value: Value, parameter: Range | Integer | Ordered) -> str:
    """What is wrong with an end of limits."""
    try:
        read_number(value, parameter.unit)
    except ValueError as error:
        return f"{word} {shown(value)!r}: {error}; allowed: {allowed(parameter)}"
    return ""


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
