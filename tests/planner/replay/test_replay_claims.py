"""Replays with hypotheses, on small pools: with them, without them, and reversed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from benchmarks.calibration import reliability, simulated
from benchmarks.claims import KINDS, SHARE, claim
from benchmarks.hypotheses import STRENGTH
from benchmarks.pools import problem, synthetic, window
from flows.cli import app
from planner.beliefs.opposite import opposite
from planner.campaign.campaign import CampaignError
from planner.campaign.cube import Cube
from planner.campaign.hypothesis import Near, Region, Trend
from planner.campaign.values import plain_data
from planner.past.pool import Pool
from planner.replay.supposed import replay_claims, summary
from planner.replay.with_hypotheses import (
    ClaimsReport,
    PlannedClaimWalk,
    goal_of,
    ratio,
    read_claims,
    walk_claims,
)
from planner.space.encoding import encode
from tests.planner.replay.test_replay import HILL, folder_of

HERE = {"kind": "near", "author": "Aki", "point": {"x": 1, "y": 1, "route": "HIP"}, "strength": 0.8}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    lines = [
        f"{x},{y},{route},{40 - x * x - y * y + 0.5 * bonus}"
        for x in range(7) for y in range(7) for bonus, route in enumerate(("SPS", "HIP"))
    ]  # fmt: skip
    return folder_of(tmp_path, HILL, "\n".join(["x,y,route,yield", *lines]))


@pytest.fixture(scope="module")
def pool() -> Pool:
    return synthetic("window", window, size=200)


def test_a_replay_tells_experiments_with_without_and_reversed(folder: str) -> None:
    found = replay_claims(folder, [HERE], seeds=3, budget=15, workers=1)
    for arm in found.arms.values():
        assert len(arm.experiments) == 3
        assert all(1 <= n <= 15 for n in arm.experiments)
    assert found.without.ratio_to_without == 1
    assert found.with_claims.median <= found.reversed.median
    assert summary(found).row_count == 3
    content = plain_data(found)
    assert [*content][-4:] == ["claims", "without", "with", "reversed"]
    assert ClaimsReport.model_validate_json(json.dumps(content, allow_nan=False)) == found


def test_the_command_line_writes_the_same(folder: str, tmp_path: Path) -> None:
    file, out = tmp_path / "claims.yaml", tmp_path / "out.json"
    file.write_text("- {kind: trend, author: Aki, outcome: yield, parameter: x, sign: falls}")
    asked = ["replay", folder, "--hypotheses", str(file), "--seeds", "2", "--budget", "8",
             "--workers", "1", "--json", str(out)]  # fmt: skip
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.output
    assert json.loads(out.read_text())["claims"] == ["yield falls with x"]
    assert "reversed" in result.output
    refused = CliRunner().invoke(app, [*asked, "--batch", "3"])
    assert "--batch does not go with --hypotheses" in str(refused.exception)


def test_without_claims_a_walk_is_the_planner_by_itself(pool: Pool) -> None:
    plain = PlannedClaimWalk(pool, (), 1, 12, goal=np.inf)
    zero, said = ((claim(pool, "near", False, 1, strength=s),) for s in (0.0, 0.8))
    order = walk_claims(plain).order
    assert walk_claims(plain._replace(claims=zero)).order == order
    assert walk_claims(plain._replace(claims=said)).order != order


def test_a_walk_goes_on_after_the_goal_where_credences_are_looked_at_later(pool: Pool) -> None:
    task = PlannedClaimWalk(pool, (claim(pool, "near", True, 1, 0.8),), 1, 30, goal=-np.inf)
    assert walk_claims(task).order == walk_claims(task._replace(least=8)).order[:1]
    long = walk_claims(task._replace(least=8, look=6))
    assert (long.experiments, len(long.order)) == (1, 8)
    assert long.credence == walk_claims(task._replace(least=6)).credence


def test_what_is_measured_may_be_one_replicate_by_lot(pool: Pool) -> None:
    shifts = np.array([-0.4, 0.4])
    noisy = replace(pool, replicates=tuple(values + shifts[:, None] for values in pool.replicates))
    task = PlannedClaimWalk(noisy, (), 3, 12, goal=goal_of(noisy))
    seen = [walk_claims(task._replace(noise=noise, least=12)).order for noise in ("mean", "draw")]
    assert seen[0][:5] == seen[1][:5]
    assert seen[0] != seen[1]


def test_claims_that_do_not_fit_the_campaign_are_refused(pool: Pool) -> None:
    with pytest.raises(CampaignError, match="no free parameter 'T'"):
        read_claims(pool.campaign, [{"kind": "near", "author": "Aki", "point": {"T": 3}}])
    with pytest.raises(ValueError, match="is a list"):
        read_claims(pool.campaign, {"claims": []})


def says(pool: Any, claim: Any) -> Any:
    rows = encode(pool.campaign, pool.points)
    return claim.says(Cube(pool.campaign.parameters, pool.campaign.outcomes, rows))


def test_the_reverse_of_a_claim_says_the_opposite() -> None:
    pool = synthetic("window", window, size=256)
    near = Near(author="A", point={"x0": 0.2, "x1": 0.9})
    region = Region(author="A", within={"x0": (0.1, 0.3)}, where=("x1 + x2 <= 0.8",))
    trend = Trend(author="A", outcome="y", parameter="x0", sign="peaks")
    away = opposite(pool.campaign, near)
    assert isinstance(away, Near)
    assert away.point == pytest.approx({"x0": 0.7, "x1": 0.4})
    turned = opposite(pool.campaign, region)
    assert isinstance(turned, Region)
    assert turned.within["x0"] == pytest.approx((0.6, 0.8))
    assert (says(pool, region) * says(pool, turned)).max() < 0.1
    assert says(pool, trend) + says(pool, opposite(pool.campaign, trend)) == pytest.approx(
        np.ones(256)
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_claims_of_the_benchmark_are_as_right_and_wrong_as_they_should_be(
    pool: Pool, seed: int
) -> None:
    best = int(np.argmax(pool.merits[:, 0]))
    rows = encode(pool.campaign, pool.points)
    right, wrong = (claim(pool, "near", r, seed, STRENGTH) for r in (True, False))
    assert isinstance(right, Near)
    assert isinstance(wrong, Near)
    assert np.abs(np.array([*right.point.values()]) - rows[best]) == pytest.approx([0.15] * 4)
    assert (np.abs(np.array([*wrong.point.values()]) - rows[best]) >= 0.5 - 1e-9).all()
    for is_right in (True, False):
        inside = says(pool, claim(pool, "region", is_right, seed, STRENGTH)) == 1
        assert SHARE[0] <= inside.mean() <= SHARE[1]
        assert inside[best] == is_right
    for is_right, sign in ((True, "rises"), (False, "falls")):
        trend = claim(pool, "trend", is_right, seed, STRENGTH)
        assert isinstance(trend, Trend)
        assert trend.sign == sign


def test_a_right_claim_saves_and_a_wrong_one_costs_little(pool: Pool) -> None:
    """A small guard with fixed seeds; the figures are those of ``make bench-hypotheses``."""
    goal = goal_of(pool)

    def median(*claims: Any) -> float:
        return float(
            np.median(
                [
                    walk_claims(PlannedClaimWalk(pool, claims, s, 40, goal)).experiments
                    for s in range(8)
                ]
            )
        )

    plain = median()
    assert median(claim(pool, "near", True, 0, STRENGTH)) <= 0.8 * plain
    assert median(claim(pool, "near", False, 0, STRENGTH)) <= 1.35 * plain


@pytest.mark.parametrize("late", [False, True])
def test_credence_is_calibrated_on_simulated_claims(late: bool) -> None:
    """60 claims of fixed seeds; the bench has 400."""
    found = [simulated(seed, ("region", "trend")[seed % 2], late) for seed in range(200, 260)]
    credence, true, strength = np.array(found, dtype=float).T
    assert abs(credence.mean() - true.mean()) < 0.08
    known, stated = (((p - true) ** 2).mean() for p in (credence, strength))
    assert known < stated - (0.01 if late else 0.03)  # results tell more than authors
    assert reliability(found)["claims"] == 60


def test_the_problems_of_the_benchmark_exist() -> None:
    assert problem("ripples").size == 768
    assert problem("furnace").size == 1000
    assert set(KINDS) == {"near", "region", "trend"}


def test_runs_that_all_end_alike_have_no_interval() -> None:
    assert ratio([15, 15, 15], [15, 15, 15]).ratio_95 is None
    assert ratio([15, 14, 15], [15, 15, 15]).ratio_95 is not None
