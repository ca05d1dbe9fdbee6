"""What a researcher claims, as values. One idea is under all kinds: what a claim says about a
point, between 0 (nothing good here) and 1. Belief, evidence, picture and text follow from it.
"""

import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from planner.campaign.cube import View
from planner.campaign.parameter import Choice, Range, ends, read_number, to_unit
from planner.campaign.units import convert_spread, split_quantity
from planner.campaign.values import Frozen, Value, shown

EDGE = 0.05
"""Width of the soft edge of a region, as a share of each range."""
SPOT = 0.05
"""Width of what an explicit condition says about its neighbours."""


class Claim(Frozen):
    """Who claims something, how strongly, why, and from when to when."""

    name: str = ""
    """How people call it; by default, the claim in words."""
    author: str
    because: str = ""
    strength: float = Field(default=0.5, ge=0, le=1)
    """Belief that the claim is true before any data: its prior probability. 0 moves nothing."""
    start: date | None = None
    """Trials made from this day on count for how long the claim has been tried."""
    expiry: date | None = None
    """The last day on which the claim counts."""

    @property
    def title(self) -> str:
        """What it is called in tables."""
        return self.name or self.words

    @property
    def words(self) -> str:
        """The claim as a sentence."""
        raise NotImplementedError

    def says(self, view: View) -> Any:
        """How promising each point is if the claim is true, 0 to 1; shape (...) of the view."""
        raise NotImplementedError

    def holds_on(self, day: date) -> bool:
        """Whether the claim counts on this day."""
        return (self.start or day) <= day <= (self.expiry or day)


class Near(Claim):
    """The optimum lies near a point. Parameters that are not named are left open."""

    kind: Literal["near"] = "near"
    point: dict[str, Value] = Field(min_length=1)
    width: Annotated[float, Field(gt=0, le=10)] | dict[str, Value] = 0.2
    """Standard deviation: one share of every range, or for each parameter in its own unit; on a
    log scale a factor."""

    @property
    def words(self) -> str:
        return f"the optimum lies near {_listed(self.point)}"

    def says(self, view: View) -> Any:
        """exp(-r^2 / 2) at the distance of r widths."""
        return math.e ** (-sum(view.away(n, c, self.share(view, n)) ** 2 for n, c in
                               self.point.items()) / 2)  # fmt: skip

    def share(self, view: View, name: str) -> float:
        """The width of a parameter as a share of its range. ValueError where it is not above 0."""
        if not isinstance(self.width, dict):
            return self.width
        parameter, given = view.free[name], self.width[name]
        if isinstance(parameter, Choice):
            return _above(0, read_number(given, ""))
        low, high = ends(parameter)
        if isinstance(parameter, Range) and parameter.scale == "log":
            return math.log(_above(1, read_number(given, ""))) / math.log(high / low)
        return _above(0, _spread(given, parameter.unit)) / (high - low)


class Place(Claim):
    """Limits for single parameters (``within``) and linear inequalities (``where``), all of which
    hold in the region that is meant."""

    within: dict[str, tuple[Value, ...]] = Field(default_factory=dict)
    """Low and high of a numeric parameter, or the values of a choice."""
    where: tuple[str, ...] = ()

    def beyond(self, view: View) -> Any:
        """Squared distance from the region, in shares of the ranges; 0 inside."""
        gaps = [view.outside(name, limits) for name, limits in self.within.items()]
        gaps += [view.excess(text) for text in self.where]
        return sum(gap**2 for gap in gaps)

    @property
    def place(self) -> str:
        """The region in words."""
        limits = [f"{n} {_limits(v)}" for n, v in self.within.items()]
        return " and ".join([*limits, *self.where])


class Region(Place):
    """A region is promising: the optimum lies in it."""

    kind: Literal["region"] = "region"

    @property
    def words(self) -> str:
        return f"the optimum lies where {self.place}"

    def says(self, view: View) -> Any:
        """1 inside, falling to 0 over a soft edge."""
        return math.e ** (-self.beyond(view) / (2 * EDGE**2))


class Avoid(Place):
    """A region is unsafe, impossible or pointless. ``hard`` makes it a constraint."""

    kind: Literal["avoid"] = "avoid"
    hard: bool = False

    @property
    def words(self) -> str:
        return f"{'never go' if self.hard else 'nothing is to be found'} where {self.place}"

    def says(self, view: View) -> Any:
        """0 inside, rising to 1 over a soft edge."""
        return 1 - math.e ** (-self.beyond(view) / (2 * EDGE**2))

    def forbids(self, view: View) -> Any:
        """Which points must not be tried, shape (...)."""
        return self.beyond(view) == 0


class Trend(Claim):
    """An outcome rises, falls, peaks or dips with a parameter, over the conditions that are
    possible."""

    kind: Literal["trend"] = "trend"
    outcome: str
    parameter: str
    sign: Literal["rises", "falls", "peaks", "dips"]
    over: tuple[Value, Value] | None = None
    """The range it is claimed for; by default all of it. Beyond its ends nothing changes."""

    @property
    def words(self) -> str:
        where = f" {_limits(self.over)}" if self.over else ""
        return f"{self.outcome} {self.sign} with {self.parameter}{where}"

    def says(self, view: View) -> Any:
        """The claimed course of the outcome, turned so that 1 is best; 1/2 everywhere for an
        outcome of which neither more nor less is better."""
        way = view.outcomes[self.outcome].direction
        return 0.5 + way * (self.course(view) - 0.5)

    def course(self, view: View) -> Any:
        """How the outcome is claimed to run, from 0 to 1."""
        low, high = self.span(view)
        ramp = ((view.unit(self.parameter) - low) / (high - low)).clip(0, 1)
        match self.sign:
            case "rises":
                return ramp
            case "falls":
                return 1 - ramp
            case "peaks":
                return 1 - abs(2 * ramp - 1)
        return abs(2 * ramp - 1)

    def span(self, view: View) -> tuple[float, float]:
        """The ends of the range it is claimed for, 0 to 1."""
        parameter = view.free[self.parameter]
        if self.over is None or isinstance(parameter, Choice):
            return 0.0, 1.0
        low, high = (to_unit(parameter, read_number(v, parameter.unit)) for v in self.over)
        return low, high


class Candidates(Claim):
    """Explicit conditions to try, with values of all free parameters."""

    kind: Literal["candidates"] = "candidates"
    points: tuple[dict[str, Value], ...] = Field(min_length=1, max_length=1000)

    @property
    def words(self) -> str:
        more = f" and {len(self.points) - 1} more" if len(self.points) > 1 else ""
        return f"try {_listed(self.points[0])}{more}"

    def says(self, view: View) -> Any:
        """1 at each condition, 0 a little away from it."""
        missed = 1.0
        for point in self.points:
            square = sum(view.away(name, value, SPOT) ** 2 for name, value in point.items())
            missed = missed * (1 - math.e ** (-square / 2))
        return 1 - missed


type Hypothesis = Annotated[Near | Region | Trend | Avoid | Candidates, Field(discriminator="kind")]
"""A structured claim, as it stands in a campaign file."""


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


def _listed(values: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {shown(value)}" for name, value in values.items())


def _limits(values: tuple[Value, ...]) -> str:
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values) and (
        len(values) == 2
    ):
        return f"{shown(values[0])} to {shown(values[1])}"
    return "is " + " or ".join(map(shown, values))
