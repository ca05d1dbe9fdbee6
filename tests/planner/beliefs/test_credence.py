"""What the record says about claims: from data alone, and no more than the data allow."""

import datetime
import json
import math
from typing import Any

import numpy as np
import pytest

from planner.beliefs.credence import ground, weigh, weigh_observations
from planner.beliefs.ledger import Ledger, _lengths, in_words, ledger
from planner.beliefs.slope import student
from planner.beliefs.weighing import Weighing
from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.values import plain_data
from planner.record.record import Observation, Record
from planner.record.result import Result
from planner.record.trial import Origin, Trial, TrialState

SECOND_HEAT = {600: 3.1e4, 675: 1.3e4, 750: 0.9e4}
"""Jc in A/cm2 (4.2 K, 5 T) of K-Ba122 bulks by the temperature in degC of the second heat treatment:
arXiv:2203.07551, table 2."""


def ba122(*claims: dict[str, Any]) -> Campaign:
    return parse_campaign(
        {
            "name": "k-ba122",
            "parameters": {
                "second_heat": {"kind": "range", "low": 600, "high": 750, "unit": "degC"}
            },
            "outcomes": {"log10_Jc": {"goal": "maximize"}},
            "stages": [{"name": "all", "executor": "manual", "gives": ["log10_Jc"]}],
            "hypotheses": [{"author": "Aki", **claim} for claim in claims],
        }
    )


def three_points() -> list[Observation]:
    return [
        Observation(i, {"second_heat": float(T)}, {"log10_Jc": (math.log10(jc), None)})
        for i, (T, jc) in enumerate(SECOND_HEAT.items(), 1)
    ]


FALLS = {"kind": "trend", "outcome": "log10_Jc", "parameter": "second_heat", "sign": "falls", "strength": 0.7}  # fmt: skip


def test_three_points_do_not_prove_it() -> None:
    campaign = ba122(FALLS)
    (found,) = weigh_observations(campaign, three_points(), ground(campaign))
    assert found.slope is not None
    assert found.slope.value == pytest.approx(-3.6e-3, abs=0.05e-3)
    assert found.slope.standard_error == pytest.approx(0.83e-3, abs=0.01e-3)
    assert found.slope.half_width == pytest.approx(10.6e-3, abs=0.05e-3)
    assert found.slope.freedom == 1
    assert found.slope.shown == "-0.00358 ± 0.0106 1 per degC (95 %, 1 degree of freedom)"
    assert found.credence == pytest.approx(0.7)  # its prior: no degree of freedom is left


def test_the_line_goes_through_the_results_of_the_claimed_range_alone() -> None:
    settings = sorted(SECOND_HEAT)
    over = {"over": [settings[0], settings[1]]}
    campaign = ba122(FALLS, {**FALLS, "name": "twice", **over})
    whole, part = (w.slope for w in weigh_observations(campaign, three_points(), ground(campaign)))
    assert whole is not None
    assert part is None  # two results have no line with an interval


def test_students_quantile_is_that_of_the_tables() -> None:
    assert [student(n) for n in (1, 2, 13)] == pytest.approx([12.706, 4.303, 2.160], abs=5e-4)


SPACE = {
    "name": "bowl",
    "parameters": {n: {"kind": "range", "low": 0, "high": 1} for n in ("x", "y")},
    "outcomes": {"good": {"goal": "maximize"}, "bad": {"goal": "minimize"}},
    "stages": [{"name": "all", "executor": "manual", "gives": ["good", "bad"]}],
}
HERE = {"kind": "near", "point": {"x": 0.8, "y": 0.3}, "width": 0.15}
THERE = {"kind": "region", "within": {"x": [0, 0.3], "y": [0.6, 1]}}
RISES = {"kind": "trend", "outcome": "good", "parameter": "x", "sign": "rises"}
PEAKS = {"kind": "trend", "outcome": "good", "parameter": "y", "sign": "peaks"}
NOTHING_THERE = {"kind": "avoid", "within": {"x": [0, 0.5]}}
SPOT = {"kind": "candidates", "points": [{"x": 0.8, "y": 0.3}]}


