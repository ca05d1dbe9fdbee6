"""The kinds of parameters a campaign can have. Each checks one value and says what is allowed."""

import math
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeGuard

from pydantic import AfterValidator, Field, model_validator

from planner.campaign.units import check_unit, read_quantity
from planner.campaign.values import Frozen, Value, shown

Unit = Annotated[str, AfterValidator(check_unit)]
type Was = bool | int | float | str | None
"""What a parameter was in the trials that were made before it stood in the campaign; none: there
were no such trials."""
LARGEST = 10**15
"""Bounds and results beyond this are a slip of the keyboard; models cannot work with them."""
LONGEST = 64
"""Characters of a category that somebody names where a sample ran differently."""
STEP_TOLERANCE = 1e-6
"""How far from its grid, in steps, a value may lie and still be taken for a grid value."""


class Range(Frozen):
    """A continuous knob, for example a furnace temperature."""

    kind: Literal["range"] = "range"
    low: float
    high: float
    unit: Unit = ""
    scale: Literal["linear", "log"] = "linear"
    step: float | None = Field(default=None, gt=0)
    """Distance of the settings that the instrument knows, from ``low``; none: any value."""
    allow_zero: bool = False
    """Whether it may also be 0, below ``low``: none of a component, or 2 to 3 of it."""
    was: Was = None

    @model_validator(mode="after")
    def _bounds_make_sense(self) -> "Range":
        _check_bounds(self.low, self.high)
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"a log scale needs low above 0, not {self.low:g}")
        if self.allow_zero and self.low <= 0:
            raise ValueError(f"allow_zero is for a low above 0, not {self.low:g}")
        if self.allow_zero and self.scale == "log":
            raise ValueError("0 has no place on a log scale; allow_zero needs a linear one")
        if self.step is not None and self.scale == "log":
            raise ValueError(
                "a step and a log scale do not go together; list the values as 'ordered'"
            )
        if self.step is not None and not _is_whole((self.high - self.low) / self.step):
            raise ValueError(
                f"from low ({self.low:g}) to high ({self.high:g}) it is no whole number "
                f"of steps of {self.step:g}"
            )
        return self

    def check(self, value: Any, *, within: bool = True) -> float:
        """The value as a number in ``unit``; ValueError where it is outside (unless not
        ``within``)."""
        number = _number(self, value, within)
        if self.scale == "log" and number <= 0:
            raise ValueError(f"{number:g} is not above 0, as a log scale needs")
        if self.allow_zero and number == 0:
            return 0.0
        if within:
            _check_inside(number, self.low, self.high, self.unit, self.allow_zero)
            if self.step is not None:
                steps = (number - self.low) / self.step
                nearest = self._setting(round(steps))
                if number != nearest and not _is_whole(steps):  # a setting is rounded itself
                    raise ValueError(
                        f"{number:g} is not on the steps of {self.step:g} from {self.low:g} to "
                        f"{self.high:g}"
                    )
                return nearest
        return number

    @property
    def count(self) -> float:
        """How many settings there are; infinite for a continuous range."""
        return math.inf if self.step is None else self._steps + self.allow_zero

    def grid(self) -> list[float]:
        """All settings of a stepped range; empty for a continuous one."""
        if self.step is None:
            return []
        return [0.0] * self.allow_zero + [self._setting(i) for i in range(self._steps)]

    @property
    def _steps(self) -> int:
        """How many settings there are from low to high, of a stepped range."""
        return round((self.high - self.low) / (self.step or math.inf)) + 1

    def _setting(self, i: int) -> float:
        return float(f"{self.low + i * (self.step or 0):.12g}")


class Integer(Frozen):
    """A whole number, for example hours on a timer."""

    kind: Literal["integer"] = "integer"
    low: int
    high: int
    unit: Unit = ""
    was: Was = None

    @model_validator(mode="after")
    def _bounds_make_sense(self) -> "Integer":
        _check_bounds(self.low, self.high)
        return self

    def check(self, value: Any, *, within: bool = True) -> int | float:
        """The whole number; outside a plan (not ``within``) any number, as it was run."""
        number = _number(self, value, within)
        if not within:
            return round(number) if number.is_integer() else number
        if not number.is_integer():
            raise ValueError(f"{number:g} is not a whole number; allowed: {allowed(self)}")
        _check_inside(number, self.low, self.high, self.unit)
        return int(number)

    @property
    def count(self) -> int:
        """How many settings there are."""
        return self.high - self.low + 1

    def grid(self) -> list[int]:
        """All allowed numbers."""
        return list(range(self.low, self.high + 1))


