import copy
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given

from planner.campaign.campaign import Campaign, CampaignError, parse_campaign
from planner.campaign.file import campaign_from_text, parse_yaml, write_yaml
from planner.campaign.parameter import Ordered, Range
from planner.campaign.template import new_campaign
from planner.campaign.values import Point, Value
from tests.strategies import campaigns, campaigns_with_point

BA122 = """
name: ba122-bulk
material: Ba122
parameters:
  milling_energy:   {kind: range, low: 10, high: 300, unit: MJ/kg, scale: log}
  first_heat:       {kind: ordered, values: [600, 675, 750, 825], unit: degC}
  second_heat:      {kind: range, low: 600, high: 750, unit: degC, step: 5}
  hold_time:        {kind: integer, low: 1, high: 48, unit: h}
  route:            {kind: choice, values: [SPS, HIP]}
  gas:              {kind: fixed, value: Ar}
  energy_per_ball:  {kind: derived, formula: milling_energy / 12, unit: MJ/kg}
constraints: ["second_heat <= first_heat", "milling_energy + 2*hold_time <= 360"]
outcomes:
  trapped_field:    {goal: maximize, unit: T, threshold: 0.5}
  decay:            {goal: minimize, unit: ppm/h}
  hardness:         {goal: target, value: 3.5, tolerance: 0.5, unit: GPa}
  density:          {goal: none, unit: percent, at_least: 75}
stages:
  - {name: synthesis, executor: manual, gives: [density, hardness]}
  - {name: magnet, executor: virtual, after: [synthesis], gives: [trapped_field, decay]}
hypotheses:
  - {kind: trend, outcome: trapped_field, parameter: second_heat, sign: falls, strength: 0.7, author: A}
review: {autonomy: by-hand}
budget: {trials: 40}
planner: {batch: 3, seed: 1}
"""
POINT = {
    "milling_energy": 60,
    "first_heat": 750,
    "second_heat": 605,
    "hold_time": 3,
    "route": "SPS",
}


@pytest.fixture
def content() -> dict[str, Any]:
    found: dict[str, Any] = parse_yaml(BA122)
    return found


@pytest.fixture
def campaign() -> Campaign:
    return campaign_from_text(BA122)


def test_a_full_point_has_fixed_and_derived_values_too(campaign: Campaign) -> None:
    point = campaign.complete(POINT)
    assert point["gas"] == "Ar"
    assert point["energy_per_ball"] == 5
    assert list(point) == list(campaign.parameters)


def test_quantities_are_converted_to_the_campaign_units(campaign: Campaign) -> None:
    point = campaign.complete({**POINT, "first_heat": "1023.15 K", "hold_time": "180 min"})
    assert point["first_heat"] == 750
    assert point["hold_time"] == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"milling_energy": 500}, "milling_energy: 500 is outside 10 to 300 MJ/kg"),
        ({"milling_energy": "5 m"}, "milling_energy: unit 'm' cannot be turned into 'MJ/kg'"),
        ({"milling_energy": "1 J/g"}, "0.001 is outside 10 to 300 MJ/kg ('1 J/g' came)"),
        ({"hold_time": "7.0000001 h"}, "('7.0000001 h' came)"),
        ({"milling_energy": float("nan")}, "milling_energy: nan is not a number in MJ/kg"),
        ({"milling_energy": True}, "milling_energy: true is not a number"),
        ({"second_heat": 603}, "second_heat: 603 is not on the steps of 5 from 600"),
        ({"hold_time": 2.5}, "hold_time: 2.5 is not a whole number"),
        ({"first_heat": 700}, "first_heat: 700 is not one of 600, 675, 750, 825"),
        ({"route": "PIT"}, "route: 'PIT' is not one of SPS, HIP"),
        ({"gas": "N2"}, "gas: 'N2' is not the fixed value 'Ar'"),
        ({"energy_per_ball": 7}, "energy_per_ball: 7 is not milling_energy / 12 = 5"),
        (
            {"first_heat": 600, "second_heat": 700},
            "constraint 'second_heat <= first_heat' does not hold",
        ),
        ({"colour": 1}, "colour: no such parameter; there are milling_energy"),
    ],
)
def test_a_wrong_point_is_refused_by_name_value_and_what_is_allowed(
    campaign: Campaign, change: dict[str, Value], message: str
) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the message is looked at below
        campaign.complete({**POINT, **change})
    assert message in str(refused.value)


def test_a_log_scale_refuses_what_has_no_logarithm_also_as_it_was_run(campaign: Campaign) -> None:
    with pytest.raises(ValueError, match="milling_energy: 0 is not above 0, as a log scale needs"):
        campaign.complete({**POINT, "milling_energy": 0}, within=False)


def test_a_point_as_it_was_run_may_lie_outside(campaign: Campaign) -> None:
    point = campaign.complete({**POINT, "second_heat": 612.5, "hold_time": 60}, within=False)
    assert (point["second_heat"], point["hold_time"]) == (612.5, 60)


