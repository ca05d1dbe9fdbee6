"""A campaign is checked together with what its executors would have to do, before anything begins."""

from copy import deepcopy
from pathlib import Path

import pytest

from executors.testing.laboratory import two_stages
from flows.cli.campaigns import EXAMPLES
from planner.campaign.campaign import CampaignError, parse_campaign
from planner.campaign.file import read_campaign
from planner.desk import check_runnable, parse_runnable
from planner.desk.rehearsal import sample_orders

BROKEN = {
    "a name that is no parameter": ({"outcomes": {"density": "70 + tempreature"}}, "tempreature"),
    "no formula at all": ({"outcomes": {"density": "70 +"}}, "70 +"),
    "an outcome without a formula": ({"outcomes": {"strength": "x"}}, "no formula for 'density'"),
    "a rule that cannot be read": ({"fails_when": "y - 3"}, "y"),
    "a drift of nothing": ({"drift": {"y": 1}}, "drift.y"),
    "codes of nothing": ({"codes": {"route": {"SPS": 0}}}, "codes.route"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_virtual_laboratory_that_could_not_answer_is_refused(what: str) -> None:
    options, named = BROKEN[what]
    with pytest.raises(ValueError, match=r"stages\.making: ") as error:
        check_runnable(parse_campaign(two_stages(options=options)))
    assert named in str(error.value)


def test_formulas_that_leave_no_point_are_told() -> None:
    content = two_stages()
    content["parameters"]["product"] = {"kind": "derived", "formula": "x * x"}
    assert check_runnable(parse_campaign({**content, "constraints": ["product <= 0.5"]}))
    with pytest.raises(CampaignError, match="leave too little room: no feasible point was found"):
        check_runnable(parse_campaign({**content, "constraints": ["product <= -0.5"]}))


def test_every_value_of_a_choice_is_asked_about() -> None:
    content = two_stages(options={"codes": {"route": {"SPS": 0, "HIP": 1}}})
    content["parameters"]["route"] = {"kind": "choice", "values": ["SPS", "HIP", "press"]}
    with pytest.raises(ValueError, match=r"codes\.route: no number for 'press'"):
        check_runnable(parse_campaign(content))


def test_a_magnet_whose_places_are_filled_from_nowhere_is_refused() -> None:
    content = two_stages()
    content["stages"][1] = {
        "name": "testing", "executor": "magnet", "after": ["making"], "gives": ["strength"],
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"stages\.testing: 'strength' is not given here"):
        check_runnable(parse_campaign(content))


def test_nothing_is_begun_and_what_is_right_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    campaign = parse_campaign(two_stages())
    assert check_runnable(deepcopy(campaign)) == campaign
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_pass(name: str) -> None:
    campaign = read_campaign(Path(str(EXAMPLES[name])))
    assert check_runnable(campaign) == campaign
    assert all([*sample_orders(campaign, stage)] for stage in campaign.stages)


@pytest.mark.parametrize(
    ("executor", "known"), [("virtual", "outcomes"), ("folder", "path"), ("lookup", "table")]
)
def test_an_executor_that_takes_options_of_its_own_says_which(executor: str, known: str) -> None:
    content = two_stages()
    content["stages"][0] |= {"executor": executor, "options": {"colour": "red"}}
    with pytest.raises(ValueError, match=r"stages\.making\.options: ") as error:
        check_runnable(parse_campaign(content))
    assert "colour: this field is not known" in str(error.value)
    assert known in str(error.value).partition("known are ")[2].split(", ")


def test_the_faults_of_a_file_and_of_its_options_are_told_at_once() -> None:
    content = two_stages(options={"colour": "red"}) | {"budgte": 3}
    content["stages"] += ["no stage", {"name": "third", "executor": "nobody"}]
    with pytest.raises(CampaignError) as error:
        parse_runnable(content)
    told = "\n".join(error.value.problems)
    for fault in ("budgte: ", "stages.making.options: colour: ", "stages.third.executor: "):
        assert fault in told
