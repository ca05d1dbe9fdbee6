"""Points as a claim sees them: where they lie on each parameter. Arrays of NumPy or of Torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from planner.campaign.checks import read_constraint
from planner.campaign.outcome import Outcome
from planner.campaign.parameter import (
    Choice,
    Derived,
    Fixed,
    Free,
    Parameter,
    Range,
    ends,
    read_number,
    to_unit,
)


@dataclass(frozen=True)
class Cube:
    """Rows of the unit cube, shape (..., d), and what their columns mean.

    Only arithmetic that NumPy and Torch share is used, so that the model can follow gradients
    through what a claim says.
    """

    parameters: Mapping[str, Parameter]
    outcomes: Mapping[str, Outcome]
    rows: Any

    @cached_property
    def free(self) -> dict[str, Free]:
        """The parameters by column."""
        return {n: p for n, p in self.parameters.items() if not isinstance(p, Fixed | Derived)}

    def unit(self, name: str) -> Any:
        """Where the points lie on one parameter, 0 to 1, shape (...)."""
        return self.rows[..., list(self.free).index(name)]

    def setting(self, name: str) -> Any:
        """The settings of a numeric parameter in its unit, shape (...)."""
        parameter = self.free[name]
        if isinstance(parameter, Choice):
            raise TypeError(f"{name} is a choice and has no number")
        (low, high), u = ends(parameter), self.unit(name)
        is_log = isinstance(parameter, Range) and parameter.scale == "log"
        return low * (high / low) ** u if is_log else low + u * (high - low)

    def differs(self, name: str, values: Sequence[Any]) -> Any:
        """1 where a choice is none of ``values``, else 0."""
        parameter = self.free[name]
        places = [to_unit(parameter, parameter.check(v)) for v in values]
        off = 1.0
        for place in places:
            off = off * (abs(self.unit(name) - place) > 1e-6)
        return off

    def outside(self, name: str, limits: Sequence[Any]) -> Any:
        """How far outside limits, as a share of the range; of a choice, limits are values."""
        parameter = self.free[name]
        if isinstance(parameter, Choice):
            return self.differs(name, limits)
        low, high = (to_unit(parameter, read_number(v, parameter.unit)) for v in limits)
        u = self.unit(name)
        return (low - u).clip(0, None) + (u - high).clip(0, None)

    def away(self, name: str, centre: Any, width: float) -> Any:
        """Distance from a setting in widths; another choice is one range away."""
        parameter = self.free[name]
        if isinstance(parameter, Choice):
            return self.differs(name, [centre]) / width
        return (self.unit(name) - to_unit(parameter, read_number(centre, parameter.unit))) / width

    def excess(self, text: str) -> Any:
        """How far beyond a linear inequality, as a share of what its terms can reach."""
        constraint = read_constraint(text, self.parameters)
        total, span = -constraint.bound, 0.0
        for name, k in constraint.coefficients.items():
            low, high = ends(self.free[name])  # type: ignore[arg-type]  # a choice has no number
            total, span = total + k * self.setting(name), span + abs(k) * (high - low)
        return (total / span).clip(0, None)  # type: ignore[attr-defined]
