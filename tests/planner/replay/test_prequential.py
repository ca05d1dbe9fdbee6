"""Walking the true order: forecasts before the results, and whether they were honest."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.statistics.honesty import honesty
from planner.campaign.values import plain_data
from planner.past.history import read_history
from planner.past.mapping import HistoryError
from planner.past.sequence import courses, sizes_of
from planner.replay.forecasts import JudgedForecasts, PrequentialReport
from planner.replay.planned import PlannedWalk, Setup
from planner.replay.prequential import coverage_over, prequential
from planner.replay.replay import remarks, run_prequential
from planner.replay.walk import walk
from tests.shared import CAMPAIGNS, SETS

needs_campaigns = pytest.mark.skipif(not SETS, reason="the data sets are not here")
MAPPING = """
mapping: 1
name: walk
table: data.csv
order: {column: run, trust: known}
batch: batch
arm: arm
parameters:
  x: {kind: range, low: 0, high: 1}
  route: {kind: choice, values: [a, b]}
outcomes:
  y: {goal: maximize}
"""


def folder_of(path: Path, rows: list[str], mapping: str = MAPPING) -> str:
    (path / "mapping.yaml").write_text(mapping)
    (path / "data.csv").write_text("run,batch,arm,x,route,y\n" + "\n".join(rows) + "\n")
    return str(path)


def smooth(n: int, noise: float, seed: int = 0, arm: str = "one", batch: int = 4) -> list[str]:
    rng = np.random.default_rng(seed)
    return [
        f"{i},{(i - 1) // batch},{arm},{x:.4f},{'ab'[i % 2]},"
        f"{np.sin(5 * x) + 0.3 * (i % 2) + noise * rng.normal():.5f}"
        for i, x in enumerate(rng.uniform(size=n), 1)
    ]


@pytest.mark.parametrize(
    ("factor", "verdict"), [(1.0, "honest"), (0.5, "over-confident"), (2.0, "under-confident")]
)
def test_a_standard_deviation_that_is_halved_or_doubled_is_named(
    factor: float, verdict: str
) -> None:
    truth = np.random.default_rng(4).normal(size=400)
    found = honesty(truth / factor)
    assert found.verdict == verdict
    assert found.sd_z == pytest.approx(1 / factor, rel=0.06)


def test_few_results_are_not_judged() -> None:
    assert honesty([0.0, 5.0]).verdict == "too few results to tell"
    with pytest.raises(ValueError, match="finite"):
        honesty([])


def test_every_batch_is_predicted_before_it_is_known(tmp_path: Path) -> None:
    report = prequential(read_history(folder_of(tmp_path, smooth(48, 0.05))))["y"]
    (course,) = report.courses
    assert (course.batches, course.how) == (12, "batches as they were")
    assert [f.batch for f in course.forecasts][:5] == [2, 2, 2, 2, 3]
    assert isinstance(report, JudgedForecasts)
    assert report.n == 40
    assert report.log_score > report.log_score_without_model + 0.3
    assert all(f.low < f.middle < f.high for f in course.forecasts)


def test_what_comes_later_changes_no_forecast(tmp_path: Path) -> None:
    rows = smooth(40, 0.05)
    first = prequential(read_history(folder_of(tmp_path, rows)))["y"].courses[0].forecasts
    cut = prequential(read_history(folder_of(tmp_path, rows[:20])))["y"].courses[0].forecasts
    assert [(f.middle, f.low, f.z) for f in cut] == [
        (f.middle, f.low, f.z) for f in first[: len(cut)]
    ]


def test_of_a_history_that_the_planner_itself_made_each_choice_stands_first(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    rows = [
        f"{i},{i},one,{x:.4f},a,{np.sin(5 * x):.5f}" for i, x in enumerate(rng.uniform(size=20))
    ]
    pool = read_history(folder_of(tmp_path, rows)).pool()
    order = walk(PlannedWalk(pool, "kyoso", 0, Setup(budget=14))).order
    rest = [i for i in range(20) if i not in order]
    again = [f"{n},{n},{rows[i].split(',', 2)[2]}" for n, i in enumerate([*order, *rest])]
    report = prequential(read_history(folder_of(tmp_path, again)))["y"]
    assert [f.rank for f in report.courses[0].forecasts][:9] == [1] * 9


def test_arms_side_by_side_are_walked_apart_and_phases_together(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    both = [row.replace(",one,", f",{arm},") for arm in ("p", "q") for row in smooth(16, 0.1)]
    history = read_history(folder_of(tmp_path / "a", both))
    assert [(c.name, len(c.batches)) for c in courses(history, history.campaign)] == [
        ("p", 4), ("q", 4)
    ]  # fmt: skip
    (tmp_path / "b").mkdir()
    rows = smooth(16, 0.1)
    phases = [r.replace(",one,", ",initial,") if i < 8 else r for i, r in enumerate(rows)]
    history = read_history(folder_of(tmp_path / "b", phases))
    assert [c.name for c in courses(history, history.campaign)] == [""]
    assert sizes_of(history, history.campaign) == [4, 4, 4, 4]


def test_repeats_in_a_row_are_one_experiment_with_an_error(tmp_path: Path) -> None:
    rows = ["1,0,one,0.5,a,1.0", "2,0,one,0.5,a,1.2", "3,0,one,0.5,a,1.4", "4,0,one,0.6,a,2"]
    history = read_history(folder_of(tmp_path, rows))
    ((first, second),) = courses(history, history.campaign)[0].batches
    assert first.lines == (2, 3, 4)
    assert first.experiment.values["y"] == pytest.approx((1.2, 0.2 / 3**0.5))
    assert second.experiment.values["y"] == (2.0, None)


def test_without_an_order_nothing_is_walked(tmp_path: Path) -> None:
    mapping = MAPPING.replace("{column: run, trust: known}", "{trust: none}")
    with pytest.raises(HistoryError, match=r"not known \(trust: none\).*cannot be walked along"):
        run_prequential(folder_of(tmp_path, smooth(12, 0.1), mapping))


def test_a_report_of_a_walk_is_plain_data_and_says_its_verdict(tmp_path: Path) -> None:
    report = run_prequential(folder_of(tmp_path, smooth(32, 0.05)))
    text = json.dumps(plain_data(report), allow_nan=False)
    assert PrequentialReport.model_validate_json(text) == report
    assert report.mode == "prequential"
    assert any("90 % interval" in text for text in remarks(report))


@needs_campaigns
def test_real_histories_are_predicted_honestly_over_all_and_each_is_judged() -> None:
    names = ("oer_mobo", "pedot_polybot", "edbo_mitsunobu")
    reports = [prequential(read_history(str(CAMPAIGNS / name))) for name in names]
    assert 0.85 <= coverage_over(reports) <= 0.95
    for report in reports:
        for about in report.values():
            assert isinstance(about, JudgedForecasts)
            inside = 0.85 <= about.coverage_90 <= 0.95
            assert about.verdict == (
                "honest" if inside
                else "over-confident" if about.coverage_90 < 0.85 else "under-confident"
            )  # fmt: skip
