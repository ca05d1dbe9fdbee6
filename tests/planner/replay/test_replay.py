"""Replays of small synthetic campaigns, and of real ones where the data are here."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from planner.campaign.campaign import Campaign
from planner.campaign.values import Point, plain_data
from planner.past.history import read_history
from planner.past.mapping import HistoryError
from planner.past.pool import Chosen, Pool
from planner.record.record import Record
from planner.record.trial import Proposal, TrialState
from planner.replay import planners
from planner.replay import walk as walking
from planner.replay.forecasts import Forecast
from planner.replay.journal import done
from planner.replay.page import page
from planner.replay.pictures import png
from planner.replay.planned import PlannedWalk, Setup
from planner.replay.planners import Known
from planner.replay.replay import remarks, run_replay, summary
from planner.replay.rows import as_csv
from planner.replay.summary import warnings
from planner.replay.values import PoolReport
from planner.replay.walk import walk
from planner.replay.walk_record import record_of
from tests.shared import CAMPAIGNS

HILL = """
mapping: 1
name: hill
table: data.csv
pool: factorial
parameters:
  x: {kind: range, low: 0, high: 6}
  y: {kind: ordered, values: [0, 1, 2, 3, 4, 5, 6]}
  route: {kind: choice, values: [SPS, HIP]}
outcomes:
  yield: {goal: maximize, unit: "%"}
"""
ARMS = """
mapping: 1
name: arms
table: data.csv
pool: adaptive
order: {column: run, trust: known}
batch: batch
arm: arm
parameters:
  x: {kind: range, low: 0, high: 20}
outcomes:
  a: {goal: maximize}
  b: {goal: minimize}
