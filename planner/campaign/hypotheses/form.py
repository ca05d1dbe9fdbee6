"""What a form asks for the fields of a claim. A kind lists entries; every surface shows each its
own way, and an entry that is left blank is left out of the claim."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Entry:
    """One field of a claim."""

    name: str
    """The field."""
    label: str = ""
    waits: ClassVar[bool] = False
    """Whether it begins blank: without any such entry filled in, nothing is claimed yet."""


class Settings(Entry):
    """Settings of some free parameters, by name."""

    waits = True


class Limits(Entry):
    """Low and high of some numeric parameters and values of choices, by name."""

    waits = True


class Conditions(Entry):
    """Points with settings of all free parameters, as many as there are lines."""

    waits = True


class NumericParameter(Entry):
    """The name of a parameter that is no choice."""

    waits = True


class OutcomeName(Entry):
    """The name of an outcome."""


@dataclass(frozen=True)
class OneOf(Entry):
    """One of some words."""

    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number(Entry):
    """A number between two ends."""

    low: float = 0.0
    high: float = 1.0
    start: float = 0.5
    step: float = 0.05


class Text(Entry):
    """A line of text."""


class Tick(Entry):
    """Yes or no; no at the start."""
