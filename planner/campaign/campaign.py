"""A campaign: one optimisation problem, as people write it. Frozen, and valid if it exists at
all."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from models.error import KyosoError
from planner.campaign.checks import (
    constraint_problems,
    former_problems,
    formula_problems,
    name_problems,
    numeric_names,
    outcome_problems,
    stage_problems,
)
from planner.campaign.expression import Constraint, parse_formula
from planner.campaign.hypothesis import Claim, Hypothesis
from planner.campaign.hypothesis_checks import claim_problems, forbidden_by, hard_planes
from planner.campaign.outcome import Outcome
from planner.campaign.parameter import (
    Derived,
    Fixed,
    Free,
    Parameter,
    allowed,
    has_gap,
    is_number,
    read_number,
)
from planner.campaign.room import leaves_room
from planner.campaign.rules import AnyConstraint, planes, read_any
from planner.campaign.stage import Stage
from planner.campaign.values import Frozen, Point, Value, shown
from planner.door.words import wrong


def _check_name(name: str) -> str:
    if not name.isprintable() or name != name.strip() or not 0 < len(name) <= 64:
        raise ValueError(
            f"{name!r} is not a name: 1 to 64 printable characters, no blank at the ends"
        )
    if "`" in name or re.fullmatch(r"[\d.,+\-]*", name):
        raise ValueError(f"{name!r} is not a name: it must not be a number or hold a backtick")
    return name


Name = Annotated[str, AfterValidator(_check_name)]


class Review(Frozen):
    """Who decides on proposals."""

    autonomy: Literal["by-hand", "when-safe", "automatic"] = "by-hand"
    approve_first_design: bool = False
    """Whether the trials of the space-filling first design begin without a person."""


class Budget(Frozen):
    """How much may be spent: trials that were decided for, and neither vetoed nor abandoned. What
    is proposed never goes beyond it."""

    trials: int = Field(default=40, ge=1, le=100_000)
    failures_in_a_row: int = Field(default=10, ge=1, le=100_000)
    """So many failed samples, with no other between, and the campaign pauses."""


class Planning(Frozen):
    """How the planner goes about it."""

    batch: int = Field(default=1, ge=1, le=100)
    """Trials kept open at once: proposed, approved or running."""
    seed: int = Field(default=0, ge=0, lt=2**31)
    initial: int | None = Field(default=None, ge=1, le=1000)
    """Trials of the space-filling first design; by default one more than free parameters, at
    least 5."""
    shared: tuple[str, ...] = ()
    """Parameters that have one value for a whole batch, such as the furnace that it goes into
    together; the next batch comes when this one is done."""
    generator: Literal["model", "sobol"] = "model"
    """``sobol`` stays with the space-filling design for the whole campaign: the baseline."""


class Campaign(Frozen):
    """Parameters, constraints, outcomes with goals, stages, review policy and budget."""

    name: str
    title: str = ""
    material: str | None = None
    synthetic: bool = False
    """Whether the results come from a simulation that stands in for a laboratory; shown
    everywhere."""
    parameters: dict[Name, Parameter] = Field(min_length=1, max_length=400)
    constraints: tuple[str, ...] = Field(default=(), max_length=1000)
    outcomes: dict[Name, Outcome] = Field(min_length=1, max_length=100)
    stages: tuple[Stage, ...] = Field(min_length=1, max_length=100)
    hypotheses: tuple[Hypothesis, ...] = Field(default=(), max_length=1000)
    review: Review = Review()
    budget: Budget = Budget()
    planner: Planning = Planning()

    @model_validator(mode="after")
    def _is_consistent(self) -> "Campaign":
        problems = [
            *name_problems(self.name, self.parameters, self.outcomes),
            *formula_problems(self.parameters),
            *former_problems(self.parameters),
            *constraint_problems(self.constraints, self.parameters),
            *stage_problems(self.stages, self.outcomes),
            *outcome_problems(self.outcomes, self.stages),
        ]
        problems += [
            f"planner.shared: {name!r} is no free parameter; there are {', '.join(self.free)}"
            for name in self.planner.shared
            if name not in self.free
        ]
        if not self.free:
            problems.append("parameters: at least one must be range, integer, ordered or choice")
        if problems:
            raise ValueError("\n".join(problems))
        if not leaves_room(self.free, self.rules):
            raise ValueError("constraints: together with the bounds they leave no point at all")
        claims = self.hypotheses
        if claims and (
            problems := claim_problems(claims, self.parameters, self.outcomes, self._linear)
        ):
            raise ValueError("\n".join(problems))
        return self

    @field_validator("hypotheses", mode="after")
    @classmethod
    def _claims_in_units(
        cls, claims: tuple[Claim, ...], known: ValidationInfo
    ) -> tuple[Claim, ...]:
        """What claims say, in the units of the parameters, so that their words are right."""
        parameters = known.data.get("parameters", {})
        return tuple(claim.in_units(parameters) for claim in claims)

    @cached_property
    def free(self) -> dict[str, Free]:
        """The parameters that a planner sets, in the order of the file."""
        return {n: p for n, p in self.parameters.items() if not isinstance(p, Fixed | Derived)}

    @cached_property
    def objectives(self) -> dict[str, Outcome]:
        """The outcomes with a goal, in the order of the file."""
        return {n: o for n, o in self.outcomes.items() if o.is_objective}

    @cached_property
    def linear_constraints(self) -> tuple[Constraint, ...]:
        """The linear constraints on parameters in order, and the half-spaces that hard avoids
        leave."""
        planes = hard_planes(self.hypotheses, self.parameters, self.outcomes)
        return (*self._linear, *planes)

    @cached_property
    def rules(self) -> tuple[AnyConstraint, ...]:
        """The constraints as they stand in the file, read."""
        return tuple(read_any(text, self.parameters) for text in self.constraints)

    @cached_property
    def _linear(self) -> tuple[Constraint, ...]:
        """Those that are half-spaces or planes, which a search can follow."""
        return tuple(planes(self.rules, self.parameters))

    @cached_property
    def is_smooth(self) -> bool:
        """Whether a search can follow the written rules: there are planes only, and no gaps."""
        gaps = any(map(has_gap, self.free.values()))
        return len(self._linear) == len(self.rules) and not gaps

    def on(self, day: date) -> "Campaign":
        """The campaign with the hypotheses that count on this day."""
        return self.holding([h for h in self.hypotheses if h.holds_on(day)])

    def holding(self, hypotheses: Sequence[Hypothesis]) -> "Campaign":
        """The campaign with these hypotheses instead; they are taken to be valid."""
        if tuple(hypotheses) == self.hypotheses:
            return self
        changed = self.model_copy(update={"hypotheses": tuple(hypotheses)})
        changed.__dict__.pop("linear_constraints", None)  # follows from them
        return changed

    def at(self, values: Mapping[str, Value]) -> "Campaign":
        """The campaign with these free parameters fixed, and without hypotheses: a slice of its
        space. The points of both are the same."""
        fixed = {n: Fixed(value=v, unit=self.unit(n)) for n, v in values.items()}
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        changed = {"parameters": {**self.parameters, **fixed}, "hypotheses": ()}
        return type(self).model_construct(**{**kept, **changed})

    @property
    def initial(self) -> int:
        """Trials of the space-filling first design."""
        return self.planner.initial or max(5, len(self.free) + 1)

    def stage(self, name: str) -> Stage:
        """The stage of that name."""
        return next(stage for stage in self.stages if stage.name == name)

    def unit(self, name: str) -> str:
        """The unit of a parameter or outcome; empty where it has none."""
        thing = self.parameters.get(name) or self.outcomes[name]
        return getattr(thing, "unit", "")

    def complete(self, values: Mapping[str, Any], *, within: bool = True) -> Point:
        """A full point from values of the free parameters, with fixed and derived ones filled in.

        Quantities such as ``"873 K"`` are converted. ``within`` asks for bounds, steps and
        constraints
        (a plan); without it a point is taken as it was run. ValueError lists everything wrong
        with it.
        """
        problems = _unknown(values, self.parameters)
        point: Point = {}
        for name, parameter in self.parameters.items():
            if isinstance(parameter, Derived):
                continue
            if name not in values and not isinstance(parameter, Fixed):
                problems.append(f"{name}: no value came; allowed: {allowed(parameter)}")
                continue
            given = values.get(name, parameter.value if isinstance(parameter, Fixed) else None)
            try:
                point[name] = parameter.check(given, within=within)
            except ValueError as error:
                problems.append(f"{name}: {_told(error, given)}")
        if not problems:
            problems += self.add_derived(point, values)
        if not problems and within:
            numbers = _numbers(point)
            broken = [rule for rule in self.rules if not rule.holds(numbers)]
            problems += [f"constraint {c.text!r} does not hold{_at(c, numbers)}" for c in broken]
        if not problems and within and self.hypotheses:
            avoids = forbidden_by(self.hypotheses, self.parameters, self.outcomes, point)
            problems += [
                f"{a.author} says: {a.title}{_because(a.because)}{_where(a.met(point))}"
                for a in avoids
            ]
        if problems:
            raise ValueError("; ".join(problems))
        return {name: point[name] for name in self.parameters}

    def add_derived(self, point: Point, given: Mapping[str, Any]) -> list[str]:
        """Fill derived parameters into ``point``; a given value that differs is a problem."""
        problems = []
        numeric = numeric_names(self.parameters)
        for name, parameter in self.parameters.items():
            if isinstance(parameter, Derived):
                try:
                    value = parse_formula(parameter.formula, numeric)(_numbers(point))
                    came = read_number(given.get(name, value), parameter.unit)
                    if not math.isclose(came, value, rel_tol=1e-6, abs_tol=1e-12):
                        problems.append(f"{name}: {came:g} is not {parameter.formula} = {value:g}")
                    point[name] = value
                except ValueError as error:
                    problems.append(f"{name}: {error}")
        return problems


MOST_PROBLEMS = 50
"""Of a campaign file, that are told."""
KINDS = {"range", "integer", "ordered", "choice", "fixed", "derived"}
"""Of parameters; such a word stands in the place of an error without being a field."""


class CampaignError(KyosoError, ValueError):
    """A campaign that is not valid; ``problems`` name the field, what came and what is allowed."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def parse_campaign(content: Any) -> Campaign:
    """A campaign from plain data, as read from YAML. CampaignError lists every problem."""
    if not isinstance(content, Mapping):
        came = "nothing" if content is None else type(content).__name__
        raise CampaignError([f"a campaign has fields such as 'parameters', but {came} came"])
    try:
        return Campaign.model_validate(dict(content))
    except ValidationError as error:
        raise CampaignError(
            _bounded([line for e in error.errors() for line in _explain(e)])
        ) from error
    except RecursionError as error:
        raise CampaignError(["the campaign is nested too deeply"]) from error


