from pathlib import Path

import pytest

from planner.campaign.values import Point
from planner.record.decision import Verdict
from planner.record.job import JobState
from planner.record.trial import TrialState
from planner.store import Conflict, NotFound, Store
from tests.planner.store.bench import NOON, Bench, density, field, later


def test_opening_jobs_starts_the_trial_and_again_gives_the_same_jobs(bench: Bench) -> None:
    trial = bench.approved()
    stages = [("synthesis", "manual", later(60)), ("magnet", "virtual", None)]
    jobs = bench.store.jobs.open("ba122", trial, stages, NOON)
    assert [(job.stage, job.state, job.due) for job in jobs] == [
        ("synthesis", JobState.READY, later(60)),
        ("magnet", JobState.READY, None),
    ]
    assert bench.store.trials.get("ba122", 1).state is TrialState.RUNNING
    assert bench.store.jobs.open("ba122", trial, stages, later(1)) == jobs


def test_no_job_is_opened_for_a_trial_that_was_vetoed_meanwhile(bench: Bench) -> None:
    trial = bench.approved()
    bench.store.trials.decide("ba122", 1, version=2, verdict=Verdict.VETOED, author="riku", at=NOON)
    with pytest.raises(Conflict, match="trial 1 is vetoed"):
        bench.store.jobs.open("ba122", trial, [("magnet", "virtual", None)], NOON)
    assert bench.store.jobs.list("ba122") == []


def test_of_two_claimers_one_wins(bench: Bench) -> None:
    job = bench.ready()
    won = bench.store.jobs.claim(job, "loop-1", later(5), NOON)
    assert won is not None
    assert (won.state, won.holder, won.fence) == (JobState.RUNNING, "loop-1", 1)
    assert bench.store.jobs.claim(job, "loop-2", later(5), NOON) is None


def test_a_job_is_taken_over_when_its_lease_has_run_out(bench: Bench) -> None:
    job = bench.running()
    assert bench.store.jobs.claim(job, "loop-2", later(9), later(4)) is None
    taken = bench.store.jobs.claim(job, "loop-2", later(9), later(6))
    assert taken is not None
    assert (taken.holder, taken.fence) == ("loop-2", 2)


def test_the_holder_claims_again_after_a_restart_and_fences_out_its_former_self(
    bench: Bench,
) -> None:
    job = bench.running()
    again = bench.store.jobs.claim(job, "loop-1", later(5), later(1))
    assert again is not None
    with pytest.raises(Conflict, match="claimed by loop-1 meanwhile"):
        bench.store.jobs.renew(job, later(9), later(1))


def test_polling_the_work_of_people_fences_nobody_out(bench: Bench) -> None:
    mine = bench.store.jobs.claim(bench.ready(), "mika", None, NOON)
    assert mine is not None
    assert bench.store.jobs.claim(mine, "loop-1", None, later(9999)) == mine
    ended = bench.store.jobs.finish(mine, JobState.COMPLETED, author="mika", at=NOON)
    assert bench.store.jobs.claim(ended, "loop-1", None, NOON) is None


def test_attempts_progress_and_leases_are_kept(bench: Bench) -> None:
    job = bench.store.jobs.submitted(bench.running())
    bench.store.jobs.renew(job, later(10), NOON, progress=0.5)
    job = bench.store.jobs.renew(job, later(20), NOON)
    assert (job.attempt, job.progress, job.lease_until) == (1, 0.5, later(20))
    assert bench.store.jobs.list("ba122", JobState.RUNNING) == [job]
    assert bench.store.jobs.list("ba122", JobState.READY) == []


