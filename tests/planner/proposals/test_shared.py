"""A batch whose trials go into one furnace has one temperature."""

from typing import Any

import pytest

from planner.campaign.campaign import Campaign, CampaignError, parse_campaign
from planner.proposals.proposer import design, propose, room
from planner.record.record import Record
from planner.space.design import first_design
from tests.planner.proposals.test_ax_bridge import record

SPACES: dict[str, dict[str, Any]] = {
    "space": {"T": {"kind": "range", "low": 600, "high": 900}, "a": {"kind": "range", "low": 0, "high": 1}},
    "list": {"T": {"kind": "ordered", "values": [600, 700, 900]}, "a": {"kind": "integer", "low": 0, "high": 9}},
    "only it": {"T": {"kind": "ordered", "values": [600, 700, 900]}, "a": {"kind": "fixed", "value": 1}},
}  # fmt: skip


def campaign(space: str, **planner: Any) -> Campaign:
    return parse_campaign({
        "name": "furnace", "parameters": SPACES[space], "outcomes": {"y": {"goal": "maximize"}},
        "stages": [{"name": "s", "executor": "manual", "gives": ["y"]}],
        "planner": {"batch": 3, "initial": 5, "shared": ["T"], **planner},
    })  # fmt: skip


@pytest.mark.parametrize("known", [0, 8])
@pytest.mark.parametrize("space", ["space", "list"])
def test_a_batch_has_one_value_of_what_it_shares(space: str, known: int) -> None:
    asked = campaign(space)
    points = first_design(asked, [], known, seed=0)
    past = (
        record(asked, points, lambda p: {"y": p["a"] - abs(p["T"] - 700) / 100})
        if known
        else Record()
    )
    batch = propose(asked, past, 3, seed=1)
    assert len({p.point["T"] for p in batch}) == 1
    assert len({p.point["a"] for p in batch}) == 3
    assert {p.generator == "sobol" for p in batch} == {not known}


def test_where_all_is_shared_a_batch_has_one_trial() -> None:
    assert len(propose(campaign("only it"), Record(), 3, seed=1)) == 1


def test_the_next_batch_waits_for_this_one() -> None:
    asked = campaign("space")
    past = record(asked, first_design(asked, [], 4, seed=0), lambda p: {"y": p["a"]})
    assert room(asked, past) == 3
    assert room(asked, past.with_planned([asked.complete({"T": 700, "a": 0})])) == 0


def test_what_is_shared_is_a_free_parameter() -> None:
    with pytest.raises(
        CampaignError, match=r"planner\.shared: 'a' is no free parameter; there are T"
    ):
        campaign("only it", shared=["a"])


def test_a_rule_of_shared_values_alone_holds_in_their_slice() -> None:
    content = campaign("space").model_dump(mode="json")
    content["parameters"]["d"] = {"kind": "derived", "formula": "T / 2"}
    asked = parse_campaign(
        {**content, "constraints": ["d <= 400", "T + 100*a <= 900", "at least 2 of T, a"]}
    )
    batch = propose(asked, Record(), 3, seed=1)
    assert len({p.point["T"] for p in batch}) == 1
    assert all(asked.complete(p.point) == p.point for p in batch)


@pytest.mark.parametrize("space", ["space", "list"])
def test_where_the_model_fails_its_batch_shares_too(space: str) -> None:
    batch = design(campaign(space), Record(), 3, 1, "the model failed")
    assert (len({p.point["T"] for p in batch}), len({p.point["a"] for p in batch})) == (1, 3)


def test_of_a_space_that_is_used_up_no_batch_comes() -> None:
    asked = campaign("list")
    everything = [asked.complete({"T": T, "a": a}) for T in (600, 700, 900) for a in range(10)]
    assert propose(asked, record(asked, everything, lambda p: {"y": 1.0}), 3, seed=1) == []
    assert design(asked, record(asked, everything, lambda p: {"y": 1.0}), 3, 1, "") == []
