import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import pytest

from executors.made_up.virtual import Virtual
from executors.testing import ExecutorContract
from planner.executor import Abandoned, Answer, Failed, Finished, Lost, Running, WorkOrder

FIELD = {"field": "2*T + route", "loss": "T/10"}
CODES = {"route": {"SPS": 0, "HIP": 1}}


class TestVirtual(ExecutorContract):
    def make(self, folder: Path) -> Virtual:
        return Virtual(folder, outcomes={"y": "x**2"}, noise={"y": 0.1}, delay=2, twice=True)


class TestUnluckyVirtual(ExecutorContract):
    def make(self, folder: Path) -> Virtual:
        return Virtual(folder, outcomes={"y": "x"}, lose=1, delay=[0, 3], drift={"x": 0.1})


def order(job: str = "a/1/s", T: float = 800.0) -> WorkOrder:
    units = {"T": "degC", "field": "T"}
    return WorkOrder(job, "a", 1, "s", {"T": T, "route": "HIP"}, units, ("field", "loss"))


def laboratory(folder: Path, **options: object) -> Virtual:
    return Virtual(folder, **{"outcomes": FIELD, "codes": CODES, **options})


def polls(executor: Virtual, number: int, order: WorkOrder) -> list[Answer]:
    executor.submit(order)
    return [executor.poll(order.job) for _ in range(number)]


def jobs(number: int) -> Iterable[WorkOrder]:
    return (order(f"a/{i}/s") for i in range(number))


def test_formulas_give_the_outcomes(tmp_path: Path) -> None:
    (answer,) = polls(laboratory(tmp_path), 1, order())
    assert isinstance(answer, Finished)
    found = [(m.outcome, m.value, m.unit, m.standard_error) for m in answer.measurements]
    assert found == [("field", 1601.0, "T", 0.0), ("loss", 80.0, "", 0.0)]


def test_noise_is_as_large_as_reported(tmp_path: Path) -> None:
    executor = laboratory(tmp_path, noise={"field": 3.0})
    answers = [executor.answer(o) for o in jobs(400)]
    values = [a.measurements[0].value for a in answers if isinstance(a, Finished)]
    assert fmean(values) == pytest.approx(1601, abs=0.6)
    assert stdev(values) == pytest.approx(3.0, rel=0.15)


def test_a_delay_counts_polls_and_survives_a_restart(tmp_path: Path) -> None:
    first = polls(laboratory(tmp_path, delay=3), 2, order())
    assert first == [Running(0.0), Running(1 / 3)]
    third, fourth = polls(laboratory(tmp_path, delay=3), 2, order())
    assert third == Running(2 / 3)
    assert isinstance(fourth, Finished)


def test_a_range_of_delays_is_drawn_for_each_job(tmp_path: Path) -> None:
    executor = laboratory(tmp_path, delay=[1, 3])
    waits = {sum(isinstance(a, Running) for a in polls(executor, 5, o)) for o in jobs(20)}
    assert waits == {1, 2, 3}


def test_everything_repeats_for_the_same_seed_and_job(tmp_path: Path) -> None:
    chances = {"crash": 0.3, "hang": 0.3, "partial": 0.5, "lose": 0.3}
    unlucky = {**chances, "delay": [0, 2], "noise": {"field": 1.0}}
    histories = [
        [polls(laboratory(tmp_path / place, seed=seed, **unlucky), 4, o) for o in jobs(20)]
        for place, seed in [("one", 1), ("other", 1), ("third", 2)]
    ]
    assert histories[0] == histories[1] != histories[2]


def test_a_sample_fails_where_the_formula_is_above_0(tmp_path: Path) -> None:
    executor = laboratory(tmp_path, fails_when="T - 850")
    assert executor.answer(order(T=851)) == Failed("T - 850 is above 0")
    assert isinstance(executor.answer(order(T=850)), Finished)


