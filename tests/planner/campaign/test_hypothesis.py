"""What claims say about points, and what a campaign refuses to take as a claim."""

import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executors.testing.hypothesis import CONTENT as THERE
from planner.campaign.campaign import Campaign, CampaignError, parse_campaign
from planner.campaign.cube import Cube
from planner.space.design import first_design
from planner.space.encoding import encode, listed

OUTCOMES = {**THERE["outcomes"], "density": {"goal": "none", "at_least": 75}}
CONTENT: dict[str, Any] = {
    **THERE,
    "outcomes": OUTCOMES,
    "stages": [{"name": "only", "executor": "manual", "gives": [*OUTCOMES]}],
}
NEAR = {"kind": "near", "point": {"T": "973.15 K", "E": 100}, "width": {"T": "30 K", "E": 10}}
BOX = {"T": [650, 700], "route": ["SPS", "HIP"]}


def campaign_with(*claims: dict[str, Any], **changes: Any) -> Campaign:
    hypotheses = [{"author": "Aki", **claim} for claim in claims]
    return parse_campaign({**CONTENT, "hypotheses": hypotheses, **changes})


def says(claim: dict[str, Any], *points: dict[str, Any]) -> list[float]:
    campaign = campaign_with(claim)
    full = [{"T": 700.0, "t": 5, "E": 100.0, "route": "SPS", **point} for point in points]
    cube = Cube(campaign.parameters, campaign.outcomes, encode(campaign, full))
    return [float(x) for x in np.broadcast_to(campaign.hypotheses[0].says(cube), len(points))]


def test_near_is_one_at_its_point_and_falls_by_its_widths() -> None:
    assert says(NEAR, {}, {"T": 730}, {"E": 1000}, {"t": 40}) == pytest.approx(
        [1, np.exp(-0.5), np.exp(-0.5), 1]
    )


def test_a_width_without_unit_is_a_share_of_every_range() -> None:
    claim = {"kind": "near", "point": {"T": 700, "route": "SPS"}, "width": 0.5}
    assert says(claim, {"T": 850}, {"route": "HIP"}) == pytest.approx([np.exp(-0.5), np.exp(-2)])


def test_a_region_is_one_inside_and_soft_at_its_edge() -> None:
    found = says({"kind": "region", "within": BOX}, {}, {"T": 715}, {"T": 900}, {"route": "PIT"})
    assert found == pytest.approx([1, np.exp(-0.5), 0, 0], abs=1e-6)


def test_a_region_may_be_cut_by_inequalities() -> None:
    claim = {"kind": "region", "where": ["T + 2*t <= 710"]}
    share = (640 + 2 * 40 - 710) / (300 + 2 * 47)
    assert says(claim, {}, {"t": 40, "T": 640}) == pytest.approx(
        [1, np.exp(-((share / 0.05) ** 2) / 2)]
    )
    assert says(claim, {"T": 900})[0] < 1e-3


@pytest.mark.parametrize(
    ("outcome", "sign", "expected"),
    [
        ("Jc", "rises", [0, 0.5, 1]), ("Jc", "falls", [1, 0.5, 0]), ("Jc", "peaks", [0, 1, 0]),
        ("Jc", "dips", [1, 0, 1]), ("cost", "rises", [1, 0.5, 0]), ("cost", "peaks", [1, 0, 1]),
        ("density", "rises", [0, 0.5, 1]), ("colour", "rises", [0.5, 0.5, 0.5]),
    ],
)  # fmt: skip
def test_a_trend_points_to_where_its_outcome_is_better(
    outcome: str, sign: str, expected: list[float]
) -> None:
    claim = {"kind": "trend", "outcome": outcome, "parameter": "T", "sign": sign}
    assert says(claim, {"T": 600}, {"T": 750}, {"T": 900}) == pytest.approx(expected)


def test_a_trend_says_nothing_new_beyond_its_range() -> None:
    claim = {
        "kind": "trend",
        "outcome": "Jc",
        "parameter": "T",
        "sign": "falls",
        "over": [650, 750],
    }
    assert says(claim, {"T": 600}, {"T": 700}, {"T": 900}) == pytest.approx([1, 0.5, 0])


