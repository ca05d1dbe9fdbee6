"""Vetoes that teach: what each reason does to a point and to a region, and for how long."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from executors.testing.laboratory import START, inject, laboratory, two_stages
from flows.cli import app
from planner.beliefs.ledger import ledger
from planner.beliefs.vetoes import avoid_of, choices_of, dry_run, in_force, taught
from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.hypothesis import Avoid
from planner.proposals.proposer import propose
from planner.record.decision import Decision, Verdict, VetoCode
from planner.record.record import Record
from planner.record.trial import TrialState
from planner.space.encoding import listed
from planner.store import Ruling
from tests.planner.proposals.test_ax_bridge import record

SPACE: dict[str, Any] = {
    "name": "furnace",
    "parameters": {
        "T": {"kind": "range", "low": 600, "high": 900, "unit": "degC", "step": 10},
        "route": {"kind": "choice", "values": ["SPS", "HIP"]},
    },
    "outcomes": {"y": {"goal": "maximize"}},
    "stages": [{"name": "s", "executor": "virtual", "gives": ["y"]}],
}
HOT = {"within": {"T": ["850 degC", 900]}}
DAY = datetime.date(2026, 3, 1)


@pytest.fixture
def campaign() -> Campaign:
    return parse_campaign(SPACE)


def vetoed(campaign: Campaign, code: VetoCode, scope: Any = None, expires: Any = None) -> Record:
    """Eight results that rise with T, and one vetoed trial."""
    temperatures = [600, 640, 680, 720, 760, 800, 620, 660, 830]
    points = [campaign.complete({"T": T, "route": "SPS"}) for T in temperatures]
    seen = record(campaign, points, lambda p: {"y": p["T"] / 100}, states={9: TrialState.VETOED})
    decision = Decision(
        campaign=campaign.name, number=1, trial=9, trial_version=1, verdict=Verdict.VETOED, author="Aki",
        at=START, reason="it cracked", code=code, scope=scope, expires=expires,
    )  # fmt: skip
    return Record(seen.trials, seen.jobs, seen.results, (decision,))


def proposed(campaign: Campaign, seen: Record, day: datetime.date = DAY, n: int = 1) -> list[Any]:
    return [p.point for p in propose(*in_force(campaign, seen, day), n, seed=0)]


@pytest.mark.parametrize("code", ["unsafe", "impossible"])
def test_an_unsafe_or_impossible_region_is_forbidden_for_everyone(
    campaign: Campaign, code: str
) -> None:
    seen = vetoed(campaign, VetoCode(code), HOT)
    assert proposed(campaign, Record())[0]["T"] <= 900
    assert all(p["T"] < 850 for p in proposed(campaign, seen))
    today, _ = in_force(campaign, seen, DAY, people=True)
    with pytest.raises(ValueError, match=r"Aki says: veto 1: .* \(it cracked\)"):
        today.complete({"T": 870, "route": "SPS"})


def test_what_is_not_in_stock_comes_back_after_its_day(campaign: Campaign) -> None:
    scope = {"within": {"route": ["HIP"]}}
    seen = vetoed(campaign, VetoCode.NOT_IN_STOCK, scope, DAY)
    assert len(listed(in_force(campaign, seen, DAY)[0]) or []) == 31
    assert len(listed(in_force(campaign, seen, DAY + datetime.timedelta(1))[0]) or []) == 62


def test_a_point_that_was_not_in_stock_may_be_proposed_again_after_its_day(
    campaign: Campaign,
) -> None:
    seen = vetoed(campaign, VetoCode.NOT_IN_STOCK, None, DAY)
    point = campaign.complete({"T": 830, "route": "SPS"})
    assert point in in_force(campaign, seen, DAY)[1].excluded
    assert point not in in_force(campaign, seen, DAY + datetime.timedelta(1))[1].excluded


def test_what_is_already_known_counts_as_tried_but_people_may_repeat_it(campaign: Campaign) -> None:
    seen = vetoed(campaign, VetoCode.ALREADY_KNOWN, HOT)
    assert all(p["T"] < 850 for p in proposed(campaign, seen))
    assert in_force(campaign, seen, DAY, people=True)[0].complete({"T": 870, "route": "SPS"})


@pytest.mark.parametrize("code", ["not-interesting", "other"])
def test_what_is_not_interesting_becomes_a_soft_avoid_that_is_weighed(
    campaign: Campaign, code: str
) -> None:
    seen = vetoed(campaign, VetoCode(code), HOT)
    (avoid,) = in_force(campaign, seen, DAY)[0].hypotheses
    assert isinstance(avoid, Avoid)
    assert not avoid.hard
    (entry,) = ledger(*taught(campaign, seen), DAY).hypotheses
    assert entry.title == f"veto 1: {code}"
    assert entry.credence < 0.5  # the results rise towards it


@pytest.mark.parametrize("code", [*VetoCode])
def test_a_veto_of_a_point_excludes_that_point_and_repels_nothing(
    campaign: Campaign, code: VetoCode
) -> None:
    expires = DAY if code is VetoCode.NOT_IN_STOCK else None
    with_veto = vetoed(campaign, code, None, expires)
    today, seen = in_force(campaign, with_veto, DAY)
    assert today == campaign
    left = propose(today, seen, 1, seed=0)[0].point
    assert left != {"T": 830.0, "route": "SPS"}


def test_a_dry_run_says_what_would_go_and_whether_the_predicted_best_is_there(
    campaign: Campaign,
) -> None:
    seen = vetoed(campaign, VetoCode.OTHER)
    waiting = campaign.complete({"T": 860, "route": "HIP"})
    seen = seen.with_planned([waiting])
    found = dry_run(campaign, seen, HOT)
    assert found.pending == (10,)
    assert found.candidates == 11  # 12 points, one of which waits already
    assert found.holds_predicted_best is True
    assert "in it: open trial 10; 11 points" in found.shown
    assert dry_run(campaign, seen, {"within": {"T": [600, 650]}}).holds_predicted_best is False
    assert dry_run(campaign, Record(), HOT).holds_predicted_best is None


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"reason": " "}, "a veto needs a reason"),
        ({"code": VetoCode.NOT_IN_STOCK}, "needs the day until which it holds"),
        ({"scope": {"within": {"T": [950, 990]}}}, "lies outside 600 to 900"),
        ({"scope": {"within": {"Z": [1, 2]}}}, "no free parameter 'Z'"),
        (
            {"scope": {"within": {"T": [600, 900]}}, "code": VetoCode.UNSAFE},
            "leave no point at all",
        ),
    ],
)
def test_a_veto_that_makes_no_sense_is_refused(
    campaign: Campaign, more: dict[str, Any], message: str
) -> None:
    asked = {"chosen": [(9, 1)], "reason": "r", "code": VetoCode.OTHER} | more
    with pytest.raises(ValueError, match=message):
        choices_of(campaign, Record(), **asked)


def test_a_region_takes_along_what_waits_in_it_and_is_stored_with_the_decision(
    tmp_path: Path,
) -> None:
    lab = laboratory(tmp_path, two_stages(review={"autonomy": "by-hand"}))
    for temperature in (610, 700, 890):
        inject(lab.store, lab.campaign("test"), T=temperature, x=3)
    campaign, seen = lab.campaign("test"), lab.store.snapshot("test")
    scope = {"within": {"T": [650, 900]}, "where": ["x <= 5"]}
    choices = choices_of(campaign, seen, [(2, 1)], "it cracks", VetoCode.UNSAFE, scope)
    assert [c.number for c in choices] == [2, 3]
    lab.store.trials.decide_all("test", choices, author="Aki", at=START)
    after = lab.store.snapshot("test")
    assert [t.state for t in after.trials] == [
        TrialState.PROPOSED,
        TrialState.VETOED,
        TrialState.VETOED,
    ]
    first, second = after.decisions
    assert (first.code, first.scope, second.scope) == (VetoCode.UNSAFE, scope, None)
    assert avoid_of(first).hard
    assert isinstance(choices[0], Ruling)


def test_the_command_line_vetoes_a_region_after_a_dry_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KYOSO_DATA", str(tmp_path))
    monkeypatch.delenv("KYOSO_DATABASE", raising=False)
    lab = laboratory(tmp_path, two_stages(review={"autonomy": "by-hand"}))
    inject(lab.store, lab.campaign("test"), T=700, x=3)
    asked = ["veto", "test", "1", "--as", "Aki", "--reason", "it cracks", "--code", "unsafe",
             "--within", "T=650:900"]  # fmt: skip
    result = CliRunner().invoke(app, [*asked, "--dry-run"])
    assert "in it: open trial 1; " in result.output
    assert "trial 1 would be vetoed" in result.output
    assert lab.store.trials.get("test", 1).state is TrialState.PROPOSED
    assert CliRunner().invoke(app, asked).exit_code == 0
    assert lab.store.snapshot("test").decisions[0].scope == {
        "within": {"T": [650, 900]},
        "where": [],
    }
    with pytest.raises(Exception, match="it cracks"):
        CliRunner().invoke(
            app, ["inject", "test", "T=700", "x=3", "--as", "Aki"], catch_exceptions=False
        )


def test_claims_are_added_and_retracted_at_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KYOSO_DATA", str(tmp_path))
    monkeypatch.delenv("KYOSO_DATABASE", raising=False)
    lab = laboratory(tmp_path, two_stages())
    text = "{kind: trend, outcome: strength, parameter: T, sign: falls, strength: 0.7, because: reasons}"
    assert CliRunner().invoke(app, ["claim", "test", text, "--as", "Aki"]).exit_code == 0
    (claim,) = lab.campaign("test").hypotheses
    assert (claim.author, claim.title) == ("Aki", "strength falls with T")
    shown = CliRunner().invoke(app, ["hypotheses", "test"]).output
    assert "strength falls with T" in shown
    CliRunner().invoke(app, ["retract", "test", "strength falls with T", "--as", "Aki"])
    assert lab.campaign("test").hypotheses == ()


LEVELS: dict[str, Any] = {
    **SPACE,
    "parameters": {
        "heat": {"kind": "ordered", "values": [700, 725, 750, 775], "unit": "degC"},
        "hold": {"kind": "integer", "low": 1, "high": 48, "unit": "h"},
        "die": {"kind": "choice", "values": [4, 8]},
    },
}


@pytest.mark.parametrize(
    ("within", "words"),
    [
        ({"heat": ["727.5", "772,5 degC"]}, "heat is 750"),
        ({"hold": ["3.2", "8"]}, "hold 4 to 8"),
        ({"heat": [700, 751]}, "heat 700 to 750"),
        ({"die": [4, 8]}, "die is 4 or 8"),
    ],
)
def test_limits_of_a_veto_are_settings_and_its_words_say_so(
    within: dict[str, Any], words: str
) -> None:
    campaign = parse_campaign(LEVELS)
    rest = {"where": ["hold >= 2"]}
    (ruling,) = choices_of(
        campaign, Record(), [(1, 1)], "no", VetoCode.OTHER, {"within": within, **rest}
    )
    assert Avoid(author="Aki", **ruling.scope or {}).place == f"{words} and hold >= 2"


@pytest.mark.parametrize(
    ("within", "words"),
    [
        ({"heat": ["hot", 750]}, "within.heat: low 'hot': 'hot' is not a number; allowed: one of"),
        ({"hold": [3, "8 kg"]}, "within.hold: high '8 kg': unit 'kg' cannot be turned into 'h'"),
        ({"hold": [3.2, 3.8]}, "no setting of hold lies in 3.2 to 3.8; there are 1 to 48 h, whole"),
        ({"hold": ["1,234", 3]}, "low '1,234': '1,234' may be 1.234 or 1234"),
    ],
)
def test_a_refused_limit_is_named_with_what_came(within: dict[str, Any], words: str) -> None:
    campaign = parse_campaign(LEVELS)
    with pytest.raises(ValueError, match=re.escape(words)):
        choices_of(campaign, Record(), [(1, 1)], "no", VetoCode.OTHER, {"within": within})


def test_a_veto_of_older_days_says_its_limits_as_numbers(campaign: Campaign) -> None:
    seen = vetoed(campaign, VetoCode.OTHER, {"within": {"T": ["727.5", "772.5"]}})
    (avoid,) = in_force(campaign, seen, DAY)[0].hypotheses
    assert avoid.words == "nothing is to be found where T 727.5 to 772.5"
