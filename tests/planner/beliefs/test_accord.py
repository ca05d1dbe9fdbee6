"""Claims beside each other: those that exclude one another, and those that say the same."""

import datetime
from itertools import permutations
from typing import Any

import pytest

from planner.beliefs.credence import ground, weigh_observations
from planner.beliefs.ledger import in_words
from planner.beliefs.remarks import remarks
from planner.beliefs.weighing import Weighing
from planner.campaign.campaign import Campaign, parse_campaign
from tests.planner.beliefs.test_credence import HERE, RISES, SPACE, THERE, bowl, credences, seen

FALLS = {**RISES, "sign": "falls"}
LOW = {"kind": "region", "within": {"x": [0, 0.5]}}
HIGH = {"kind": "region", "within": {"x": [0.5, 1]}}
NEAR_THERE = {"kind": "near", "point": {"x": 0.1, "y": 0.8}, "width": 0.1}


def found(campaign: Campaign, n: int = 0) -> list[Weighing]:
    return weigh_observations(campaign, seen(n), ground(campaign))


@pytest.mark.parametrize("pair", [(RISES, FALLS), (LOW, HIGH)])
def test_two_claims_that_leave_nothing_else_add_up_to_one(pair: tuple[dict[str, Any], ...]) -> None:
    for n in (0, 9):
        a, b = found(bowl(*pair, strength=0.9), n)
        assert a.rivals == (b.hypothesis.title,)
        assert a.credence + b.credence == pytest.approx(1)
    assert credences(bowl(*pair, strength=0.9), []) == pytest.approx([0.5, 0.5])


def test_three_that_exclude_each_other_leave_room_for_none_of_them() -> None:
    claims = [HERE, NEAR_THERE, {**HERE, "point": {"x": 0.2, "y": 0.2}}]
    for n in (0, 12):
        assert sum(w.credence for w in found(bowl(*claims, strength=0.9), n)) < 1


def test_claims_are_told_by_what_they_say_and_not_by_how_they_are_written() -> None:
    all_of_it = {**FALLS, "over": [0, 1]}
    rises, falls = found(bowl(RISES, all_of_it, strength=0.9))
    assert rises.rivals == (falls.hypothesis.title,)
    assert all(w.twins for w in found(bowl({**FALLS, "name": "all"}, all_of_it)))
    part, again = {**RISES, "over": [0.1 + 0.2, 0.7]}, {**FALLS, "over": [0.3, 0.7]}
    assert all(w.rivals for w in found(bowl(part, again)))
    points = [{"x": 0.2, "y": 0.1}, {"y": 0.7, "x": 0.5}]
    cuts = ["x >= 0.5", "y <= 0.5"]
    for one in ({"kind": "candidates", "points": points}, {"kind": "region", "where": cuts}):
        (field, listed) = list(one.items())[1]
        other = {**one, field: [*reversed(listed)], "name": "reversed"}
        assert all(w.twins for w in found(bowl(one, other)))


def test_claims_that_may_both_be_true_are_no_rivals() -> None:
    inside = {"kind": "region", "within": {"x": [0.7, 0.9]}}
    assert not any(w.rivals for w in found(bowl(HERE, inside, HIGH, RISES)))
    over = {**FALLS, "over": [0, 0.5]}
    assert not any(w.rivals for w in found(bowl(RISES, over)))


def test_claims_of_other_days_are_no_rivals() -> None:
    last, first = datetime.date(2026, 1, 1), datetime.date(2026, 1, 2)
    assert not any(w.rivals for w in found(bowl({**LOW, "expiry": last}, {**HIGH, "start": first})))


def test_a_twin_changes_nothing_for_a_rival() -> None:
    one, two = bowl(HERE, THERE), bowl(HERE, THERE, {**THERE, "name": "again", "author": "Mika"})
    assert credences(one, seen(9))[0] == credences(two, seen(9))[0]


def test_credence_does_not_depend_on_the_order_of_the_rows() -> None:
    campaign, results = bowl(HERE, THERE, RISES), seen(5)
    told = {tuple(credences(campaign, list(order))) for order in [*permutations(results)][::11]}
    assert len(told) == 1


def test_check_and_ledger_say_what_excludes_what_and_what_is_counted_once() -> None:
    campaign = bowl(RISES, FALLS, {**LOW, "name": "a"}, {**LOW, "name": "b"}, strength=0.9)
    told = "\n".join(remarks(campaign))
    assert "'good rises with x' and 'good falls with x' cannot both be true" in told
    assert "they begin at 50% and 50%" in told
    assert "'a' and 'b' say the same and count once" in told
    assert "'good rises with x' is mostly watched" in told
    rises, _, low, _ = map(in_words, found(campaign, 9))
    assert "it and 'good falls with x' cannot both be true" in rises
    assert "mostly watched: it has a say early on alone" in rises
    assert "says the same as 'b': counted once" in low


def test_of_a_trend_check_and_ledger_say_no_more_than_it_does() -> None:
    peak = {**RISES, "sign": "peaks"}
    doubt, none, top = (
        bowl({**c, "strength": p}) for c, p in ((RISES, 0.3), (RISES, 0), (peak, 0.8))
    )
    words = [in_words(found(campaign)[0]) for campaign in (doubt, none, top)]
    assert words[0].endswith("from one half, and as the opposite is more probable, for that")
    assert words[1].endswith("watched alone: it has no say, with a strength of 0")
    assert words[2].endswith("as far as its credence is above one half")
    assert remarks(none) == []
    assert "the other way round where they speak against it" in remarks(doubt)[0]
    assert "first design while more than one half is believed of it" in remarks(top)[0]


def test_a_trend_of_an_outcome_without_a_direction_has_no_say_and_is_told_so() -> None:
    target = {"goal": "target", "value": 1, "tolerance": 0.1}
    outcomes = {"good": target, "bad": {"goal": "minimize"}}
    campaign = parse_campaign(
        {**SPACE, "outcomes": outcomes, "hypotheses": [RISES | {"author": "Aki"}]}
    )
    told = "neither more nor less of"
    assert told in remarks(campaign)[0]
    assert told.replace("of", "of the outcome") in in_words(found(campaign)[0])
