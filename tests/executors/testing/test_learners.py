"""Every installed learner keeps the contract."""

import re
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import numpy as np
import pytest

from executors.learners.jc_law import JcLearner
from executors.testing import LearnerContract
from planner.campaign.campaign import Campaign, parse_campaign
from planner.learner import GROUP
from planner.loop.health import ModelHealth
from planner.past.as_record import Experiment, record_of_experiments
from planner.record.record import Record

UNITS = {"jc": "kA/cm^2", "boundary_density": "1/um", "clean_boundaries": "", "porosity": ""}


class TestJcLaw(LearnerContract):
    make = JcLearner

    def campaign(self) -> Campaign:
        goals = {name: "maximize" if name == "jc" else "none" for name in UNITS}
        return parse_campaign(
            {
                "name": "law",
                "parameters": {"x": {"kind": "range", "low": 0, "high": 1}},
                "outcomes": {n: {"goal": goals[n], "unit": unit} for n, unit in UNITS.items()},
                "stages": [{"name": "all", "executor": "manual", "gives": list(UNITS)}],
            }
        )

    def experiments(self) -> list[Experiment]:
        rng = np.random.default_rng(0)
        density, clean, pores = rng.uniform((2, 0.1, 0.02), (12, 0.9, 0.3), (8, 3)).T
        jc = 20 * density**0.8 * clean**1.3 * (1 - pores) ** 2
        rows = zip(*(column.tolist() for column in (jc, density, clean, pores)), strict=True)
        return [
            Experiment({"x": i / 8}, {n: (v, None) for n, v in zip(UNITS, row, strict=True)})
            for i, row in enumerate(rows)
        ]


class TestModelHealth(LearnerContract):
    make = ModelHealth

    def campaign(self) -> Campaign:
        return parse_campaign(
            {
                "name": "health",
                "parameters": {"x": {"kind": "range", "low": 0, "high": 1}},
                "outcomes": {"y": {"goal": "maximize", "unit": "T"}},
                "stages": [{"name": "all", "executor": "manual", "gives": ["y"]}],
            }
        )

    def experiments(self) -> list[Experiment]:
        return [Experiment({"x": i / 8}, {"y": (i % 3 + 0.1 * i, None)}) for i in range(8)]

    def record(self) -> Record:
        """With the predictions that were stored before the results came."""
        record = record_of_experiments(self.campaign(), self.experiments())
        trials = [t.model_copy(update={"prediction": {"y": (1.0, 0.8)}}) for t in record.trials]
        return Record(tuple(trials), results=record.results)


TESTS = [
    test
    for path in Path(__file__).parents[1].rglob("test_*.py")
    for test in [path.read_text(encoding="utf-8")]
    if re.search(r"^class \w+\(LearnerContract\)", test, re.M)
]


@pytest.mark.parametrize("entry", entry_points(group=GROUP), ids=lambda entry: entry.name)
def test_no_installed_learner_is_left_out(entry: EntryPoint) -> None:
    module, _, name = entry.value.partition(":")
    imported = rf"from {re.escape(module)} import [^\n]*\b{name}\b"
    made = rf"^    make = {name}$"
    found = [test for test in TESTS if re.search(imported, test) and re.search(made, test, re.M)]
    assert found, f"no test of {entry.value}"
