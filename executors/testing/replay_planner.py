"""What every planner of a replay promises: it chooses among what remains, knows only what was
measured, and does the same again with the same seed."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

import numpy as np
import pytest

from planner.campaign.campaign import Campaign
from planner.campaign.values import Point
from planner.past.mapping import parse_mapping
from planner.past.pool import Chosen, History, Pool, Row
from planner.replay import planners
from planner.replay.planned import PlannedWalk, Setup
from planner.replay.planners import Known, Planner
from planner.replay.walk import walk

MEASURED = (0, 7, 13, 21, 30)
"""Conditions of the pool that were tried first."""


def hill(failed: Sequence[int] = ()) -> Pool:
    """50 conditions on a hill over two numbers, a little higher on one route."""
    content = {
        "mapping": 1,
        "name": "hill",
        "table": "-",
        "parameters": {
            "x": {"kind": "range", "low": 0, "high": 4},
            "y": {"kind": "range", "low": 1, "high": 1e4, "scale": "log"},
            "route": {"kind": "choice", "values": ["SPS", "HIP"]},
        },
        "outcomes": {"yield": {"goal": "maximize"}},
    }
    mapping = parse_mapping(content, "hill")
    points: list[tuple[Point, float]] = [
        ({"x": float(x), "y": 10.0**y, "route": route}, 20.0 - (x - 3) ** 2 - (y - 1) ** 2 + bonus)
        for x in range(5) for y in range(5) for bonus, route in enumerate(("SPS", "HIP"))
    ]  # fmt: skip
    rows = tuple(
        Row(i, point, {} if i in failed else {"yield": value}, {}, {}, failed=i in failed)
        for i, (point, value) in enumerate(points)
    )
    return History(mapping, mapping.campaign(), rows, ()).pool()


class ReplayPlannerContract:
    """Override ``make``."""

    def make(self, pool: Pool, seed: int, campaign: Campaign) -> Planner:
        """A new planner for one walk, as ``planner.replay.planners.MAKERS`` has it."""
        raise NotImplementedError

    def choose(
        self, pool: Pool, n: int = 1, seed: int = 1, waiting: Sequence[int] = ()
    ) -> list[Chosen]:
        """What it chooses after the first conditions."""
        taken = {*MEASURED, *waiting}
        remaining = tuple(i for i in range(pool.size) if i not in taken)
        planner = self.make(pool, seed, pool.campaign)
        return planner(Known(MEASURED, tuple(waiting), remaining), n)

    def test_it_chooses_among_what_remains(self) -> None:
        chosen = [c.condition for c in self.choose(hill(), 3, waiting=(1, 2))]
        assert len(chosen) == len(set(chosen)) == 3
        assert not set(chosen) & {*MEASURED, 1, 2}
        assert all(0 <= i < hill().size for i in chosen)

    def test_the_same_seed_chooses_the_same(self) -> None:
        assert self.choose(hill(), 2, seed=4) == self.choose(hill(), 2, seed=4)

    def test_it_knows_only_what_was_measured(self) -> None:
        """Everything that was not tried has other results: the choice stays the same, also where
        samples failed."""
        for failed in ((), (7, 21), (0,)):
            pool = hill(failed)
            for shift in (3.0, -50.0):
                other = replace(
                    pool,
                    replicates=tuple(
                        values if i in MEASURED else values + shift
                        for i, values in enumerate(pool.replicates)
                    ),
                )
                assert self.choose(other)[0].condition == self.choose(pool)[0].condition

    def test_it_says_what_made_the_choice(self) -> None:
        assert all(c.generator for c in self.choose(hill(), 2))

    def test_a_prediction_is_a_number_with_a_spread(self) -> None:
        pool = hill()
        for chosen in self.choose(pool, 2):
            assert set(chosen.predicted) <= set(pool.outcomes)
            for mean, sd in chosen.predicted.values():
                assert isfinite(mean)
                assert 0 < sd < float("inf")

    def test_failed_samples_are_no_error(self) -> None:
        assert self.choose(hill(failed=(7, 21)))

    def test_it_walks_a_pool_to_its_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(planners.MAKERS, "mine", self.make)
        pool = hill()
        order = walk(PlannedWalk(pool, "mine", 0, Setup(budget=pool.size, sizes=(4,)))).order
        assert sorted(order) == list(range(pool.size))

    def test_it_finds_a_hill_faster_than_chance(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The best of 50 conditions is met after 25.5 draws on the mean; this asks for far less."""
        monkeypatch.setitem(planners.MAKERS, "mine", self.make)
        pool = hill()
        best = int(np.argmax(pool.merits[:, 0]))
        met = [
            walk(PlannedWalk(pool, "mine", seed, Setup(budget=pool.size))).order.index(best) + 1
            for seed in range(3)
        ]
        assert np.mean(met) < 20
