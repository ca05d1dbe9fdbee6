"""Points as the numbers that the model sees, and back: a name is a column, a choice an index.

A continuous parameter is its value, or its logarithm to base 10 on a log scale; a stepped one
counts steps; an integer and an ordered one are their values. A log-scaled parameter in a linear
constraint keeps its value, so that the constraint stays linear: the model takes the logarithm
itself (``logarithms``).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from planner.campaign import Campaign
from planner.expression import Constraint
from planner.parameter import Free, Range
from planner.space import Array
from planner.values import Point, Value

LISTED_VALUES = 1000
"""A parameter with more settings than this is treated as continuous, and rounded at the end."""


@dataclass(frozen=True)
class Coding:
    """How the free parameters of a campaign are turned into columns."""

    campaign: Campaign

    @cached_property
    def free(self) -> tuple[tuple[str, Free], ...]:
        """Names and parameters, by column."""
        return tuple(self.campaign.free.items())

    @cached_property
    def _constrained(self) -> set[str]:
        return {name for c in self.campaign.linear_constraints for name in c.coefficients}

    @cached_property
    def bounds(self) -> list[tuple[float, float]]:
        """Lowest and highest number of each column."""
        return [self._bounds(name, parameter) for name, parameter in self.free]

    @cached_property
    def discrete(self) -> dict[int, list[float]]:
        """The allowed numbers of each column that is not continuous."""
        return {
            i: [self._number(name, p, value) for value in p.grid()]
            for i, (name, p) in enumerate(self.free)
            if 0 < p.count <= LISTED_VALUES
        }

    @cached_property
    def categorical(self) -> list[int]:
        """Columns whose numbers have neither order nor distance."""
        return [i for i, (_, parameter) in enumerate(self.free) if parameter.kind == "choice"]

    @cached_property
    def logarithms(self) -> list[int]:
        """Columns of which the model takes the logarithm."""
        return [
            i
            for i, (name, p) in enumerate(self.free)
            if isinstance(p, Range) and p.scale == "log" and name in self._constrained
        ]

    @cached_property
    def constraints(self) -> list[Constraint]:
        """The linear constraints over columns ``0, 1, ...`` as names."""
        return [self._constraint(c) for c in self.campaign.linear_constraints]

    def encode(self, points: Sequence[Mapping[str, Value]]) -> Array:
        """Points as rows, shape (n, d). Values as they were run may lie outside the bounds."""
        rows = [[self._number(n, p, point[n]) for n, p in self.free] for point in points]
        return np.array(rows, dtype=float).reshape(len(points), len(self.free))

    def decode(self, row: Sequence[Any]) -> Point:
        """The nearest allowed point. ValueError where it breaks a constraint."""
        values = {
            n: self._value(n, p, x) for (n, p), x in zip(self.free, map(float, row), strict=True)
        }
        return self.campaign.complete(values)

    def _is_log(self, name: str, parameter: Free) -> bool:
        is_log = isinstance(parameter, Range) and parameter.scale == "log"
        return is_log and name not in self._constrained

    def _bounds(self, name: str, parameter: Free) -> tuple[float, float]:
        if parameter.kind == "choice":
            return 0.0, float(len(parameter.values) - 1)
        low, high = (
            (parameter.values[0], parameter.values[-1])
            if parameter.kind == "ordered"
            else (parameter.low, parameter.high)
        )
        return self._number(name, parameter, low), self._number(name, parameter, high)

    def _number(self, name: str, parameter: Free, value: Value) -> float:
        if parameter.kind == "choice":
            return float(parameter.values.index(value))
        number = float(value)
        if self._is_log(name, parameter):
            return math.log10(number) if number > 0 else math.log10(parameter.low)  # type: ignore[union-attr]
        step = parameter.step if isinstance(parameter, Range) else None
        return (number - parameter.low) / step if step else number  # type: ignore[union-attr]

    def _value(self, name: str, parameter: Free, number: float) -> Value:
        match parameter.kind:
            case "choice":
                return parameter.values[round(number)]
            case "ordered":
                return min(parameter.values, key=lambda value: abs(value - number))
            case "integer":
                return min(max(round(number), parameter.low), parameter.high)
        if parameter.step:
            number = parameter.low + round(number) * parameter.step
        elif self._is_log(name, parameter):
            number = 10**number
        return min(max(number, parameter.low), parameter.high)

    def _constraint(self, constraint: Constraint) -> Constraint:
        steps = {n: p.step for n, p in self.free if isinstance(p, Range) and p.step}
        lows = {n: p.low for n, p in self.free if isinstance(p, Range) and p.step}
        columns = {name: str(i) for i, (name, _) in enumerate(self.free)}
        given = constraint.coefficients
        shift = sum(k * lows[n] for n, k in given.items() if n in lows)
        scaled = {columns[n]: k * steps.get(n, 1.0) for n, k in given.items()}
        return Constraint(constraint.text, scaled, constraint.bound - shift, constraint.equality)
