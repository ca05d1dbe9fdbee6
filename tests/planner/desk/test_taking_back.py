"""What was decided or said is taken back: by whom, why, and what comes of it."""

from io import BytesIO
from pathlib import Path

import pytest

from executors.testing.laboratory import laboratory
from planner import desk
from planner.beliefs.vetoes import in_force
from planner.campaign.campaign import Campaign
from planner.loop.laboratory import Laboratory
from planner.loop.turn import advance
from planner.record.decision import Verdict, VetoCode
from planner.record.event import EventKind
from planner.record.job import JobState
from planner.record.record import Record
from planner.record.summary import waiting
from planner.record.trial import Trial, TrialState
from planner.store import Conflict, Store, open_store
from tests.ui.conftest import by_people

HOT = {"within": {"T": [690, 720]}}


@pytest.fixture
def lab(tmp_path: Path) -> Laboratory:
    """Three proposals at T = 700, 701 and 702, in the hands of people once approved."""
    lab = laboratory(tmp_path, by_people())
    desk.inject(lab.store, "test", [({"T": 700 + i, "x": 3}, "") for i in range(3)], "Mika")
    return lab


def trial(lab: Laboratory, number: int) -> Trial:
    return lab.store.trials.get("test", number)


def seen(lab: Laboratory, number: int) -> desk.Seen:
    return desk.Seen("test", number, trial(lab, number).version)


def back(lab: Laboratory, number: int, reason: str = "a slip") -> list[Trial]:
    return desk.take_back(lab.store, seen(lab, number), "Aki", reason)


def begun(lab: Laboratory, number: int = 1) -> None:
    desk.approve(lab.store, [seen(lab, number)], "Mika")
    advance(lab, "test")


def failed(lab: Laboratory, state: JobState = JobState.FAILED) -> None:
    begun(lab)
    files = [desk.Upload("log.txt", BytesIO(b"x"))]
    desk.end_without(lab.store, desk.open_job(lab.store, "test", 1), state, "it cracked", "Mika", files)  # fmt: skip
    advance(lab, "test")


def test_an_approval_waits_for_a_decision_again_and_the_record_keeps_both(lab: Laboratory) -> None:
    desk.approve(lab.store, [seen(lab, 1)], "Mika")
    back(lab, 1, "the wrong one")
    assert trial(lab, 1).state is TrialState.PROPOSED
    (approved, taken) = lab.store.snapshot("test").decisions
    assert (approved.verdict, taken.verdict) == (Verdict.APPROVED, Verdict.TAKEN_BACK)
    assert (taken.author, taken.reason, taken.trial_version) == ("Aki", "the wrong one", 2)
    event = lab.store.events.last("test", EventKind.TAKEN_BACK)
    assert event is not None
    assert (event.author, event.data["was"]) == ("Aki", "approved")


def test_a_task_that_nobody_began_is_called_off_and_opened_anew_by_the_next_approval(
    lab: Laboratory,
) -> None:
    begun(lab)
    back(lab, 1)
    told = waiting(lab.campaign("test"), lab.store.snapshot("test"))
    assert told == [f"decide on trial {number}" for number in (1, 2, 3)]
    (job,) = lab.store.snapshot("test").jobs
    with pytest.raises(Conflict, match="approval of trial 1 was taken back"):
        desk.hand_in(lab.store, job, [desk.measurement("density", "74 percent")], {}, [], "Mika")
    advance(lab, "test")
    (job,) = lab.store.jobs.list("test")
    assert (job.state, job.message) == (
        JobState.ABANDONED,
        "called off: its approval was taken back",
    )
    begun(lab)
    (job,) = lab.store.jobs.list("test")
    assert (job.state, job.id, job.message) == (JobState.RUNNING, "test/1/making (2)", "")


def test_what_was_approved_again_before_a_turn_goes_on_as_it_was(lab: Laboratory) -> None:
    begun(lab)
    back(lab, 1)
    begun(lab)
    (job,) = lab.store.jobs.list("test")
    assert (job.state, job.reopened) == (JobState.RUNNING, 0)


