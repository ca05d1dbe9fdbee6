"""What people should be told of: a decision is needed, a task is due, a job failed, the model does
not plan. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from planner.campaign.campaign import Campaign
from planner.campaign.values import shown, with_spread
from planner.executor import is_human
from planner.record.event import EventKind
from planner.record.job import Job
from planner.record.record import Record
from planner.record.summary import model_trouble, nothing_proposed, planned_again
from planner.record.trial import Trial, TrialState

if TYPE_CHECKING:  # the store keeps notices, so it imports this
    from planner.record.event import LoggedEvent

type NoticeKind = Literal[
    "decision-needed",
    "task-due",
    "job-failed",
    "model-failed",
    "model-plans",
    "nothing-proposed",
    "campaign-paused",
]
LINES = 12
"""Lines of a notice at most; the rest is counted."""
OLD = timedelta(days=7)
"""A failure that is older is no news to anybody."""
INSTEAD = "until it plans again, space-filling points are proposed, without what was learned"
"""What comes of a model that does not plan."""
GOES_ON = "mend it, then resume the campaign; until then results are collected and nothing begins"
"""What comes of a campaign that the loop paused."""
_WHOLE = {
    "model-failed": "the model does not plan",
    "model-plans": "the model plans again",
    "nothing-proposed": "nothing is proposed",
    "campaign-paused": "paused by the loop",
}
"""Titles that count nothing."""
CALLED_OFF = "called off"
"""How the message of a job begins that ended because its trial did."""


@dataclass(frozen=True)
class Notice:
    """One message, whatever the channel."""

    kind: NoticeKind
    key: str
    """Tells it from every other notice of the campaign, also after a restart."""
    up_to: int
    """The last event that it takes into account."""
    title: str
    lines: tuple[str, ...]

    def content(self) -> dict[str, str | list[str]]:
        """As plain data, for the outbox."""
        return {"kind": self.kind, "title": self.title, "lines": list(self.lines)}


def notices(
    campaign: Campaign,
    record: Record,
    events: "Sequence[LoggedEvent]",
    now: datetime,
    failure: "LoggedEvent | None" = None,
) -> list[Notice]:
    """What to tell of these events as things stand now, one notice of each kind, and of every task
    that is overdue, whenever it was given. ``failure`` is the newest event of a model that could
    not plan, whenever that was."""
    up_to = max((event.id for event in events), default=0)
    told: dict[NoticeKind, list[str]] = {
        "decision-needed": _proposals(campaign, record, events),
        "task-due": _tasks(campaign, record, events),
        "job-failed": _failures(events, now),
        "model-failed": _model_failures(campaign, record, events, now),
        "model-plans": _plans_again(record, events, failure),
        "nothing-proposed": _idle(campaign, record, events),
        "campaign-paused": _pauses(events),
    }
    found: list[Notice] = [
        Notice(
            kind,
            _key(kind, record, up_to),
            up_to,
            _title(campaign, kind, len(lines)),
            _short(lines),
        )
        for kind, lines in told.items()
        if lines
    ]
    return found + [_overdue(campaign, record, job) for job in _late(campaign, record, now)]


def _key(kind: NoticeKind, record: Record, up_to: int) -> str:
    """That the model does not plan is told once, whatever reasons follow each other: it made no
    trial since."""
    if kind == "model-failed":
        by_model = [t.number for t in record.trials if t.is_by_model]
        return f"{kind}:after-trial-{max(by_model, default=0)}"
    return f"{kind}:{up_to}"


def _proposals(campaign: Campaign, record: Record, events: "Sequence[LoggedEvent]") -> list[str]:
    proposed = {event.trial for event in events if event.kind == EventKind.PROPOSED}
    waiting = [t for t in record.trials if t.number in proposed and t.state is TrialState.PROPOSED]
    return [_proposal(campaign, trial) for trial in waiting]


def _proposal(campaign: Campaign, trial: Trial) -> str:
    expected = [
        f"{name} {with_spread(mean, sd)} {_unit(campaign, name)}".rstrip()
        for name, (mean, sd) in trial.prediction.items()
        if name in campaign.objectives
    ]
    behind = f" (expected: {', '.join(expected)})" if expected else ""
    return f"trial {trial.number}: {_point(campaign, trial)}{behind}"


def _tasks(campaign: Campaign, record: Record, events: "Sequence[LoggedEvent]") -> list[str]:
    opened = {
        (event.trial, event.data.get("stage"))
        for event in events
        if event.kind == EventKind.JOB_OPENED
    }
    given = [job for job in _human(campaign, record) if (job.trial, job.stage) in opened]
    return [_task(campaign, record, job) for job in given]


def _task(campaign: Campaign, record: Record, job: Job) -> str:
    trial = record.trial(job.trial)
    due = f", due {job.due:%Y-%m-%d %H:%M} UTC" if job.due else ""
    return f"{job.stage} of trial {job.trial}{due}: {_point(campaign, trial)}"


def _failures(events: "Sequence[LoggedEvent]", now: datetime) -> list[str]:
    what = {EventKind.JOB_FAILED: "the sample failed", EventKind.JOB_ABANDONED: "a technical fault"}
    return [
        f"{event.data.get('stage')} of trial {event.trial}, {what[EventKind(event.kind)]}: "
        f"{event.data.get('message') or 'no reason came'}"
        for event in events
        if event.kind in what
        and now - event.at < OLD
        and not str(event.data.get("message")).startswith(CALLED_OFF)
    ]


def _model_failures(
    campaign: Campaign, record: Record, events: "Sequence[LoggedEvent]", now: datetime
) -> list[str]:
    """The reason that stands; no word of it once the model plans again."""
    failures = [
        event for event in events if event.kind == EventKind.MODEL_FAILED and now - event.at < OLD
    ]
    trouble = model_trouble(campaign, record, failures[-1] if failures else None)
    return [trouble, INSTEAD] if trouble else []


def _plans_again(
    record: Record, events: "Sequence[LoggedEvent]", failure: "LoggedEvent | None"
) -> list[str]:
    """Once: when the first trial came that the model made after it could not plan."""
    first = planned_again(record, failure) if failure is not None else 0
    came = any(e.kind == EventKind.PROPOSED and e.trial == first for e in events)
    return [f"trial {first} is by the model"] if first and came else []


def _idle(campaign: Campaign, record: Record, events: "Sequence[LoggedEvent]") -> list[str]:
    idle = [event for event in events if event.kind == EventKind.NOTHING_PROPOSED]
    why = nothing_proposed(campaign, record, idle[-1] if idle else None)
    return [why] if why else []


def _pauses(events: "Sequence[LoggedEvent]") -> list[str]:
    """Why the loop paused the campaign, unless people let it go on since."""
    kinds = (EventKind.PAUSED, EventKind.RESUMED)
    last = next((event for event in reversed(events) if event.kind in kinds), None)
    because = last.data.get("because") if last is not None else None
    return [str(because), GOES_ON] if because else []


def _late(campaign: Campaign, record: Record, now: datetime) -> list[Job]:
    return [job for job in _human(campaign, record) if job.due is not None and job.due < now]


def _overdue(campaign: Campaign, record: Record, job: Job) -> Notice:
    title = f"{campaign.name}: {job.stage} of trial {job.trial} is overdue"
    key = f"overdue:{job.trial}/{job.stage}"
    return Notice("task-due", key, 0, title, (_task(campaign, record, job),))


def _human(campaign: Campaign, record: Record) -> list[Job]:
    """Open jobs in the hands of people."""
    stages = {stage.name for stage in campaign.stages if is_human(stage.executor)}
    return [job for job in record.jobs if job.state.is_open and job.stage in stages]


def _title(campaign: Campaign, kind: NoticeKind, n: int) -> str:
    if kind in _WHOLE:
        return f"{campaign.name}: {_WHOLE[kind]}"
    one, many = {
        "decision-needed": ("proposal waits for a decision", "proposals wait for a decision"),
        "task-due": ("task waits for people", "tasks wait for people"),
        "job-failed": ("job failed", "jobs failed"),
    }[kind]
    return f"{campaign.name}: {n} {one if n == 1 else many}"


def _short(lines: list[str]) -> tuple[str, ...]:
    more = len(lines) - LINES
    return (*lines[:LINES], *([f"and {more} more"] if more > 0 else []))


def _point(campaign: Campaign, trial: Trial) -> str:
    return ", ".join(
        f"{n} = {shown(trial.point[n])} {_unit(campaign, n)}".rstrip() for n in campaign.free
    )


def _unit(campaign: Campaign, name: str) -> str:
    return campaign.unit(name).strip("[]")
