"""What a walk through a pool has measured so far, as the record of a campaign."""

from collections.abc import Sequence

from planner.past.as_record import Experiment, record_of_experiments
from planner.past.pool import Pool
from planner.record.record import Record
from planner.record.trial import TrialState


def record_of(pool: Pool, seen: Sequence[int], waiting: Sequence[int] = ()) -> Record:
    """The record of a campaign that measured some conditions, in this order, and runs others."""
    running = [Experiment(pool.points[i], state=TrialState.RUNNING) for i in waiting]
    return record_of_experiments(pool.campaign, [*map(pool.experiment, seen), *running])
