"""Old trials under a campaign that was changed: on a real record, through the desk."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from executors.testing.laboratory import laboratory, turns, two_stages
from planner import desk
from planner.beliefs.credence import weigh
from planner.campaign.campaign import Campaign, CampaignError, parse_campaign
from planner.campaign.parameter import Choice
from planner.executor import Measurement
from planner.loop.laboratory import Laboratory
from planner.proposals.proposer import propose
from planner.record.completion import completed
from planner.store import Store, open_store
from planner.store.transfer import export_campaign, import_campaign

ROUTE = {"kind": "choice", "values": ["PIT", "SPS"]}
GAS = {"kind": "fixed", "value": "Ar"}


def content(**parameters: Any) -> dict[str, Any]:
    whole = two_stages(planner={"batch": 3})
    whole["parameters"] |= {"route": ROUTE, "gas": GAS} | parameters
    return whole


@pytest.fixture
def lab(tmp_path: Path) -> Laboratory:
    """A campaign whose six trials have ended."""
    lab = laboratory(tmp_path, two_stages(**{"parameters": content()["parameters"]}))
    turns(lab, "test")
    return lab


def revised(store: Store, **parameters: Any) -> Campaign:
    new = parse_campaign({**content(**parameters), "budget": {"trials": 20}})
    desk.revise(store, new, store.campaigns.version("test"), "Aki")
    return new


def elsewhere(store: Store, trial: int, **as_run: Any) -> None:
    """The result of a trial, with what was really different."""
    number = store.snapshot("test").results_of[trial][-1].number
    measured = Measurement("strength", 11.0, "MPa")
    desk.correct(store, "test", number, measured, "Aki", "read again", as_run)


@pytest.mark.parametrize(
    ("name", "parameter", "value"),
    [
        ("y", {"kind": "range", "low": 0, "high": 10, "unit": "K", "was": "5 K"}, 5.0),
        ("y", {"kind": "integer", "low": 6, "high": 10, "was": 5}, 5),
        ("y", {"kind": "ordered", "values": [1, 5, 9], "was": 5}, 5.0),
        ("y", {"kind": "choice", "values": ["a", "b"], "was": "b"}, "b"),
        ("gas", {"kind": "choice", "values": ["N2", "Ar"]}, "Ar"),
    ],
)
def test_old_trials_have_what_a_new_parameter_was(
    lab: Laboratory, name: str, parameter: dict[str, Any], value: Any
) -> None:
    campaign = revised(lab.store, **{name: parameter})
    record = lab.store.snapshot("test")
    assert {o.point[name] for o in record.observations} == {value}
    assert len(record.observations) == 6
    (proposal,) = propose(campaign, record, 1, 1)
    assert proposal.is_by_model
    assert campaign.complete(proposal.point) == proposal.point
    assert not lab.store.check()


def test_the_loop_goes_on_with_a_new_parameter_and_its_file_goes_round(
    lab: Laboratory, tmp_path: Path
) -> None:
    y = {"kind": "range", "low": 0, "high": 10, "was": 5}
    revised(lab.store, y=y, half={"kind": "derived", "formula": "y / 2"})
    elsewhere(lab.store, 2, y=6)
    done = turns(lab, "test", 6)
    assert not [p for turn in done for p in turn.problems]
    record = lab.store.snapshot("test")
    assert [record.as_run(t)["half"] for t in record.trials[:3]] == [2.5, 3.0, 2.5]
    export_campaign(lab.store, "test", tmp_path / "kept.zip")
    with open_store(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other") as other:
        import_campaign(other, tmp_path / "kept.zip")
        assert other.snapshot("test") == record
    with zipfile.ZipFile(tmp_path / "kept.zip") as kept:
        rows = [*csv.DictReader(io.TextIOWrapper(kept.open("trials.csv"), "utf-8-sig"))]
    assert [(row["y"], row["half"]) for row in rows[:3]] == [
        ("5.0", "2.5"),
        ("6.0", "3.0"),
        ("5.0", "2.5"),
    ]


def test_what_was_stored_is_as_it_was(lab: Laboratory) -> None:
    before = lab.store.trials.get("test", 1)
    revised(lab.store, y={"kind": "range", "low": 0, "high": 10, "was": 5})
    assert lab.store.trials.get("test", 1) == before
    assert lab.store.trial("test", 1).point == before.point | {"y": 5.0}


def test_a_fixed_parameter_that_came_later_needs_was_to_be_free(lab: Laboratory) -> None:
    revised(lab.store, y={"kind": "fixed", "value": 5})
    free = {"kind": "range", "low": 0, "high": 10}
    with pytest.raises(ValueError, match="trial 1 has no value of y, and no `was`"):
        revised(lab.store, y=free)
    revised(lab.store, y={**free, "was": 5})
    assert lab.store.trial("test", 1).point["y"] == 5


def test_a_strange_category_is_kept_shown_and_learned_from_once_it_is_listed(
    lab: Laboratory,
) -> None:
    campaign = revised(lab.store)
    elsewhere(lab.store, 2, route="SPS2")
    record = lab.store.snapshot("test")
    assert record.left_out == {2: "route was SPS2, none of PIT, SPS"}
    assert 2 not in [o.trial for o in record.observations]
    assert propose(campaign, record, 2, 1)[0].is_by_model
    claim = {"kind": "trend", "outcome": "strength", "parameter": "T", "sign": "rises",
             "author": "Aki"}  # fmt: skip
    believed = parse_campaign({**campaign.model_dump(mode="json"), "hypotheses": [claim]})
    assert weigh(believed, record)[0].results == 5
    revised(lab.store, route={"kind": "choice", "values": ["PIT", "SPS", "SPS2"]})
    record = lab.store.snapshot("test")
    assert not record.left_out
    assert {o.trial: o.point["route"] for o in record.observations}[2] == "SPS2"


def test_a_record_made_by_hand_is_read_alike(lab: Laboratory) -> None:
    elsewhere(lab.store, 2, route="SPS2")
    with lab.store.database.read():
        stored = lab.store._seen["test"]
    campaign = parse_campaign({**content(), "budget": {"trials": 20}})
    assert propose(campaign, stored, 1, 1) == propose(campaign, completed(campaign, stored), 1, 1)


def test_another_gas_than_the_fixed_one_teaches_nothing(lab: Laboratory) -> None:
    elsewhere(lab.store, 3, gas="N2")
    assert lab.store.snapshot("test").left_out == {3: "gas was N2, and is fixed at Ar now"}


@pytest.mark.parametrize("category", ["", "a\nb", "x" * 65])
def test_no_category_at_all_is_refused(lab: Laboratory, category: str) -> None:
    with pytest.raises(ValueError, match="as-run: route: a category has 1 to 64"):
        elsewhere(lab.store, 2, route=category)


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ({"kind": "choice", "values": ["a", "b"], "was": "c"}, "y.was: 'c' is not one of a, b"),
        ({"kind": "range", "low": 1, "high": 2, "scale": "log", "was": 0}, "y.was: 0 is not above"),
        ({"kind": "range", "low": 1, "high": 2, "was": "warm"}, "y.was: "),
    ],
)
def test_what_a_parameter_cannot_have_been_is_refused(
    parameter: dict[str, Any], message: str
) -> None:
    with pytest.raises(CampaignError, match=message):
        parse_campaign(content(y=parameter))


def test_a_category_of_a_list_of_numbers_is_a_number() -> None:
    choice = Choice(values=(5, 10))
    assert [choice.as_run(v) for v in ("5", 10.0, "7")] == [5, 10, 7.0]
    with pytest.raises(ValueError, match="high"):
        choice.as_run("high")
