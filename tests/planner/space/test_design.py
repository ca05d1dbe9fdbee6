from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from planner.campaign.campaign import Campaign, parse_campaign
from planner.space.design import first_design, nearest_in_pool
from planner.space.encoding import encode, key, listed, without
from tests.strategies import campaigns


def campaign(
    parameters: Mapping[str, Any], constraints: Sequence[str] = (), **planner: Any
) -> Campaign:
    return parse_campaign(
        {
            "name": "design",
            "parameters": parameters,
            "constraints": list(constraints),
            "outcomes": {"y": {"goal": "maximize"}},
            "stages": [{"name": "only", "executor": "virtual", "gives": ["y"]}],
            "planner": planner,
        }
    )


def composition(n: int) -> Campaign:
    names = [f"x{i}" for i in range(n)]
    parameters = {name: {"kind": "range", "low": 0, "high": 100} for name in names}
    return campaign(parameters, [" + ".join(names) + " == 100"])


@given(campaigns())
@settings(max_examples=30)
def test_the_design_is_valid_without_doubles_and_goes_on_where_it_stopped(
    any_campaign: Campaign,
) -> None:
    points = first_design(any_campaign, [], 6, seed=3)
    assert all(any_campaign.complete(point) == point for point in points)
    assert len({key(any_campaign, point) for point in points}) == len(points)
    later = first_design(any_campaign, points[:2], 4, seed=3)
    assert later == points[2:6]


@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_compositions_sum_exactly_and_spread_over_the_simplex(n: int) -> None:
    space = composition(n)
    places = encode(space, first_design(space, [], 64, seed=1))
    assert np.allclose(places.sum(axis=1), 1, atol=1e-9)
    assert np.allclose(places.mean(axis=0), 1 / n, atol=0.35 / n)


def test_a_log_scale_may_stand_in_a_constraint() -> None:
    space = campaign(
        {
            "energy": {"kind": "range", "low": 1, "high": 1000, "scale": "log"},
            "hours": {"kind": "integer", "low": 1, "high": 48},
        },
        ["energy + 2*hours <= 60"],
    )
    points = first_design(space, [], 32, seed=0)
    assert all(float(point["energy"]) + 2 * float(point["hours"]) <= 60 for point in points)
    assert sum(float(point["energy"]) < 8 for point in points) > 8


def test_a_finite_space_is_listed_and_can_be_exhausted() -> None:
    space = campaign(
        {
            "T": {"kind": "range", "low": 0, "high": 20, "step": 10},
            "route": {"kind": "choice", "values": ["SPS", "HIP"]},
        },
        ["T <= 15"],
    )
    points = listed(space)
    assert points is not None
    assert len(points) == 4
    assert len(first_design(space, points[:3], 9, seed=0)) == 1
    assert without(space, points, points) == []


def test_room_that_is_too_small_is_said() -> None:
    thin = campaign(
        {f"x{i}": {"kind": "integer", "low": 0, "high": 10_000} for i in range(4)},
        ["x0 + x1 + x2 + x3 == 20011", "x0 - x1 == 13"],
    )
    with pytest.raises(ValueError, match="too little room"):
        first_design(thin, [], 1, seed=0)


def test_a_pool_gives_spread_members_each_once() -> None:
    space = composition(3)
    pool = first_design(space, [], 40, seed=5)
    chosen = nearest_in_pool(space, pool, 10, skip=0, seed=1)
    assert len({key(space, point) for point in chosen}) == 10
    assert nearest_in_pool(space, pool[:3], 5, skip=0, seed=1).__len__() == 3
