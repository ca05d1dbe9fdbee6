"""What ``region`` and ``avoid`` have in common: a place, told by limits and inequalities."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from pydantic import Field

from planner.campaign.checks import read_constraint
from planner.campaign.cube import Cube
from planner.campaign.expression import Constraint
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.fitting import (
    inequality_problems,
    limit_problems,
    read_limits,
    unknown,
)
from planner.campaign.hypotheses.reversing import shifted, turned
from planner.campaign.hypotheses.wording import is_span, limited
from planner.campaign.parameter import (
    Choice,
    Free,
    Integer,
    Ordered,
    Range,
    ends,
    from_unit,
    read_number,
    to_unit,
)
from planner.campaign.room import leaves_room
from planner.campaign.values import Point, Value, shown

EDGE = 0.05
"""Width of the soft edge of a region, as a share of each range."""


class Place(Claim):
    """Limits for single parameters (``within``) and linear inequalities (``where``), all of which
    hold in the region that is meant."""

    within: dict[str, tuple[Value, ...]] = Field(default_factory=dict)
    """Low and high of a numeric parameter, or the values of a choice."""
    where: tuple[str, ...] = ()

    def beyond(self, cube: Cube) -> Any:
        """Squared distance from the region, in shares of the ranges; 0 inside."""
        gaps = [cube.outside(name, limits) for name, limits in self.within.items()]
        gaps += [cube.excess(text) for text in self.where]
        return sum(gap**2 for gap in gaps)

    def inside(self, cube: Cube) -> Any:
        """1 inside, falling to 0 over a soft edge."""
        return math.e ** (-self.beyond(cube) / (2 * EDGE**2))

    def in_units(self, parameters: Mapping[str, Any]) -> Self:
        read = {n: read_limits(parameters.get(n), v) for n, v in self.within.items()}
        return self if read == self.within else self.model_copy(update={"within": read})

    def met(self, point: Point) -> str:
        """``T = 705 is in 690 to 720``, for every limit, and the inequalities that hold."""
        limits = [
            f"{n} = {shown(point[n])}" + (f" is in {limited(v)}" if is_span(v) else "")
            for n, v in self.within.items()
        ]
        return " and ".join([*limits, *self.where])

    @property
    def place(self) -> str:
        """The region in words."""
        limits = [f"{n} {limited(v)}" for n, v in self.within.items()]
        return " and ".join([*limits, *self.where])

    def problems(self, cube: Cube, constraints: Sequence[Constraint]) -> Iterator[str]:
        """Limits and inequalities that do not fit; else whether any point is inside."""
        if not self.within and not self.where:
            yield "within: a region needs limits (within) or inequalities (where)"
            return
        found = [*self._limit_problems(cube)]
        for i, text in enumerate(self.where):
            found += inequality_problems(f"where.{i}", text, cube)
        yield from found
        if not found and not leaves_room(*self._narrowed(cube, constraints)):
            besides = " and the constraints of the campaign" if constraints else ""
            yield f"within: no point satisfies {self.place}{besides}"

    def _limit_problems(self, cube: Cube) -> Iterator[str]:
        for name, limits in self.within.items():
            if name not in cube.free:
                yield unknown(f"within.{name}", name, cube)
            else:
                yield from limit_problems(f"within.{name}", name, limits, cube, one=True)

    def _narrowed(
        self, cube: Cube, constraints: Sequence[Constraint]
    ) -> tuple[dict[str, Free], list[Constraint]]:
        """The space inside: its numeric parameters, and the inequalities besides."""
        free = dict(cube.free)
        for name, limits in self.within.items():
            parameter = free[name]
            if not isinstance(parameter, Choice):
                low, high = (read_number(v, parameter.unit) for v in limits)
                bottom, top = ends(parameter)
                free[name] = _between(parameter, max(low, bottom), min(high, top))
        return free, [*constraints, *(read_constraint(t, cube.parameters) for t in self.where)]

    @property
    def axes(self) -> Sequence[str]:
        return list(self.within)

    def held(self, cube: Cube) -> Point:
        """In the middle of its limits; of a choice, at the first value."""
        return {n: _middle(cube.free[n], limits) for n, limits in self.within.items()}

    def reversal(self, cube: Cube) -> dict[str, Any]:
        """Limits half of every range away, and inequalities turned round."""
        return {
            "within": {n: shifted(cube.free[n], v) for n, v in self.within.items()},
            "where": tuple(turned(cube, text) for text in self.where),
        }


def _middle(parameter: Free, limits: Sequence[Value]) -> Value:
    if isinstance(parameter, Choice):
        return parameter.check(limits[0])
    low, high = (to_unit(parameter, parameter.check(v, within=False)) for v in limits)
    return from_unit(parameter, (low + high) / 2)


def _between(parameter: Range | Integer | Ordered, low: float, high: float) -> Range:
    slack = 1e-9 * max(abs(low), abs(high), 1.0) if low >= high else 0.0
    return Range(low=low - slack, high=high + slack, unit=parameter.unit)
