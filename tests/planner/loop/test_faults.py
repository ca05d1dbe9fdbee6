"""A stage that meets with nothing but technical faults pauses its campaign, and people are told."""

from itertools import count
from pathlib import Path

import pytest

from executors.testing.laboratory import START, laboratory, turns, two_stages
from flows.turns.run import drive
from planner import desk
from planner.loop.faults import IN_A_ROW, cannot_work, nothing_holds_together
from planner.loop.turn import advance
from planner.record.event import EventKind, LoggedEvent
from planner.record.job import JobState
from planner.record.notice import notices
from planner.record.status import CampaignStatus
from planner.record.trial import TrialState

MANY = {"budget": {"trials": 1000}}
KINDS = {
    "x": EventKind.JOB_ABANDONED,
    "f": EventKind.JOB_FAILED,
    ".": EventKind.JOB_COMPLETED,
}


def ends(making: str, testing: str = "", message: str = "out of gas") -> list[LoggedEvent]:
    """Ends of jobs: x is a technical fault, f a sample that failed, . a job that is done."""
    numbers = count(1)
    return [
        LoggedEvent(
            id=next(numbers), campaign="test", at=START, kind=KINDS[end], author="virtual",
            trial=trial, data={"stage": stage, "message": message},
        )
        for stage, all_ends in (("making", making), ("testing", testing))
        for trial, end in enumerate(all_ends, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("making", "testing", "pauses"),
    [
        ("", "", False),
        ("x" * (IN_A_ROW - 1), "", False),
        ("x" * IN_A_ROW, "", True),
        ("." + "x" * IN_A_ROW, "", True),
        ("x" * IN_A_ROW + ".", "", False),  # it works by now
        ("xxfxx", "", False),  # a sample that failed is a result
        ("xxx", "xx", False),  # each stage by itself
        ("." * 9, "x" * IN_A_ROW, True),
    ],
)
def test_so_many_technical_faults_of_a_stage_in_a_row_are_enough(
    making: str, testing: str, pauses: bool
) -> None:
    assert bool(cannot_work(ends(making, testing))) == pauses


def test_what_was_called_off_is_no_fault_of_its_stage() -> None:
    assert cannot_work(ends("x" * 9, message="called off: the trial has ended")) == ""


def test_the_reason_names_the_stage_and_the_last_fault() -> None:
    why = "5 technical faults in a row in stage 'making'; of trial 5: out of gas"
    assert cannot_work(ends("xxxxx")) == why


def test_a_campaign_whose_every_job_is_a_technical_fault_pauses_with_a_reason(
    tmp_path: Path,
) -> None:
    lab = laboratory(tmp_path, two_stages(options={"crash": 1}, **MANY))
    turns(lab, "test", most=40)
    now = lab.look("test")
    assert now.status is CampaignStatus.PAUSED
    assert IN_A_ROW <= now.record.count(TrialState.ABANDONED) <= IN_A_ROW + 3
    assert "virtual technical fault" in desk.paused_because(lab.store, now)
    told = notices(now.campaign, now.record, lab.store.events.list("test"), lab.now())
    (notice,) = [n for n in told if n.kind == "campaign-paused"]
    assert notice.title == "test: paused by the loop"
    assert "stage 'making'" in notice.lines[0]


def test_people_let_it_go_on_and_it_is_counted_anew(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(options={"crash": 1}, **MANY))
    turns(lab, "test", most=40)
    before = lab.look("test").record.count(TrialState.ABANDONED)
    desk.resume(lab.store, "test", "Mika")
    assert advance(lab, "test").proposed
    assert desk.paused_because(lab.store, lab.look("test")) == ""
    turns(lab, "test", most=40)
    now = lab.look("test")
    assert now.status is CampaignStatus.PAUSED
    assert now.record.count(TrialState.ABANDONED) >= before + IN_A_ROW


def test_a_run_on_the_command_line_ends_with_the_reason(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(options={"crash": 1}, **MANY))
    stop = drive(lab, "test", turns=200)
    assert stop.why.startswith("the campaign is paused: ")
    assert "technical faults in a row in stage 'making'" in stop.why


@pytest.mark.parametrize(("allowed", "spent"), [(3, 3), (10, 8)])
def test_a_campaign_of_which_one_sample_after_the_other_fails_pauses(
    tmp_path: Path, allowed: int, spent: int
) -> None:
    budget = {"trials": 8, "failures_in_a_row": allowed}
    lab = laboratory(tmp_path, two_stages(options={"fails_when": "1"}, budget=budget))
    turns(lab, "test", most=60)
    now = lab.look("test")
    assert now.record.count(TrialState.FAILED) == spent
    if spent < 8:
        assert now.status is CampaignStatus.PAUSED
        assert desk.paused_because(lab.store, now).startswith(
            "3 samples in a row failed; of trial 3: "
        )
        desk.resume(lab.store, "test", "Mika")  # people may let it go on, and it is counted anew
        turns(lab, "test", most=60)
        assert lab.look("test").record.count(TrialState.FAILED) == 6


@pytest.mark.parametrize(
    ("told", "failed"),
    [
        ("f1 f2 f3", 3),
        ("f1 f2 .3 f4 f5", 0),
        ("f1 t1 f1 f2", 0),  # one sample that failed twice is one
        ("f1 f2 t2 f3 f4", 3),
        ("f1 f2 f3 t3", 0),
    ],
)
def test_a_failure_that_was_taken_back_is_not_in_the_row(told: str, failed: int) -> None:
    kinds = {"f": EventKind.FAILED, ".": EventKind.COMPLETED, "t": EventKind.TAKEN_BACK}
    samples = [
        LoggedEvent(
            id=i, campaign="test", at=START, kind=kinds[word[0]], author="x", trial=int(word[1:])
        )
        for i, word in enumerate(told.split())
    ]
    because = nothing_holds_together(samples, 3)
    assert because.startswith("3 samples in a row failed; of trial") if failed else because == ""


def test_faults_now_and_then_pause_nothing(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(options={"crash": 0.3}, budget={"trials": 20}))
    drive(lab, "test", turns=200)
    now = lab.look("test")
    assert now.record.count(TrialState.COMPLETED) == 20
    assert now.record.count(TrialState.ABANDONED) > IN_A_ROW


def test_a_job_waits_for_a_file_that_is_missing_on_disk(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(budget={"trials": 1}))
    advance(lab, "test")
    (job,) = lab.store.jobs.list("test", JobState.RUNNING)
    picture = tmp_path / "grains.png"
    picture.write_bytes(b"grains")
    lab.store.jobs.finish(
        job, JobState.COMPLETED, author="virtual", at=lab.now(), artifacts={picture.name: picture}
    )
    (kept,) = lab.store.jobs.artifacts("test")
    lab.store.files.path(kept.sha256).unlink()
    for _ in range(9):
        told = advance(lab, "test").problems
    assert "the file grains.png of making of trial 1 is missing" in told[0]
    lab.store.files.put(picture)  # somebody brings it back
    turns(lab, "test")
    assert lab.look("test").record.count(TrialState.COMPLETED) == 1