class Ordered(Frozen):
    """A few numeric settings, for example the temperatures a furnace is calibrated for."""

    kind: Literal["ordered"] = "ordered"
    values: tuple[float, ...] = Field(min_length=2)
    unit: Unit = ""
    was: Was = None

    @model_validator(mode="after")
    def _values_rise(self) -> "Ordered":
        if list(self.values) != sorted(set(self.values)):
            raise ValueError(f"values must rise and differ, not {_listed(self.values)}")
        return self

    def check(self, value: Any, *, within: bool = True) -> float:
        """The allowed setting that equals ``value``; not ``within``: any number, as it was run."""
        number = _number(self, value, within)
        nearest = min(self.values, key=lambda allowed: abs(allowed - number))
        gap = min(high - low for low, high in pairwise(self.values))
        if math.isclose(number, nearest, rel_tol=1e-9, abs_tol=1e-9 * gap):
            return nearest
        if within:
            raise ValueError(f"{number:g} is not one of {_listed(self.values)}")
        return number

    @property
    def count(self) -> int:
        """How many settings there are."""
        return len(self.values)

    def grid(self) -> list[float]:
        """All allowed settings."""
        return list(self.values)


class Choice(Frozen):
    """One of some kinds, for example a sintering route. No order, no distance."""

    kind: Literal["choice"] = "choice"
    values: tuple[bool | int | float | str, ...] = Field(min_length=2)
    was: Was = None

    @model_validator(mode="after")
    def _values_differ(self) -> "Choice":
        if len({shown(v) for v in self.values}) < len(self.values):
            raise ValueError(f"values must differ, not {_listed(self.values)}")
        return self

    def check(self, value: Any, *, within: bool = True) -> Value:
        """The allowed value that reads the same."""
        for allowed in self.values:
            if shown(allowed) == shown(value):
                return allowed
        raise ValueError(f"{shown(value)!r} is not one of {_listed(self.values)}")

    def as_run(self, value: Any) -> Value:
        """What a sample really had: one of the values, or another category, which is kept."""
        text = shown(value).strip()
        if not text or not text.isprintable() or len(text) > LONGEST:
            raise ValueError(
                f"a category has 1 to {LONGEST} printable characters, not {text!r:.80}"
            )
        if has_numbers(self):
            return self._known(read_number(value, ""))
        return self._known(text)

    def _known(self, value: Value) -> Value:
        """The allowed value that reads the same, or the value itself."""
        return next((v for v in self.values if shown(v) == shown(value)), value)

    @property
    def count(self) -> int:
        """How many values there are."""
        return len(self.values)

    def grid(self) -> list[Value]:
        """All allowed values."""
        return list(self.values)


class Fixed(Frozen):
    """A condition that stays the same for the whole campaign, kept for the record."""

    kind: Literal["fixed"] = "fixed"
    value: bool | int | float | str
    unit: Unit = ""
    was: Was = None

    def check(self, value: Any, *, within: bool = True) -> Value:
        """The fixed value; ValueError where another came (unless not ``within``)."""
        if isinstance(self.value, bool | str):
            given: Value = self.value if shown(value) == shown(self.value) else str(value)
        else:
            given = read_number(value, self.unit)
        if within and given != self.value:
            raise ValueError(f"{shown(given)!r} is not the fixed value {shown(self.value)!r}")
        return self.value if given == self.value else given


class Derived(Frozen):
    """Computed from other parameters by a formula; shown and recorded, never set."""

    kind: Literal["derived"] = "derived"
    formula: str
    unit: Unit = ""


type Parameter = Annotated[
    Range | Integer | Ordered | Choice | Fixed | Derived, Field(discriminator="kind")
]
type Free = Range | Integer | Ordered | Choice
"""The parameters that a planner may set."""


