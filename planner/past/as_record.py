"""Past experiments in the words of a record, as the planner reads one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from planner.campaign.campaign import Campaign
from planner.campaign.values import Point
from planner.record.record import Record
from planner.record.result import Result
from planner.record.trial import Origin, Trial, TrialState

WHEN = datetime(2000, 1, 1, tzinfo=UTC)
"""Replays know an order, not a time."""


@dataclass(frozen=True)
class Experiment:
    """One condition that was tried, with what came of it."""

    point: Point
    values: Mapping[str, tuple[float, float | None]] = field(default_factory=dict)
    """Value and standard error (None: not known) by outcome, in the units of the campaign."""
    state: TrialState = TrialState.COMPLETED
    """RUNNING while its results are still awaited."""


def record_of_experiments(campaign: Campaign, experiments: Sequence[Experiment]) -> Record:
    """The record of a campaign that made these experiments, in this order."""
    trials: list[Trial] = []
    results: list[Result] = []
    for number, experiment in enumerate(experiments, 1):
        trials.append(
            Trial(
                campaign=campaign.name,
                number=number,
                origin=Origin.IMPORTED,
                author="replay",
                state=experiment.state,
                campaign_version=1,
                created_at=WHEN,
                point=experiment.point,
                generator="history",
            )
        )
        results += [
            Result(
                campaign=campaign.name,
                number=len(results) + j,
                trial=number,
                stage="experiment",
                outcome=name,
                value=value,
                standard_error=error,
                unit=campaign.unit(name),
                author="replay",
                at=WHEN,
            )
            for j, (name, (value, error)) in enumerate(experiment.values.items(), 1)
        ]
    return Record(tuple(trials), results=tuple(results))
