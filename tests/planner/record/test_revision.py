from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from executors.testing.laboratory import two_stages
from planner.campaign.campaign import parse_campaign
from planner.campaign.values import Point
from planner.record.completion import completed
from planner.record.job import Job, JobState
from planner.record.record import Record
from planner.record.result import Result
from planner.record.revision import differences, revision_problems
from planner.record.trial import Origin, Trial, TrialState

NOW = datetime(2026, 1, 5, tzinfo=UTC)
CHOICE = {"kind": "choice", "values": ["SPS", "HIP", "PLS"]}


def content() -> dict[str, Any]:
    whole = two_stages()
    whole["parameters"]["route"] = CHOICE
    whole["parameters"]["gas"] = {"kind": "fixed", "value": "Ar"}
    whole["parameters"]["T2"] = {"kind": "derived", "formula": "2 * x"}
    return deepcopy(whole)


def record(trial: TrialState = TrialState.RUNNING, job: JobState = JobState.RUNNING) -> Record:
    point: Point = {"T": 700, "x": 1.0, "route": "SPS", "gas": "Ar", "T2": 2.0}
    return Record(
        trials=(
            Trial(
                point=point,
                generator="sobol",
                campaign="test",
                number=1,
                origin=Origin.PLANNER,
                campaign_version=1,
                author="planner",
                created_at=NOW,
                state=trial,
            ),
        ),
        jobs=(
            Job(
                campaign="test",
                trial=1,
                stage="making",
                executor="virtual",
                state=job,
                created_at=NOW,
            ),
        ),
        results=(
            Result(
                campaign="test", number=1, trial=1, stage="making", outcome="density",
                value=80, unit="percent", author="x", at=NOW,
            ),
        ),
    )  # fmt: skip


def changed(path: str, value: Any) -> dict[str, Any]:
    whole = content()
    *way, last = path.split("/")
    place: Any = whole
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return whole


def problems(new: dict[str, Any], seen: Record) -> list[str]:
    return revision_problems(parse_campaign(content()), parse_campaign(new), seen)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("parameters/T/high", 1000),
        ("parameters/T/low", 650),
        ("parameters/route/values", ["SPS", "HIP"]),
        ("outcomes/strength/goal", "minimize"),
        ("outcomes/strength/threshold", 3),
        ("outcomes/density/at_least", 75),
        ("constraints", ["T + x <= 900"]),
        ("budget", {"trials": 60}),
        ("planner", {"batch": 2, "generator": "model"}),
        ("review", {"autonomy": "by-hand"}),
        ("stages/0/options", {"outcomes": {"density": "70"}}),
    ],
)
def test_what_leaves_the_record_its_meaning_may_change_at_any_time(path: str, value: Any) -> None:
    assert problems(changed(path, value), record()) == []


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("parameters/T/unit", "K", "parameters.T.unit: K came"),
        ("parameters/T/kind", "integer", "parameters.T.kind: integer came"),
        ("parameters/T", None, "parameters.T: it is gone"),
        (
            "parameters/y",
            {"kind": "range", "low": 0, "high": 1},
            "parameters.y: it is new and free",
        ),
        ("parameters/route/values", ["HIP", "PLS"], "parameters.route.values: SPS is gone"),
        ("parameters/gas/value", "N2", "parameters.gas.value: N2 came"),
        ("parameters/T2/formula", "3 * x", "parameters.T2.formula"),
        ("outcomes/strength/unit", "GPa", "outcomes.strength.unit: GPa came"),
        ("stages/0/executor", "manual", "stages.making.executor: manual came"),
    ],
)
def test_what_would_give_stored_values_another_meaning_is_refused(
    path: str, value: Any, message: str
) -> None:
    new = changed(path, value)
    if new["stages"][0]["executor"] == "manual":
        del new["stages"][0]["options"]
    (problem,) = problems(new, record())
    assert message in problem