def test_avoid_is_the_opposite_of_a_region() -> None:
    inside = says({"kind": "region", "within": BOX}, {}, {"T": 710}, {"T": 900})
    outside = says({"kind": "avoid", "within": BOX}, {}, {"T": 710}, {"T": 900})
    assert np.add(inside, outside) == pytest.approx([1, 1, 1])


def test_candidates_are_spots() -> None:
    point = {"T": 700, "t": 5, "E": 100, "route": "SPS"}
    claim = {"kind": "candidates", "points": [point, {**point, "T": 900}]}
    assert says(claim, {}, {"T": 900}, {"T": 800}) == pytest.approx([1, 1, 0], abs=1e-9)


claims = st.sampled_from(
    [
        NEAR, {"kind": "region", "within": BOX}, {"kind": "region", "where": ["T - t >= 700"]},
        {"kind": "avoid", "within": {"E": [20, 50]}, "where": ["T >= 700"]},
        *({"kind": "trend", "outcome": o, "parameter": p, "sign": s}
          for o in ("Jc", "cost", "colour") for p in ("T", "E", "t") for s in ("rises", "dips")),
        {"kind": "candidates", "points": [{"T": 700, "t": 5, "E": 50, "route": "HIP"}]},
    ]
)  # fmt: skip


@given(claims, st.integers(0, 1000))
def test_a_claim_says_between_nothing_and_one_of_any_point(
    claim: dict[str, Any], seed: int
) -> None:
    campaign = campaign_with(claim)
    rows = encode(campaign, first_design(campaign, [], 40, seed))
    found = campaign.hypotheses[0].says(Cube(campaign.parameters, campaign.outcomes, rows))
    assert np.shape(found) in ((40,), ())
    assert np.all((np.asarray(found) >= 0) & (np.asarray(found) <= 1))


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ({"kind": "hunch"}, "'kind' must be one of avoid, candidates, near, region, trend, not hunch"),
        ({"kind": "near", "point": {"Z": 3}}, "point.Z: no free parameter 'Z'; there are T, t, E, route"),
        ({"kind": "near", "point": {"T": 950}}, "point.T: 950 is outside 600 to 900 degC"),
        ({"kind": "near", "point": {"T": 700}, "width": 0}, "greater than 0"),
        ({"kind": "near", "point": {"T": 700}, "width": {"T": 0}}, "width.T: a width must be above 0, not 0"),
        ({"kind": "near", "point": {"E": 50}, "width": {"E": 1}}, "width.E: a width must be above 1, not 1"),
        ({"kind": "near", "point": {"T": 700}, "width": {"t": 3}}, "width.T: no value came"),
        ({"kind": "near", "point": {"T": 890, "t": 40}}, "the constraint 'T + 5*t <= 1000' does not hold there"),
        ({"kind": "region"}, "needs limits (within) or inequalities (where)"),
        ({"kind": "region", "within": {"T": [700, 650]}}, "low (700) must be below high (650)"),
        ({"kind": "region", "within": {"T": [910, 950]}}, "910 to 950 lies outside 600 to 900"),
        ({"kind": "region", "within": {"t": [3.2, 3.8]}}, "no setting of t lies in 3.2 to 3.8"),
        ({"kind": "region", "within": {"route": []}}, "the region is empty; name some of SPS, HIP, PIT"),
        ({"kind": "region", "within": {"route": ["SP"]}}, "'SP' is not one of SPS, HIP, PIT"),
        ({"kind": "region", "where": ["T + 5*t >= 1001"]}, "no point satisfies T + 5*t >= 1001 and the constraints"),
        ({"kind": "region", "where": ["T == 700"]}, "is an equality; a region needs <= or >="),
        ({"kind": "region", "where": ["os.system('x') <= 3"]}, "where.0:"),
        ({"kind": "trend", "outcome": "Tc", "parameter": "T", "sign": "falls"}, "no outcome 'Tc'; there are Jc, cost, colour, density"),
        ({"kind": "trend", "outcome": "Jc", "parameter": "gas", "sign": "falls"}, "no free parameter 'gas'"),
        ({"kind": "trend", "outcome": "Jc", "parameter": "route", "sign": "falls"}, "route is a choice, which has no direction"),
        ({"kind": "trend", "outcome": "Jc", "parameter": "T", "sign": "falls", "over": [700, 700]}, "low (700) must be below high (700)"),
        ({"kind": "candidates", "points": [{"T": 700}]}, "points.0.t: no value came"),
        ({"kind": "candidates", "points": [{"T": 890, "t": 40, "E": 50, "route": "SPS"}]}, "does not hold there"),
        ({"kind": "avoid", "where": ["T >= 600"], "hard": True}, "hard avoids leave no point at all"),
        ({"kind": "avoid", "within": {"route": ["SPS", "HIP", "PIT"]}, "hard": True}, "hard avoids leave no point at all"),
        ({"kind": "near", "point": {"T": 700}, "strength": 1.2}, "must be at most 1"),
        ({"kind": "near", "point": {"T": 700}, "author": " "}, "author: a name is missing"),
        ({"kind": "near", "point": {"T": 700}, "start": "2026-02-01", "expiry": "2026-01-01"}, "expiry: 2026-01-01 is before start"),
    ],
)  # fmt: skip
def test_a_bad_claim_is_refused_in_words(
    claim: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(CampaignError) as caught:
        campaign_with(claim)
    assert message in str(caught.value)
    assert "hypotheses" in str(caught.value)


def test_two_hard_avoids_that_together_leave_nothing_are_refused() -> None:
    low = {"kind": "avoid", "where": ["T <= 760"], "hard": True}
    high = {"kind": "avoid", "within": {"T": [740, 900]}, "hard": True}
    assert campaign_with(low)
    assert campaign_with(high)
    with pytest.raises(CampaignError, match="leave no point at all"):
        campaign_with(low, high)


def test_the_same_claim_twice_needs_a_name() -> None:
    with pytest.raises(CampaignError, match="stands twice; give one of them another name"):
        campaign_with(NEAR, NEAR)
    assert len(campaign_with(NEAR, {**NEAR, "name": "again"}).hypotheses) == 2


def test_a_hard_avoid_is_a_constraint_for_everyone() -> None:
    campaign = campaign_with(
        {"kind": "avoid", "within": BOX, "hard": True, "because": "it cracks"},
    )
    with pytest.raises(ValueError, match=r"Aki says: never go where .* \(it cracks\)"):
        campaign.complete({"T": 660, "t": 5, "E": 50, "route": "SPS"})
    assert campaign.complete({"T": 660, "t": 5, "E": 50, "route": "PIT"})
    design = first_design(campaign, [], 100, 0)
    assert not any(650 <= float(p["T"]) <= 700 and p["route"] != "PIT" for p in design)


def test_a_soft_avoid_forbids_nothing() -> None:
    campaign = campaign_with({"kind": "avoid", "within": BOX})
    assert campaign.complete({"T": 660, "t": 5, "E": 50, "route": "SPS"})


def test_a_finite_space_is_listed_without_what_is_forbidden() -> None:
    small = {"T": {"kind": "ordered", "values": [600, 700, 800]}}
    claim = {"kind": "avoid", "within": {"T": [650, 750]}, "hard": True}
    stage = {"name": "only", "executor": "manual", "gives": ["Jc"]}
    campaign = campaign_with(
        claim,
        parameters=small,
        constraints=[],
        outcomes={"Jc": {"goal": "maximize"}},
        stages=[stage],
    )
    assert [p["T"] for p in listed(campaign) or []] == [600, 800]


def test_a_claim_counts_from_its_start_to_its_expiry() -> None:
    campaign = campaign_with(NEAR | {"start": "2026-02-01", "expiry": "2026-02-28"})
    days = [datetime.date(2026, 1, 31), datetime.date(2026, 2, 28), datetime.date(2026, 3, 1)]
    assert [len(campaign.on(day).hypotheses) for day in days] == [0, 1, 0]


def test_claims_are_the_same_after_a_journey_through_plain_data() -> None:
    campaign = campaign_with(NEAR, {"kind": "avoid", "within": BOX, "hard": True})
    again = parse_campaign(campaign.model_dump(mode="json"))
    assert again.hypotheses == campaign.hypotheses
