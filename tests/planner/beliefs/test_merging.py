"""Hypotheses and data in one plan: who has a say, how much, and what would have come without."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.beliefs.merging import RULE, Guide, MergingRule, guide_of
from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.values import Point
from planner.proposals.proposer import propose
from planner.record.record import Record
from planner.space.design import first_design
from planner.space.encoding import encode
from tests.planner.campaign.test_hypothesis import BOX, CONTENT, NEAR, claims
from tests.planner.proposals.test_ax_bridge import MIXED, record

pytestmark = pytest.mark.timeout(400)
HERE = {
    "kind": "near",
    "point": {"a": 0.2, "b": 0.8},
    "width": 0.1,
    "strength": 0.9,
    "name": "here",
}
THERE = {
    "kind": "region",
    "within": {"a": [0.6, 0.9], "b": [0, 0.3]},
    "strength": 0.8,
    "name": "there",
}
FALLS = {
    "kind": "trend",
    "outcome": "y",
    "parameter": "a",
    "sign": "falls",
    "strength": 0.8,
    "name": "falls",
}


def space(*claims: dict[str, Any], parameters: Any = None, **changes: Any) -> Campaign:
    two = {n: {"kind": "range", "low": 0, "high": 1} for n in ("a", "b")}
    content = {
        "name": "merging",
        "parameters": parameters or two,
        "outcomes": {"y": {"goal": "maximize"}},
        "stages": [{"name": "s", "executor": "virtual", "gives": ["y"]}],
        "hypotheses": [{"author": "Aki", **claim} for claim in claims],
    }
    return parse_campaign(content | changes)


def hill(point: Mapping[str, Any]) -> dict[str, float]:
    return {"y": -((point["a"] - 0.7) ** 2) - (point["b"] - 0.2) ** 2}


RISES = {**FALLS, "sign": "rises", "name": "rises"}
HEARD = MergingRule(watching=False)
"""Trends have a say as places have."""
POOL = first_design(space(), [], 120, seed=3)


def known(campaign: Campaign, n: int = 8) -> Record:
    return record(campaign, POOL[:n], hill)


def run(
    campaign: Campaign, n: int, pool: Any = POOL, rule: MergingRule = RULE, start: int = 0
) -> list[Any]:
    """``n`` proposals, one after the other, each measured at once."""
    made: list[Any] = []
    points = list(POOL[:start])
    for _ in range(n):
        (proposal,) = propose(
            campaign, record(campaign, points, hill), 1, seed=4, pool=pool, rule=rule
        )
        made.append(proposal)
        points.append(proposal.point)
    return made


@pytest.mark.parametrize("claim", [HERE, THERE, FALLS])
def test_a_claim_of_strength_zero_changes_no_proposal_by_a_bit(claim: dict[str, Any]) -> None:
    assert run(space({**claim, "strength": 0}), 12) == run(space(), 12)


def test_deleting_a_hypothesis_gives_the_identical_campaign_without_it() -> None:
    both, one = space(THERE, RISES), space(THERE)
    assert run(both, 10) != run(one, 10)
    deleted = both.holding(both.hypotheses[:1])
    assert run(deleted, 10) == run(one, 10)


def test_in_a_space_too_strength_zero_and_deletion_leave_no_trace() -> None:
    plain, zero = space(THERE), space(THERE, {**HERE, "strength": 0})
    deleted = space(THERE, FALLS)
    deleted = deleted.holding(deleted.hypotheses[:1])
    made = run(plain, 3, pool=None, start=6)
    assert any(p.generator == "botorch" for p in made)
    assert run(zero, 3, pool=None, start=6) == made
    assert run(deleted, 3, pool=None, start=6) == made


def test_the_first_design_is_seeded_by_what_is_believed() -> None:
    made = run(space({**HERE, "strength": 0.8}), 5)
    seeded = [p for p in made if p.guidance]
    assert 0 < len(seeded) < 3
    for proposal in seeded:
        assert abs(proposal.point["a"] - 0.2) < 0.35
        assert 'where hypotheses have a say: moved by "here" (credence' in proposal.reason
    assert not any(p.guidance for p in run(space(HERE), 5, rule=MergingRule(seeding=False)))


def test_explicit_conditions_come_first() -> None:
    spots = [POOL[77], POOL[33]]
    claim = {"kind": "candidates", "points": spots, "strength": 0.9}
    made = [p.point for p in run(space(claim), 6)]
    assert all(point in made for point in spots)


def test_claims_have_a_say_in_the_share_of_slots_that_their_credence_earns() -> None:
    def slots(credence: float, rule: MergingRule = RULE) -> float:
        guide = Guide(space(THERE), space(THERE).hypotheses, (credence,), (1.0,), rule)
        return sum(guide.takes(number) for number in range(1, 101)) / 100

    shares = [slots(p) for p in (0.99, 0.8, 0.5, 0.0)]
    assert shares == pytest.approx([0.9, 0.41, 0.06, 0], abs=0.011)
    assert slots(0.5, MergingRule(slots=False)) == 1


def test_a_proposal_says_what_moved_it_by_how_much_and_what_would_have_come_without() -> None:
    beside = {**HERE, "point": {"a": 0.5, "b": 0.35}}
    campaign = space(beside, RISES)
    histories = [known(campaign, n) for n in range(6, 14)]
    history = next(h for h in histories if has_a_say(campaign, h))
    plain = propose(space(), history, 1, seed=4, pool=POOL)[0]
    guided = propose(campaign, history, 1, seed=4, pool=POOL)[0]
    told = guided.guidance
    assert told["without"] == plain.point
    assert told["score_without"] == pytest.approx(plain.acquisition)
    assert told["score"] == guided.acquisition
    assert plain.acquisition is not None
    assert told["score"] <= plain.acquisition
    gain = sum(part["gain"] for part in told["moved_by"].values())
    assert (
        gain >= told["score_without"] - told["score"] - 1e-9
    )  # the sum is larger, as the rule says
    assert "without them a = " in guided.reason


def has_a_say(campaign: Campaign, history: Record) -> bool:
    guide = guide_of(campaign, history, POOL)
    return guide is not None and guide.takes(history.next_number)


def test_a_trend_has_a_say_early_alone() -> None:
    campaign = space(RISES)
    late = campaign.initial + 3
    heard = [n for n in range(late + 3) if guide_of(campaign, known(campaign, n), POOL)]
    assert heard == [*range(late)]
    assert all(has_a_say(campaign, known(campaign, n)) for n in (late - 2, late - 1))


def test_a_trend_speaks_as_far_as_its_credence_is_from_one_half_and_for_the_opposite_below() -> (
    None
):
    ends = encode(space(), [{"a": 0.1, "b": 0.5}, {"a": 0.9, "b": 0.5}])
    gains = {}
    for claim in (RISES, FALLS):
        for n in (0, 7):
            guide = guide_of(space(claim), known(space(claim), n), POOL)
            assert guide is not None
            low, high = guide.log_belief(ends)
            gains[claim["sign"], n] = high - low
            assert guide.weights == pytest.approx([RULE.beta_trend * (2 * guide.credences[0] - 1)])
    assert gains["rises", 0] > 0 > gains["falls", 0]
    assert gains["falls", 7] > 0  # it rises, so that the wrong claim is turned


def test_in_the_first_design_trends_go_by_the_line_through_the_results_and_seed_the_last() -> None:
    campaign = space(FALLS)
    guides = [guide_of(campaign, known(campaign, n), POOL) for n in (2, 4)]
    stated, refuted = (guide.weights[0] for guide in guides if guide)
    assert stated > 0 > refuted
    slots = [n for n in range(1, 6) if guides[0] and guides[0].takes(n, opening=True)]
    assert slots == [4, 5]


def test_a_proposal_says_that_the_opposite_of_a_claim_moved_it() -> None:
    reasons = [p.reason for p in run(space(FALLS), 4, start=4)]
    assert any('moved by the opposite of "falls" (credence ' in reason for reason in reasons)


def test_a_trend_earns_no_slots_for_a_place_beside_it() -> None:
    weak = {"kind": "candidates", "points": [POOL[77]], "strength": 0.05, "name": "weak"}
    campaign = space(RISES, weak)
    for n, opening in ((4, True), (7, False)):
        guide = guide_of(campaign, known(campaign, n), POOL)
        assert guide is not None
        assert guide.takes(n + 1, opening)
        assert [claim.title for claim in guide.at(n + 1, opening).claims] == ["rises"]
    assert POOL[77] not in [p.point for p in run(campaign, 8)]


def test_a_place_keeps_the_slots_that_it_earned_beside_a_trend() -> None:
    campaign = space(RISES, {**HERE, "strength": 0.9})
    guide = guide_of(campaign, known(campaign, 0), POOL)
    assert guide is not None
    both = [n for n in range(1, 9) if len(guide.at(n).claims) == 2]
    places = guide_of(space({**HERE, "strength": 0.9}), Record(), POOL)
    assert places is not None
    assert both == [n for n in range(1, 9) if places.takes(n)] != []


@pytest.mark.parametrize("change", [{"strength": 0}, {"strength": 0.8, "outcome": "z"}])
def test_a_trend_that_can_say_nothing_has_no_say(change: dict[str, Any]) -> None:
    stages = [{"name": "s", "executor": "virtual", "gives": ["y", "z"]}]
    for z in ({"goal": "none"}, {"goal": "target", "value": 1, "tolerance": 0.1}):
        outcomes = {"y": {"goal": "maximize"}, "z": z}
        campaign = space({**RISES, **change}, outcomes=outcomes, stages=stages)
        assert guide_of(campaign, Record(), POOL) is None


def test_a_peak_that_is_none_has_no_say() -> None:
    dips = space({**FALLS, "sign": "dips"})
    assert guide_of(dips, known(dips, 0), POOL)
    assert guide_of(dips, known(dips, 7), POOL) is None


def test_two_trends_of_which_one_is_true_lean_like_one() -> None:
    one, two = space(RISES), space(RISES, {**FALLS, "strength": 0.2})
    gains = []
    for campaign in (one, two):
        guide = guide_of(campaign, known(campaign, 7), POOL)
        assert guide is not None
        low, high = guide.log_belief(encode(campaign, [{"a": 0.1, "b": 0.5}, {"a": 0.9, "b": 0.5}]))
        gains.append(high - low)
    assert gains[0] == pytest.approx(gains[1], rel=0.3)


def test_the_rule_is_the_sum_that_is_written_down() -> None:
    campaign = space(HERE, FALLS)
    history = known(campaign, 20)
    guide = guide_of(campaign, history, POOL, HEARD)
    assert guide is not None
    rows = encode(campaign, POOL[20:])
    weights = np.array([2, 4]) * guide.credences * 8 / 20
    here = np.exp(-(((rows - [0.2, 0.8]) / 0.1) ** 2).sum(axis=1) / 2)
    beliefs = 0.01 + 0.99 * np.array([here, 1 - rows[:, 0]])
    assert guide.log_belief(rows) == pytest.approx(weights @ np.log(beliefs))


@pytest.mark.parametrize(("claim", "beta"), [(HERE, 2), (FALLS, 4)])
def test_many_claims_share_the_weight_of_one(claim: dict[str, Any], beta: int) -> None:
    because = {**claim, "strength": 0.9}
    others: list[dict[str, Any]] = [
        {"width": 0.1 + i / 1000} if claim["kind"] == "near" else {"over": [0, 1 - i / 1000]}
        for i in range(6)
    ]
    many = [because | other | {"name": str(i)} for i, other in enumerate(others)]
    guide = guide_of(space(*many), Record(), rule=HEARD)
    assert guide is not None
    assert guide.weights == pytest.approx([beta / 6] * 6)


def test_claims_that_say_the_same_count_once() -> None:
    one, four = (
        guide_of(space(*({**HERE, "name": n, "strength": 0.3} for n in names)), Record())
        for names in ("a", "abcd")
    )
    assert one
    assert four
    assert sum(four.weights) == pytest.approx(sum(one.weights))


def test_without_evidence_credence_stays_as_stated() -> None:
    campaign = space(HERE)
    history = known(campaign, 20)
    stated = guide_of(campaign, history, POOL, MergingRule(evidence=False))
    weighed = guide_of(campaign, history, POOL)
    assert stated is not None
    assert weighed is not None
    assert stated.credences == pytest.approx((0.9,))
    assert weighed.credences[0] < 0.5


@settings(max_examples=25, deadline=None)
@given(claims, st.integers(0, 1000))
def test_numpy_and_torch_hear_the_same_claim_and_gradients_are_finite(
    claim: dict[str, Any], seed: int
) -> None:
    campaign = parse_campaign({**CONTENT, "hypotheses": [{"author": "Aki", **claim}]})
    guide = Guide(campaign, campaign.hypotheses, (0.5,), (1.0,))
    rows = encode(campaign, first_design(campaign, [], 20, seed))
    x = torch.tensor(rows, requires_grad=True)
    belief = torch.as_tensor(guide.log_belief(x)).expand(20)
    assert belief.detach().numpy() == pytest.approx(np.broadcast_to(guide.log_belief(rows), 20))
    if belief.requires_grad:
        (slope,) = torch.autograd.grad(belief.sum(), x)
        assert torch.isfinite(slope).all()


def test_in_a_space_ax_searches_the_same_sum() -> None:
    campaign = space(HERE, planner={"batch": 4})
    history = record(campaign, POOL[:7], lambda p: {"y": np.sin(5 * p["a"]) * p["b"]})
    made = propose(campaign, history, 4, seed=1)
    plain = propose(space(planner={"batch": 4}), history, 4, seed=1)
    assert any(p.guidance for p in made)
    for ours, theirs in zip(made, plain, strict=True):
        if ours.guidance:
            assert ours.guidance["without"] == theirs.point
            assert ours.guidance["moved_by"]["here"]["gain"] > 0
            assert abs(float(ours.point["a"]) - 0.2) + abs(float(ours.point["b"]) - 0.8) < 0.5
        else:
            assert ours == theirs
    assert made == propose(campaign, history, 4, seed=1)


def test_a_mixed_space_with_a_log_scale_in_a_constraint_is_guided_too() -> None:
    claim = {
        "kind": "region",
        "within": {"energy": [20, 60]},
        "strength": 0.9,
        "name": "low energy",
    }
    campaign = space(claim, parameters=MIXED, constraints=["energy + 2*hours <= 900"])
    points = first_design(campaign, [], 9, seed=1)
    history = record(campaign, points, lambda p: {"y": p["hours"] / 48})
    guided = [p for p in propose(campaign, history, 4, seed=1) if p.guidance]
    assert len(guided) > 1
    assert all(10 < float(p.point["energy"]) < 120 for p in guided)
    assert guided[0].point != guided[1].point


BOXED = {
    "kind": "avoid",
    "within": {"a": [0.5, 1], "b": [0, 0.5]},
    "hard": True,
    "because": "it melts",
}
HALF = {"kind": "avoid", "where": ["a >= 0.55"], "hard": True, "because": "it melts"}


@pytest.mark.parametrize("claim", [BOXED, HALF])
@pytest.mark.parametrize("pool", [None, POOL])
def test_nothing_is_proposed_where_a_hard_avoid_forbids_it(
    claim: dict[str, Any], pool: list[Point] | None
) -> None:
    campaign = space(claim)
    allowed = [p for p in POOL if not forbidden(campaign, p)]
    history = record(campaign, allowed[:8], hill)
    for number in (1, 2):
        made = propose(campaign, history, number, seed=2, pool=pool)
        assert len(made) == number
        assert not any(forbidden(campaign, p.point) for p in made)


def forbidden(campaign: Campaign, point: dict[str, Any]) -> bool:
    try:
        campaign.complete(point)
    except ValueError as error:
        assert "it melts" in str(error)
        return True
    return False


def test_a_claim_may_speak_of_choices() -> None:
    campaign = parse_campaign(
        {
            **CONTENT,
            "hypotheses": [
                {"author": "Aki", **NEAR},
                {"kind": "region", "author": "Mika", "within": BOX},
            ],
        }
    )
    guide = guide_of(campaign, Record())
    assert guide is not None
    assert np.isfinite(guide.log_belief(encode(campaign, first_design(campaign, [], 30, 0)))).all()