def damage(content: Any, path: Sequence[str | int], value: object) -> None:
    *parents, last = path
    for key in parents:
        content = content[key]
    content[last] = value


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["parameters", "hold_time", "low"], 100, "parameters.hold_time: low (100) must be below high (48)"),
        (["parameters", "milling_energy", "low"], -1, "a log scale needs low above 0, not -1"),
        (["parameters", "second_heat", "step"], 7, "no whole number of steps of 7"),
        (["parameters", "route", "kind"], "colour", "parameters.route: 'kind' must be one of choice, derived"),
        (["parameters", "route", "values"], ["SPS", "SPS"], "values must differ"),
        (["parameters", "first_heat", "values"], [3, 2], "values must rise"),
        (["parameters", "first_heat", "unit"], "degX", "unit 'degX' is not known"),
        (["parameters", "energy_per_ball", "formula"], "exec('x')", "parameters.energy_per_ball.formula"),
        (["parameters", "decay"], {"kind": "fixed", "value": 1}, "decay: the name stands twice"),
        (["constraints", 0], "second_heat <= third_heat", "constraints.0: 'third_heat' is not a parameter"),
        (["constraints", 0], "second_heat*hold_time == 9", "is not linear, as an equality has to be"),
        (["constraints", 0], "at most 2 of second_heat, route", "'route' in 'at most 2 of second_heat, route' is no parameter with a number"),
        (["constraints", 0], "at least 3 of second_heat, hold_time", "names 2 parameters, fewer than 3"),
        (["constraints", 0], "second_heat <= 1e400", "no finite value"),
        (["parameters", "milling_energy", "allow_zero"], True, "0 has no place on a log scale"),
        (["constraints", 0], "route <= 2", "'route' in 'route <= 2' has no numbers"),
        (["constraints", 0], "at most two of second_heat, hold_time", "'two' in 'at most two of second_heat, hold_time' is no whole number"),
        (["planner", "shared"], "hold_time", "planner.shared: a list such as [a, b] is needed, not hold_time"),
        (["planner", "shared"], ["third_heat"], "planner.shared: 'third_heat' is no free parameter; there are"),
        (["constraints", 0], "second_heat <= 100", "constraints: together with the bounds they leave no point"),
        (["outcomes", "decay", "goal"], "best", "outcomes.decay.goal"),
        (["outcomes", "hardness", "value"], None, "the goal 'target' needs a value"),
        (["outcomes", "decay", "threshold"], float("inf"), "outcomes.decay.threshold"),
        (["stages", 0, "gives"], ["density"], "outcomes.hardness: no stage gives it"),
        (["stages", 0, "after"], ["magnet"], "stages.synthesis.after: 'magnet' is not an earlier stage"),
        (["stages", 1, "name"], "synthesis", "stages: the name 'synthesis' stands twice"),
        (["planner", "batch"], 0, "planner.batch"),
        (["budgte"], {}, "budgte: this field is not known"),
        (["name"], "../etc", "name: '../etc' is not allowed"),
    ],
)  # fmt: skip
def test_a_wrong_campaign_is_refused_by_field_value_and_what_is_allowed(
    content: dict[str, Any], path: list[str | int], value: object, message: str
) -> None:
    damage(content, path, value)
    with pytest.raises(CampaignError) as refused:
        parse_campaign(content)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1, 2", "line"),
        ("a: 1\na: 2", "duplicate key"),
        ("- 1\n- 2", "a campaign has fields such as 'parameters', but list came"),
        ("", "but nothing came"),
        ("!!python/object/apply:os.system ['true']", "line 1"),
    ],
)
def test_broken_yaml_gets_a_plain_message(text: str, message: str) -> None:
    with pytest.raises(CampaignError, match=message):
        campaign_from_text(text)


def test_words_of_yaml_1_1_stay_words() -> None:
    assert parse_yaml("[on, no, yes, 1e3]") == ["on", "no", "yes", 1000.0]


@given(campaigns())
def test_every_campaign_survives_yaml_and_json(campaign: Campaign) -> None:
    assert campaign_from_text(write_yaml(campaign.model_dump(mode="json"))) == campaign
    assert Campaign.model_validate_json(campaign.model_dump_json()) == campaign


@given(campaigns_with_point())
def test_a_completed_point_is_a_valid_point(pair: tuple[Campaign, Point]) -> None:
    campaign, point = pair
    assert campaign.complete(point) == point


def test_the_template_is_valid() -> None:
    assert campaign_from_text(new_campaign("焼結 1")).name == "焼結 1"


def test_500_damaged_files_raise_no_traceback() -> None:
    dice = random.Random(7)
    for _ in range(500):
        try:
            campaign_from_text(damaged(BA122, dice))
        except CampaignError as error:
            assert str(error)


MERGED = "a0: &a0 {x: 1}\n" + "".join(
    f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}], y{i}: 1}}\n" for i in range(1, 400)
)
"""Fields that are put together again and again."""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- 1\n" * 150_000, "holds about 150000 values; at most 100000 are read"),
        ("a: [" + "1," * 250_000 + "1]", "holds about 125.* values"),
        (MERGED, "merges more than 100000 fields"),
    ],
)
def test_more_than_a_person_writes_is_refused_before_it_is_built(text: str, said: str) -> None:
    with pytest.raises(CampaignError, match=said):
        parse_yaml(text)