def test_an_outcome_with_results_and_a_stage_with_jobs_stay() -> None:
    new = content()
    del new["outcomes"]["density"]
    new["stages"] = [{**new["stages"][1], "after": []}]
    assert [p.split(":")[0] for p in problems(new, record())] == [
        "outcomes.density",
        "stages.making",
    ]
    assert problems(new, Record()) == []


def test_a_stage_is_renamed_or_given_to_another_only_while_nothing_of_it_is_open() -> None:
    done = record(TrialState.COMPLETED, JobState.COMPLETED)
    handed = changed("stages/0/executor", "manual")
    del handed["stages"][0]["options"]
    assert problems(handed, done) == []
    renamed = changed("stages/0/name", "pressing")
    renamed["stages"][1]["after"] = ["pressing"]
    assert any("stages.making: it is gone or renamed" in p for p in problems(renamed, done))


def test_a_new_outcome_with_its_stage_waits_for_running_trials() -> None:
    new = content()
    new["outcomes"]["cost"] = {"goal": "minimize", "unit": "[EUR]"}
    new["stages"].append({"name": "pricing", "executor": "manual", "gives": ["cost"]})
    (problem,) = problems(new, record())
    assert "stages.pricing: it is new, but trial 1 is running" in problem
    assert problems(new, record(TrialState.COMPLETED, JobState.COMPLETED)) == []


def test_differences_name_the_fields() -> None:
    new = changed("parameters/T/high", 1000)
    new["stages"][0]["due_days"] = 3
    new["outcomes"]["cost"] = {"goal": "none"}
    new["stages"][1]["gives"] = ["strength", "cost"]
    old = parse_campaign(content())
    assert differences(old, parse_campaign(new)) == [
        "parameters.T.high",
        "outcomes.cost",
        "stages.making.due_days",
        "stages.testing.gives",
    ]
    assert differences(old, old) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("parameters/gas", {"kind": "choice", "values": ["Ar", "N2"]}),
        ("parameters/gas", {"kind": "choice", "values": ["Ar", "N2"], "was": "Ar"}),
        ("parameters/route", {"kind": "fixed", "value": "SPS"}),
        ("parameters/T2", {"kind": "range", "low": 0, "high": 40}),
        ("parameters/y", {"kind": "range", "low": 0, "high": 1, "was": 2}),
        ("parameters/y", {"kind": "choice", "values": ["a", "b"], "was": "a"}),
        ("parameters/y", {"kind": "fixed", "value": "b", "was": "a"}),
        ("parameters/y", {"kind": "fixed", "value": 3}),
        ("parameters/y", {"kind": "derived", "formula": "x / 2"}),
        ("parameters/route/values", ["SPS", "HIP", "PLS", "PIT"]),
    ],
)
def test_a_parameter_may_become_whatever_its_stored_values_can_be(path: str, value: Any) -> None:
    assert problems(changed(path, value), record()) == []


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("parameters/gas", {"kind": "choice", "values": ["He", "N2"]}, "Ar is gone"),
        ("parameters/gas", {"kind": "range", "low": 0, "high": 1}, "which Ar cannot be"),
        ("parameters/route", {"kind": "fixed", "value": "HIP"}, "trial 1 ran with another value"),
        ("parameters/T", {"kind": "fixed", "value": 710, "unit": "degC"}, "narrow its limits"),
        ("parameters/route", {**CHOICE, "was": "HIP"}, "HIP came, but trial 1 has SPS"),
    ],
)
def test_what_stored_values_cannot_be_is_refused_with_a_way_out(
    path: str, value: Any, message: str
) -> None:
    (problem,) = problems(changed(path, value), record())
    assert message in problem


def test_what_a_new_parameter_was_is_not_said_again_otherwise() -> None:
    free = {"kind": "range", "low": 0, "high": 1}
    before = parse_campaign(changed("parameters/y", {**free, "was": 1}))
    for later in (free, {**free, "was": 0}):
        (problem,) = revision_problems(
            before, parse_campaign(changed("parameters/y", later)), completed(before, record())
        )
        assert "older trials are read with 1; keep it" in problem
