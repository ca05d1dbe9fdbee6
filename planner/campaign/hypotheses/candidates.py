"""``candidates``: explicit conditions to try."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from planner.campaign.cube import Cube
from planner.campaign.expression import Constraint
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.fitting import condition_problems
from planner.campaign.hypotheses.form import ClaimField, Conditions
from planner.campaign.hypotheses.reversing import far
from planner.campaign.hypotheses.wording import listed
from planner.campaign.values import Point, Value

SPOT = 0.05
"""Width of what an explicit condition says about its neighbours."""


class Candidates(Claim):
    """Explicit conditions to try, with values of all free parameters."""

    about: ClassVar[str] = "explicit conditions to try"
    form: ClassVar[tuple[ClaimField, ...]] = (Conditions("points", "Conditions, one a line"),)

    kind: Literal["candidates"] = "candidates"
    points: tuple[dict[str, Value], ...] = Field(min_length=1, max_length=1000)

    @property
    def words(self) -> str:
        more = f" and {len(self.points) - 1} more" if len(self.points) > 1 else ""
        return f"try {listed(self.points[0])}{more}"

    def says(self, cube: Cube) -> Any:
        """1 at each condition, 0 a little away from it."""
        missed = 1.0
        for point in self.points:
            square = sum(cube.away(name, value, SPOT) ** 2 for name, value in point.items())
            missed = missed * (1 - math.e ** (-square / 2))
        return 1 - missed

    @property
    def conditions(self) -> Sequence[Point]:
        return [dict(point) for point in self.points]

    def problems(self, cube: Cube, constraints: Sequence[Constraint]) -> Iterator[str]:
        """Settings that are missing or do not fit, by the number of the condition."""
        for i, point in enumerate(self.points):
            found = condition_problems(point, cube, constraints)
            yield from (f"points.{i}.{problem}" for problem in found)

    def reversal(self, cube: Cube) -> dict[str, Any]:
        """Conditions half of every range away."""
        return {"points": tuple(far(cube, point) for point in self.points)}
