"""Whether claims make sense in their campaign, and what hard ones forbid. Listed in words."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from planner.campaign.checks import read_constraint
from planner.campaign.cube import View
from planner.campaign.expression import Constraint
from planner.campaign.hypothesis import Avoid, Candidates, Hypothesis, Near, Place, Trend
from planner.campaign.outcome import Outcome
from planner.campaign.parameter import (
    Choice,
    Free,
    Integer,
    Ordered,
    Parameter,
    Range,
    ends,
    to_unit,
)
from planner.campaign.parameter import read_number as number
from planner.campaign.room import leaves_room
from planner.campaign.values import Point, Value, shown

COMBINED = 512
"""Ways out of several hard avoids that are looked at to find one that is open."""


def claim_problems(
    claims: Sequence[Hypothesis],
    parameters: Mapping[str, Parameter],
    outcomes: Mapping[str, Outcome],
    constraints: Sequence[Constraint],
) -> list[str]:
    """What is wrong with each claim: the field, what came, what is allowed."""
    view = View(parameters, outcomes, np.zeros((1, 0)))
    problems = []
    for i, claim in enumerate(claims):
        found = [*_date_problems(claim), *_problems(claim, view, constraints)]
        problems += [f"hypotheses.{i}.{problem}" for problem in found]
    titles = [claim.title for claim in claims]
    problems += [
        f"hypotheses: {title!r} stands twice; give one of them another name"
        for title in dict.fromkeys(titles)
        if titles.count(title) > 1
    ]
    if not problems and not _ways_out(claims, view, constraints):
        named = "; ".join(c.title for c in _hard(claims))
        problems.append(f"hypotheses: hard avoids leave no point at all ({named})")
    return problems


def forbidden_by(
    claims: Iterable[Hypothesis],
    parameters: Mapping[str, Parameter],
    outcomes: Mapping[str, Outcome],
    point: Point,
) -> list[Avoid]:
    """The hard avoids in whose region a point lies."""
    if not (hard := _hard(claims)):
        return []
    view = View(parameters, outcomes, np.zeros(0))
    rows = np.array([to_unit(p, point[n]) for n, p in view.free.items()])
    here = View(parameters, outcomes, rows)
    return [claim for claim in hard if claim.forbids(here)]


def hard_planes(
    claims: Iterable[Hypothesis],
    parameters: Mapping[str, Parameter],
    outcomes: Mapping[str, Outcome],
) -> list[Constraint]:
    """The linear constraints that hard avoids amount to, where only one way leads around them."""
    view = View(parameters, outcomes, np.zeros(0))
    planes = [plane_of(claim, view) for claim in _hard(claims)]
    return [plane for plane in planes if plane is not None]


def plane_of(claim: Avoid, view: View) -> Constraint | None:
    """The half-space outside a hard avoid; None where what is left has another shape."""
    ways = [way for way in _escapes(claim, view) if _open([way], view, [])]
    return ways[0] if len(ways) == 1 and isinstance(ways[0], Constraint) else None


def _hard(claims: Iterable[Hypothesis]) -> list[Avoid]:
    return [claim for claim in claims if isinstance(claim, Avoid) and claim.hard]


def _date_problems(claim: Hypothesis) -> Iterator[str]:
    if not claim.author.strip():
        yield "author: a name is missing"
    if claim.start and claim.expiry and claim.start > claim.expiry:
        yield f"expiry: {claim.expiry} is before start, {claim.start}"


def _problems(claim: Hypothesis, view: View, constraints: Sequence[Constraint]) -> Iterator[str]:
    match claim:
        case Near():
            yield from _near_problems(claim, view, constraints)
        case Trend():
            yield from _trend_problems(claim, view)
        case Candidates():
            for i, point in enumerate(claim.points):
                missing = [f"{n}: no value came" for n in view.free if n not in point]
                found = [*missing, *_setting_problems(point, view)]
                found = found or _broken(point, view, constraints)
                yield from (f"points.{i}.{problem}" for problem in found)
        case Place():
            yield from _place_problems(claim, view, constraints)


def _near_problems(claim: Near, view: View, constraints: Sequence[Constraint]) -> Iterator[str]:
    problems = _setting_problems(claim.point, view) or _broken(claim.point, view, constraints)
    yield from (f"point.{problem}" for problem in problems)
    if isinstance(claim.width, dict) and not problems:
        for name in claim.width:
            if name not in claim.point:
                named = ", ".join(claim.point)
                yield f"width.{name}: the point does not name it; there are {named}"
        for name in claim.point:
            if name not in claim.width:
                yield f"width.{name}: no value came"
                continue
            try:
                claim.share(view, name)
            except ValueError as error:
                yield f"width.{name}: {error}"


def _trend_problems(claim: Trend, view: View) -> Iterator[str]:
    if claim.outcome not in view.outcomes:
        yield f"outcome: no outcome {claim.outcome!r}; there are {', '.join(view.outcomes)}"
    if claim.parameter not in view.free:
        yield _unknown("parameter", claim.parameter, view)
    elif isinstance(view.free[claim.parameter], Choice):
        yield f"parameter: {claim.parameter} is a choice, which has no direction; use 'region'"
    elif claim.over is not None:
        yield from _limit_problems("over", claim.parameter, claim.over, view)


def _place_problems(claim: Place, view: View, constraints: Sequence[Constraint]) -> Iterator[str]:
    if not claim.within and not claim.where:
        yield "within: a region needs limits (within) or inequalities (where)"
        return
    problems: list[str] = []
    for name, limits in claim.within.items():
        if name not in view.free:
            problems.append(_unknown(f"within.{name}", name, view))
        else:
            problems += _limit_problems(f"within.{name}", name, limits, view)
    for i, text in enumerate(claim.where):
        problems += _inequality_problems(f"where.{i}", text, view)
    yield from problems
    if not problems and not leaves_room(*_narrowed(claim, view, constraints)):
        besides = " and the constraints of the campaign" if constraints else ""
        yield f"within: no point satisfies {claim.place}{besides}"


def _limit_problems(field: str, name: str, limits: Sequence[Value], view: View) -> Iterator[str]:
    parameter = view.free[name]
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
        low, high = (number(v, parameter.unit) for v in limits)
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


def _inequality_problems(field: str, text: str, view: View) -> Iterator[str]:
    try:
        constraint = read_constraint(text, view.parameters)
    except ValueError as error:
        yield f"{field}: {error}"
        return
    if constraint.equality:
        yield f"{field}: {text!r} is an equality; a region needs <= or >="
    elif not constraint.coefficients:
        yield f"{field}: {text!r} holds only fixed parameters"


def _setting_problems(point: Mapping[str, Value], view: View) -> list[str]:
    problems = []
    for name, value in point.items():
        if name not in view.free:
            problems.append(_unknown(name, name, view))
        elif fault := _fault(view.free[name], value):
            problems.append(f"{name}: {fault}")
    return problems


def _broken(point: Mapping[str, Value], view: View, constraints: Sequence[Constraint]) -> list[str]:
    """Constraints that a point breaks, as far as it names what stands in them."""
    values = {
        n: number(v, view.free[n].unit)  # type: ignore[union-attr]  # a choice is left out
        for n, v in point.items()
        if not isinstance(view.free[n], Choice)
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


def _unknown(field: str, name: str, view: View) -> str:
    return f"{field}: no free parameter {name!r}; there are {', '.join(view.free)}"


def _narrowed(
    claim: Place, view: View, constraints: Sequence[Constraint]
) -> tuple[dict[str, Free], list[Constraint]]:
    """The space inside a region: its numeric parameters, and the inequalities besides."""
    free = dict(view.free)
    for name, limits in claim.within.items():
        parameter = free[name]
        if not isinstance(parameter, Choice):
            low, high = (number(v, parameter.unit) for v in limits)
            bottom, top = ends(parameter)
            free[name] = _between(parameter, max(low, bottom), min(high, top))
    return free, [*constraints, *(read_constraint(t, view.parameters) for t in claim.where)]


def _between(parameter: Range | Integer | Ordered, low: float, high: float) -> Range:
    slack = 1e-9 * max(abs(low), abs(high), 1.0) if low >= high else 0.0
    return Range(low=low - slack, high=high + slack, unit=parameter.unit)


def _ways_out(claims: Sequence[Hypothesis], view: View, constraints: Sequence[Constraint]) -> bool:
    """Whether some point lies outside every hard avoid: one condition of each is broken."""
    escapes = [[*_escapes(claim, view)] for claim in _hard(claims)]
    if not escapes:
        return True
    ways = itertools.islice(itertools.product(*escapes), COMBINED)
    return any(_open(way, view, constraints) for way in ways) or (
        math.prod(map(len, escapes)) > COMBINED
    )


type Escape = Constraint | tuple[str, frozenset[int]]
"""How to leave a region: beyond a plane, or by a choice that is none of the named ones."""


def _escapes(claim: Avoid, view: View) -> Iterator[Escape]:
    for name, limits in claim.within.items():
        parameter = view.free[name]
        if isinstance(parameter, Choice):
            named = {parameter.values.index(parameter.check(v)) for v in limits}
            if left := frozenset(range(len(parameter.values))) - named:
                yield name, left
        else:
            low, high = (number(v, parameter.unit) for v in limits)
            yield _beyond(claim, {name: -1.0}, -high, view)
            yield _beyond(claim, {name: 1.0}, low, view)
    for text in claim.where:
        inside = read_constraint(text, view.parameters)
        opposite = {n: -k for n, k in inside.coefficients.items()}
        yield _beyond(claim, opposite, -inside.bound, view)


def _beyond(
    claim: Avoid, coefficients: Mapping[str, float], bound: float, view: View
) -> Constraint:
    """A half-space without its edge, which belongs to the region."""
    spans = [ends(view.free[n]) for n in coefficients]  # type: ignore[arg-type]
    span = sum(abs(k) * (s[1] - s[0]) for k, s in zip(coefficients.values(), spans, strict=True))
    return Constraint(claim.title, coefficients, bound - 1e-6 * span, False)


def _open(way: Sequence[Escape], view: View, constraints: Sequence[Constraint]) -> bool:
    planes = [step for step in way if isinstance(step, Constraint)]
    left: dict[str, frozenset[int]] = {}
    for step in way:
        if not isinstance(step, Constraint):
            left[step[0]] = left.get(step[0], step[1]) & step[1]
    return all(left.values()) and leaves_room(view.free, [*constraints, *planes])
