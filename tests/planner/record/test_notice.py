"""What people are told, and what not."""

from datetime import timedelta
from pathlib import Path

import pytest

from executors.testing.laboratory import BY_HAND, START, decide, inject, laboratory, two_stages
from planner.desk import idle_because
from planner.loop.laboratory import Laboratory
from planner.loop.turn import advance
from planner.record.decision import Verdict
from planner.record.event import EventKind
from planner.record.job import JobState
from planner.record.notice import Notice, notices
from planner.record.trial import Origin, Proposal, TrialState

MANUAL = [{"name": "making", "executor": "manual", "gives": ["density", "strength"], "due_days": 7}]


@pytest.fixture
def lab(tmp_path: Path) -> Laboratory:
    content = two_stages(stages=MANUAL, planner={"batch": 3, "initial": 3})
    return laboratory(tmp_path, content, review=BY_HAND)


def told(lab: Laboratory, after: int = 0, days: float = 0.0) -> list[Notice]:
    events = lab.store.events.list("test", after)
    when = START + timedelta(days=days)
    return notices(lab.campaign("test"), lab.store.snapshot("test"), events, when)


def last(lab: Laboratory) -> int:
    return lab.store.events.list("test")[-1].id


def test_proposals_that_wait_are_told_together_and_decided_ones_are_not(lab: Laboratory) -> None:
    advance(lab, "test")
    decide(lab.store, lab.store.trials.get("test", 2), Verdict.VETOED, reason="too hot")
    (notice,) = told(lab)
    assert (notice.kind, notice.title) == (
        "decision-needed",
        "test: 2 proposals wait for a decision",
    )
    assert [line.split(":")[0] for line in notice.lines] == ["trial 1", "trial 3"]
    assert "degC" in notice.lines[0]
    assert told(lab, after=notice.up_to) == []


def test_a_task_is_told_when_it_comes_and_once_more_when_it_is_overdue(lab: Laboratory) -> None:
    decide(lab.store, inject(lab.store, lab.campaign("test"), T=700, x=3), Verdict.APPROVED)
    advance(lab, "test")
    (task,) = (n for n in told(lab) if n.kind == "task-due")
    assert task.lines == ("making of trial 1, due 2026-01-12 09:00 UTC: T = 700 degC, x = 3",)
    seen = last(lab)
    assert told(lab, seen, days=6) == []
    first, again = (told(lab, seen, days=d)[0] for d in (8, 9))
    assert first.key == again.key == "overdue:1/making"


def test_failures_are_told_with_their_reason_but_old_ones_and_called_off_jobs_are_not(
    lab: Laboratory,
) -> None:
    decide(lab.store, inject(lab.store, lab.campaign("test"), T=700, x=3), Verdict.APPROVED)
    advance(lab, "test")
    (job,) = lab.store.jobs.list("test", JobState.RUNNING)
    seen = last(lab)
    lab.store.jobs.finish(
        job, JobState.FAILED, author="Aki", at=START, message="cracked", person="Aki"
    )
    (notice,) = told(lab, seen)
    assert notice.lines == ("making of trial 1, the sample failed: cracked",)
    assert told(lab, seen, days=8) == []


def test_a_long_list_is_counted(lab: Laboratory) -> None:
    for x in range(20):
        inject(lab.store, lab.campaign("test"), T=700, x=x / 4)
    (notice,) = told(lab)
    assert len(notice.lines) == 13
    assert notice.lines[-1] == "and 8 more"


def planned_by(lab: Laboratory, generator: str, *, fails: str = "") -> None:
    """A proposal of the planner, or of what came in its place."""
    if fails:
        last_trial = lab.store.snapshot("test").next_number - 1
        lab.note("test", EventKind.MODEL_FAILED, error=fails, last_trial=last_trial)
    point = lab.campaign("test").complete({"T": 700, "x": 3})
    lab.store.trials.add(
        "test", [Proposal(point=point, generator=generator)], origin=Origin.PLANNER, author="planner",
        at=lab.now(), campaign_version=1,
    )  # fmt: skip


def test_a_model_that_does_not_plan_is_told_once_and_not_when_it_plans_again(
    lab: Laboratory,
) -> None:
    planned_by(lab, "sobol", fails="the kernel is singular")
    (failed,) = (n for n in told(lab) if n.kind == "model-failed")
    assert failed.title == "test: the model does not plan"
    assert failed.lines[0] == "the kernel is singular"
    assert "space-filling points are proposed" in failed.lines[1]
    seen = last(lab)
    planned_by(lab, "sobol")
    assert [n.kind for n in told(lab, seen)] == ["decision-needed"]
    planned_by(lab, "botorch")
    assert [n.kind for n in told(lab)] == ["decision-needed"]
    assert "model-failed" not in [n.kind for n in told(lab, days=8)]


def test_that_the_model_plans_again_is_told_once_and_no_change_of_reason_is(
    lab: Laboratory,
) -> None:
    planned_by(lab, "sobol", fails="the kernel is singular")
    (first,) = (n for n in told(lab) if n.kind == "model-failed")
    planned_by(lab, "sobol", fails="out of memory")
    (again,) = (n for n in told(lab, first.up_to) if n.kind == "model-failed")
    assert again.key == first.key  # the outbox has it already
    planned_by(lab, "botorch")
    failure = lab.store.events.last("test", EventKind.MODEL_FAILED)
    events = lab.store.events.list("test", again.up_to)
    now = lab.campaign("test"), lab.store.snapshot("test")
    (better,) = (n for n in notices(*now, events, START, failure) if n.kind == "model-plans")
    assert (better.title, better.lines) == (
        "test: the model plans again",
        ("trial 3 is by the model",),
    )
    planned_by(lab, "botorch")
    later = lab.store.events.list("test", better.up_to)
    now = lab.campaign("test"), lab.store.snapshot("test")
    assert [n.kind for n in notices(*now, later, START, failure)] == ["decision-needed"]


def test_that_nothing_is_left_to_propose_is_told_once_until_something_is(tmp_path: Path) -> None:
    few = {"T": {"kind": "ordered", "values": [600, 700]}}
    content = two_stages(parameters=few, stages=MANUAL, planner={"batch": 3, "generator": "sobol"})
    lab = laboratory(tmp_path, content, review=BY_HAND)
    advance(lab, "test")
    assert not advance(lab, "test").problems
    why = "every point of the space is planned, tried or vetoed"
    advance(lab, "test")
    assert [e.kind for e in lab.store.events.list("test")].count("planner.idle") == 1
    assert idle_because(lab.store, lab.look("test")) == why
    (idle,) = (n for n in told(lab) if n.kind == "nothing-proposed")
    assert (idle.title, idle.lines) == ("test: nothing is proposed", (why,))
    lab.store.trials.move("test", 1, version=1, state=TrialState.ABANDONED, author="loop", at=START)
    advance(lab, "test")
    assert idle_because(lab.store, lab.look("test")) == ""  # its point came again
