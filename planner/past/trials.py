"""A row of a past campaign as a trial that is over."""

from dataclasses import dataclass

from planner.campaign.values import Point
from planner.executor import Measurement
from planner.record.trial import State


@dataclass(frozen=True)
class Past:
    """One row of the table as a trial that is over."""

    point: Point
    state: State
    measurements: tuple[Measurement, ...]
    reason: str