def test_a_job_ends_with_its_results_its_files_and_its_trial(bench: Bench, tmp_path: Path) -> None:
    image = tmp_path / "image.tif"
    image.write_bytes(b"pixels")
    as_run: Point = {"second_heat": 702.0}
    bench.store.jobs.finish(
        bench.running(),
        JobState.COMPLETED,
        author="virtual",
        at=later(3),
        measurements=[field(), density()],
        as_run=as_run,
        artifacts={"micrograph": image},
        trial_state=TrialState.COMPLETED,
    )
    record = bench.store.snapshot("ba122")
    assert [(r.number, r.outcome, r.value, r.as_run) for r in record.results] == [
        (1, "trapped_field", 0.83, as_run),
        (2, "density", 87.5, as_run),
    ]
    assert record.trials[0].state is TrialState.COMPLETED
    assert (record.jobs[0].state, record.jobs[0].ended_at) == (JobState.COMPLETED, later(3))
    kinds = [event.kind for event in bench.store.events.list("ba122")][-3:]
    assert kinds == ["result.recorded", "job.completed", "trial.completed"]


def test_a_fenced_out_finish_stores_nothing(bench: Bench, tmp_path: Path) -> None:
    job = bench.running()
    bench.store.jobs.claim(job, "loop-2", later(9), later(6))
    before = bench.store.snapshot("ba122"), bench.store.events.list("ba122")
    with pytest.raises(Conflict, match=r"claimed by loop-2 meanwhile \(fence 2, yours is 1\)"):
        bench.store.jobs.finish(
            job,
            JobState.COMPLETED,
            author="virtual",
            at=NOON,
            measurements=[field()],
            artifacts={"file": Path(__file__)},
            trial_state=TrialState.COMPLETED,
        )
    assert (bench.store.snapshot("ba122"), bench.store.events.list("ba122")) == before
    assert not (tmp_path / "files").exists()


def test_a_finish_that_is_repeated_is_refused_and_stores_nothing_twice(bench: Bench) -> None:
    job = bench.running()
    bench.store.jobs.finish(
        job, JobState.COMPLETED, author="virtual", at=NOON, measurements=[field()]
    )
    with pytest.raises(Conflict, match="is completed, not running"):
        bench.store.jobs.finish(
            job, JobState.COMPLETED, author="virtual", at=NOON, measurements=[field()]
        )
    assert len(bench.store.snapshot("ba122").results) == 1


def test_a_finish_with_one_bad_value_stores_nothing(bench: Bench) -> None:
    job = bench.running()
    with pytest.raises(ValueError, match="finite"):
        bench.store.jobs.finish(
            job,
            JobState.COMPLETED,
            author="virtual",
            at=NOON,
            measurements=[density(), field(float("nan"))],
        )
    assert bench.store.snapshot("ba122").results == ()
    assert bench.store.jobs.list("ba122") == [job]


def test_an_illegal_move_of_the_trial_undoes_the_whole_finish(bench: Bench) -> None:
    job = bench.running()
    with pytest.raises(Conflict, match="cannot just become approved"):
        bench.store.jobs.finish(
            job,
            JobState.COMPLETED,
            author="virtual",
            at=NOON,
            measurements=[field()],
            trial_state=TrialState.APPROVED,
        )
    assert bench.store.snapshot("ba122").results == ()
    assert bench.store.jobs.list("ba122") == [job]


def test_a_job_does_not_end_running(bench: Bench) -> None:
    with pytest.raises(ValueError, match="does not end running"):
        bench.store.jobs.finish(bench.running(), JobState.RUNNING, author="virtual", at=NOON)


def test_partial_results_are_stored_once(bench: Bench) -> None:
    job = bench.running()
    for _ in range(2):
        bench.store.jobs.report(job, [density()], None, "virtual", NOON)
    bench.store.jobs.finish(
        job, JobState.COMPLETED, author="virtual", at=NOON, measurements=[density(), field()]
    )
    assert [r.outcome for r in bench.store.snapshot("ba122").results] == [
        "density",
        "trapped_field",
    ]


def test_a_corrected_value_stays_corrected_when_the_executor_reports_the_old_one_again(
    bench: Bench,
) -> None:
    job = bench.running()
    bench.store.jobs.report(job, [field(0.8)], None, "virtual", NOON)
    bench.store.results.correct(
        "ba122", 1, value=0.9, standard_error=None, unit="T", author="mika", at=NOON, reason="probe"
    )
    bench.store.jobs.finish(
        job, JobState.COMPLETED, author="virtual", at=NOON, measurements=[field(0.8)]
    )
    assert [r.value for r in bench.store.snapshot("ba122").results] == [0.9]


