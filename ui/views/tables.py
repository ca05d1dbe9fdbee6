"""Records as tables (DataFrames) for people. Pure.

Columns are headed as people say them, with units: ``temperature (degC)``.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from planner.campaign.campaign import Campaign
from planner.campaign.values import Point, shown, with_spread
from planner.record.decision import Decision
from planner.record.job import Job
from planner.record.record import Record
from planner.record.result import Result
from planner.record.summary import best
from planner.record.trial import Trial
from planner.store import LoggedEvent
from ui.views.waiting import by_people
from ui.views.words import heading, hint, limits, origin_of, point_line, quantity


def point_table(campaign: Campaign, point: Point, plan: Point | None = None) -> pd.DataFrame:
    """All parameters with values and units; with ``plan``, what was planned beside what ran."""
    rows = []
    for name in (n for n in campaign.parameters if n in point):
        unit = campaign.unit(name)
        row = {"parameter": name, "value": quantity(point[name], unit)}
        if plan is not None:
            row |= {"planned": quantity(plan.get(name, ""), unit), "as run": row.pop("value")}
        rows.append(row)
    return pd.DataFrame(rows)


def trials_table(campaign: Campaign, record: Record) -> pd.DataFrame:
    """One row per trial: where it ran, what came of it; numbers stay numbers."""
    return pd.DataFrame([_trial_row(campaign, record, trial) for trial in record.trials])


def _trial_row(campaign: Campaign, record: Record, trial: Trial) -> dict[str, Any]:
    row: dict[str, Any] = {"trial": trial.number, "state": trial.state.value}
    point = record.as_run(trial)
    for name in campaign.free:
        row[_free(row, heading(name, campaign.unit(name)))] = point.get(name)
    results = {r.outcome: r for r in record.results_of.get(trial.number, [])}
    for name, outcome in campaign.outcomes.items():
        found = results.get(name)
        row[_free(row, heading(name, outcome.unit))] = found.value if found else None
        row[_free(row, f"± {name}")] = found.standard_error if found else None
    row |= {_free(row, "from"): origin_of(trial), "proposed (UTC)": _utc(trial.created_at)}
    left_out = record.left_out.get(trial.number)
    note = f"nothing is learned from it: {left_out}" if left_out else trial.message or trial.reason
    row[_free(row, "note")] = note
    return row


def _utc(at: datetime | None) -> datetime | None:
    """The time without its zone, which stands in the heading."""
    return at and at.replace(tzinfo=None)


def _free(row: Mapping[str, Any], name: str) -> str:
    """A heading that is not taken yet: a parameter may well be called ``state``."""
    while name in row:
        name += "*"
    return name


def result_table(campaign: Campaign, history: Sequence[Result]) -> pd.DataFrame:
    """All results of a trial, superseded ones too."""
    later = {r.supersedes: r.number for r in history}
    rows = [
        {
            "result": r.number,
            "stage": r.stage,
            "outcome": r.outcome,
            "value": quantity(r.value, r.unit),
            "±": "" if r.standard_error is None else f"{r.standard_error:.3g}",
            "holds": f"no: result {later[r.number]} does" if r.number in later else "yes",
            "by": r.author,
            "at (UTC)": _utc(r.at),
            "method, source": ", ".join(filter(None, (r.method, r.source))),
            "reason": r.reason,
        }
        for r in history
    ]
    return pd.DataFrame(rows)


def job_table(jobs: Iterable[Job]) -> pd.DataFrame:
    """The jobs of a trial."""
    rows = [
        {
            "stage": job.stage,
            "executor": job.executor,
            "state": job.state.value,
            "attempts": job.attempt,
            "progress": job.progress,
            "held by": job.holder or "",
            "due (UTC)": _utc(job.due),
            "ended (UTC)": _utc(job.ended_at),
            "note": job.message,
        }
        for job in jobs
    ]
    return pd.DataFrame(rows)


def expected_and_found(campaign: Campaign, record: Record, trial: Trial) -> pd.DataFrame:
    """What was predicted of a trial beside what was measured; z is their distance in sd."""
    results = {r.outcome: r for r in record.results_of.get(trial.number, [])}
    rows = []
    for name, outcome in campaign.outcomes.items():
        mean, sd = trial.prediction.get(name, (None, None))
        found = results[name].value if name in results else None
        z = (found - mean) / sd if mean is not None and sd and found is not None else None
        rows.append(
            {
                "outcome": heading(name, outcome.unit),
                "predicted": None if mean is None or sd is None else with_spread(mean, sd),
                "measured": None if found is None else f"{found:.4g}",
                "z": None if z is None else f"{z:+.1f}",
            }
        )
    return pd.DataFrame(rows)


def parameter_table(campaign: Campaign) -> pd.DataFrame:
    """What may be set, and within which limits."""
    return pd.DataFrame(
        [
            {
                "parameter": n,
                "kind": p.kind,
                "unit": campaign.unit(n).strip("[]"),
                "allows": hint(p),
            }
            for n, p in campaign.parameters.items()
        ]
    )


def outcome_table(campaign: Campaign, record: Record) -> pd.DataFrame:
    """What is measured, what it is for, and the best so far."""
    tops = best(campaign, record)
    rows = []
    for name, o in campaign.outcomes.items():
        goal = {"none": "measured only", "target": f"hit {o.value} ± {o.tolerance or 0:g}"}
        top = tops.get(name)
        rows.append(
            {
                "outcome": name,
                "unit": o.unit.strip("[]"),
                "goal": goal.get(o.goal, o.goal),
                "limits": ", ".join(f"{n} {v:g}" for n, v in limits(o).items() if n != "target"),
                "best so far": f"{top.value:.5g} (trial {top.trial})" if top else "",
                "stage": next((s.name for s in campaign.stages if name in s.gives), ""),
            }
        )
    return pd.DataFrame(rows)


def stage_table(campaign: Campaign) -> pd.DataFrame:
    """The pipeline."""
    return pd.DataFrame(
        [
            {
                "stage": s.name,
                "carried out by": f"people ({s.executor})" if by_people(s.executor) else s.executor,
                "after": ", ".join(s.after),
                "gives": ", ".join(s.gives),
                "due after": f"{s.due_days:g} days" if s.due_days else "",
            }
            for s in campaign.stages
        ]
    )


def health_table(record: Record) -> pd.DataFrame:
    """The scores of each learner's newest version."""
    newest = {v.learner: v for v in record.versions}
    rows = [
        {
            "learner": name,
            "version": v.number,
            "in use": "yes" if v.used else "no: it scored worse",
            "score": score,
            "value": value,
            "meaning": _MEANING.get(score.rpartition(".")[2], ""),
        }
        for name, v in newest.items()
        for score, value in v.scores.items()
    ]
    return pd.DataFrame(rows)


