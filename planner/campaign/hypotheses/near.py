"""``near``: the optimum lies near a point."""

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from planner.campaign.cube import Cube
from planner.campaign.expression import Constraint
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.fitting import point_problems
from planner.campaign.hypotheses.form import ClaimField, Number, SettingsField
from planner.campaign.hypotheses.reversing import far
from planner.campaign.hypotheses.wording import listed
from planner.campaign.parameter import Choice, Range, ends, read_number
from planner.campaign.units import convert_spread, split_quantity
from planner.campaign.values import Point, Value


class Near(Claim):
    """The optimum lies near a point. Parameters that are not named are left open."""

    about: ClassVar[str] = "the optimum lies near a point"
    form: ClassVar[tuple[ClaimField, ...]] = (
        SettingsField("point"),
        Number("width", "Width, as a share of each range", low=0.05, high=0.5, start=0.2),
    )

    kind: Literal["near"] = "near"
    point: dict[str, Value] = Field(min_length=1)
    width: Annotated[float, Field(gt=0, le=10)] | dict[str, Value] = 0.2
    """Standard deviation: one share of every range, or for each parameter in its own unit; on a
    log scale a factor."""

    @property
    def words(self) -> str:
        return f"the optimum lies near {listed(self.point)}"

    def says(self, cube: Cube) -> Any:
        """exp(-r^2 / 2) at the distance of r widths."""
        return math.e ** (-sum(cube.away(n, c, self.share(cube, n)) ** 2 for n, c in
                               self.point.items()) / 2)  # fmt: skip

    def share(self, cube: Cube, name: str) -> float:
        """The width of a parameter as a share of its range. ValueError where it is not above 0."""
        if not isinstance(self.width, dict):
            return self.width
        parameter, given = cube.free[name], self.width[name]
        if isinstance(parameter, Choice):
            return _above(0, read_number(given, ""))
        low, high = ends(parameter)
        if isinstance(parameter, Range) and parameter.scale == "log":
            return math.log(_above(1, read_number(given, ""))) / math.log(high / low)
        return _above(0, _spread(given, parameter.unit)) / (high - low)

    def problems(self, cube: Cube, constraints: Sequence[Constraint]) -> Iterator[str]:
        """Settings that do not fit, then widths that do not."""
        found = point_problems(self.point, cube, constraints)
        yield from (f"point.{problem}" for problem in found)
        if isinstance(self.width, dict) and not found:
            yield from (f"width.{problem}" for problem in self._width_problems(cube, self.width))

    def _width_problems(self, cube: Cube, widths: dict[str, Value]) -> Iterator[str]:
        named = ", ".join(self.point)
        for name in widths:
            if name not in self.point:
                yield f"{name}: the point does not name it; there are {named}"
        for name in self.point:
            if name not in widths:
                yield f"{name}: no value came"
                continue
            try:
                self.share(cube, name)
            except ValueError as error:
                yield f"{name}: {error}"

    @property
    def axes(self) -> Sequence[str]:
        return list(self.point)

    def held(self, cube: Cube) -> Point:
        """At the point itself."""
        return {n: cube.free[n].check(value, within=False) for n, value in self.point.items()}

    def reversal(self, cube: Cube) -> dict[str, Any]:
        """A point half of every range away."""
        return {"point": far(cube, self.point)}


def _above(limit: float, width: float) -> float:
    if not width > limit:
        raise ValueError(f"a width must be above {limit:g}, not {width:g}")
    return width


def _spread(given: Value, unit: str) -> float:
    """A width in the unit of its parameter: 30 K are 30 degC, not -243."""
    if not isinstance(given, str):
        return read_number(given, unit)
    number, own = split_quantity(given)
    if number <= 0:
        return number
    return convert_spread(0.0, number, own, unit) if own else number