def bowl(*claims: dict[str, Any], strength: float = 0.5) -> Campaign:
    hypotheses = [{"author": "Aki", "strength": strength, **claim} for claim in claims]
    return parse_campaign({**SPACE, "hypotheses": hypotheses})


def seen(n: int, seed: int = 0) -> list[Observation]:
    """Results of one hill at (0.8, 0.3); the second outcome is its opposite."""
    found = []
    for i, (x, y) in enumerate(np.random.default_rng(seed).random((n, 2)).tolist(), 1):
        value = math.exp(-((x - 0.8) ** 2 + (y - 0.3) ** 2) / 0.15)
        found.append(
            Observation(i, {"x": x, "y": y}, {"good": (value, None), "bad": (-value, None)})
        )
    return found


def credences(campaign: Campaign, observations: list[Observation]) -> list[float]:
    return [w.credence for w in weigh_observations(campaign, observations, ground(campaign))]


def test_data_tell_right_from_wrong() -> None:
    campaign = bowl(HERE, THERE, RISES, PEAKS, NOTHING_THERE, SPOT)
    here, there, rises, peaks, nothing, spot = credences(campaign, seen(20))
    assert there < 0.1
    assert min(here, rises, nothing) > 0.75
    assert min(peaks, spot) > 0.5


def test_of_two_claims_that_contradict_each_other_at_most_one_is_believed() -> None:
    falls = {**RISES, "sign": "falls"}
    up, down = credences(bowl(RISES, falls), seen(15))
    assert up + down == pytest.approx(1, abs=1e-6)


def test_without_results_a_claim_has_its_prior() -> None:
    campaign = bowl(HERE, RISES, strength=0.3)
    for observations in ([], seen(2)):
        assert credences(campaign, observations) == pytest.approx([0.3, 0.3])


def test_nobodys_word_is_beyond_evidence_and_strength_zero_counts_for_nothing() -> None:
    assert credences(bowl(THERE, strength=1), seen(25))[0] < 0.5
    assert credences(bowl(HERE, strength=0), seen(25)) == [0.0]


def test_the_order_of_claims_and_others_that_may_be_true_too_change_nothing() -> None:
    both, alone = credences(bowl(HERE, RISES), seen(9)), credences(bowl(RISES), seen(9))
    assert both[1] == alone[0]
    three: list[dict[str, Any]] = [HERE, THERE, RISES]
    assert credences(bowl(*three), seen(9)) == credences(bowl(*three[::-1]), seen(9))[::-1]


def test_a_hard_avoid_is_kept_and_not_weighed() -> None:
    campaign = bowl({**NOTHING_THERE, "hard": True})
    (found,) = weigh(campaign, Record())
    assert "not weighed" in found.note


def test_evidence_counts_the_more_the_more_results_there_are() -> None:
    claim = bowl(HERE).hypotheses[0]
    trusts = [Weighing(claim, results=n).trust for n in (2, 3, 4, 7, 15, 100)]
    assert trusts == pytest.approx([0, 0.018, 0.16, 0.44, 0.61, 0.74], abs=0.01)


def test_the_ledger_tells_which_trial_moved_what() -> None:
    campaign = bowl(HERE, RISES)
    record = record_of_observations(campaign, seen(8))
    found = ledger(campaign, record, datetime.date(2026, 1, 1))
    first, *_, last = found.history
    assert [row.after_trial for row in found.history] == [None, *range(1, 9)]
    assert all(first.credence[entry.title] == 0.5 for entry in found.hypotheses)
    assert last.credence == {entry.title: entry.credence for entry in found.hypotheses}
    assert "slope" in found.hypotheses[1].evidence
    assert Ledger.model_validate_json(json.dumps(plain_data(found), allow_nan=False)) == found


def test_a_long_record_is_told_in_at_most_sixty_steps() -> None:
    assert len(_lengths(59)) == 60
    assert len(_lengths(1000)) <= 62
    assert _lengths(1000)[-1] == 1000