def to_unit(parameter: Free, value: Value) -> float:
    """Where a setting lies between the ends: 0 to 1, in the logarithm on a log scale; of a choice
    by its index."""
    match parameter.kind:
        case "choice":
            return parameter.values.index(value) / (len(parameter.values) - 1)
        case "range" if parameter.scale == "log":
            return math.log(float(value) / parameter.low) / math.log(parameter.high / parameter.low)
    low, high = ends(parameter)
    return (float(value) - low) / (high - low)


def from_unit(parameter: Range | Integer | Ordered, u: float) -> float:
    """The number at a place between the ends; it may lie between the settings."""
    low, high = ends(parameter)
    if parameter.kind == "range" and parameter.scale == "log":
        return float(low * (high / low) ** u)
    return float(low + u * (high - low))


def ends(parameter: Range | Integer | Ordered) -> tuple[float, float]:
    """Smallest and largest setting."""
    if parameter.kind == "ordered":
        return parameter.values[0], parameter.values[-1]
    if parameter.kind == "range" and parameter.allow_zero:
        return 0.0, parameter.high
    return parameter.low, parameter.high


def allowed(parameter: Parameter) -> str:
    """What may be set: ``600 to 900 degC in steps of 5``."""
    unit = getattr(parameter, "unit", "").strip("[]")
    match parameter.kind:
        case "range":
            step = f" in steps of {parameter.step:g}" if parameter.step else ""
            log = ", log scale" if parameter.scale == "log" else ""
            zero = "0, or " if parameter.allow_zero else ""
            return f"{zero}{parameter.low:g} to {parameter.high:g} {unit}".rstrip() + step + log
        case "integer":
            return f"{parameter.low} to {parameter.high} {unit}".rstrip() + ", whole"
        case "ordered" | "choice":
            return f"one of {_listed(parameter.values)} {unit}".rstrip()
        case "fixed":
            return f"fixed at {shown(parameter.value)} {unit}".rstrip()
    return f"= {parameter.formula}"


def is_number(value: object) -> bool:
    """Whether a value is a finite number (true and false are not numbers)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def has_numbers(parameter: Parameter) -> bool:
    """Whether it is set, and always to a number; a choice may be of numbers."""
    if isinstance(parameter, Choice):
        return all(map(is_number, parameter.values))
    return parameter.kind in ("range", "integer", "ordered")


def has_gap(parameter: Parameter) -> TypeGuard[Range]:
    """Whether it may be 0 below its low end, and nothing between."""
    return isinstance(parameter, Range) and parameter.allow_zero


def read_number(value: Any, unit: str) -> float:
    """A finite number in ``unit``, also from text such as ``"873 K"``."""
    if isinstance(value, str):
        return read_quantity(value, unit)
    if not is_number(value):
        raise ValueError(f"{shown(value)} is not a number" + (f" in {unit}" if unit else ""))
    return float(value)


def _number(parameter: Range | Integer | Ordered, value: Any, within: bool) -> float:
    try:
        return read_number(value, parameter.unit)
    except ValueError as error:
        if not within:
            raise
        raise ValueError(f"{error}; allowed: {allowed(parameter)}") from error


def _check_bounds(low: float, high: float) -> None:
    if max(abs(low), abs(high)) > LARGEST:
        raise ValueError(f"bounds must lie within {LARGEST:g}")
    if not low < high:
        raise ValueError(f"low ({low:g}) must be below high ({high:g})")


def _check_inside(number: float, low: float, high: float, unit: str, or_zero: bool = False) -> None:
    slack = 1e-9 * (high - low)
    if not low - slack <= number <= high + slack:
        outside = f"{number:g} is outside {low:g} to {high:g}" + (f" {unit}" if unit else "")
        raise ValueError(outside + " and is not 0" * or_zero)


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) <= STEP_TOLERANCE


def _listed(values: tuple[Any, ...]) -> str:
    shown_values = ", ".join(shown(v) for v in values[:12])
    return shown_values + (f", ... ({len(values)} in all)" if len(values) > 12 else "")
