"""Whether a record belongs to its campaign. Revisions see to that; a damaged database may not."""

from planner.campaign.campaign import Campaign
from planner.campaign.parameter import is_number
from planner.record.decision import Decision
from planner.record.job import Job
from planner.record.record import Record
from planner.record.result import Result
from planner.record.trial import Trial


def misfit(campaign: Campaign, record: Record) -> str:
    """The first thing in a record that its campaign cannot have; empty where all of it fits."""
    faults = (_trial_fault(campaign, trial) for trial in record.trials)
    return next(filter(None, faults), "") or _stray(record) or _unknown(campaign, record)


def _trial_fault(campaign: Campaign, trial: Trial) -> str:
    for name, parameter in campaign.free.items():
        if name not in trial.point:
            return f"trial {trial.number} has no value of {name}, and no `was` says what it had"
        if parameter.kind in ("range", "integer") and not is_number(trial.point[name]):
            return f"trial {trial.number}: {name} is {trial.point[name]!r:.40}, not a number"
    return ""


def _stray(record: Record) -> str:
    """Something that belongs to no trial."""
    trials = {trial.number for trial in record.trials}
    entries: list[Job | Result | Decision]
    entries = [*record.jobs, *record.results, *record.decisions]
    for entry in entries:
        if entry.trial not in trials:
            return f"a {type(entry).__name__.lower()} is of trial {entry.trial}, which is not there"
    return ""


def _unknown(campaign: Campaign, record: Record) -> str:
    """A stage or an outcome that the campaign does not know."""
    stages = {stage.name for stage in campaign.stages}
    for job in record.jobs:
        if job.stage not in stages:
            return f"a job of trial {job.trial} is of stage {job.stage!r}, which is not there"
    for result in record.results:
        if result.outcome not in campaign.outcomes:
            return f"result {result.number} is of {result.outcome!r}, which is no outcome"
    return ""