def record_of_observations(campaign: Campaign, observations: list[Observation]) -> Record:
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    common: dict[str, Any] = {"campaign": campaign.name, "campaign_version": 1, "author": "Aki"}
    trials = [
        Trial(**common, number=o.trial, origin=Origin.PLANNER, state=TrialState.COMPLETED,
              created_at=at, point=o.point, generator="sobol")
        for o in observations
    ]  # fmt: skip
    results = [
        Result(campaign=campaign.name, number=10 * o.trial + i, trial=o.trial, stage="all",
               outcome=name, value=value, unit="", author="Aki", at=at)
        for o in observations for i, (name, (value, _)) in enumerate(o.values.items())
    ]  # fmt: skip
    return Record(tuple(trials), results=tuple(results))


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("sign", ["rises", "falls"])
def test_slope_and_credence_never_point_opposite_ways(sign: str, scale: str) -> None:
    """Over random results, skewed ones among them; where the straight line differs, it is told
    why."""
    claim = {"kind": "trend", "outcome": "y", "parameter": "a", "sign": sign, "author": "Aki"}
    campaign = parse_campaign(
        {
            "name": "any",
            "parameters": {
                "a": {"kind": "range", "low": 1, "high": 100, "scale": scale},
                "b": {"kind": "range", "low": 0, "high": 1},
            },
            "outcomes": {"y": {"goal": "maximize", "unit": "MPa"}},
            "stages": [{"name": "all", "executor": "manual", "gives": ["y"]}],
            "hypotheses": [claim],
        }
    )
    rows, opposite = ground(campaign), 0
    for seed in range(25):
        rng = np.random.default_rng(seed)
        b, noise = rng.random((2, 4 + seed % 7))
        a = 1 + 98 * np.clip(b + 0.4 * rng.standard_normal(len(b)), 0, 1)  # they vary together
        y = np.exp(rng.choice([0.3, 3.0]) * (rng.uniform(-1, 1) * a / 50 + 2 * b + noise))
        seen = [
            Observation(i, {"a": p, "b": q}, {"y": (v, None)})
            for i, (p, q, v) in enumerate(zip(a.tolist(), b.tolist(), y.tolist(), strict=True), 1)
        ]
        (found,) = weigh_observations(campaign, seen, rows)
        assert found.slope is not None
        (slope,) = found.slopes
        way = 1 if sign == "rises" else -1
        assert np.sign(way * slope.value) == np.sign(found.credence - found.prior)
        assert f"slope {slope.shown}" in in_words(found)
        differs = slope.value * found.slope.value < 0
        assert ("the other way" in in_words(found)) == differs
        opposite += differs
    assert opposite  # the case is among them


def test_the_models_slope_is_in_the_units_of_the_campaign() -> None:
    campaign = ba122({**FALLS, "over": [620, 720]})
    settings = np.linspace(600, 750, 8)
    seen = [
        Observation(i, {"second_heat": T}, {"log10_Jc": (0.01 * (750 - T), None)})
        for i, T in enumerate(settings.tolist(), 1)
    ]
    (found,) = weigh_observations(campaign, seen, ground(campaign))
    (slope,) = found.slopes
    assert slope.value == pytest.approx(-0.01, rel=0.02)
    assert slope.unit == "1 per degC"


def test_a_peak_is_told_by_two_slopes() -> None:
    campaign = ba122({**FALLS, "sign": "peaks"})
    seen = [
        Observation(i, {"second_heat": T}, {"log10_Jc": (-(((T - 675) / 75) ** 2), None)})
        for i, T in enumerate(np.linspace(600, 750, 9).tolist(), 1)
    ]
    (found,) = weigh_observations(campaign, seen, ground(campaign))
    first, second = found.slopes
    assert first.value == pytest.approx(1 / 75, rel=0.1)
    assert second.value == pytest.approx(-1 / 75, rel=0.1)
    assert found.credence > found.prior
