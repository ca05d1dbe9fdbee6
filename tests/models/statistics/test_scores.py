"""Scores against brute force and against volumes worked out by hand."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binomtest

from models.arrays import Floats
from models.statistics import scores
from planner.replay.summary import gain_line
from planner.replay.values import PlannerFigures
from planner.replay.verdicts import verdicts

MERITS = np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.0, 6.0])


def mean_over_orders(curve_of: Callable[[Sequence[int]], Floats], size: int, budget: int) -> Floats:
    """The mean of a curve over every order of ``size`` conditions."""
    return np.mean([curve_of(o) for o in itertools.permutations(range(size), budget)], axis=0)


def test_top_set_holds_the_best_twentieth_and_its_ties() -> None:
    merits = np.array([[5.0], [9.0], [9.0], *[[float(i) / 10] for i in range(20)]])
    assert scores.top_set(merits).tolist() == [False, True, True] + [False] * 20
    tied = np.array([[9.0]] * 4 + [[0.0]] * 16)
    assert scores.top_set(tied).sum() == 4


def test_top_set_of_two_objectives_is_not_dominated() -> None:
    merits = np.array([[1.0, 3.0], [2.0, 2.0], [1.0, 2.0], [3.0, 0.0], [2.0, 2.0]])
    assert scores.top_set(merits).tolist() == [True, True, False, True, True]


def test_first_hit_counts_from_one() -> None:
    top = np.array([False, True, False, True])
    assert scores.first_hit([0, 2, 3], top) == 3
    assert scores.first_hit([0, 2], top) is None


def test_a_repeat_is_an_experiment_but_finds_nothing_new() -> None:
    top = np.array([True, True, False])
    assert scores.share_of_top([0, 0, 2, 1], top).tolist() == [0.5, 0.5, 0.5, 1.0]


def test_regret_runs_from_the_range_of_the_pool_to_nothing() -> None:
    best = scores.best_so_far([1, 0, 4], MERITS)
    assert best.tolist() == [1.0, 3.0, 9.0]
    assert scores.regret(best, MERITS).tolist() == [1.0, 0.75, 0.0]
    assert scores.regret(np.ones(2), np.ones(3)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("budget", [1, 4, 7])
def test_random_order_is_exact_for_the_best_value(budget: int) -> None:
    brute = mean_over_orders(lambda o: scores.best_so_far(o, MERITS), 7, budget)
    assert scores.random_best(MERITS, budget) == pytest.approx(brute)


def test_random_order_is_exact_for_share_and_first_hit() -> None:
    top = np.array([True, False, True, False, False, False])
    brute = mean_over_orders(lambda o: scores.share_of_top(o, top), 6, 6)
    assert scores.random_share(6, 6) == pytest.approx(brute)
    hits = np.array([scores.first_hit(o, top) for o in itertools.permutations(range(6))], float)
    random = scores.random_first_hit(6, 2)
    assert random.mean == pytest.approx(np.mean(hits))
    exact = np.quantile(hits, [0.25, 0.5, 0.75], method="inverted_cdf")
    assert [random.q25, random.median, random.q75] == exact.tolist()


@pytest.mark.parametrize("objectives", [1, 2, 3])
def test_random_order_is_exact_for_the_hypervolume(objectives: int) -> None:
    merits = np.random.default_rng(1).normal(size=(6, objectives)).round(1)
    reference = np.full(objectives, -0.8)
    brute = mean_over_orders(lambda o: scores.hypervolume_curve(o, merits, reference), 6, 4)
    assert scores.random_hypervolume(merits, reference, 4) == pytest.approx(brute)


def test_random_order_is_simulated_where_the_grid_is_too_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    merits = np.random.default_rng(1).normal(size=(6, 2))
    reference = np.array([-1.0, -1.0])
    exact = scores.random_hypervolume(merits, reference, 4)
    monkeypatch.setattr(scores, "LARGEST_GRID", 1)
    simulated = scores.random_hypervolume(merits, reference, 4, draws=2000)
    assert simulated == pytest.approx(exact, rel=0.1)


def test_hypervolume_by_hand() -> None:
    corner = np.array([0.0, 0.0])
    assert scores.hypervolume(np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]]), corner) == 6.0
    assert scores.hypervolume(np.array([[1.0, 3.0], [-1.0, 9.0]]), corner) == 3.0
    assert scores.hypervolume(np.array([[-1.0, 9.0]]), corner) == 0.0
    stairs = np.array([[2.0, 1.0, 1.0], [1.0, 2.0, 1.0], [1.0, 1.0, 2.0]])
    assert scores.hypervolume(stairs, np.zeros(3)) == 4.0


@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_hypervolume_agrees_with_counting_cells(objectives: int) -> None:
    """Whole numbers: count the unit cells below any point."""
    rng = np.random.default_rng(objectives)
    merits = rng.integers(0, 5, size=(9, objectives)).astype(float)
    cells = np.array(list(itertools.product(range(5), repeat=objectives)))
    covered = (cells[:, None, :] < merits[None]).all(axis=2).any(axis=1).sum()
    assert scores.hypervolume(merits, np.zeros(objectives)) == pytest.approx(covered)


levels = st.integers(-2, 6).map(float) | st.floats(-10, 1000, allow_subnormal=False)
merits_of_any_number = st.tuples(st.integers(1, 12), st.integers(1, 5)).flatmap(
    lambda shape: arrays(float, shape, elements=levels)
)


@given(merits_of_any_number)
@settings(max_examples=100, deadline=None)
def test_hypervolume_is_that_of_botorch(merits: Floats) -> None:
    """Ties, repeated points, and points that others beat or that are below the reference too."""
    import torch
    from botorch.utils.multi_objective.hypervolume import Hypervolume

    reference = np.full(merits.shape[1], -1.0)
    front = torch.tensor(np.unique(merits[scores.non_dominated(merits)], axis=0))
    oracle = Hypervolume(torch.tensor(reference)).compute(front)
    assert scores.hypervolume(merits, reference) == pytest.approx(oracle, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("objectives", [3, 4])
def test_hypervolume_of_more_points_than_a_map_holds(
    objectives: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    merits = np.random.default_rng(0).random((50, objectives))
    by_map = scores.hypervolume(merits, np.zeros(objectives))
    monkeypatch.setattr(scores, "LARGEST_MAP", 10)
    assert scores.hypervolume(merits, np.zeros(objectives)) == pytest.approx(by_map, rel=1e-12)


def test_hypervolume_curve_ends_at_the_hypervolume_of_all() -> None:
    merits = np.random.default_rng(0).normal(size=(30, 3))
    reference = scores.reference_point(merits)
    curve = scores.hypervolume_curve(range(30), merits, reference)
    assert (np.diff(curve) >= 0).all()
    assert curve[-1] == pytest.approx(scores.hypervolume(merits, reference))


def test_both_enhancement_factors_and_the_acceleration() -> None:
    share = np.array([0.0, 0.5, 1.0])
    assert scores.ef_topk(share, 12).tolist() == [0.0, 3.0, 4.0]
    assert scores.acceleration(share, 600, 0.5) == 150
    assert scores.acceleration(share[:2], 600, 0.9) is None
    best, random = np.array([2.0, 8.0]), np.array([2.0, 4.0])
    assert scores.ef_value(best, random) == pytest.approx([1.0, 2.0])
    assert scores.ef_value(best, random, minimize=True) == pytest.approx([1.0, 0.5])
    assert scores.ef_value(best - 2, random) is None


def test_a_difference_is_shown_only_beyond_its_interval() -> None:
    ours = [0.5, 0.6, 0.55, 0.62]
    better = scores.paired_difference(ours, [0.1, 0.3, 0.2, 0.25])
    assert better.verdict == "better"
    assert better.interval is not None
    assert better.interval[0] < better.mean < better.interval[1]
    assert scores.paired_difference([0.1, 0.3, 0.2, 0.25], ours).verdict == "worse"
    assert scores.paired_difference(ours, [0.7, 0.4, 0.5, 0.7]).verdict == "no difference shown"
    assert scores.paired_difference(ours, ours).verdict == "no difference shown"
    assert scores.paired_difference([1.0], [0.0]).interval is None


@pytest.mark.parametrize(("pairs", "level", "verdict"), [
    (2, 0.95, "no difference shown"), (20, 0.95, "no difference shown"), (21, 0.95, "better"),
    (29, 0.99, "no difference shown"), (30, 0.99, "better"),
])  # fmt: skip
def test_equal_differences_are_no_certainty(pairs: int, level: float, verdict: str) -> None:
    found = scores.paired_difference([0.5] * pairs, [0.3] * pairs, level)
    assert found.alike
    assert found.verdict == verdict
    assert found.interval is not None
    assert found.interval[0] < 0.2 < found.interval[1]


def test_of_equal_differences_the_interval_is_that_of_clopper_and_pearson() -> None:
    other = binomtest(0, 12).proportion_ci(0.99, method="exact").high
    found = scores.paired_difference([1.0] * 12, [0.4] * 12, 0.99, (-0.4, 0.6))
    assert found.interval == pytest.approx((0.6 - other, 0.6))


def test_runs_that_all_end_alike_are_told_in_the_verdict() -> None:
    figures = PlannerFigures.model_construct
    sure = figures(runs=20, final_share=(1.0,) * 20, mean_share=(0.8,) * 20)
    few = figures(runs=5, final_share=(1.0,) * 5, mean_share=(0.8,) * 5)
    chance = figures(runs=0, final_share=(0.2,), mean_share=(0.2,))
    found = verdicts({"kyoso": sure, "few": few}, chance, objectives=1)
    assert found["kyoso"].verdict == "gain"
    assert found["few"].verdict == "no gain"
    assert "all 20 runs end alike, which is no certainty" in gain_line("kyoso", found["kyoso"])
    low, high = found["kyoso"].interval_99 or (0, 0)
    assert low < found["kyoso"].difference <= high


def test_a_lead_at_the_budget_that_the_way_there_does_not_show_is_no_gain_and_says_why() -> None:
    figures = PlannerFigures.model_construct  # of which a verdict reads these alone
    late = figures(runs=8, final_share=(0.8, 0.7) * 4, mean_share=(0.3, 0.1) * 4)
    chance = figures(runs=0, final_share=(0.2,), mean_share=(0.2,))
    found = verdicts({"kyoso": late}, chance, objectives=1)["kyoso"]
    assert (found.verdict, found.why) == (
        "no gain", "over all experiments up to the budget its lead is not certain"
    )  # fmt: skip
    assert gain_line("kyoso", found).endswith(f"): {found.why}")
