"""What follows from equalities, whatever they leave open."""

from collections.abc import Sequence
from typing import Any

import pytest

from planner.proposals.proposer import propose
from planner.record.trial import BOTORCH
from planner.space.columns import Coding
from planner.space.design import first_design
from tests.planner.proposals.test_ax_bridge import record
from tests.planner.space.test_design import campaign

UNIT = {"kind": "range", "low": 0, "high": 1}
WHOLE = {"kind": "integer", "low": 0, "high": 9}
SMALL = {"kind": "range", "low": 0, "high": 5e-8}


@pytest.mark.parametrize(
    ("parameters", "rules", "n"),
    [
        ({"a": UNIT, "b": UNIT}, ["a == 0.3"], 8),
        ({"a": UNIT, "b": WHOLE}, ["2*b == 6"], 8),
        ({"a": UNIT, "b": UNIT}, ["a + b == 2"], 1),  # a corner
        ({"a": UNIT, "b": UNIT, "c": WHOLE}, ["a + b == 1", "a - b == 0.5"], 8),
        ({"a": UNIT, "b": UNIT, "c": UNIT}, ["a + b + c == 1", "2*a + 2*b + 2*c == 2"], 8),
        ({"a": UNIT, "b": UNIT, "c": WHOLE, "d": WHOLE}, ["a + b == 1", "c + d == 9"], 8),
        ({"a": SMALL, "b": SMALL}, ["a + b == 7e-8"], 8),
        ({"a": SMALL, "b": SMALL, "c": UNIT}, ["a + b >= 9.99e-8"], 8),
    ],
)
def test_equalities_may_pin_what_is_set_say_a_thing_twice_and_be_of_any_scale(
    parameters: dict[str, Any], rules: Sequence[str], n: int
) -> None:
    space = campaign(parameters, rules)
    points = first_design(space, [], 8, seed=1)
    assert len(points) == n
    assert all(space.complete(point) == point for point in points)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("parameters", "rules"),
    [
        ({"a": UNIT, "b": UNIT, "c": UNIT}, ["a + b + c == 1", "2*a + 2*b + 2*c == 2"]),
        ({"a": UNIT, "b": UNIT, "c": UNIT}, ["a == 0.3"]),
        ({"a": UNIT, "b": {**UNIT, "step": 0.333333333333}}, ["a + b <= 1.5"]),  # 3 steps: not 1
    ],
)
def test_the_model_plans_there(parameters: dict[str, Any], rules: Sequence[str]) -> None:
    space = campaign(parameters, rules)
    past = record(space, first_design(space, [], 8, seed=1), lambda p: {"y": p["a"] - p["b"] ** 2})
    (found,) = propose(space, past, 1, seed=1)
    assert found.generator == BOTORCH
    assert space.complete(found.point) == found.point


def test_the_search_is_told_each_equality_once() -> None:
    space = campaign({"a": UNIT, "b": UNIT}, ["a + b == 1", "a <= 0.7", "2*a + 2*b == 2"])
    assert [c.equality for c in Coding(space).constraints].count(True) == 1
    assert len(Coding(space).constraints) == 2
