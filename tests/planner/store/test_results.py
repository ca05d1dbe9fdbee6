import pytest

from planner.campaign.values import Point
from planner.learner import Lesson
from planner.record.event import Event
from planner.record.job import JobState
from planner.record.result import Result
from planner.record.trial import TrialState
from planner.store import Conflict, Differs, NotFound
from tests.planner.store.bench import NOON, Bench, density, field, later


def correct(bench: Bench, number: int, value: float) -> Result:
    return bench.store.results.correct(
        "ba122",
        number,
        value=value,
        standard_error=0.1,
        unit="percent",
        author="riku",
        at=later(1),
        reason="wrong balance",
    )


def record(bench: Bench, value: float = 87.5, as_run: Point | None = None) -> list[Result]:
    return bench.store.results.record(
        "ba122", 1, "synthesis", [density(value)], as_run, "mika", NOON
    )


def test_a_result_that_comes_late_is_stored(bench: Bench) -> None:
    bench.store.jobs.finish(bench.running("synthesis"), JobState.COMPLETED, author="x", at=NOON)
    (result,) = record(bench, as_run={"second_heat": 702.0})
    assert (result.number, result.value, result.unit) == (1, 87.5, "percent")
    assert bench.store.snapshot("ba122").results == (result,)


def test_the_same_result_again_is_passed_over_and_another_is_refused(bench: Bench) -> None:
    bench.running("synthesis")
    record(bench)
    assert record(bench) == []
    with pytest.raises(Conflict, match=r"density = 87.5 percent by mika.*correct it to say 90"):
        record(bench, 90)
    assert len(bench.store.snapshot("ba122").results) == 1


def test_an_as_run_parameter_never_gets_lost_with_a_repeated_value(bench: Bench) -> None:
    bench.running("synthesis")
    record(bench)
    with pytest.raises(Conflict, match="to say how it was really run"):
        record(bench, as_run={"second_heat": 702.0})


def test_a_trial_that_has_not_run_takes_no_results(bench: Bench) -> None:
    bench.approved()
    with pytest.raises(Conflict, match="trial 1 is approved: it has not run"):
        record(bench)


def test_a_correction_supersedes_and_the_history_keeps_both(bench: Bench) -> None:
    bench.running("synthesis")
    (first,) = record(bench, as_run={"second_heat": 702.0})
    second = correct(bench, 1, 88.0)
    assert (second.number, second.supersedes, second.reason) == (2, 1, "wrong balance")
    assert (second.method, second.as_run) == ("Archimedes", {"second_heat": 702.0})
    assert bench.store.results.history("ba122", 1) == [first, second]
    assert bench.store.snapshot("ba122").results == (second,)


def test_a_result_is_corrected_once_and_then_its_correction_is(bench: Bench) -> None:
    bench.running("synthesis")
    record(bench)
    correct(bench, 1, 88.0)
    with pytest.raises(Conflict, match=r"was corrected by riku at .*; result 2 holds now"):
        correct(bench, 1, 89.0)
    assert correct(bench, 2, 89.0).supersedes == 2
    assert [r.value for r in bench.store.snapshot("ba122").results] == [89.0]


def test_a_result_that_does_not_exist_cannot_be_corrected(bench: Bench) -> None:
    with pytest.raises(NotFound, match="no result 4; the last one is 0"):
        correct(bench, 4, 88.0)


def test_a_person_who_repeats_a_corrected_value_is_told(bench: Bench) -> None:
    bench.running("synthesis")
    record(bench)
    correct(bench, 1, 88.0)
    with pytest.raises(Conflict, match="density = 88 percent by riku"):
        record(bench)


def test_one_report_with_two_values_for_an_outcome_is_refused(bench: Bench) -> None:
    bench.running()
    with pytest.raises(Conflict, match="trapped_field"):
        bench.store.results.record(
            "ba122", 1, "magnet", [field(0.8), field(0.9)], None, "mika", NOON
        )
    assert bench.store.results.history("ba122", 1) == []


def test_model_versions_are_numbered_for_each_learner(bench: Bench) -> None:
    assert bench.store.versions.latest("ba122", "health") is None
    first = bench.store.versions.add("ba122", "health", NOON, 3, Lesson({"r2": 0.5}))
    worse = bench.store.versions.add("ba122", "health", NOON, 4, Lesson({"r2": 0.1}, better=False))
    other = bench.store.versions.add("ba122", "other", NOON, 4, Lesson({}))
    assert (first.number, worse.number, other.number) == (1, 2, 1)
    assert (first.used, worse.used) == (True, False)
    assert bench.store.versions.latest("ba122", "health") == worse
    assert bench.store.snapshot("ba122").versions == (first, worse, other)


def test_events_can_be_read_on_from_the_last_one_seen(bench: Bench) -> None:
    bench.proposed(2)
    seen = bench.store.events.list("ba122")
    bench.store.events.add(
        Event(campaign="ba122", at=NOON, kind="loop.note", author="planner", data={"free": 1.5})
    )
    (new,) = bench.store.events.list("ba122", after_id=seen[-1].id)
    assert (new.kind, new.data) == ("loop.note", {"free": 1.5})
    assert [event.kind for event in seen] == ["campaign.added", "trial.proposed", "trial.proposed"]


def test_a_difference_is_told_apart_from_a_race(bench: Bench) -> None:
    bench.running("synthesis")
    record(bench)
    with pytest.raises(Differs):
        record(bench, 90)


def test_an_abandoned_trial_takes_no_late_results(bench: Bench) -> None:
    bench.store.jobs.finish(
        bench.running("synthesis"),
        JobState.ABANDONED,
        author="x",
        at=NOON,
        message="power cut",
        trial_state=TrialState.ABANDONED,
    )
    with pytest.raises(Conflict, match=r"trial 1 was abandoned \(power cut\)"):
        record(bench)
