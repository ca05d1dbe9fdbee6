"""A record is read whole once; afterwards only what is new in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from planner.executor import Measurement
from planner.record.decision import Ruling, Verdict
from planner.record.job import JobState
from planner.record.record import Record
from planner.record.trial import TrialState
from planner.store import Store, open_store
from planner.store.snapshots import read_record
from tests.planner.store.bench import NOON, Bench, campaign, field, later


@pytest.fixture
def other(store: Store, url: str, tmp_path: Path) -> Iterator[Store]:
    """Another process at the same database."""
    with open_store(url, tmp_path / "files") as other:
        yield other


def whole(store: Store) -> Record:
    with store.database.read() as db:
        return read_record(db, "ba122")


def test_what_other_processes_do_is_seen(store: Store, bench: Bench, other: Store) -> None:
    job = bench.running()
    before = store.snapshot("ba122")
    assert store.snapshot("ba122") is before
    Bench(other).proposed(3)
    other.jobs.finish(job, JobState.COMPLETED, author="x", at=NOON, measurements=[field()],
                      trial_state=TrialState.COMPLETED)  # fmt: skip
    other.results.correct("ba122", 1, value=0.9, standard_error=None, unit="T", author="mika",
                          at=NOON, reason="read again")  # fmt: skip
    assert store.snapshot("ba122") == whole(store) != before


def test_late_results_of_a_trial_that_is_over_are_seen(store: Store, bench: Bench) -> None:
    job = bench.running()
    store.jobs.finish(
        job, JobState.COMPLETED, author="x", at=NOON, trial_state=TrialState.COMPLETED
    )
    store.snapshot("ba122")
    store.results.record("ba122", job.trial, "magnet", [field()], None, "mika", later(9))
    assert [r.value for r in store.snapshot("ba122").results] == [field().value]


def test_a_job_that_outlives_its_trial_is_watched(store: Store, bench: Bench) -> None:
    stages = [("synthesis", "manual", None), ("magnet", "virtual", None)]
    trial = bench.approved()
    store.jobs.open("ba122", trial, stages, NOON)
    trial = store.trials.get("ba122", trial.number)
    store.trials.move("ba122", trial.number, version=trial.version, state=TrialState.FAILED,
                      author="loop", at=NOON)  # fmt: skip
    store.snapshot("ba122")
    job = store.jobs.list("ba122")[0]
    store.jobs.finish(job, JobState.ABANDONED, author="x", at=NOON, person="mika")
    assert store.snapshot("ba122") == whole(store)


def test_many_open_trials_are_read_anew(
    store: Store, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.store.snapshots.MANY", 2)
    bench.proposed(5)
    store.snapshot("ba122")
    store.trials.decide_all(
        "ba122", [Ruling(n, 1, Verdict.VETOED, "dear") for n in (1, 4)], author="mika", at=NOON
    )
    assert store.snapshot("ba122") == whole(store)


def test_a_look_is_of_one_moment_and_a_revision_is_seen(store: Store, other: Store) -> None:
    assert (store.look("ba122").version, store.look("ba122").campaign) == (1, campaign())
    other.campaigns.revise(campaign(title="revised"), 1, "mika", NOON)
    assert (store.look("ba122").version, store.look("ba122").campaign.title) == (2, "revised")


def test_a_quiet_record_costs_six_short_queries(store: Store, bench: Bench) -> None:
    """Head, and the news of trials, jobs, results, decisions and model versions."""
    bench.running()
    store.look("ba122")
    asked: list[str] = []
    sa.event.listen(store.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    store.look("ba122")
    assert len([words for words in asked if words.startswith("SELECT")]) == 6, asked


def test_measurements_in_parts_are_seen_one_by_one(store: Store, bench: Bench) -> None:
    job = bench.running("synthesis")
    for name, unit in (("density", "percent"), ("trapped_field", "T")):
        store.jobs.report(job, [Measurement(name, 1.0, unit)], None, "x", NOON)
        assert store.snapshot("ba122").results[-1].outcome == name
