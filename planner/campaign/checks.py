"""Whether the parts of a campaign fit together. Each function lists what is wrong, in words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from planner.campaign.expression import Constraint, parse_constraint, parse_formula
from planner.campaign.outcome import Outcome
from planner.campaign.parameter import Derived, Fixed, Parameter, is_number
from planner.campaign.rules import read_any
from planner.campaign.stage import Stage

_CAMPAIGN_NAME = re.compile(r"[\w][\w.\- ]{0,63}")


def numeric_names(parameters: Mapping[str, Parameter]) -> list[str]:
    """Names that may stand in formulas and constraints: numbers that are set, not derived."""
    return [
        name
        for name, p in parameters.items()
        if p.kind in ("range", "integer", "ordered")
        or (isinstance(p, Fixed) and is_number(p.value))
    ]


def read_constraint(text: str, parameters: Mapping[str, Parameter]) -> Constraint:
    """The constraint with fixed parameters moved to its bound. ValueError where it cannot be
    read."""
    constraint = parse_constraint(text, numeric_names(parameters))
    fixed = {n: p.value for n in constraint.coefficients if isinstance(p := parameters[n], Fixed)}
    shift = sum(constraint.coefficients[n] * float(value) for n, value in fixed.items())
    free = {n: c for n, c in constraint.coefficients.items() if n not in fixed}
    return Constraint(constraint.text, free, constraint.bound - shift, constraint.equality)


def name_problems(name: str, parameters: Iterable[str], outcomes: Iterable[str]) -> list[str]:
    """A campaign name that is not one, and names that stand twice or differ only in width."""
    problems = []
    if not _CAMPAIGN_NAME.fullmatch(name) or name != name.strip():
        problems.append(
            f"name: {name!r} is not allowed; use letters, digits, blanks and . _ -, at most 64"
        )
    seen: set[str] = set()
    for each in (*parameters, *outcomes):
        plain = unicodedata.normalize("NFKC", each)
        if plain in seen:
            problems.append(
                f"{each}: the name stands twice; parameters and outcomes need different names"
            )
        seen.add(plain)
    return problems


def former_problems(parameters: Mapping[str, Parameter]) -> list[str]:
    """Values of ``was`` that the parameter could not have had; they may lie beyond its bounds."""
    problems = []
    for name, parameter in parameters.items():
        if not isinstance(parameter, Derived) and parameter.was is not None:
            try:
                parameter.check(parameter.was, within=False)
            except ValueError as error:
                problems.append(f"parameters.{name}.was: {error}")
    return problems


def formula_problems(parameters: Mapping[str, Parameter]) -> list[str]:
    """Derived parameters whose formula cannot be read."""
    problems = []
    for name, parameter in parameters.items():
        if isinstance(parameter, Derived):
            try:
                parse_formula(parameter.formula, numeric_names(parameters))
            except ValueError as error:
                problems.append(f"parameters.{name}.formula: {error}")
    return problems


def constraint_problems(texts: Sequence[str], parameters: Mapping[str, Parameter]) -> list[str]:
    """Constraints that cannot be read, or that no setting could keep."""
    problems = []
    for i, text in enumerate(texts):
        try:
            constraint = read_any(text, parameters)
        except ValueError as error:
            problems.append(f"constraints.{i}: {error}")
            continue
        if not constraint.names:
            problems.append(f"constraints.{i}: {text!r} names no parameter that is set")
        elif isinstance(constraint, Constraint) and constraint.equality:
            problems += _equality_problems(f"constraints.{i}", constraint, parameters)
    return problems


def _equality_problems(
    field: str, constraint: Constraint, parameters: Mapping[str, Parameter]
) -> Iterator[str]:
    """An equality that no setting can be worked out from."""
    kinds = {parameters[n].kind for n in constraint.coefficients}
    if not kinds & {"range", "integer"}:
        text = constraint.text
        yield f"{field}: an equality ({text!r}) needs parameters of kind range or integer"


def stage_problems(stages: Sequence[Stage], outcomes: Iterable[str]) -> list[str]:
    """Doubled stages, stages after ones that do not come before them, and unknown outcomes."""
    names = [stage.name for stage in stages]
    problems = [
        f"stages: the name {n!r} stands twice" for n in dict.fromkeys(names) if names.count(n) > 1
    ]
    for i, stage in enumerate(stages):
        earlier = ", ".join(names[:i]) or "there is none"
        problems += [
            f"stages.{stage.name}.after: {n!r} is not an earlier stage ({earlier})"
            for n in stage.after
            if n not in names[:i]
        ]
        problems += [
            f"stages.{stage.name}.gives: {n!r} is no outcome"
            for n in stage.gives
            if n not in outcomes
        ]
    return problems


def outcome_problems(outcomes: Mapping[str, Outcome], stages: Sequence[Stage]) -> list[str]:
    """Outcomes that no stage gives, or several, and a campaign without a goal."""
    given = [name for stage in stages for name in stage.gives]
    problems = [
        f"outcomes.{name}: "
        + ("no stage gives it" if name not in given else "more than one stage gives it")
        for name in outcomes
        if given.count(name) != 1
    ]
    if not any(outcome.is_objective for outcome in outcomes.values()):
        problems.append("outcomes: none has a goal maximize, minimize or target")
    return problems
