"""The example of Ba122 magnets: every stage's results, artifacts and the law that is learned."""

from pathlib import Path
from typing import Any

import pytest

from executors.testing.laboratory import laboratory, turns
from planner.campaign.file import read_yaml
from planner.record.record import Record
from planner.record.trial import TrialState

EXAMPLE = Path(__file__).parents[2] / "examples" / "ba122.yaml"


@pytest.fixture(scope="module")
def campaign() -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(EXAMPLE)
    return content | {
        "review": {"autonomy": "automatic"},
        "budget": {"trials": 8},
        "planner": {"batch": 8, "seed": 3, "generator": "sobol"},
    }


@pytest.mark.timeout(300)
def test_a_trial_goes_through_all_stages(tmp_path: Path, campaign: dict[str, Any]) -> None:
    lab = laboratory(tmp_path, campaign)
    turns(lab, "ba122")
    record: Record = lab.store.snapshot("ba122")
    completed = [t.number for t in record.trials if t.state is TrialState.COMPLETED]
    assert len(completed) >= 4
    for trial in completed:
        found = {r.outcome: r for r in record.results_of[trial]}
        assert found.keys() == campaign["outcomes"].keys()
        assert all(r.standard_error for r in found.values())
        assert "synthetic" in found["jc"].method
        assert found["trapped_field"].method.startswith(("finite elements", "closed form"))
    for trial in completed:
        kept = {a.name for a in lab.store.jobs.artifacts("ba122", trial)}
        assert kept >= {"micrograph.png", "overlay.png"}
    laws = [v for v in record.versions if v.learner == "jc-law"]
    assert laws[-1].scores["n"] == len(completed)
    assert laws[-1].scores["clean_boundaries.exponent"] > 0


def test_the_example_says_that_it_is_synthetic(campaign: dict[str, Any]) -> None:
    assert campaign["synthetic"] is True
    assert "synthetic" in campaign["title"]