def _bounded(problems: list[str]) -> list[str]:
    more = len(problems) - MOST_PROBLEMS
    return problems if more <= 0 else [*problems[:MOST_PROBLEMS], f"and {more} problems more"]


def _explain(error: Mapping[str, Any]) -> list[str]:
    """One pydantic error in words: the field, what came, what is allowed."""
    path = [str(part) for i, part in enumerate(error["loc"]) if not (i == 2 and part in KINDS)]
    place = ".".join(part for part in path if part != "[key]")
    match error["type"]:
        case "value_error":
            message = str(error["msg"]).removeprefix("Value error, ")
            return [f"{place}: {line}" if place else line for line in message.split("\n")]
        case "extra_forbidden":
            return [f"{place}: this field is not known"]
        case "missing":
            return [f"{place}: this field is missing"]
        case "too_short" if not error["input"]:
            return [f"{place}: at least {error['ctx']['min_length']} is needed, but nothing came"]
        case "too_long":
            most = error["ctx"]["max_length"]
            return [f"{place}: at most {most} are allowed, but {len(error['input'])} came"]
        case "tuple_type" | "list_type":
            return [f"{place}: a list such as [a, b] is needed, not {shown(error['input'])}"]
        case "union_tag_not_found" | "union_tag_invalid":
            came = shown(_tag(error["input"]))
            return [f"{place}: 'kind' must be one of {', '.join(sorted(KINDS))}, not {came}"]
    return [f"{place}: {wrong(error)}"]


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _where(met: str) -> str:
    return f": {met}" if met else ""


def _told(error: ValueError, given: object) -> str:
    """What is wrong with a value, and what came where that does not say it."""
    came = given.strip()[:64] if isinstance(given, str) else ""
    return str(error) if came in str(error) else f"{error} ({came!r} came)"


def _at(constraint: AnyConstraint, numbers: Mapping[str, float]) -> str:
    """The settings that break it."""
    names = constraint.coefficients if isinstance(constraint, Constraint) else constraint.names
    settings = ", ".join(f"{n} = {shown(numbers[n])}" for n in names if n in numbers)
    return f" at {settings}" if settings else ""


def _tag(given: Any) -> Any:
    return given.get("kind", "nothing") if isinstance(given, Mapping) else given


def _numbers(point: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in point.items() if is_number(value)}


def _unknown(values: Mapping[str, Any], parameters: Mapping[str, Any]) -> list[str]:
    allowed = ", ".join(parameters)
    return [
        f"{name}: no such parameter; there are {allowed}"
        for name in values
        if name not in parameters
    ]
