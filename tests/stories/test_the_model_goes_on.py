"""Ordinary campaigns in which the model once gave up: a threshold that nothing meets yet, a short
list of conditions with failed samples, a vetoed region inside the space."""

from pathlib import Path
from typing import Any

import pytest

from executors.testing.laboratory import laboratory, turns
from planner.campaign.file import read_campaign, read_yaml
from planner.campaign.hypothesis import Avoid
from planner.campaign.values import Value
from planner.loop.laboratory import Laboratory
from planner.loop.planning import FELL_BACK
from planner.proposals.proposer import propose
from planner.record.trial import TrialState
from planner.space.design import first_design
from planner.space.encoding import key
from tests.planner.proposals.test_ax_bridge import record

EXAMPLES = Path(__file__).parents[2] / "examples"
pytestmark = pytest.mark.timeout(400)


def by_the_model(lab: Laboratory, name: str) -> int:
    """How many proposals the model made; it never gave up."""
    trials = lab.store.snapshot(name).trials
    assert [t.reason for t in trials if t.reason.startswith(FELL_BACK)] == []
    return [t.generator for t in trials].count("botorch")


def test_quickstart_with_a_threshold_that_nothing_meets(tmp_path: Path) -> None:
    content = read_yaml(EXAMPLES / "quickstart.yaml")
    content["outcomes"]["strength"]["threshold"] = 330
    content |= {"review": {"autonomy": "automatic"}, "budget": {"trials": 12}}
    lab = laboratory(tmp_path, content)
    turns(lab, "quickstart")
    assert by_the_model(lab, "quickstart") == 6
    seen = lab.store.snapshot("quickstart")
    strength = {r.trial: r.value for r in seen.results if r.outcome == "strength"}
    assert max(strength[i] for i in range(1, 7)) < 250
    assert (
        max(strength[i] for i in range(7, 13)) > 290
    )  # of about 326 at most, so nothing ever meets 330


@pytest.mark.parametrize("batch", [1, 3])
def test_a_short_list_of_conditions_of_which_some_fail(tmp_path: Path, batch: int) -> None:
    levels = {"kind": "ordered", "values": [0, 1, 2, 3, 4]}
    formulas = {"y": "a - (b-2)**2", "z": "b - a*a/3"}
    stage = {"name": "s", "executor": "virtual", "gives": ["y", "z"]}
    content = {
        "name": "levels",
        "parameters": {"a": levels, "b": levels},
        "outcomes": {"y": {"goal": "maximize"}, "z": {"goal": "minimize"}},
        "stages": [{**stage, "options": {"outcomes": formulas, "fails_when": "a - 3.5"}}],
        "review": {"autonomy": "automatic"},
        "budget": {"trials": 14},
        "planner": {"batch": batch},
    }
    lab = laboratory(tmp_path, content)
    turns(lab, "levels")
    states = [t.state for t in lab.store.snapshot("levels").trials]
    assert (len(states), TrialState.FAILED in states) == (14, True)
    assert by_the_model(lab, "levels") >= 7


def test_ba122_after_a_vetoed_region_and_a_cracked_sample() -> None:
    plain = read_campaign(EXAMPLES / "ba122.yaml")
    box: dict[str, tuple[Value, ...]] = {
        "first_heat": (727.5, 772.5), "second_heat": (687.5, 732.5), "hold_time": (40, 48),
    }  # fmt: skip
    campaign = plain.holding([Avoid(within=box, hard=True, author="Aki", because="it cracks")])
    points = first_design(campaign, [], 9, seed=1)
    cracked = key(campaign, points[4])

    def measure(point: dict[str, Any]) -> dict[str, float] | None:
        if key(campaign, point) == cracked:
            return None
        return {
            "trapped_field": point["second_heat"] / 1000,
            "density": 80 + point["hold_time"] / 9,
        }

    history = record(campaign, points, measure)
    proposals = propose(campaign, history, campaign.planner.batch, seed=1)
    assert [p.generator for p in proposals] == ["botorch"] * 6
    assert all(campaign.complete(p.point) == p.point for p in proposals)
