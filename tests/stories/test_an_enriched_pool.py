"""A pool that an optimiser filled, and beside it a random search that was really made."""

import numpy as np
import pytest

from models.statistics import scores
from planner.past.history import read_history
from planner.replay.arms import measured_merits
from planner.replay.page import page
from planner.replay.replay import remarks, run_replay
from planner.replay.values import PoolReport
from planner.replay.yardstick import Yardstick
from tests.shared import CAMPAIGNS, SETS

pytestmark = pytest.mark.skipif(not SETS, reason="the data sets are not here")


@pytest.fixture(scope="module")
def report() -> PoolReport:
    return run_replay(
        str(CAMPAIGNS / "oer_mobo"), planners=["gp-ei", "random"], seeds=4, budget=40, workers=1
    )


def test_the_real_random_search_is_the_baseline_and_the_words_say_why(
    report: PoolReport,
) -> None:
    assert report.baseline == "real random arm (random)"
    assert report.enrichment is not None
    assert report.enrichment.enriched
    words = " ".join(remarks(report))
    for text in ("This pool is enriched", "random search 'random' that was really made reached",
                 "An optimiser had already filled the pool", "baseline here is therefore",
                 "history had found before"):  # fmt: skip
        assert text in words
        assert text.replace("'", "&#x27;") in page(report)


def test_the_verdict_is_against_the_real_search_not_against_the_enriched_order(
    report: PoolReport,
) -> None:
    verdict = report.verdicts["gp-ei"]
    assert verdict.verdict == "gain"
    assert report.baseline_curves is not None
    real = report.baseline_curves.hypervolume
    ours = report.planners["gp-ei"].final_hypervolume
    assert verdict.difference == pytest.approx(np.mean(ours) - real[-1])
    assert report.planners["random"].hypervolume[-1] > 2 * real[-1]


def test_random_order_of_the_optimised_arm_is_no_random_search() -> None:
    """About 0.74 after 15 and 0.97 after 45 of the arm's own hypervolume (exactly 0.749 and 0.957),
    where the real random search ends with 0.338 after 60."""
    history = read_history(str(CAMPAIGNS / "oer_mobo"))
    stick = Yardstick(history.pool())
    merits = {arm: measured_merits(history.arms[arm], stick) for arm in ("mobo", "random")}
    whole = scores.hypervolume(merits["mobo"], stick.reference)
    assert whole == pytest.approx(2719.336, abs=1e-3)
    permuted = scores.random_hypervolume(merits["mobo"], stick.reference, 60) / whole
    assert permuted[[14, 44]] == pytest.approx([0.749, 0.957], abs=1e-3)
    real = scores.hypervolume(merits["random"], stick.reference) / whole
    assert real == pytest.approx(0.3381, abs=1e-4)
