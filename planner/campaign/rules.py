"""What a constraint of a campaign can be: a linear sum, a count of components, or a formula."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planner.campaign.expression import (
    Constraint,
    Formula,
    LinearForm,
    linear_constraint,
    parse_formula,
    sides_of,
)
from planner.campaign.parameter import Choice, Derived, Fixed, Parameter, has_numbers, is_number

ROUNDING = 1e-9
"""By how much a formula may be broken, of its larger side."""
_COUNT = re.compile(r"\s*at (most|least)\s+(\S+)\s+of\s+(.+)", re.DOTALL)


@dataclass(frozen=True)
class CountConstraint:
    """``at most 3 of Fe, Ni, Co, Mn`` or ``at least 2 of ...``: how many may, or must, differ
    from 0."""

    text: str
    names: tuple[str, ...]
    least: int
    most: int

    def holds(self, values: Mapping[str, float]) -> bool:
        """Whether so many differ from 0."""
        return self.least <= sum(float(values[n]) != 0 for n in self.names) <= self.most

    def keeps(self, columns: Mapping[str, Any]) -> Any:
        """The same over columns of NumPy, shape (n,)."""
        present = sum((columns[n] != 0).astype(int) for n in self.names)
        return (self.least <= present) & (present <= self.most)


@dataclass(frozen=True)
class FormulaConstraint:
    """``voltage * current <= 40``: what is no linear sum of the parameters that are set."""

    text: str
    left: Formula
    right: Formula
    """``left <= right``."""

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters in it, derived ones by their own name."""
        return tuple(dict.fromkeys((*self.left.names, *self.right.names)))

    def holds(self, values: Mapping[str, float]) -> bool:
        """Whether it holds, to rounding; it does not where a side has no value."""
        try:
            left, right = self.left(values), self.right(values)
        except ValueError:
            return False
        return left - right <= ROUNDING * max(abs(left), abs(right))

    def excess(self, columns: Mapping[str, Any]) -> Any:
        """Over columns of NumPy, by how much the left side is the larger, shape (n,); NaN where a
        side has no value."""
        return self.left.over(columns) - self.right.over(columns)


type AnyConstraint = Constraint | CountConstraint | FormulaConstraint


def read_any(text: str, parameters: Mapping[str, Parameter]) -> AnyConstraint:
    """A constraint as it is written; ValueError says what cannot be read. Fixed parameters count
    with their value, derived ones by their formula."""
    if match := _COUNT.fullmatch(str(text)):
        return _counted(str(text), match, parameters)
    forms = _linear_forms(parameters)
    curved = {n for n, p in parameters.items() if isinstance(p, Derived)} - {*forms}
    try:
        left, relation, right = sides_of(text, [*forms, *curved])
    except ValueError as error:
        wordy = [n for n in parameters if n not in forms and n not in curved]
        raise ValueError(_without_numbers(text, wordy) or str(error)) from error
    for side in (left, right):
        if not side.names:
            side({})  # a number has to have a value
    try:
        sums = left.linear(forms), right.linear(forms)
    except (ValueError, KeyError):
        return _curved(text, left, relation, right)
    return linear_constraint(text, sums[0], relation, sums[1])


def _without_numbers(text: str, names: Iterable[str]) -> str:
    """That a constraint names a parameter that has no numbers; empty where it does not."""
    for name in names:
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            return f"{name!r} in {text!r} has no numbers, as a constraint needs them"
    return ""


def _curved(text: str, left: Formula, relation: str, right: Formula) -> FormulaConstraint:
    if relation == "==":
        raise ValueError(f"{text!r} is not linear, as an equality has to be")
    sides = (left, right) if relation == "<=" else (right, left)
    return FormulaConstraint(str(text), *sides)


def planes(
    rules: Iterable[AnyConstraint], parameters: Mapping[str, Parameter]
) -> Iterator[Constraint]:
    """Those that are linear, and in parameters whose numbers have an order."""
    for rule in rules:
        if isinstance(rule, Constraint) and not any(
            isinstance(parameters[n], Choice) for n in rule.names
        ):
            yield rule


def _counted(
    text: str, match: re.Match[str], parameters: Mapping[str, Parameter]
) -> CountConstraint:
    names = tuple(dict.fromkeys(name.strip().strip("`") for name in match[3].split(",")))
    fixed = _fixed_numbers(parameters)
    numeric = [n for n, p in parameters.items() if has_numbers(p) or n in fixed]
    if wrong := [name for name in names if name not in numeric]:
        raise ValueError(
            f"{', '.join(map(repr, wrong))} in {text!r} is no parameter with a number; "
            f"there are {', '.join(numeric)}"
        )
    if not match[2].isdigit():
        raise ValueError(f"{match[2]!r} in {text!r} is no whole number in digits")
    number = int(match[2])
    if not 0 <= number <= len(names):
        raise ValueError(f"{text!r} names {len(names)} parameters, fewer than {number}")
    least, most = (0, number) if match[1] == "most" else (number, len(names))
    there = sum(fixed[n] != 0 for n in names if n in fixed)
    free = tuple(n for n in names if n not in fixed)
    return CountConstraint(text, free, least - there, most - there)


def _fixed_numbers(parameters: Mapping[str, Parameter]) -> dict[str, float]:
    return {
        n: float(p.value)
        for n, p in parameters.items()
        if isinstance(p, Fixed) and is_number(p.value)
    }


def _linear_forms(parameters: Mapping[str, Parameter]) -> dict[str, LinearForm]:
    """What each number is as a sum of those that are set; derived ones only where they are one."""
    forms = {n: LinearForm({n: 1.0}) for n, p in parameters.items() if has_numbers(p)}
    forms |= {n: LinearForm(constant=v) for n, v in _fixed_numbers(parameters).items()}
    for name, parameter in parameters.items():
        if isinstance(parameter, Derived):
            try:
                forms[name] = parse_formula(parameter.formula, [*forms]).linear(forms)
            except ValueError:  # it is curved, or cannot be read, which is told elsewhere
                continue
    return forms