def test_what_has_begun_is_not_taken_back(lab: Laboratory) -> None:
    begun(lab)
    desk.record(lab.store, "test", 1, [desk.measurement("density", "74 percent")], "Mika", partial=True)  # fmt: skip
    with pytest.raises(Conflict, match="density was measured by Mika already"):
        back(lab, 1)


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.ABANDONED])
def test_a_failure_that_was_none_runs_again_and_its_results_are_entered(
    lab: Laboratory, state: JobState
) -> None:
    failed(lab, state)
    assert trial(lab, 1).state == state.value
    back(lab, 1, "it was another sample")
    assert trial(lab, 1).state is TrialState.RUNNING
    assert lab.store.snapshot("test").observations == []
    advance(lab, "test")
    job, log = desk.open_job(lab.store, "test", 1), desk.Upload("log.txt", BytesIO(b"y"))
    desk.hand_in(lab.store, job, [desk.measurement("density", "74 percent")], {}, [log], "Aki")
    advance(lab, "test")
    assert trial(lab, 1).state is TrialState.RUNNING
    files = [a.name for a in lab.store.jobs.artifacts("test", 1)]
    assert sorted(files) == ["log (2).txt", "log.txt"]


def region(lab: Laboratory) -> None:
    desk.veto(lab.store, [seen(lab, 2)], "Mika", "too hot", VetoCode.UNSAFE, HOT)


def test_a_region_is_free_again_with_all_that_was_vetoed_in_it(lab: Laboratory) -> None:
    region(lab)
    assert {t.state for t in lab.store.snapshot("test").trials} == {TrialState.VETOED}
    with pytest.raises(ValueError, match="T = 705 is in 690 to 720"):
        desk.inject(lab.store, "test", [({"T": 705, "x": 3}, "")], "Mika")
    with pytest.raises(Conflict, match="region of the veto of trial 2"):
        back(lab, 1)
    assert {t.number for t in back(lab, 2)} == {1, 2, 3}
    assert {t.state for t in lab.store.snapshot("test").trials} == {TrialState.VETOED}
    campaign, record = today(lab)
    assert campaign.hypotheses == ()
    assert record.released == {1, 2, 3}
    desk.inject(lab.store, "test", [({"T": 705, "x": 3}, "")], "Mika")
    with pytest.raises(Conflict, match="Aki has taken back its veto already"):
        back(lab, 2)
    with pytest.raises(Conflict, match=r"cannot be vetoed: vetoed by Mika .*, taken back by Aki"):
        region(lab)


def today(lab: Laboratory) -> tuple[Campaign, Record]:
    now = lab.store.look("test")
    return in_force(now.campaign, now.record, lab.now().date())


def test_two_who_take_back_are_told_who_was_faster_and_a_reason_is_needed(lab: Laboratory) -> None:
    desk.approve(lab.store, [seen(lab, 1)], "Mika")
    old = seen(lab, 1)
    with pytest.raises(ValueError, match="say why"):
        back(lab, 1, " ")
    back(lab, 1)
    with pytest.raises(Conflict, match=r"approved by Mika .*, taken back by Aki"):
        desk.take_back(lab.store, old, "Riku", "mine")
    with pytest.raises(Conflict, match="it is proposed: nothing of it was decided"):
        back(lab, 1)


def test_the_policy_does_not_approve_again_what_a_person_took_back(tmp_path: Path) -> None:
    content = {**by_people(), "review": {"autonomy": "automatic"}, "planner": {"batch": 1, "generator": "sobol"}}  # fmt: skip
    lab = laboratory(tmp_path, content)
    advance(lab, "test")
    back(lab, 1)
    advance(lab, "test")
    assert trial(lab, 1).state is TrialState.PROPOSED


def test_other_processes_see_what_was_taken_back(lab: Laboratory, tmp_path: Path) -> None:
    failed(lab)
    with open_store(str(lab.store.database.engine.url), tmp_path / "files") as other:
        assert state_seen(other) is TrialState.FAILED
        back(lab, 1)
        assert state_seen(other) is TrialState.RUNNING
        assert other.snapshot("test").jobs[0].state is JobState.READY


def state_seen(store: Store) -> TrialState:
    return store.snapshot("test").trial(1).state
