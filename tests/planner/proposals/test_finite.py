"""The exact choice from a finite set, beside the same model in Ax and BoTorch."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from planner.proposals.finite import choose, is_simple
from planner.proposals.proposer import propose
from planner.record.trial import TrialState
from planner.space.design import first_design
from tests.planner.proposals.test_ax_bridge import (
    MIXED,
    Measure,
    campaign,
    hill,
    kiln,
    record,
    seen,
)

pytestmark = pytest.mark.timeout(400)


def skewed(p: Mapping[str, Any]) -> dict[str, float]:
    return {"y": float(np.exp(kiln(p)["y"]))}


@pytest.mark.parametrize("measure", [kiln, skewed])
def test_what_is_expected_equals_the_prediction_of_the_model_in_ax(measure: Measure) -> None:
    from planner.proposals.ax_bridge import propose_by_model

    space = campaign(MIXED, constraints=["energy + 2*hours <= 900"])
    history = seen(space, 20, measure)
    (point,) = first_design(space, history.excluded, 1, seed=9)
    (theirs,) = propose_by_model(space, history, 1, 0, [point])
    ours = choose(space, history, 0, [point])
    assert ours.prediction["y"] == pytest.approx(theirs.prediction["y"], rel=1e-5)


def test_the_best_of_a_pool_is_found_and_named() -> None:
    space = campaign()
    pool = first_design(space, [], 200, seed=5)
    tried = pool[:12]
    for _ in range(12):
        (proposal,) = propose(space, record(space, tried, hill), 1, seed=0, pool=pool)
        assert proposal.generator == "exact-ei"
        tried = [*tried, proposal.point]
    best = sorted(pool, key=lambda p: -hill(p)["y"])[:3]
    assert all(point in tried for point in best)


def test_the_order_of_the_pool_does_not_matter() -> None:
    space = campaign()
    pool = first_design(space, [], 50, seed=5)
    history = seen(space)
    forward = choose(space, history, 0, pool)
    assert choose(space, history, 0, pool[::-1]).point == forward.point


def test_failures_and_requirements_are_reckoned_with() -> None:
    outcomes = {"y": {"goal": "minimize"}, "density": {"goal": "none", "at_least": 0.7}}
    space = campaign(outcomes=outcomes)
    pool = first_design(space, [], 80, seed=5)

    def measure(p: Mapping[str, Any]) -> dict[str, float] | None:
        return None if p["b"] > 0.8 else {"y": -p["a"] - p["b"], "density": 1 - 0.5 * p["a"]}

    history = record(space, pool[:25], measure)
    proposal = choose(space, history, 0, pool[25:])
    assert float(proposal.point["a"]) < 0.68
    assert float(proposal.point["b"]) < 0.85
    assert 0 < (proposal.feasibility or 0) < 1


def test_while_nothing_is_feasible_the_likeliest_to_be_is_tried() -> None:
    outcomes = {"y": {"goal": "maximize"}, "density": {"goal": "none", "at_least": 0.7}}
    space = campaign(outcomes=outcomes)
    pool = first_design(space, [], 60, seed=5)
    measure = lambda p: {"y": p["b"], "density": 0.6 - 0.5 * p["a"]}  # noqa: E731
    history = record(space, sorted(pool, key=lambda p: -float(p["a"]))[:12], measure)
    assert float(choose(space, history, 0, pool).point["a"]) < 0.3


def test_open_trials_and_several_objectives_are_left_to_the_search() -> None:
    space = campaign()
    points = first_design(space, [], 8, seed=1)
    waiting = record(space, points, lambda p: {"y": p["a"]} if p != points[7] else {},
                     states={8: TrialState.RUNNING})  # fmt: skip
    assert not is_simple(space, waiting)
    two = campaign(outcomes={"y": {"goal": "maximize"}, "z": {"goal": "minimize"}})
    assert not is_simple(two, seen(two, 8, lambda p: {"y": p["a"], "z": p["b"]}))
