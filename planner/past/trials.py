"""A row of a past campaign as a trial that is over."""

from dataclasses import dataclass

from planner.campaign.values import Point
from planner.executor import Measurement
from planner.record.trial import TrialState


@dataclass(frozen=True)
class PastTrial:
    """One row of the table as a trial that is over."""

    point: Point
    state: TrialState
    measurements: tuple[Measurement, ...]
    reason: str
