"""Points as the numbers that the model sees, and back: a name is a column, a choice an index.

A numeric parameter, or its logarithm on a log scale, is scaled to 0 at its low and 1 at its high
end. A log-scaled parameter in a linear constraint is only divided by its high end, so that the
constraint stays linear: the model takes the logarithm itself (``logarithms``).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from planner.campaign.campaign import Campaign
from planner.campaign.expression import Constraint
from planner.campaign.parameter import Free, Range, ends
from planner.campaign.values import Point, Value
from planner.space.encoding import Floats
from planner.space.equalities import independent

LISTED_VALUES = 1000
"""A parameter with more settings than this is treated as continuous, and rounded at the end."""

EDGE = 1e-9
"""How far beyond its bounds a column may be by rounding; bounds are about one apart."""


@dataclass(frozen=True)
class Coding:
    """How the free parameters of a campaign are turned into columns."""

    campaign: Campaign

    @cached_property
    def free(self) -> tuple[tuple[str, Free], ...]:
        """Names and parameters, by column."""
        return tuple(self.campaign.free.items())

    @cached_property
    def names(self) -> list[str]:
        """What the columns are called, so that no name of a laboratory can be misread."""
        return [f"p{i}" for i in range(len(self.free))]

    @cached_property
    def _constrained(self) -> set[str]:
        return {name for c in self.campaign.linear_constraints for name in c.coefficients}

    @cached_property
    def bounds(self) -> list[tuple[float, float]]:
        """Lowest and highest number of each column; of one that is not continuous they are settings
        to the last digit, as BoTorch asks."""
        return [
            (min(settings), max(settings))
            if (settings := self.discrete.get(i))
            else (self._scaled(i, low), self._scaled(i, high))
            for i, (low, high) in enumerate(self._extent)
        ]

    @cached_property
    def discrete(self) -> dict[int, list[float]]:
        """The allowed numbers of each column that is not continuous."""
        return {
            i: [self._scaled(i, self._number(name, p, value)) for value in p.grid()]
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
        """The linear constraints over columns ``0, 1, ...`` as names, each with its own to say."""
        return independent([self._constraint(c) for c in self.campaign.linear_constraints])

    def encode(self, points: Sequence[Mapping[str, Value]]) -> Floats:
        """Points as rows, shape (n, d). Values as they were run may lie outside the bounds."""
        columns = [
            self._scaled(i, self._numbers(name, p, [point[name] for point in points]))
            for i, (name, p) in enumerate(self.free)
        ]
        return np.array(columns, dtype=float).T.reshape(len(points), len(self.free))

    def unit(self, points: Sequence[Mapping[str, Value]]) -> Floats:
        """As the model sees them, shape (n, d): the logarithm taken, bounds at 0 and 1; of a
        choice, its index over the number of the last one."""
        rows, (low, high) = self.encode(points), np.array(self.bounds).T
        for column in self.logarithms:
            ends = np.log10([low[column], high[column]])
            rows[:, column], (low[column], high[column]) = np.log10(rows[:, column]), ends
        return np.asarray((rows - low) / (high - low))

    def is_inside(self, row: Floats) -> bool:
        """Whether columns (d,) are within the bounds and keep the constraints; steps do not
        count."""
        low, high = np.array(self.bounds).T
        values = {str(i): float(number) for i, number in enumerate(row)}
        within = bool(np.all((row >= low - EDGE) & (row <= high + EDGE)))
        return within and all(constraint.holds(values) for constraint in self.constraints)

    def decode(self, row: Sequence[Any]) -> Point:
        """The nearest allowed point, or, where that breaks an inequality, one a step beside it.
        ValueError where this breaks a constraint, too."""
        values = {}
        for i, (name, parameter) in enumerate(self.free):
            shift, scale = self._affine[i]
            values[name] = self._value(name, parameter, float(row[i]) * scale + shift)
        for constraint in self.campaign.linear_constraints:
            values = self._kept(constraint, values)
        return self.campaign.complete(values)

    def _kept(self, constraint: Constraint, values: Point) -> Point:
        """With as many fine steps moved on by one as it takes that an inequality holds."""
        kept = dict(values)
        for i, (name, parameter) in enumerate(self.free):
            numbers = {n: float(kept[n]) for n in constraint.names}
            if constraint.equality or constraint.holds(numbers):
                break
            if name in numbers and i not in self.discrete and not math.isinf(parameter.count):
                step = math.copysign(
                    getattr(parameter, "step", None) or 1, constraint.coefficients[name]
                )
                kept[name] = self._value(name, parameter, numbers[name] - step)
        return kept

    @cached_property
    def _extent(self) -> list[tuple[float, float]]:
        """Smallest and largest number of each parameter, before scaling."""
        return [self._ends(name, parameter) for name, parameter in self.free]

    @cached_property
    def _affine(self) -> list[tuple[float, float]]:
        """Shift and scale of each column: the number is ``column * scale + shift``."""
        return [
            (0.0, 1.0) if i in self.categorical else (0.0, high) if i in self.logarithms
            else (low, high - low)
            for i, (low, high) in enumerate(self._extent)
        ]  # fmt: skip

    def _scaled[T: (float, Floats)](self, i: int, number: T) -> T:
        shift, scale = self._affine[i]
        return (number - shift) / scale

    def _ends(self, name: str, parameter: Free) -> tuple[float, float]:
        if parameter.kind == "choice":
            return 0.0, float(len(parameter.values) - 1)
        low, high = ends(parameter)
        return self._number(name, parameter, low), self._number(name, parameter, high)

    def _is_log(self, name: str, parameter: Free) -> bool:
        is_log = isinstance(parameter, Range) and parameter.scale == "log"
        return is_log and name not in self._constrained

    def _number(self, name: str, parameter: Free, value: Value) -> float:
        if parameter.kind == "choice":
            return float(parameter.values.index(value))
        return math.log10(float(value)) if self._is_log(name, parameter) else float(value)

    def _numbers(self, name: str, parameter: Free, values: Sequence[Value]) -> Floats:
        if parameter.kind == "choice":
            places = {value: i for i, value in enumerate(parameter.values)}
            return np.array([places[value] for value in values], dtype=float)
        numbers = np.array(values, dtype=float)
        return np.log10(numbers) if self._is_log(name, parameter) else numbers

    def _value(self, name: str, parameter: Free, number: float) -> Value:
        match parameter.kind:
            case "choice":
                return parameter.values[round(number)]
            case "ordered":
                return min(parameter.values, key=lambda value: abs(value - number))
            case "integer":
                return min(max(round(number), parameter.low), parameter.high)
            case "range" if parameter.allow_zero and number < parameter.low / 2:
                return 0.0
        if parameter.step:
            number = (
                parameter.low + round((number - parameter.low) / parameter.step) * parameter.step
            )
        elif self._is_log(name, parameter):
            number = 10**number
        return min(max(number, parameter.low), parameter.high)

    def _constraint(self, constraint: Constraint) -> Constraint:
        columns = {name: i for i, (name, _) in enumerate(self.free)}
        given = {columns[name]: k for name, k in constraint.coefficients.items()}
        shift = sum(k * self._affine[i][0] for i, k in given.items())
        scaled = {str(i): k * self._affine[i][1] for i, k in given.items()}
        bound = constraint.bound - shift
        return Constraint(constraint.text, scaled, bound, constraint.equality)
