"""``trend``: an outcome rises, falls, peaks or dips with a parameter."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

from planner.campaign.cube import Cube
from planner.campaign.expression import Constraint
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.evidence import OPPOSITE, Course
from planner.campaign.hypotheses.fitting import limit_problems, numeric_problems, outcome_problems
from planner.campaign.hypotheses.form import ClaimField, NumericParameter, OneOf, OutcomeName
from planner.campaign.values import Value


class Trend(Claim):
    """An outcome rises, falls, peaks or dips with a parameter, over the conditions that are
    possible."""

    about: ClassVar[str] = "an outcome rises or falls with a parameter"
    form: ClassVar[tuple[ClaimField, ...]] = (
        OutcomeName("outcome", "Outcome"),
        NumericParameter("parameter", "Parameter"),
        OneOf("sign", "It", ("rises", "falls", "peaks", "dips")),
    )

    kind: Literal["trend"] = "trend"
    outcome: str
    parameter: str
    sign: Literal["rises", "falls", "peaks", "dips"]
    over: tuple[Value, Value] | None = None
    """The range it is claimed for; by default all of it. Beyond its ends nothing changes."""

    @property
    def words(self) -> str:
        return self.evidence.sentence

    @property
    def evidence(self) -> Course:
        return Course(self.outcome, self.parameter, self.sign, self.over)

    def says(self, cube: Cube) -> Any:
        """The claimed course of the outcome, turned so that 1 is best; 1/2 everywhere for an
        outcome of which neither more nor less is better."""
        way = cube.outcomes[self.outcome].direction
        return 0.5 + way * (self.evidence.at(cube) - 0.5)

    def span(self, cube: Cube) -> tuple[float, float]:
        """The ends of the range it is claimed for, 0 to 1."""
        return self.evidence.span(cube)

    def problems(self, cube: Cube, constraints: Sequence[Constraint]) -> Iterator[str]:
        """An outcome or parameter that is not there, and a range that does not fit."""
        yield from outcome_problems("outcome", self.outcome, cube)
        found = [*numeric_problems("parameter", self.parameter, cube)]
        yield from found
        if not found and self.over is not None:
            yield from limit_problems("over", self.parameter, self.over, cube)

    @property
    def axes(self) -> Sequence[str]:
        return [self.parameter]

    def reversal(self, cube: Cube) -> dict[str, Any]:
        """The other sign."""
        return {"sign": OPPOSITE[self.sign]}
