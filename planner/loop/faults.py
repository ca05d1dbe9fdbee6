"""When nothing comes of trials any more: then the loop pauses, and says why. Pure.

A technical fault teaches nothing and is not counted against the budget, so a stage that cannot work
would be given point after point for ever. A sample that failed teaches something; but where one
after the other fails, people should look before the budget is spent.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from planner.record.event import EventKind, LoggedEvent
from planner.record.job import Job, JobState
from planner.record.notice import CALLED_OFF

IN_A_ROW = 5
"""Technical faults of one stage, with nothing else between, at which a campaign pauses."""
ENDS = (EventKind.JOB_COMPLETED, EventKind.JOB_FAILED, EventKind.JOB_ABANDONED)
"""The events from which it is seen."""
SAMPLES = (EventKind.COMPLETED, EventKind.FAILED, EventKind.TAKEN_BACK)
"""The events that say how samples ended, or that one did not fail after all."""


def has_many(jobs: Iterable[Job]) -> bool:
    """Whether it is worth a look: some stage has so many technical faults at all."""
    faults = Counter(job.stage for job in jobs if job.state is JobState.ABANDONED)
    return max(faults.values(), default=0) >= IN_A_ROW


def cannot_work(ends: Sequence[LoggedEvent]) -> str:
    """Why the campaign should pause, from the ends of its jobs in their order since people last let
    it go on; empty where it need not."""
    row: Counter[str] = Counter()
    last: dict[str, LoggedEvent] = {}
    for event in ends:
        stage = str(event.data.get("stage"))
        if event.kind != EventKind.JOB_ABANDONED:
            row[stage] = 0
        elif not str(event.data.get("message")).startswith(CALLED_OFF):
            row[stage] += 1
            last[stage] = event
    return next((_said(n, last[stage]) for stage, n in row.items() if n >= IN_A_ROW), "")


def nothing_holds_together(ends: Sequence[LoggedEvent], allowed: int) -> str:
    """Why the campaign should pause, from the ends of its samples in their order since people last
    let it go on: ``allowed`` of them failed in a row. Empty where it need not."""
    failed: dict[int | None, LoggedEvent] = {}
    for event in ends:
        if event.kind == EventKind.COMPLETED:
            failed.clear()
        else:
            failed.pop(event.trial, None)  # one that was taken back may fail again, and later
            failed |= {event.trial: event} if event.kind == EventKind.FAILED else {}
    if len(failed) < allowed:
        return ""
    last = [*failed.values()][-1]
    why = last.data.get("message") or "no reason came"
    return f"{len(failed)} samples in a row failed; of trial {last.trial}: {why}"


def _said(number: int, last: LoggedEvent) -> str:
    why = last.data.get("message") or "no reason came"
    return (
        f"{number} technical faults in a row in stage {last.data.get('stage')!r}; "
        f"of trial {last.trial}: {why}"
    )
