"""``avoid``: a region is unsafe, impossible or pointless."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from planner.campaign.checks import read_constraint
from planner.campaign.cube import Cube
from planner.campaign.expression import Constraint
from planner.campaign.hypotheses.claim import Escape
from planner.campaign.hypotheses.evidence import Optimum
from planner.campaign.hypotheses.form import ClaimField, Limits, Tick
from planner.campaign.hypotheses.place import Place
from planner.campaign.parameter import Choice, ends, read_number


class Avoid(Place):
    """A region is unsafe, impossible or pointless. ``hard`` makes it a constraint."""

    about: ClassVar[str] = "a region is unsafe, impossible or pointless"
    form: ClassVar[tuple[ClaimField, ...]] = (
        Limits("within"),
        Tick("hard", "Hard: nobody may go there"),
    )

    kind: Literal["avoid"] = "avoid"
    hard: bool = False

    @property
    def words(self) -> str:
        return f"{'never go' if self.hard else 'nothing is to be found'} where {self.place}"

    def says(self, cube: Cube) -> Any:
        """0 inside, rising to 1 over a soft edge."""
        return 1 - self.inside(cube)

    def holds(self, cube: Cube) -> Any:
        return self.beyond(cube) > 0

    @property
    def evidence(self) -> Optimum | None:
        return None if self.hard else Optimum("the optimum is elsewhere")

    @property
    def is_hard(self) -> bool:
        return self.hard

    def forbids(self, cube: Cube) -> Any:
        """Which points must not be tried, shape (...)."""
        return self.beyond(cube) == 0

    def escapes(self, cube: Cube) -> Iterator[Escape]:
        """Beyond one of its limits, by another choice, or beyond one of its inequalities."""
        for name, limits in self.within.items():
            parameter = cube.free[name]
            if isinstance(parameter, Choice):
                named = {parameter.values.index(parameter.check(v)) for v in limits}
                if left := frozenset(range(len(parameter.values))) - named:
                    yield name, left
            else:
                low, high = (read_number(v, parameter.unit) for v in limits)
                yield self._outside({name: -1.0}, -high, cube)
                yield self._outside({name: 1.0}, low, cube)
        for text in self.where:
            inside = read_constraint(text, cube.parameters)
            opposite = {n: -k for n, k in inside.coefficients.items()}
            yield self._outside(opposite, -inside.bound, cube)

    def _outside(self, coefficients: Mapping[str, float], bound: float, cube: Cube) -> Constraint:
        """A half-space without its edge, which belongs to the region."""
        spans = [ends(cube.free[n]) for n in coefficients]  # type: ignore[arg-type]
        widths = zip(coefficients.values(), spans, strict=True)
        span = sum(abs(k) * (high - low) for k, (low, high) in widths)
        return Constraint(self.title, coefficients, bound - 1e-6 * span, False)

    def reversal(self, cube: Cube) -> dict[str, Any]:
        """Another region; a hard one has no opposite."""
        return {} if self.hard else super().reversal(cube)
