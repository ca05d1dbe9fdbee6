"""The Gaussian-process floor: what it sees, and that it finds a hill faster than chance."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from models.statistics import scores
from planner.campaign.values import Point
from planner.past.mapping import parse_mapping
from planner.past.pool import History, Pool, Row
from planner.replay.baselines import GpEi, expected_improvement, one_hot, scalarised
from planner.replay.planned import PlannedWalk, Setup
from planner.replay.walk import walk


@pytest.fixture(scope="module")
def hill() -> Pool:
    """98 conditions: a hill over two numbers, a little higher on one route; flat far away."""
    parameters = {
        "x": {"kind": "range", "low": 0, "high": 6},
        "y": {"kind": "range", "low": 1, "high": 1e6, "scale": "log"},
        "route": {"kind": "choice", "values": ["SPS", "HIP"]},
    }
    rows: list[tuple[Point, float]] = [
        ({"x": x, "y": 10.0**y, "route": route}, max(0.0, 20 - x * x - y * y + bonus))
        for x in range(7) for y in range(7) for bonus, route in enumerate(("SPS", "HIP"))
    ]  # fmt: skip
    return pool_of(parameters, rows)


def pool_of(parameters: Mapping[str, Any], rows: Iterable[tuple[Point, float]]) -> Pool:
    """A pool of points with one outcome that is to become large."""
    outcomes = {"yield": {"goal": "maximize"}}
    content = {"mapping": 1, "name": "x", "table": "-", "parameters": parameters}
    mapping = parse_mapping(content | {"outcomes": outcomes}, "x")
    measured = tuple(Row(0, point, {"yield": value}, {}, {}) for point, value in rows)
    return History(mapping, mapping.campaign(), measured, ()).pool()


def test_numbers_run_from_0_to_1_and_choices_are_one_hot(hill: Pool) -> None:
    inputs = one_hot(hill.campaign, hill.points)
    assert inputs.shape == (hill.size, 4)
    assert inputs.min() == 0
    assert inputs.max() == 1
    assert set(inputs[:, 2:].sum(axis=1)) == {1.0}


def test_expected_improvement_is_the_mean_gain() -> None:
    draws = norm(2.0, 0.5).rvs(200_000, random_state=1)
    (gain,) = expected_improvement(np.array([2.0]), np.array([0.5]), 2.3)
    assert gain == pytest.approx(np.maximum(draws - 2.3, 0).mean(), rel=0.02)
    assert expected_improvement(np.array([3.0]), np.array([0.0]), 2.0) == pytest.approx([1.0])


def test_one_objective_stays_as_it_is() -> None:
    merits = np.array([[1.0], [3.0]])
    assert scalarised(merits, np.random.default_rng(0)).tolist() == [1.0, 3.0]


def test_several_objectives_become_one_that_keeps_dominance() -> None:
    merits = np.array([[1.0, 9.0], [2.0, 9.5], [0.0, 1.0], [5.0, 2.0]])
    one = scalarised(merits, np.random.default_rng(0))
    assert one[1] > one[0] > one[2]


def test_ties_are_broken_by_the_seed() -> None:
    """Nothing tells the untried routes apart: the seed decides, not the order of the table."""
    parameters = {"route": {"kind": "choice", "values": list("abcdef")}}
    routes = pool_of(parameters, [({"route": r}, 1.0) for r in "abcdef"])
    chosen = [GpEi(routes, seed)([0, 1], [2, 3, 4, 5]).condition for seed in (1, 1, 2, 3, 4, 5)]
    assert chosen[0] == chosen[1]
    assert len(set(chosen)) > 1


def test_it_finds_a_hill_faster_than_chance(hill: Pool) -> None:
    top = scores.top_set(hill.merits)
    shares = []
    for seed in range(3):
        order = walk(PlannedWalk(hill, "gp-ei", seed, Setup(budget=25))).order
        assert len(set(order)) == 25
        shares.append(scores.share_of_top(order, top)[-1])
    assert np.mean(shares) > 3 * 25 / hill.size
