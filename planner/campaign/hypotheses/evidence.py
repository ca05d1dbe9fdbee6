"""By what a claim is weighed. A kind names one of these rules; ``planner.beliefs`` knows how each
goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from planner.campaign.cube import Cube
from planner.campaign.hypotheses.wording import limited
from planner.campaign.parameter import Choice, read_number, to_unit
from planner.campaign.values import Value

type Sign = Literal["rises", "falls", "peaks", "dips"]
OPPOSITE: Mapping[Sign, Sign] = {
    "rises": "falls", "falls": "rises", "peaks": "dips", "dips": "peaks",
}  # fmt: skip
"""What cannot be true if a sign is."""


@dataclass(frozen=True)
class Optimum:
    """By where the optimum is: the claim holds if it lies where the claim says 1."""

    words: str = "the optimum is there"
    """What is probable, as the evidence of a claim tells it."""


@dataclass(frozen=True)
class Course:
    """By how an outcome runs with a parameter: the claim holds if it rises, falls, peaks or dips
    over the conditions that are possible."""

    outcome: str
    parameter: str
    """A numeric one."""
    sign: Sign
    over: tuple[Value, Value] | None = None
    """The range it is claimed for; by default all of it. Beyond its ends nothing changes."""

    @property
    def words(self) -> str:
        """What is probable, as the evidence of a claim tells it."""
        return f"{self.outcome} {self.sign}"

    @property
    def sentence(self) -> str:
        """The same with the parameter and the range."""
        where = f" {limited(self.over)}" if self.over else ""
        return f"{self.words} with {self.parameter}{where}"

    def span(self, cube: Cube) -> tuple[float, float]:
        """The ends of the range it is claimed for, 0 to 1."""
        parameter = cube.free[self.parameter]
        if self.over is None or isinstance(parameter, Choice):
            return 0.0, 1.0
        low, high = (to_unit(parameter, read_number(v, parameter.unit)) for v in self.over)
        return low, high

    def at(self, cube: Cube) -> Any:
        """How the outcome is claimed to run, from 0 to 1; shape (...) of the cube."""
        low, high = self.span(cube)
        ramp = ((cube.unit(self.parameter) - low) / (high - low)).clip(0, 1)
        match self.sign:
            case "rises":
                return ramp
            case "falls":
                return 1 - ramp
            case "peaks":
                return 1 - abs(2 * ramp - 1)
        return abs(2 * ramp - 1)


type Evidence = Optimum | Course
