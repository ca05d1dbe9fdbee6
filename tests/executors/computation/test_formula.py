"""Outcomes that are computed from others."""

from pathlib import Path

import pytest

from executors.computation.formula import ComputedOutcomes
from executors.testing import ExecutorContract
from executors.testing.laboratory import laboratory, turns, two_stages
from planner.executor import Finished, Measurement, WorkOrder
from planner.record.trial import TrialState

FORMULAS = {"y": "2*strength - 3*x"}


def order(*inputs: Measurement, gives: tuple[str, ...] = ("y",)) -> WorkOrder:
    return WorkOrder("bulk/1/sum", "bulk", 1, "sum", {"x": 0.5, "route": "SPS"}, {"y": "T"}, gives,
                     {m.outcome: m for m in inputs})  # fmt: skip


def answer(folder: Path, wanted: WorkOrder, formulas: dict[str, str] = FORMULAS) -> Finished:
    executor = ComputedOutcomes(folder, formulas)
    executor.submit(wanted)
    found = executor.poll(wanted.job)
    assert isinstance(found, Finished)
    return found


class TestFormula(ExecutorContract):
    def make(self, folder: Path) -> ComputedOutcomes:
        return ComputedOutcomes(folder, {"y": "2*x"})


def test_a_weighted_sum_carries_the_errors_of_its_parts(tmp_path: Path) -> None:
    inputs = (Measurement("strength", 4.0, "MPa", 0.3), Measurement("cost", 1.0, "", 0.4))
    (y,) = answer(tmp_path, order(*inputs), {"y": "2*strength - cost"}).measurements
    assert (y.value, y.unit) == (7.0, "T")
    assert y.standard_error == pytest.approx((0.6**2 + 0.4**2) ** 0.5)


def test_without_the_error_of_a_part_there_is_none(tmp_path: Path) -> None:
    (y,) = answer(tmp_path, order(Measurement("strength", 4.0, "MPa"))).measurements
    assert (y.value, y.standard_error) == (6.5, None)


def test_an_outcome_of_which_a_part_did_not_come_stays_missing(tmp_path: Path) -> None:
    assert answer(tmp_path, order()).measurements == ()


def test_a_formula_is_read_before_anything_is_begun(tmp_path: Path) -> None:
    executor = ComputedOutcomes(tmp_path, FORMULAS)
    with pytest.raises(ValueError, match="no formula for 'z'"):
        executor.check(order(gives=("z",)))
    with pytest.raises(ValueError, match="'strength' is not a parameter"):
        executor.check(order())


def test_a_campaign_learns_a_sum_of_what_its_stages_gave(tmp_path: Path) -> None:
    content = two_stages()
    content["outcomes"] = {"density": {"goal": "none", "unit": "percent"},
                           "strength": {"goal": "none", "unit": "MPa"}, "merit": {"goal": "maximize"}}  # fmt: skip
    options = {"outcomes": {"merit": "2*strength - density"}}
    content["stages"].append({"name": "sum", "executor": "formula", "after": ["making", "testing"],
                              "gives": ["merit"], "options": options})  # fmt: skip
    lab = laboratory(tmp_path, content)
    turns(lab, "test")
    record = lab.store.snapshot("test")
    assert record.count(TrialState.COMPLETED) == 6
    for trial in record.trials:
        value = {r.outcome: r.value for r in record.results_of[trial.number]}
        assert value["merit"] == pytest.approx(2 * value["strength"] - value["density"])
