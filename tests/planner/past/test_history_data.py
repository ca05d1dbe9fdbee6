"""Real data sets: numbers that were worked out independently. Skipped where the data are absent."""

import importlib.metadata
import json

import numpy as np
import pytest

from models.statistics import scores
from planner.past import olympus
from planner.past.history import read_history
from planner.past.mapping import HistoryError
from tests.shared import CAMPAIGNS, SETS


@pytest.mark.skipif(not SETS, reason="the data sets are not here")
@pytest.mark.parametrize("name", SETS)
def test_conditions_and_top_sets_are_those_of_the_data_sheet(name: str) -> None:
    sheet = json.loads((CAMPAIGNS / name / "meta.json").read_text())
    pool = read_history(str(CAMPAIGNS / name)).pool()
    for known in sheet["benchmarks"]:
        goal = pool.campaign.objectives[known["outcome"]]
        merits = pool.merits[:, [pool.outcomes.index(known["outcome"])]]
        top = scores.top_set(merits)
        assert pool.size == known["n_conditions"]
        assert merits.max() == pytest.approx(goal.merit(known["best"]))
        assert merits[top].min() == pytest.approx(goal.merit(known["top5pct_threshold"]))
        assert top.sum() == known["n_at_or_above_threshold"]
        expected = scores.random_first_hit(pool.size, int(top.sum())).mean
        assert expected == pytest.approx(known["random_expected_n_to_top5"], abs=0.01)
        if isinstance(known.get("historic_n_to_top5"), int):
            assert scores.first_hit(pool.order, top) == known["historic_n_to_top5"]
    if sheet["multi_objective"]:
        assert scores.top_set(pool.merits).sum() == sheet["multi_objective"]["pareto_size"]


@pytest.mark.skipif(not SETS, reason="the data sets are not here")
def test_random_order_of_two_objectives_agrees_with_the_published_shares() -> None:
    """Shares of the hypervolume after 5, 15, 30 and 45 experiments, at the 5th percentile."""
    pool = read_history(str(CAMPAIGNS / "pedot_polybot")).pool()
    reference = scores.reference_point(pool.merits)
    assert reference == pytest.approx([0.0471, 0.0], abs=1e-4)
    curve = scores.random_hypervolume(pool.merits, reference, 45)
    share = curve[[4, 14, 29, 44]] / scores.hypervolume(pool.merits, reference)
    assert share == pytest.approx([0.660, 0.819, 0.892, 0.935], abs=6e-4)


@pytest.mark.parametrize(
    ("name", "rows", "conditions", "goal"),
    [("photo_pce10", 1040, 1020, "minimize"), ("fullerenes", 246, 216, "maximize")],
)
def test_olympus_sets_are_read(name: str, rows: int, conditions: int, goal: str) -> None:
    _needs_olymp()
    history = read_history(f"olympus:{name}")
    pool = history.pool()
    assert (len(history.rows), pool.size) == (rows, conditions)
    assert [o.goal for o in history.campaign.objectives.values()] == [goal]
    assert history.mapping.citation
    assert np.isfinite(pool.mean).all()


def test_an_unknown_olympus_set_is_refused_with_what_there_is() -> None:
    _needs_olymp()
    with pytest.raises(HistoryError, match=r"olympus:gold: no such data set; there are alkox, "):
        read_history("olympus:gold")


def test_without_the_package_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(olympus, "distribution", missing)
    with pytest.raises(HistoryError, match=r"pip install 'kyoso\[olympus\]'"):
        read_history("olympus:photo_pce10")


def _needs_olymp() -> None:
    try:
        importlib.metadata.distribution("olymp")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the package olymp is not installed")
