"""A campaign as plain data, for JSON files, the command line and the panel."""

from typing import Any

from planner.campaign.campaign import Campaign
from planner.executor import is_human
from planner.record.event import Event
from planner.record.job import Job, JobState
from planner.record.record import Record, is_feasible
from planner.record.trial import Trial, TrialState


def describe(campaign: Campaign, record: Record) -> dict[str, Any]:
    """Counts, the best so far and every trial."""
    return {
        "campaign": campaign.name,
        "synthetic": campaign.synthetic,
        "budget": {"trials": campaign.budget.trials, "spent": record.spent()},
        "states": {state.value: record.count(state) for state in TrialState if record.count(state)},
        "best": best(campaign, record),
        "waiting_for_people": waiting(campaign, record),
        "model": {v.learner: {"version": v.number, **v.scores} for v in record.versions},
        "trials": [describe_trial(trial, record) for trial in record.trials],
    }


def describe_trial(trial: Trial, record: Record) -> dict[str, Any]:
    """One trial with what was predicted and what was found."""
    return {
        "id": trial.number,
        "point": trial.point,
        "as_run": record.as_run(trial),
        "origin": trial.origin.value,
        "generator": trial.generator,
        "state": trial.state.value,
        "version": trial.version,
        "author": trial.author,
        "reason": trial.reason,
        "message": trial.message,
        "feasibility": trial.feasibility,
        "guidance": trial.guidance,
        "prediction": {n: {"mean": m, "sd": s} for n, (m, s) in trial.prediction.items()},
        "results": {
            r.outcome: {
                "number": r.number,
                "value": r.value,
                "standard_error": r.standard_error,
                "unit": r.unit,
            }
            for r in record.results_of.get(trial.number, [])
        },
        "jobs": {stage: job.state.value for stage, job in record.jobs_of(trial.number).items()},
    }


def best(campaign: Campaign, record: Record) -> dict[str, Any]:
    """For each objective the best value so far and its trial, among samples that keep what is
    required of them."""
    kept = [o for o in record.observations if is_feasible(campaign, o) is not False]
    found = {}
    for name, outcome in campaign.objectives.items():
        measured = [(outcome.merit(o.values[name][0]), o) for o in kept if name in o.values]
        if measured:
            top = max(measured, key=lambda pair: pair[0])[1]
            found[name] = {"value": top.values[name][0], "unit": outcome.unit, "trial": top.trial}
    return found


def model_trouble(campaign: Campaign, record: Record, failure: Event | None) -> str:
    """Why the model does not plan at present; empty where it does, or is not to plan any more.
    ``failure`` is the newest event of the kind ``planner.failed``."""
    if failure is None or campaign.planner.generator != "model":
        return ""
    is_over = record.spent() >= campaign.budget.trials
    last = failure.data.get("last_trial", 0)  # by number: clocks may be set back
    plans_again = any(trial.is_by_model and trial.number > last for trial in record.trials)
    return "" if is_over or plans_again else str(failure.data.get("error"))


def waiting(campaign: Campaign, record: Record) -> list[str]:
    """What people have to do before the campaign can go on."""
    decide = [
        f"decide on trial {t.number}" for t in record.trials if t.state is TrialState.PROPOSED
    ]
    human = {stage.name for stage in campaign.stages if is_human(stage.executor)}
    return decide + [
        _task(job) for job in record.jobs if job.state is JobState.RUNNING and job.stage in human
    ]


def _task(job: Job) -> str:
    due = f" by {job.due:%Y-%m-%d}" if job.due else ""
    note = f" ({job.message})" if job.message else ""
    return f"carry out {job.stage} of trial {job.trial}{due}{note}"
