"""What a form asks for the fields of a claim. A kind lists entries; every surface shows each its
own way, and an entry that is left blank is left out of the claim."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ClaimField:
    """One field of a claim."""

    name: str
    """The field."""
    label: str = ""
    waits: ClassVar[bool] = False
    """Whether it begins blank: without any such entry filled in, nothing is claimed yet."""


class SettingsField(ClaimField):
    """Settings of some free parameters, by name."""

    waits = True


class Limits(ClaimField):
    """Low and high of some numeric parameters and values of choices, by name."""

    waits = True


class Conditions(ClaimField):
    """Points with settings of all free parameters, as many as there are lines."""

    waits = True


class NumericParameter(ClaimField):
    """The name of a parameter that is no choice."""

    waits = True


class OutcomeName(ClaimField):
    """The name of an outcome."""


@dataclass(frozen=True)
class OneOf(ClaimField):
    """One of some words."""

    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number(ClaimField):
    """A number between two ends."""

    low: float = 0.0
    high: float = 1.0
    start: float = 0.5
    step: float = 0.05


class Text(ClaimField):
    """A line of text."""


class Tick(ClaimField):
    """Yes or no; no at the start."""