def test_a_job_that_contradicts_what_is_stored_is_refused(bench: Bench) -> None:
    job = bench.running()
    bench.store.jobs.report(job, [field(0.8)], None, "virtual", NOON)
    with pytest.raises(Conflict, match=r"trapped_field = 0.8 T by virtual \(result 1\)"):
        bench.store.jobs.report(job, [field(0.9)], None, "virtual", NOON)


def test_an_unknown_job_is_named_with_those_there_are(store: Store, bench: Bench) -> None:
    job = bench.running().model_copy(update={"stage": "imaging"})
    with pytest.raises(NotFound, match="no job 'ba122/1/imaging'; the trial has jobs magnet"):
        store.jobs.renew(job, None, NOON)


def test_a_lease_is_written_again_only_when_half_of_it_is_over(bench: Bench) -> None:
    job = bench.running()  # held until minute 5
    assert bench.store.jobs.renew(job, later(6), later(1)).lease_until == later(5)
    assert bench.store.jobs.renew(job, later(8), later(3)).lease_until == later(8)


def test_a_lease_that_a_wrong_clock_wrote_is_not_believed(bench: Bench) -> None:
    """A minute ago somebody's clock was a year ahead."""
    year = 365 * 24 * 60
    job = bench.ready()
    wrong = bench.store.jobs.claim(job, "loop-1", later(year + 1), later(year))
    assert wrong is not None
    assert not wrong.is_held_by_another("loop-2", later(1))
    mine = bench.store.jobs.claim(job, "loop-2", later(2), later(1))
    assert mine is not None
    assert (mine.holder, mine.lease_until) == ("loop-2", later(2))
    with pytest.raises(Conflict, match="was claimed by loop-2 meanwhile"):
        bench.store.jobs.renew(wrong, later(year + 2), later(year + 1))


def test_a_person_ends_a_job_under_a_lease_that_nobody_believes(bench: Bench) -> None:
    wrong = bench.store.jobs.claim(bench.ready(), "loop-1", later(9999), later(9998))
    assert wrong is not None
    ended = bench.store.jobs.finish(
        wrong, JobState.FAILED, author="mika", at=later(1), person="mika"
    )
    assert ended.state is JobState.FAILED


def test_a_holder_whose_clock_was_set_back_writes_its_lease_again(bench: Bench) -> None:
    job = bench.store.jobs.claim(bench.ready(), "loop-1", later(61), later(60))
    assert job is not None
    assert bench.store.jobs.renew(job, later(2), later(1)).lease_until == later(2)


def test_a_message_is_kept_until_the_job_is_completed(bench: Bench) -> None:
    job = bench.running()
    assert bench.store.jobs.renew(job, later(6), later(1), message="queued").message == "queued"
    assert bench.store.jobs.renew(job, later(6), later(1)).message == "queued"
    ended = bench.store.jobs.finish(job, JobState.COMPLETED, author="virtual", at=NOON)
    assert ended.message == ""


def test_a_person_ends_a_job_at_once_or_changes_nothing(bench: Bench) -> None:
    job = bench.ready()
    bad = [field(float("nan"))]
    with pytest.raises(ValueError, match="finite"):
        bench.store.jobs.finish(
            job, JobState.COMPLETED, author="mika", at=NOON, measurements=bad, person="mika"
        )
    assert bench.store.jobs.list("ba122") == [job]
    ended = bench.store.jobs.finish(job, JobState.COMPLETED, author="mika", at=NOON, person="mika")
    assert (ended.state, ended.holder, ended.fence) == (JobState.COMPLETED, "mika", 1)
    with pytest.raises(Conflict, match="is completed already"):
        bench.store.jobs.finish(job, JobState.COMPLETED, author="mika", at=NOON, person="mika")


def test_a_person_does_not_end_what_a_machine_holds(bench: Bench) -> None:
    job = bench.running()
    with pytest.raises(Conflict, match="is held by loop-1 until"):
        bench.store.jobs.finish(job, JobState.FAILED, author="mika", at=later(1), person="mika")
    assert bench.store.jobs.list("ba122") == [job]