@pytest.mark.parametrize("probability", [0.0, 0.25, 1.0])
def test_misfortunes_come_as_often_as_they_should(tmp_path: Path, probability: float) -> None:
    for kind in ("crash", "hang", "lose"):
        executor = laboratory(tmp_path / kind, **{kind: probability})
        bad = sum(not isinstance(polls(executor, 1, o)[0], Finished) for o in jobs(40))
        assert bad / 40 == pytest.approx(probability, abs=0.2)


def test_a_lost_job_is_done_when_submitted_again(tmp_path: Path) -> None:
    executor = laboratory(tmp_path, lose=1)
    assert polls(executor, 1, order()) == [Lost()]
    assert not (tmp_path / "effects.log").exists()
    assert isinstance(polls(executor, 1, order())[0], Finished)


def test_a_hanging_job_runs_for_ever_and_can_be_cancelled(tmp_path: Path) -> None:
    executor = laboratory(tmp_path, hang=1)
    assert polls(executor, 5, order()) == [Running()] * 5
    executor.cancel("a/1/s")
    assert executor.poll("a/1/s") == Abandoned("cancelled")


def test_part_of_the_outcomes_may_be_missing(tmp_path: Path) -> None:
    executor = laboratory(tmp_path, partial=1)
    answers = [executor.answer(o) for o in jobs(20)]
    measured = [[m.outcome for m in a.measurements] for a in answers if isinstance(a, Finished)]
    assert sorted(map(tuple, {tuple(names) for names in measured})) == [("field",), ("loss",)]


def test_measurements_may_come_twice(tmp_path: Path) -> None:
    early, final = polls(laboratory(tmp_path, delay=1, twice=True), 2, order())
    assert isinstance(early, Running)
    assert isinstance(final, Finished)
    assert early.measurements == final.measurements


def test_drift_is_told_and_felt(tmp_path: Path) -> None:
    answer = laboratory(tmp_path, drift={"T": 5.0}).answer(order())
    assert isinstance(answer, Finished)
    assert answer.as_run is not None
    assert answer.as_run["T"] != 800.0
    assert answer.measurements[0].value == pytest.approx(2 * float(answer.as_run["T"]) + 1)


def test_every_job_has_one_effect(tmp_path: Path) -> None:
    for o in [*jobs(3), *jobs(3)]:
        laboratory(tmp_path).submit(o)
    assert (tmp_path / "effects.log").read_text() == "a/0/s\na/1/s\na/2/s\n"


KILLED = """
import os, sys
from pathlib import Path
from executors.made_up import virtual

virtual.keep_order = lambda place, order: os.kill(os.getpid(), 9)
from tests.executors.made_up.test_virtual import laboratory, order
laboratory(Path(sys.argv[1])).submit(order())
"""


def test_a_kill_while_submitting_repeats_no_effect(tmp_path: Path) -> None:
    """Killed between effect and marker, a job is Lost; submitted again, it has one effect."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path], env=environment)
    assert done.returncode == -9
    assert laboratory(tmp_path).poll("a/1/s") == Lost()
    assert isinstance(polls(laboratory(tmp_path), 1, order())[0], Finished)
    assert (tmp_path / "effects.log").read_text() == "a/1/s\n"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"outcomes": {"field": "T"}}, "no formula for 'loss'"),
        ({"outcomes": FIELD | {"loss": "pressure"}}, "'pressure' is not a parameter"),
        ({"outcomes": FIELD | {"loss": "log(0*T)"}}, "has no value"),
        ({"codes": {"route": {"SPS": 0}}}, "codes.route: no number for 'HIP'"),
        ({"drift": {"route": 1.0}}, "drift.route"),
    ],
)
def test_what_cannot_be_computed_is_abandoned(
    tmp_path: Path, options: dict[str, Any], why: str
) -> None:
    answer = laboratory(tmp_path, **options).answer(order())
    assert isinstance(answer, Abandoned)
    assert why in answer.why


@pytest.mark.parametrize(
    "options",
    [{"hang": 1.1}, {"noise": {"y": -1}}, {"delay": [3, 1]}, {"outcomes": {}}, {"x": 1}],
)
def test_wrong_options_are_named(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        laboratory(tmp_path, **options)
