"""Decisions: who approved, edited, vetoed or took back which version of a trial, when, why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from planner.campaign.values import Point
from planner.record.entry import Entry, Time


class Verdict(StrEnum):
    """What a reviewer did with a trial."""

    APPROVED = "approved"
    EDITED = "edited"
    VETOED = "vetoed"
    TAKEN_BACK = "taken-back"
    """An approval, a veto, or that the sample was said to have failed."""


class VetoCode(StrEnum):
    """Why a point or a region is vetoed, and so what the veto teaches.

    ``unsafe`` and ``impossible`` forbid it, ``not-in-stock`` forbids it until a day,
    ``already-known`` counts as tried, ``not-interesting`` is a soft belief, ``other`` teaches
    nothing more.
    """

    UNSAFE = "unsafe"
    IMPOSSIBLE = "impossible"
    NOT_IN_STOCK = "not-in-stock"
    ALREADY_KNOWN = "already-known"
    NOT_INTERESTING = "not-interesting"
    OTHER = "other"


class Decision(Entry):
    """Who approved, edited, vetoed or took back which version of a trial, when, why, and what they
    saw."""

    campaign: str
    number: int = Field(ge=1)
    trial: int
    trial_version: int
    verdict: Verdict
    author: str = Field(min_length=1)
    at: Time
    reason: str = ""
    code: VetoCode | None = None
    """For a veto: what kind of reason it is."""
    scope: dict[str, Any] | None = None
    """For a veto of a region: its limits (``within``) and inequalities (``where``); None: the point
    alone."""
    expires: date | None = None
    """For a veto: the last day on which it holds."""
    seen: dict[str, Any] = {}
    """The trial as it stood before the decision: point, prediction, feasibility, generator,
    reason."""


@dataclass(frozen=True)
class Ruling:
    """What a reviewer wants of one trial, in the version that they saw."""

    number: int
    version: int
    verdict: Verdict
    reason: str = ""
    point: Point | None = None
    """The new point; only for an edit."""
    code: VetoCode | None = None
    scope: dict[str, Any] | None = None
    expires: date | None = None