def test_what_a_person_merges_is_read() -> None:
    text = "a: &a {unit: K, low: 1}\nb: {<<: *a, low: 2}\nc: {<<: [*a, {high: 3}]}\n"
    told = parse_yaml(text)
    assert told["b"] == {"unit": "K", "low": 2}
    assert told["c"] == {"unit": "K", "low": 1, "high": 3}


def test_of_many_faults_the_first_are_told(content: dict[str, Any]) -> None:
    with pytest.raises(CampaignError) as error:
        parse_campaign(content | {f"k{i}": 1 for i in range(200)})
    assert len(error.value.problems) == 51
    assert error.value.problems[-1] == "and 150 problems more"


def test_a_campaign_has_so_many_stages(content: dict[str, Any]) -> None:
    stages = [{"name": f"s{i}", "executor": "manual"} for i in range(101)]
    with pytest.raises(CampaignError, match=r"^stages: at most 100 are allowed, but 101 came$"):
        parse_campaign(content | {"stages": stages})


def damaged(text: str, dice: random.Random) -> str:
    """The text with one to four random cuts, swaps, doubled pieces or odd insertions."""
    odd = [
        *"{}[]:,#&*!|>%@`'\"-\t\n\0",
        "1e999",
        "-",
        ".nan",
        "null",
        "~",
        "焼",
        "9" * 400,
        "<<: *a",
        "--- ",
    ]
    for _ in range(dice.randint(1, 4)):
        i = dice.randrange(len(text))
        j = min(len(text), i + dice.randint(1, 30))
        piece = dice.choice(
            ["", dice.choice(odd), text[i:j] * 2, text[dice.randrange(len(text)) :][:20]]
        )
        text = text[:i] + piece + text[dice.choice([i, j]) :]
    return text


@pytest.mark.parametrize("kind", [None, [], {}, "x", 5, True, {"kind": ["a"]}, {"kind": None}])
def test_any_kind_of_value_anywhere_gets_a_message(content: dict[str, Any], kind: object) -> None:
    paths: list[list[str | int]] = [
        ["name"], ["parameters"], ["parameters", "route"], ["parameters", "route", "values"],
        ["outcomes", "decay"], ["stages"], ["stages", 0], ["constraints"], ["constraints", 0],
        ["hypotheses", 0], ["planner"],
    ]  # fmt: skip
    for path in paths:
        broken = copy.deepcopy(content)
        damage(broken, path, kind)
        try:
            parse_campaign(broken)
        except CampaignError as error:
            assert str(error)


@pytest.mark.parametrize(
    "values", [(-6.6e-13, 0.0, 9e-13), (1e-13, 2e-13), (0.0, 1e-12, 1.0), (1e12, 1e12 + 1e5)]
)
def test_an_ordered_setting_is_itself_whatever_its_size(values: tuple[float, ...]) -> None:
    amounts = Ordered(values=values, unit="mol")
    assert [amounts.check(value) for value in values] == list(values)
    assert [amounts.check(f"{value!r} mol") for value in values] == list(values)
    with pytest.raises(ValueError, match="is not one of"):
        amounts.check((values[0] + values[1]) / 2)


@pytest.mark.parametrize(
    ("low", "high", "count"), [(100, 100.01, 21), (5000, 5000.001, 7), (0, 1, 3), (-1e-6, 1e-6, 9)]
)
def test_every_setting_of_a_stepped_range_is_allowed(low: float, high: float, count: int) -> None:
    step = (high - low) / count
    stepped = Range(low=low, high=high, step=step)
    assert len(stepped.grid()) == count + 1
    assert [stepped.check(value) for value in stepped.grid()] == stepped.grid()
    with pytest.raises(ValueError, match="is not on the steps"):
        stepped.check(low + 0.3 * step)


def test_a_component_may_be_left_out() -> None:
    part = parse_campaign({
        "name": "parts", "outcomes": {"y": {"goal": "maximize"}}, "parameters": {
            "Cu": {"kind": "range", "low": 2, "high": 3, "unit": "percent", "allow_zero": True},
            "c": {"kind": "choice", "values": [1, 2]}, "rest": {"kind": "derived", "formula": "100 - Cu"},
        },
        "constraints": ["c + rest <= 101", "at least 0 of Cu, c"],
        "stages": [{"name": "s", "executor": "manual", "gives": ["y"]}],
    })  # fmt: skip
    assert part.complete({"Cu": 0, "c": 1})["rest"] == 100
    assert part.complete({"Cu": "2.5 %", "c": 2})["Cu"] == 2.5
    for values, why in [
        ({"Cu": 1, "c": 1}, "Cu: 1 is outside 2 to 3 percent and is not 0"),
        ({"Cu": 0, "c": 2}, r"constraint 'c \+ rest <= 101' does not hold"),
    ]:
        with pytest.raises(ValueError, match=why):
            part.complete(values)
