"""What each action refuses, and that nothing is changed then."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from executors.testing.laboratory import START, laboratory
from planner import desk
from planner.campaign.campaign import CampaignError, parse_campaign
from planner.executor import Measurement
from planner.loop.laboratory import Laboratory
from planner.loop.turn import advance
from planner.record.decision import VetoCode
from planner.record.job import JobState
from planner.record.trial import TrialState
from planner.store import CampaignStatus, Conflict, NotFound, Store
from tests.ui.conftest import by_people


@pytest.fixture
def lab(tmp_path: Path) -> Laboratory:
    """Trial 1 proposed; trial 2 with an open task; trial 3 with an ended one and result 1."""
    lab = laboratory(tmp_path, by_people())
    made = desk.inject(
        lab.store, "test", [({"T": 700 + i, "x": 3}, "why") for i in range(3)], "Aki"
    )
    desk.approve(lab.store, [desk.Seen("test", t.number, 1) for t in made[1:]], "Aki", "fine")
    advance(lab, "test")
    desk.record(lab.store, "test", 3, [desk.measurement("density", "74 +- 1 percent")], "Aki")
    return lab


def one(number: int = 1, version: int = 1) -> list[desk.Seen]:
    return [desk.Seen("test", number, version)]


def density(value: str = "74 percent") -> list[Measurement]:
    return [desk.measurement("density", value)]


def log() -> list[desk.Upload]:
    return [desk.Upload("log.txt", BytesIO(b"x"))]


REFUSED: dict[str, tuple[Callable[[Store], object], str]] = {
    "nobody": (lambda s: desk.approve(s, one(), ""), "a name is missing"),
    "nothing to approve": (lambda s: desk.approve(s, [], "Aki"), "no trial is chosen"),
    "two campaigns": (lambda s: desk.approve(s, [*one(), desk.Seen("b", 1, 1)], "Aki"), "of one campaign"),
    "stale": (lambda s: desk.approve(s, one(version=7), "Aki"), "version 7 was expected"),
    "no edit": (lambda s: desk.edit(s, {one()[0]: {"T": 700, "x": 3}}, "Aki"), "trial 1: nothing was changed"),
    "half an edit": (lambda s: desk.edit(s, {one()[0]: {"T": 710}}, "Aki"), "x: no value came"),
    "veto without reason": (lambda s: desk.veto(s, one(), "Aki", " "), "a veto needs a reason"),
    "no day": (lambda s: desk.veto(s, one(), "Aki", "a", VetoCode.NOT_IN_STOCK), "needs the day"),
    "bad region": (lambda s: desk.veto(s, one(), "Aki", "a", VetoCode.UNSAFE, {"within": {"q": [1, 2]}}), "q"),
    "limits as typed": (lambda s: desk.veto(s, one(), "Aki", "a", VetoCode.UNSAFE, {"within": {"T": [2, 1]}}), r"^T: low \(2\) must be below"),
    "inequality as typed": (lambda s: desk.dry_run(s, "test", {"where": ["T + <= 3"]}, VetoCode.UNSAFE), r"^'T \+ ' cannot be read"),
    "claim as typed": (lambda s: desk.claim(s, "test", {"kind": "near", "point": {}}, "Aki"), "^point: at least 1 is needed"),
    "no condition": (lambda s: desk.inject(s, "test", [], "Aki"), "no condition came"),
    "outside": (lambda s: desk.inject(s, "test", [({"T": 700, "x": 1}, ""), ({"T": 1, "x": 1}, "")], "Aki"), "T: 1 is outside"),
    "nothing found": (lambda s: desk.record(s, "test", 2, [], "Aki"), "no value came"),
    "no such stage": (lambda s: desk.record(s, "test", 2, density(), "Aki", stage="q"), "no stage 'q'"),
    "no such trial": (lambda s: desk.record(s, "test", 9, density(), "Aki"), "no trial 9"),
    "not begun": (lambda s: desk.record(s, "test", 1, density(), "Aki"), "no job 'making' yet"),
    "files too early": (lambda s: desk.record(s, "test", 2, density(), "Aki", files=log(), partial=True), "when the task ends"),
    "files too late": (lambda s: desk.record(s, "test", 3, density("74 +- 1 percent"), "Aki", files=log()), "is completed already"),
    "another value": (lambda s: desk.record(s, "test", 3, density("99 percent"), "Aki"), "correct it to say 99"),
    "no word": (lambda s: desk.end_without(s, desk.open_job(s, "test", 2), JobState.FAILED, " ", "Aki"), "say what happened"),
    "completed without": (lambda s: desk.end_without(s, desk.open_job(s, "test", 2), JobState.COMPLETED, "a", "Aki"), "failed or abandoned, not completed"),
    "nothing is open": (lambda s: desk.open_job(s, "test", 1), r"name one stage that is open \(none\)"),
    "correction without reason": (lambda s: desk.correct(s, "test", 1, density()[0], "Aki", ""), "needs a reason"),
    "no such result": (lambda s: desk.correct(s, "test", 7, density()[0], "Aki", "a"), "no current result number 7"),
    "no claim": (lambda s: desk.claim(s, "test", "hm", "Aki"), "a claim has fields"),
    "a claim of the program": (lambda s: desk.claim(s, "test", {"kind": "near", "point": {"T": 700}, "author": "policy"}, "Aki"), "'policy' is what the program"),
    "nothing to retract": (lambda s: desk.retract(s, "test", "q", "Aki"), "no claim 'q'; there are: none"),
    "no campaign": (lambda s: desk.pause(s, "q", "Aki"), "no campaign 'q'"),
    "another unit": (lambda s: desk.revise(s, parse_campaign({**by_people(), "outcomes": {**by_people()["outcomes"], "density": {"goal": "none", "unit": "g"}}}), 1, "Aki"), "density.unit: g came"),
    "another campaign": (lambda s: desk.add(s, parse_campaign({**by_people(), "budget": {"trials": 1}}), "Aki"), "there is another campaign 'test'"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_wrong_is_said_and_nothing_is_changed(lab: Laboratory, what: str) -> None:
    act, words = REFUSED[what]
    before = lab.store.snapshot("test"), lab.store.events.list("test")
    with pytest.raises((ValueError, NotFound, Conflict), match=words):
        act(lab.store)
    assert (lab.store.snapshot("test"), lab.store.events.list("test")) == before


def test_a_removed_campaign_comes_back_with_the_same_file_only(lab: Laboratory) -> None:
    desk.remove(lab.store, "test", "Aki")
    with pytest.raises(Conflict):
        desk.add(lab.store, parse_campaign({**by_people(), "budget": {"trials": 1}}), "Aki")
    assert lab.store.campaigns.status("test") is CampaignStatus.REMOVED
    assert desk.add(lab.store, parse_campaign(by_people()), "Aki") == 1
    assert lab.store.campaigns.status("test") is CampaignStatus.ACTIVE


def test_several_are_edited_and_approved_together(lab: Laboratory) -> None:
    desk.inject(lab.store, "test", [({"T": 800, "x": 1}, "")], "Aki")
    wanted = {one()[0]: {"T": 710, "x": 3}, one(4)[0]: {"T": 710, "x": 1}}
    done = desk.edit(lab.store, wanted, "Aki", "rounder", approve=True)
    assert [(t.number, t.state, t.point["T"]) for t in done] == [
        (1, TrialState.APPROVED, 710), (4, TrialState.APPROVED, 710),
    ]  # fmt: skip


def test_what_is_in_the_record_is_dated_by_the_clock_that_came(lab: Laboratory) -> None:
    (trial,) = desk.approve(lab.store, one(), "Aki", at=START)
    assert (trial.state, lab.store.snapshot("test").decisions[-1].at) == (
        TrialState.APPROVED,
        START,
    )


def test_parts_of_a_campaign_change_without_a_file() -> None:
    campaign = parse_campaign(by_people())
    assert desk.with_parts(campaign, budget={"trials": 9}).budget.trials == 9
    with pytest.raises(CampaignError, match=r"budget\.wood"):
        desk.with_parts(campaign, budget={"wood": 9})
    with pytest.raises(ValueError, match="only review, budget and planner"):
        desk.with_parts(campaign, stages={"a": 1})


@pytest.mark.parametrize(("value", "error", "unit", "found"), [
    ("0.83", "", "T", (0.83, None, "T")),
    ("0.83 T", "0.02", "mT", (0.83, 0.02, "T")),
    ("0.83 +- 0.02 T", "", "mT", (0.83, 0.02, "T")),
    ("0.83 ± 0.02 T", "", "", (0.83, 0.02, "T")),
    ("0.83 T+/-0.02", "", "", (0.83, 0.02, "T")),
    ("-1e-3 +- 2e-4", "", "T", (-1e-3, 2e-4, "T")),
])  # fmt: skip
def test_a_measurement_is_typed_in_one_field_or_two(
    value: str, error: str, unit: str, found: tuple[float, float | None, str]
) -> None:
    measured = desk.measurement("field", value, error, unit)
    assert (measured.value, measured.standard_error, measured.unit) == found


@pytest.mark.parametrize(("value", "error", "words"), [
    ("0.83 T +- 20 mT", "", "two units, 'T' and 'mT'"),
    ("0.83", "20 mT", "two units, 'T' and 'mT'"),
    ("0.83 +- 0.1 +- 0.2 T", "", "two standard errors"),
    ("0.83 +- 0.1 T", "0.2", "another standard error"),
    ("0.83 +-", "", "lacks the standard error"),
    ("", "0.1", "'' is not a number"),
])  # fmt: skip
def test_what_is_no_measurement_is_refused_by_its_outcome(
    value: str, error: str, words: str
) -> None:
    with pytest.raises(ValueError, match=f"^field: .*{words}"):
        desk.measurement("field", value, error, "T")


def test_a_value_that_may_be_a_slip_is_stored_once_somebody_looked_again(lab: Laboratory) -> None:
    store = lab.store
    slip = density("962 percent")
    with pytest.raises(desk.Implausible, match=r"962 is more than 100 %.*store it anyway"):
        desk.record(store, "test", 2, slip, "Aki")
    with pytest.raises(desk.Implausible, match="more than 100 %"):
        desk.correct(store, "test", 1, slip[0], "Aki", "wrong scale")
    with pytest.raises(desk.Implausible, match="more than 100 %"):
        desk.hand_in(store, desk.open_job(store, "test", 2), slip, {}, [], "Aki")
    assert [r.value for r in store.snapshot("test").results] == [74]
    twice = [*slip, *density("963 percent")]
    with pytest.raises(desk.Implausible, match="962 is more than 100 %; density: 963 is"):
        desk.record(store, "test", 2, twice, "Aki")
    desk.record(store, "test", 2, slip, "Aki", anyway=True)
    assert [r.value for r in store.snapshot("test").results] == [74, 962]


def test_a_claim_keeps_the_moment_at_which_it_was_made(lab: Laboratory) -> None:
    store, later = lab.store, START + timedelta(days=3)
    claim = {"kind": "near", "point": {"T": 700}}
    entered = desk.claim(store, "test", {**claim, "made": START}, "Aki", at=later)
    assert entered.made == later  # whatever it says of itself
    campaign, version = store.campaigns.get("test"), store.campaigns.version("test")
    other = entered.model_copy(update={"name": "other", "made": None})
    from_file = campaign.holding([entered.made_at(None), other])
    desk.revise(store, from_file, version, "Aki", at=later + timedelta(days=1))
    kept, new = store.campaigns.get("test").hypotheses
    assert kept == entered
    assert new.made == later + timedelta(days=1)
