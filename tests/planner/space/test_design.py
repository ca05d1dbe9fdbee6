from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.values import Point
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
    power = {"p": {"kind": "derived", "formula": "x0*x1"}}
    numbers = {f"x{i}": {"kind": "range", "low": 0, "high": 1} for i in range(2)}
    none = campaign({**numbers, **power}, ["p >= 1.5"])
    with pytest.raises(ValueError, match="too little room"):
        first_design(none, [], 1, seed=0)


UNIT = {"kind": "range", "low": 0, "high": 1}
LEVELS = {"kind": "ordered", "values": [0, 1, 2, 5, 9, 12, 15, 20, 30, 40]}
LOG = {"kind": "range", "low": 1e-3, "high": 1, "scale": "log"}


def many(n: int, parameter: Mapping[str, Any], *rules: str, **others: Any) -> Campaign:
    """``n`` components ``w0, w1, ...``; in the rules SUM is their sum and ALL their list."""
    names = [f"w{i}" for i in range(n)]
    words = {"SUM": " + ".join(names), "ALL": ", ".join(names)}
    told = [rule.replace("SUM", words["SUM"]).replace("ALL", words["ALL"]) for rule in rules]
    return campaign({**dict.fromkeys(names, parameter), **others}, told)


def chain(n: int) -> list[str]:
    return [f"w{i} <= w{i + 1}" for i in range(n - 1)]


RARE = {
    "ten parts, at most a whole": many(10, UNIT, "SUM <= 1"),
    "fifty parts of a whole": many(50, UNIT, "SUM == 1"),
    "parts of a whole in steps": many(10, {**UNIT, "step": 0.05}, "SUM == 1"),
    "whole numbers with a sum": many(10, {"kind": "integer", "low": 0, "high": 20}, "SUM == 20"),
    "logarithms": many(10, LOG, "SUM <= 0.05"),
    "a chain of ten": many(10, UNIT, *chain(10)),
    "a chain of ten levels": many(10, LEVELS, *chain(10)),
    "two sums": many(8, UNIT, "SUM == 1", "w0 + 2*w1 == 0.4"),
    "at most three of eight": many(8, UNIT, "SUM == 1", "at most 3 of ALL"),
    "two or three of eight": many(8, UNIT, "SUM <= 1", "at most 3 of ALL", "at least 2 of ALL"),
    "none or some": many(9, {**UNIT, "low": 0.3, "allow_zero": True}, "SUM <= 1.1"),
    "a choice of numbers": many(6, UNIT, "SUM + c == 2.5", c={"kind": "choice", "values": [2, 1, 0]}),
    "a product": many(6, {**UNIT, "high": 10}, "w0*w1*w2*w3*w4*w5 >= 900000"),
    "choices alone": campaign({f"c{i}": {"kind": "choice", "values": ["x", "y"]} for i in range(6)}),
    "a derived value": many(6, UNIT, "s <= 0.02", "SUM >= 3", s={"kind": "derived", "formula": "w0**2 + w1**2"}),
}  # fmt: skip


@pytest.mark.parametrize("space", RARE.values(), ids=RARE)
def test_what_trying_finds_hardly_ever_is_found(space: Campaign) -> None:
    points = first_design(space, [], 40, seed=3)
    assert len({key(space, point) for point in points}) == 40
    assert all(space.complete(point) == point for point in points)  # every rule holds
    assert first_design(space, points[:7], 20, seed=3) == points[7:27]
    spread = encode(space, points).std(axis=0)
    assert spread.min() > 0.1 * spread.max()  # nothing stays where it is


@pytest.mark.parametrize("rule", ["SUM == 1", "SUM <= 1"])
def test_chains_fill_a_simplex_evenly(rule: str) -> None:
    """The parts of a uniform draw have a Beta distribution."""
    n, space = 10, many(10, UNIT, rule)
    points = encode(space, first_design(space, [], 1000, seed=1))
    parts = n if rule.endswith("<= 1") else n - 1
    mean, sd = 1 / (parts + 1), np.sqrt(parts / (parts + 2)) / (parts + 1)
    assert np.allclose(points.mean(axis=0), mean, rtol=0.15)
    assert points.std(axis=0).mean() == pytest.approx(sd, rel=0.1)


def test_every_choice_of_components_may_come() -> None:
    space = many(5, UNIT, "SUM == 1", "at most 2 of ALL")
    points = first_design(space, [], 300, seed=0)
    chosen = {tuple(n for n in space.free if point[n]) for point in points}
    assert len([names for names in chosen if len(names) == 2]) == 10  # of 10 pairs


def test_a_finite_space_behind_narrow_rules_is_exhausted() -> None:
    space = many(9, {"kind": "integer", "low": 0, "high": 9}, "SUM == 1")
    assert len(first_design(space, [], 20, seed=0)) == 9


def test_a_pool_gives_spread_members_each_once() -> None:
    space = composition(3)
    pool = first_design(space, [], 40, seed=5)
    chosen = nearest_in_pool(space, pool, 10, skip=0, seed=1)
    assert len({key(space, point) for point in chosen}) == 10
    assert nearest_in_pool(space, pool[:3], 5, skip=0, seed=1).__len__() == 3


def test_a_point_that_was_planned_at_another_value_of_what_is_fixed_now_stands_in_no_way() -> None:
    space = campaign(
        {"x": {"kind": "integer", "low": 0, "high": 3}, "T": {"kind": "fixed", "value": 700}}
    )
    point = space.complete({"x": 2})
    vetoed_elsewhere: Point = {"x": 2, "T": 800}
    run_before_it_was_told: Point = {"x": 2}
    here: Point = {"x": 2, "T": 700.0}
    assert without(space, [point], [vetoed_elsewhere]) == [point]
    assert without(space, [point], [run_before_it_was_told]) == []
    assert without(space, [point], [vetoed_elsewhere, here]) == []