reference_point: {a: 0, b: 10}
"""
ARM_ROWS = """run,batch,arm,x,a,b
1,0,model,0,1,9
2,0,model,1,1,9
3,1,model,2,3,8
4,1,model,3,1,8
1,0,random,4,1,9
2,1,random,5,2,9
1,-1,grid,6,3,7
2,-1,grid,7,1,9
"""
FEW: dict[str, Any] = {"planners": ["gp-ei", "random"], "seeds": 2, "budget": 8, "workers": 1}


@pytest.fixture
def hill_folder(tmp_path: Path) -> str:
    """98 conditions: a hill over two numbers, a little higher on one route."""
    lines = [
        f"{x},{y},{route},{40 - x * x - y * y + 0.5 * bonus}"
        for x in range(7) for y in range(7) for bonus, route in enumerate(("SPS", "HIP"))
    ]  # fmt: skip
    return folder_of(tmp_path, HILL, "\n".join(["x,y,route,yield", *lines]))


@pytest.fixture
def hill(hill_folder: str) -> Pool:
    return read_history(hill_folder).pool()


@pytest.fixture
def arms_folder(tmp_path: Path) -> str:
    """Three arms, two objectives; the hypervolumes are small whole numbers."""
    return folder_of(tmp_path, ARMS, ARM_ROWS)


def folder_of(path: Path, mapping: str, table: str) -> str:
    (path / "mapping.yaml").write_text(mapping)
    (path / "data.csv").write_text(table)
    return str(path)


def test_a_report_holds_curves_from_the_first_experiment_on(hill_folder: str) -> None:
    report = run_replay(hill_folder, **FEW)
    assert report.mode == "pool"
    assert report.baseline == "random permutation of the pool"
    assert report.seeds == 2
    for found in report.planners.values():
        for curve in ("share_of_top", "best_so_far", "hypervolume", "regret", "ef_topk"):
            assert len(found.curve(curve) or ()) == 8
    assert report.planners["gp-ei"].generators == {"gp-ei": 6}
    text = json.dumps(plain_data(report), allow_nan=False)
    assert PoolReport.model_validate_json(text) == report


def test_the_pool_is_described(hill_folder: str) -> None:
    about = run_replay(hill_folder, **FEW).pool
    assert (about.kind, about.conditions, about.left_out) == ("factorial", 98, 0)
    assert about.top_set == 6
    assert about.warning is None
    assert about.reference_from == "5th percentile of each outcome, on its worst side"


def test_random_is_exact(hill_folder: str) -> None:
    report = run_replay(hill_folder, **FEW)
    random, about = report.planners["random"], report.pool
    assert random.share_of_top == pytest.approx(np.arange(1, 9) / 98)
    assert random.first_hit.mean == pytest.approx(99 / (about.top_set + 1))
    assert random.ef_topk == pytest.approx([1.0] * 8)
    assert random.ef_value == pytest.approx([1.0] * 8)


def test_planners_with_the_same_seed_start_at_the_same_conditions(
    hill: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(planners.MAKERS, "last", lambda pool, seed, campaign: Last())
    ours = walk(PlannedWalk(hill, "last", 3, Setup(budget=7))).order
    theirs = walk(PlannedWalk(hill, "gp-ei", 3, Setup(budget=7))).order
    assert ours[:5] == theirs[:5]
    assert ours[5:] == tuple([i for i in range(hill.size - 1, 0, -1) if i not in ours[:5]][:2])


def test_a_planner_that_repeats_itself_is_caught(
    hill: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = Chosen(int(np.random.default_rng(0).permutation(hill.size)[0]), "stuck")
    monkeypatch.setitem(planners.MAKERS, "stuck", lambda *_: lambda seen, n: [stuck])
    with pytest.raises(RuntimeError, match="had been tried"):
        walk(PlannedWalk(hill, "stuck", 0, Setup(budget=7)))


def test_the_number_of_processes_changes_nothing(hill_folder: str) -> None:
    one = run_replay(hill_folder, **FEW)
    two = run_replay(hill_folder, **{**FEW, "workers": 2})
    assert timeless(one) == timeless(two)


def test_a_budget_ends_with_the_pool(hill_folder: str) -> None:
    report = run_replay(hill_folder, planners=["random"], seeds=1, budget=500)
    assert report.budget == 98
    assert report.planners["random"].share_of_top[-1] == 1


def test_comparisons_say_better_worse_or_nothing(hill_folder: str) -> None:
    report = run_replay(hill_folder, **{**FEW, "seeds": 6, "budget": 16})
    (found,) = report.comparisons
    assert (found.planner, found.against) == ("gp-ei", "random")
    assert found.verdict == "better"
    assert found.interval_95 is not None
    low, high = found.interval_95
    assert 0 < low < found.difference < high


def test_the_record_holds_what_was_measured(hill: Pool) -> None:
    record = record_of(hill, [4, 2])
    assert [trial.point for trial in record.trials] == [hill.points[4], hill.points[2]]
    assert record.count(TrialState.COMPLETED) == 2
    (value, error) = record.observations[0].values["yield"]
    assert value == hill.mean[4, 0]
    assert error is None


def test_kyoso_is_asked_as_the_loop_asks_it(hill: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first design is over; the pool holds what is left; its point is found again."""
    from planner.proposals import proposer

    def propose(
        campaign: Campaign, record: Record, n: int, seed: int, pool: list[Point]
    ) -> list[Proposal]:
        assert (n, seed, len(record.trials), len(pool)) == (1, 7, 5, 93)
        assert not proposer.first_design_reason(campaign, record)
        return [Proposal(point=pool[1], generator="model")]

    monkeypatch.setattr(proposer, "propose", propose)
    planner = planners.Kyoso(hill, 7, hill.campaign)
    assert planner(Known([0, 1, 2, 3, 4], (), range(5, 98)), 1) == [Chosen(6, "model")]


