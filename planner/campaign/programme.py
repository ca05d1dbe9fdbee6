"""The space of a campaign as a mixed-integer linear programme: whether it has a point at all, and
corners of it. Linear constraints, steps, whole numbers, levels, gaps and counts are exact; formulas
are left aside."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from planner.campaign.expression import Constraint, LinearForm
from planner.campaign.parameter import Choice, Free, ends, has_numbers
from planner.campaign.rules import AnyConstraint, CountConstraint

TINY = 1e-3
"""Of its high end: as much of a component counts as some of it."""
EVEN = 1e-9
"""By how much steps may differ, of their size, and still be one step."""
INFEASIBLE = 2
"""SciPy's status of a programme that is proved to have no point."""
PATIENCE = 10.0
"""Seconds after which a programme is given up; most take milliseconds."""


@dataclass
class Programme:
    """Variables ``0, 1, ...`` and rows; every parameter that has a number is a sum of variables."""

    free: Mapping[str, Free]
    rules: Sequence[AnyConstraint]
    _bounds: list[tuple[float, float]] = field(default_factory=list)
    _whole: list[bool] = field(default_factory=list)
    _rows: list[tuple[LinearForm, float, float]] = field(default_factory=list)
    present: dict[str, LinearForm] = field(default_factory=dict)
    """Of each component that is counted or may be left out: 1 where there is some of it, else 0."""

    def __post_init__(self) -> None:
        numeric = {n: p for n, p in self.free.items() if has_numbers(p)}
        self.values = {name: self._value(name, p) for name, p in numeric.items()}
        for rule in self.rules:
            if isinstance(rule, Constraint):
                self._add_linear(rule)
            elif isinstance(rule, CountConstraint):
                self._add_count(rule)

    @property
    def is_empty(self) -> bool:
        """Whether it is proved that there is no point."""
        return bool(self._rows) and self._solved([0.0] * self.size, {}).status == INFEASIBLE

    def corner(
        self, pull: Sequence[float], held: Mapping[int, float] | None = None
    ) -> list[float] | None:
        """The variables where the sum ``pull * variable`` is smallest, with those ``held`` that
        are given; None where none was found."""
        x = self._solved(pull, held or {}).x
        return None if x is None else x.tolist()

    def _solved(self, pull: Sequence[float], held: Mapping[int, float]) -> Any:
        import numpy as np
        from scipy.optimize import Bounds, milp  # half a second, needed only here

        low, high = np.array(self._bounds, dtype=float).T
        for i, value in held.items():
            low[i] = high[i] = value
        return milp(
            np.asarray(pull, dtype=float),
            integrality=np.array(self._whole, dtype=int),
            bounds=Bounds(low, high),
            constraints=self._matrix,
            options={"time_limit": PATIENCE},
        )

    def settings(self, variables: Sequence[float]) -> dict[str, float]:
        """The numbers of the parameters at these variables."""
        return {
            name: form.constant + sum(k * variables[int(i)] for i, k in form.coefficients.items())
            for name, form in self.values.items()
        }

    def towards(self, name: str, sign: float) -> list[float]:
        """What pulls a parameter down (1) or up (-1)."""
        coefficients = self.values[name].coefficients
        return [sign * coefficients.get(str(i), 0.0) for i in range(self.size)]

    @property
    def size(self) -> int:
        """How many variables there are."""
        return len(self._bounds)

    @cached_property
    def switches(self) -> list[int]:
        """The variables that say which components there are."""
        return sorted({int(i) for form in self.present.values() for i in form.coefficients})

    @cached_property
    def _matrix(self) -> Any:
        import numpy as np
        from scipy.optimize import LinearConstraint

        if not self._rows:
            return ()
        matrix = np.zeros((len(self._rows), self.size))
        forms, low, high = zip(*self._rows, strict=True)
        for row, form in zip(matrix, forms, strict=True):
            for i, k in form.coefficients.items():
                row[int(i)] = k
        shift = np.array([form.constant for form in forms])
        size = np.abs(matrix).max(axis=1)
        size[size == 0] = 1  # the solver's tolerance is absolute: rows are of the size of 1
        return LinearConstraint(
            matrix / size[:, None], (np.array(low) - shift) / size, (np.array(high) - shift) / size
        )

    def _variable(self, low: float, high: float, whole: bool) -> LinearForm:
        self._bounds.append((low, high))
        self._whole.append(whole)
        return LinearForm({str(self.size - 1): 1.0})

    def _switch(self) -> LinearForm:
        return self._variable(0, 1, whole=True)

    def _keep(self, form: LinearForm, low: float, high: float) -> None:
        self._rows.append((form, low, high))

    def _value(self, name: str, parameter: Free) -> LinearForm:
        """The number of a parameter: continuous, by whole steps, or one of some levels."""
        if parameter.kind == "range" and parameter.step is None:
            low, high = ends(parameter)
            value = self._variable(0, 1, whole=False) * (high - low) + low
            if parameter.allow_zero:
                self.present[name] = switch = self._switch()
                self._between(value, switch, parameter.low, parameter.high)
            return value
        if parameter.kind == "integer":
            return self._variable(parameter.low, parameter.high, whole=True)
        levels = [float(value) for value in parameter.grid()]
        step = levels[1] - levels[0]
        if all(math.isclose(b - a, step, rel_tol=EVEN) for a, b in pairwise(levels)):
            return self._variable(0, len(levels) - 1, whole=True) * step + levels[0]
        chosen = [self._switch() for _ in levels]
        self._keep(_sum(chosen), 1, 1)
        return _sum(c * level for c, level in zip(chosen, levels, strict=True))

    def _between(self, value: LinearForm, switch: LinearForm, low: float, high: float) -> None:
        """``low`` to ``high`` where the switch is on, else 0."""
        self._keep(value - switch * high, -math.inf, 0)
        self._keep(value - switch * low, 0, math.inf)

    def _add_linear(self, rule: Constraint) -> None:
        total = _sum(self.values[n] * k for n, k in rule.coefficients.items())
        self._keep(total, rule.bound if rule.equality else -math.inf, rule.bound)

    def _add_count(self, rule: CountConstraint) -> None:
        self._keep(_sum(self._is_present(n) for n in rule.names), rule.least, rule.most)

    def _is_present(self, name: str) -> LinearForm:
        if name not in self.present:
            low, high = _reach(self.free[name])
            if low > 0 or high < 0:
                return LinearForm(constant=1.0)
            self.present[name] = switch = self._switch()
            self._between(self.values[name], switch, low if low < 0 else TINY * high, high)
        return self.present[name]


def _sum(forms: Any) -> LinearForm:
    total = LinearForm()
    for form in forms:
        total = total + form
    return total


def _reach(parameter: Free) -> tuple[float, float]:
    if isinstance(parameter, Choice):
        levels = [float(value) for value in parameter.values]
        return min(levels), max(levels)
    return ends(parameter)