_MEANING = {
    "n": "results or samples that it rests on",
    "coverage_50": "share inside their 50 % interval; 0.5 is right",
    "coverage_68": "share inside their 68 % interval; 0.68 is right",
    "coverage_95": "share inside their 95 % interval; 0.95 is right",
    "mean_z": "mean distance in standard deviations; 0 is right",
    "sd_z": "spread of that distance; 1 is right, more: too sure of itself",
    "rmse": "typical error of the predicted mean, in the outcome's unit",
    "log_score": "mean log density of what came; larger is better",
    "loo_rmse": "typical error of a sample predicted from the others, in ln Jc",
    "loo_log_score": "the same as mean log density; larger is better",
    "exponent": "power with which Jc goes with it",
    "sd": "standard deviation of the exponent before",
}


def event_table(events: Iterable[LoggedEvent]) -> pd.DataFrame:
    """The event log, newest first."""
    rows = [
        {
            "id": e.id,
            "at (UTC)": _utc(e.at),
            "event": e.kind,
            "by": e.author,
            "trial": e.trial,
            "details": ", ".join(
                f"{k}: {shown(v)}" for k, v in e.data.items() if v not in (None, "", {})
            ),
        }
        for e in events
    ]
    frame = pd.DataFrame(rows[::-1], columns=["id", "at (UTC)", "event", "by", "trial", "details"])
    return frame.astype({"trial": "Int64"})


def decision_table(campaign: Campaign, decisions: Iterable[Decision]) -> pd.DataFrame:
    """Who decided what, when, why, and what they saw; newest first."""
    rows = [
        {
            "decision": d.number,
            "at (UTC)": _utc(d.at),
            "trial": d.trial,
            "version": d.trial_version,
            "verdict": d.verdict.value,
            "by": d.author,
            "reason": d.reason,
            "saw": point_line(campaign, d.seen.get("point", {})),
            "saw predicted": ", ".join(
                f"{n} {with_spread(mean, sd)}"
                for n, (mean, sd) in d.seen.get("prediction", {}).items()
            ),
        }
        for d in decisions
    ]
    columns = ["decision", "at (UTC)", "trial", "version", "verdict", "by", "reason", "saw"]
    return pd.DataFrame(rows[::-1], columns=[*columns, "saw predicted"])


def matching(frame: pd.DataFrame, words: str, **wanted: Sequence[Any]) -> pd.DataFrame:
    """The rows that hold all words somewhere, and in each named column one of the values (if
    any are given)."""
    for column, values in wanted.items():
        if values:
            frame = frame[frame[column].isin(values)]
    for word in words.lower().split():
        holds = [word in " ".join(map(str, row)).lower() for row in frame.itertuples(index=False)]
        frame = frame[holds]
    return frame