def test_history_is_refused_without_an_order(hill_folder: str) -> None:
    with pytest.raises(HistoryError, match=r"order of the experiments is not known \(trust: none"):
        run_replay(hill_folder, planners=["history"], seeds=1, budget=5)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"planners": ["kyosa"]}, "no planner 'kyosa'; there are kyoso, gp-ei, random, history"),
        ({"planners": []}, "needs a planner"),
        ({"budget": 0}, "needs a planner, a seed, a start and an experiment"),
        ({"outcome": "price"}, "'price' is no outcome with a goal; there are yield"),
    ],
)
def test_a_request_without_sense_is_refused(
    hill_folder: str,
    request_: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(HistoryError, match=message):
        run_replay(hill_folder, **{**FEW, **request_})


def test_arms_are_walked_along_their_rows(arms_folder: str) -> None:
    report = run_replay(arms_folder, planners=["random"], seeds=1, budget=6, by_arm=True)
    arms = report.planners["history"].arms
    assert report.baseline == "real random arm (random)"
    assert arms["model"].hypervolume_raw == (1.0, 1.0, 6.0, 6.0)
    assert arms["model"].hypervolume is not None
    assert arms["model"].hypervolume[-1] == 1
    assert arms["random"].hypervolume == pytest.approx([1 / 6, 2 / 6])
    assert arms["grid"].hypervolume is None
    assert arms["grid"].final_hypervolume == pytest.approx(9 / 6)
    assert report.pool.reference_from == "thresholds of the campaign"
    assert "too little" in (report.pool.warning or "")


def test_arms_need_a_column(hill_folder: str) -> None:
    with pytest.raises(HistoryError, match=r"no column for the arm|order of the experiments"):
        run_replay(hill_folder, planners=["random"], seeds=1, budget=6, by_arm=True)


def test_verdicts_are_against_the_baseline_that_is_named(tmp_path: Path) -> None:
    mapping = f"{HILL}\norder: {{column: y, trust: nominal}}\n"
    rows = [f"{x},{y},SPS,{x + y}" for y in range(7) for x in range(0, 6, 2)]
    folder = folder_of(tmp_path, mapping, "\n".join(["x,y,route,yield", *rows]))
    report = run_replay(folder, **{**FEW, "planners": ["gp-ei", "history"], "budget": 8})
    ours, theirs = (report.planners[name].final_share for name in ("gp-ei", "history"))
    assert report.baseline == "historic order"
    assert set(report.verdicts) == {"gp-ei"}
    assert report.verdicts["gp-ei"].difference == pytest.approx(np.mean(ours) - theirs[0])
    alone = run_replay(folder, **{**FEW, "planners": ["history"], "budget": 8})
    assert alone.baseline == "random permutation of the pool"
    assert set(alone.verdicts) == {"history"}


def test_a_random_search_shorter_than_the_budget_is_told(arms_folder: str) -> None:
    report = run_replay(arms_folder, planners=["random"], seeds=1, budget=6)
    assert any("ended after 2 experiments" in text for text in remarks(report))


def test_a_narrow_terminal_cuts_no_heading(arms_folder: str) -> None:
    file = io.StringIO()
    report = run_replay(arms_folder, **{**FEW, "budget": 6, "start": 2})
    Console(file=file, width=80).print(summary(report))
    assert "…" not in file.getvalue()


def test_one_outcome_of_several_may_be_replayed(arms_folder: str) -> None:
    report = run_replay(arms_folder, planners=["random"], seeds=1, budget=3, outcome="b")
    assert isinstance(report.planners["random"].best_so_far, tuple)
    both = run_replay(arms_folder, planners=["random"], seeds=1, budget=3)
    assert set(both.planners["random"].best_so_far) == {"a", "b"}


def test_the_summary_names_baseline_verdict_and_warning(arms_folder: str) -> None:
    report = run_replay(arms_folder, **{**FEW, "budget": 6, "start": 2, "by_arm": True})
    file = io.StringIO()
    Console(file=file, width=200).print(summary(report), *remarks(report))
    text = file.getvalue()
    for words in ("gp-ei", "real random arm", "against random", "arm model", "too little"):
        assert words in text


@pytest.mark.skipif(not CAMPAIGNS.exists(), reason="the data sets are not here")
def test_real_arms_agree_with_their_authors() -> None:
    """Jenewein et al. 2024, without the lag of one row in their column."""
    report = run_replay(
        str(CAMPAIGNS / "oer_mobo"), planners=["random"], seeds=1, budget=45, by_arm=True
    )
    arms = report.planners["history"].arms
    at = [14, 29, 44, 59]
    mobo, random = (np.array(arms[name].hypervolume)[at] for name in ("mobo", "random"))
    assert mobo == pytest.approx([0.3248, 0.9213, 0.9972, 1.0], abs=1e-4)
    assert random == pytest.approx([0.3248, 0.3381, 0.3381, 0.3381], abs=1e-4)
    assert arms["mobo"].normaliser == pytest.approx(2719.336, abs=1e-3)
    expected = np.array(report.planners["random"].hypervolume)[[4, 14, 29, 44]]
    assert expected == pytest.approx([0.264, 0.509, 0.684, 0.780], abs=6e-4)


def test_on_pure_noise_every_planner_has_no_gain(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    lines = [f"{x:.4f},{y},{'SPS' if z else 'HIP'},{rng.normal():.5f}"
             for x, y, z in zip(rng.uniform(0, 6, 120), rng.integers(0, 7, 120),
                                rng.integers(0, 2, 120), strict=True)]  # fmt: skip
    folder = folder_of(tmp_path, HILL, "\n".join(["x,y,route,yield", *lines]))
    report = run_replay(folder, planners=["kyoso", "gp-ei"], seeds=8, budget=20, workers=1)
    assert {name: v.verdict for name, v in report.verdicts.items()} == {
        "kyoso": "no gain", "gp-ei": "no gain",
    }  # fmt: skip


def test_on_a_real_hill_there_is_a_gain(hill_folder: str) -> None:
    report = run_replay(hill_folder, **{**FEW, "seeds": 8, "budget": 25})
    assert report.verdicts["gp-ei"].verdict == "gain"
    interval = report.verdicts["gp-ei"].interval_99
    assert interval is not None
    low, high = interval
    assert 0 < low <= high


def test_a_gain_over_a_copy_of_the_outcome_is_doubted(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    found = rng.uniform(1, 5, 60)
    copy = found * (1 + 0.02 * rng.normal(size=60))
    lines = [
        f"{x:.4f},{i % 7},SPS,{y:.4f}" for i, (x, y) in enumerate(zip(copy, found, strict=True))
    ]
    folder = folder_of(tmp_path, HILL, "\n".join(["x,y,route,yield", *lines]))
    report = run_replay(folder, planners=["gp-ei"], seeds=8, budget=20, workers=1)
    verdict = report.verdicts["gp-ei"]
    assert verdict.verdict == "gain"
    assert "x goes with yield in nearly the same order" in verdict.why
    assert any("copy of the result" in text for text in warnings(report))


def test_a_replay_that_was_stopped_goes_on_where_it_was(
    hill_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = tmp_path / "runs.jsonl"
    whole = run_replay(hill_folder, **FEW, journal=journal)
    assert done(journal) == (2, 2)
    lines = journal.read_text().splitlines()
    journal.write_text("\n".join(lines[:2]) + '\n{"task": "half a li')
    monkeypatch.setattr(walking, "walk", counted := Counted(walking.walk))
    again = run_replay(hill_folder, **FEW, journal=journal)
    assert counted.calls == 1
    assert again.planners["gp-ei"].final_share == whole.planners["gp-ei"].final_share
    run_replay(hill_folder, **{**FEW, "budget": 7}, journal=journal)
    assert counted.calls == 3  # other runs are not taken for these


def test_a_journal_that_is_none_is_refused(hill_folder: str, tmp_path: Path) -> None:
    (tmp_path / "runs.jsonl").write_text("a,b\n")
    with pytest.raises(HistoryError, match=r"runs.jsonl: is no journal"):
        run_replay(hill_folder, **FEW, journal=tmp_path / "runs.jsonl")


def test_batches_and_pending_experiments_hide_what_is_not_known_yet(
    hill: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Watch:
        def __call__(self, seen: Known, n: int) -> list[Chosen]:
            asked.append((len(seen.measured), len(seen.waiting), n))
            return [Chosen(i, "watch") for i in seen.remaining[:n]]

    monkeypatch.setitem(planners.MAKERS, "watch", lambda *_: Watch())
    walk(PlannedWalk(hill, "watch", 0, Setup(budget=12, sizes=(3, 2))))
    assert asked == [(5, 0, 3), (8, 0, 2), (10, 0, 2)]
    asked.clear()
    walk(PlannedWalk(hill, "watch", 0, Setup(budget=8, pending=2)))
    assert asked == [(3, 2, 1), (4, 2, 1), (5, 2, 1)]


def test_a_batch_of_the_floor_holds_different_conditions(hill: Pool) -> None:
    order = walk(PlannedWalk(hill, "gp-ei", 0, Setup(budget=13, sizes=(4,)))).order
    assert len(set(order)) == 13


def test_batches_may_be_as_they_were(arms_folder: str) -> None:
    report = run_replay(
        arms_folder, planners=["gp-ei"], seeds=1, budget=6, batch="history", workers=1
    )
    assert (report.setup.batch, report.setup.start) == ("as they were", 2)


def test_one_replicate_by_lot_is_what_a_planner_sees(tmp_path: Path) -> None:
    lines = [f"{x},0,SPS,{x + e}" for x in (1, 2, 3) for e in (-0.5, 0, 0.5)]
    folder = folder_of(tmp_path, HILL, "\n".join(["x,y,route,yield", *lines]))
    pool = read_history(folder).pool()
    drawn = [pool.drawn(seed) for seed in range(30)]
    assert {tuple(d.n) for d in drawn} == {(1, 1, 1)}
    assert len({float(d.mean[0, 0]) for d in drawn}) == 3
    assert pool.drawn(5).mean.tolist() == pool.drawn(5).mean.tolist()


def test_choices_that_were_predicted_are_scored(
    hill: Pool, hill_folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Sure:
        def __init__(self, pool: Pool, seed: int, campaign: Campaign) -> None:
            self.pool = pool

        def __call__(self, seen: Known, n: int) -> list[Chosen]:
            i = seen.remaining[0]
            return [Chosen(i, "sure", {"yield": (float(self.pool.mean[i, 0]) + 3, 1.0)})]

    monkeypatch.setitem(planners.MAKERS, "sure", Sure)
    monkeypatch.setattr("planner.replay.replay.PLANNERS", ("sure",))
    report = run_replay(hill_folder, planners=["sure"], seeds=2, budget=12, workers=1)
    found = (report.planners["sure"].calibration or {})["yield"]
    assert (found.n, found.coverage_90, found.verdict) == (14, 0.0, "over-confident")
    assert found.mean_z == pytest.approx(-3)
    assert any("over-confident about the yield" in text for text in remarks(report))


def test_the_report_is_one_page_a_picture_and_a_table(arms_folder: str) -> None:
    report = run_replay(arms_folder, **{**FEW, "budget": 6, "start": 2})
    html = page(report)
    assert html.startswith("<!doctype html>")
    assert "Plotly.newPlot" in html
    assert not re.search(r'(?:src|href)="?https?://', html.split("</script>")[-1])
    for words in ("Mapping: what the columns mean", "numpy ", "too little", "gp-ei"):
        assert words in html
    assert png(report)[:8] == b"\x89PNG\r\n\x1a\n"
    rows = as_csv(report).splitlines()
    assert rows[0] == "planner,curve,experiment,value,low_95,high_95"
    assert sum(row.startswith("gp-ei,share_of_top,") for row in rows) == 6


def forecast(value: float, low: float, high: float) -> Forecast:
    return Forecast(
        lines=(2,), batch=1, middle=(low + high) / 2, low=low, high=high, value=value, z=0,
        log_score=0, log_score_plain=0, rank=1, candidates=1,
    )  # fmt: skip


def timeless(report: PoolReport) -> PoolReport:
    """Without the seconds, which are never the same."""
    found = {
        n: p.model_copy(update={"seconds_per_proposal": 0}) for n, p in report.planners.items()
    }
    return report.model_copy(update={"planners": found})


class Counted:
    """A function that counts its calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *given: Any) -> Any:
        self.calls += 1
        return self.function(*given)


class Last:
    """A planner that takes the last condition left."""

    def __call__(self, seen: Known, n: int) -> list[Chosen]:
        return [Chosen(seen.remaining[-1], "last")]


def test_one_boundless_interval_does_not_hide_the_results() -> None:
    from planner.replay.figures import in_view

    rows = [
        forecast(value, low, high)
        for value, low, high in ((0.0, -1.0, 1.0), (2.0, 1.0, 7e11), (2.0, 2.0, 2.0))
    ]
    assert in_view(rows) == pytest.approx([-1.1, 3.1])
    assert in_view(rows[2:]) == pytest.approx([1.95, 2.05], abs=0.06)
