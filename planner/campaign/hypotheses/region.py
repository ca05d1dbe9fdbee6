"""``region``: the optimum lies in a region."""

from typing import Any, ClassVar, Literal

from planner.campaign.cube import Cube
from planner.campaign.hypotheses.form import ClaimField, Limits
from planner.campaign.hypotheses.place import Place


class Region(Place):
    """A region is promising: the optimum lies in it."""

    about: ClassVar[str] = "a region is promising"
    form: ClassVar[tuple[ClaimField, ...]] = (Limits("within"),)

    kind: Literal["region"] = "region"

    @property
    def words(self) -> str:
        return f"the optimum lies where {self.place}"

    def says(self, cube: Cube) -> Any:
        """1 inside, falling to 0 over a soft edge."""
        return self.inside(cube)

    def holds(self, cube: Cube) -> Any:
        return self.beyond(cube) == 0
