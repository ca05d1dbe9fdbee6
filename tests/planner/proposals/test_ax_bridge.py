"""The model's proposals, through real Ax and BoTorch."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.values import Point
from planner.proposals.failure import PlanningError
from planner.proposals.proposer import propose
from planner.record.job import Job, JobState
from planner.record.record import Record
from planner.record.result import Result
from planner.record.trial import Origin, Trial, TrialState
from planner.space.columns import Coding
from planner.space.design import first_design
from planner.space.encoding import key

NOW = datetime(2026, 1, 1, tzinfo=UTC)

type Measure = Callable[[dict[str, Any]], Mapping[str, float] | None]
"""Outcomes at a point; None where the sample fails."""
pytestmark = pytest.mark.timeout(400)


def campaign(
    parameters: Mapping[str, Any] | None = None,
    outcomes: Mapping[str, Any] | None = None,
    constraints: Iterable[str] = (),
) -> Campaign:
    outcomes = outcomes or {"y": {"goal": "maximize"}}
    return parse_campaign(
        {
            "name": "bridge",
            "parameters": parameters
            or {
                "a": {"kind": "range", "low": 0, "high": 1},
                "b": {"kind": "range", "low": 0, "high": 1},
            },
            "constraints": list(constraints),
            "outcomes": outcomes,
            "stages": [{"name": "s", "executor": "virtual", "gives": [*outcomes]}],
        }
    )


def record(
    space: Campaign,
    points: Iterable[Point],
    measure: Measure,
    states: Mapping[int, TrialState] | None = None,
    as_run: Mapping[int, Point] | None = None,
) -> Record:
    """Trials at these points: ``measure(point)`` gives outcomes, None a failed sample."""
    trials: list[Trial] = []
    jobs: list[Job] = []
    results: list[Result] = []
    for k, point in enumerate(points, 1):
        real = {**point, **((as_run or {}).get(k) or {})}
        found = measure(real)
        state = (states or {}).get(k) or (
            TrialState.FAILED if found is None else TrialState.COMPLETED
        )
        trials.append(
            Trial(point=point, generator="given", campaign=space.name, number=k, author="t", state=state,
                  origin=Origin.RESEARCHER, campaign_version=1, created_at=NOW)
        )  # fmt: skip
        jobs.append(
            Job(campaign=space.name, trial=k, stage="s", executor="virtual", state=JobState.COMPLETED,
                as_run=(as_run or {}).get(k), created_at=NOW)
        )  # fmt: skip
        if state in (TrialState.COMPLETED, TrialState.RUNNING):
            results += [
                Result(campaign=space.name, number=len(results) + i, trial=k, stage="s", outcome=name,
                       value=value, unit="", author="t", at=NOW)
                for i, (name, value) in enumerate((found or {}).items(), 1)
            ]  # fmt: skip
    return Record(tuple(trials), tuple(jobs), tuple(results))


def hill(point: Mapping[str, Any]) -> dict[str, float]:
    return {"y": -((point["a"] - 0.7) ** 2) - (point["b"] - 0.2) ** 2}


def seen(space: Campaign, n: int = 12, measure: Measure = hill, **more: Any) -> Record:
    return record(space, first_design(space, [], n, seed=1), measure, **more)


def test_the_model_goes_where_the_data_point_and_says_what_it_expects() -> None:
    space = campaign()
    (proposal,) = propose(space, seen(space), 1, seed=0)
    assert proposal.generator == "botorch"
    assert (proposal.point["a"], proposal.point["b"]) == pytest.approx((0.7, 0.2), abs=0.15)
    mean, sd = proposal.prediction["y"]
    assert abs(hill(proposal.point)["y"] - mean) < 4 * sd + 0.02
    assert proposal.feasibility == 1
    assert "best so far" in proposal.reason
    assert proposal.packages["ax-platform"].startswith("1.3")


def test_any_name_of_a_laboratory_passes_through_the_model() -> None:
    names = ["yield", "T", "Time", "x1", "x10", "J-c", "焼結温度"]
    parameters = {name: {"kind": "range", "low": 0, "high": 1} for name in names}
    space = campaign(parameters, {"E": {"goal": "maximize"}, "p0 <= 1": {"goal": "minimize"}},
                     ["x1 + x10 <= 1.2", "J-c + yield <= 1.5"])  # fmt: skip
    measure = lambda p: {"E": p["x1"] - p["x10"], "p0 <= 1": p["yield"] + p["J-c"]}  # noqa: E731
    proposals = propose(space, seen(space, 10, measure), 2, seed=0)
    assert [p.generator for p in proposals] == ["botorch"] * 2
    assert all(set(p.point) == set(names) for p in proposals)
    assert all(set(p.prediction) == {"E", "p0 <= 1"} for p in proposals)


MIXED = {
    "energy": {"kind": "range", "low": 1, "high": 1000, "scale": "log"},
    "heat": {"kind": "range", "low": 600, "high": 750, "step": 5},
    "hours": {"kind": "integer", "low": 1, "high": 48},
    "pressure": {"kind": "ordered", "values": [0.1, 25, 50, 100]},
    "route": {"kind": "choice", "values": ["SPS", "HIP"]},
    "gas": {"kind": "fixed", "value": "Ar"},
    "ratio": {"kind": "derived", "formula": "energy / hours"},
}


def kiln(p: Mapping[str, Any]) -> dict[str, float]:
    y = (
        -((np.log10(p["energy"]) - 1.5) ** 2)
        - ((p["heat"] - 700) / 80) ** 2
        - ((p["hours"] - 10) / 20) ** 2
    )
    return {"y": float(y + (p["route"] == "HIP") - abs(p["pressure"] - 50) / 100)}


def test_all_kinds_of_parameters_with_constraints_on_log_stepped_and_whole_numbers() -> None:
    space = campaign(MIXED, constraints=["energy + 2*hours <= 300", "heat + 4*hours <= 780"])
    history = seen(space, 14, kiln)
    proposals = propose(space, history, 3, seed=2)
    assert [p.generator for p in proposals] == ["botorch"] * 3
    assert len({key(space, p.point) for p in proposals}) == 3
    assert all(space.complete(p.point) == p.point for p in proposals)


def test_a_space_of_few_points_is_a_pool_and_is_never_repeated() -> None:
    space = campaign(
        {
            "a": {"kind": "range", "low": 0, "high": 1, "step": 0.25},
            "b": {"kind": "ordered", "values": [0, 0.2, 1]},
        }
    )
    history = seen(space, 8)
    proposals = propose(space, history, 20, seed=0)
    assert len(proposals) == 7
    tried = {key(space, t.point) for t in history.trials} | {key(space, p.point) for p in proposals}
    assert len(tried) == 15
    everything = record(
        space, [*(t.point for t in history.trials), *(p.point for p in proposals)], hill
    )
    assert propose(space, everything, 1, seed=0) == []


@pytest.mark.parametrize(
    ("columns", "levels"), [(3, 20), (6, 5), (2, 150)], ids=["all tried", "few each", "many each"]
)
def test_a_space_of_levels_that_is_too_large_to_list_is_planned(columns: int, levels: int) -> None:
    """BoTorch has an optimiser for each, and they take different settings."""
    level = {"kind": "ordered", "values": list(range(levels))}
    space = campaign({f"x{i}": level for i in range(columns)})
    (proposal,) = propose(space, seen(space, 10, lambda p: {"y": -abs(p["x0"] - 2)}), 1, seed=0)
    assert proposal.generator == "botorch"


def test_pending_and_vetoed_members_of_a_pool_are_not_proposed() -> None:
    space = campaign()
    pool = first_design(space, [], 60, seed=5)
    first = propose(space, record(space, pool[:10], hill), 1, seed=0, pool=pool)[0]
    for state in (TrialState.RUNNING, TrialState.VETOED):
        waiting = record(space, [*pool[:10], first.point], lambda p: hill(p) if p in pool[:10] else {},
                         states={11: state})  # fmt: skip
        second = propose(space, waiting, 2, seed=0, pool=pool)
        assert all(p.point in pool and p.point != first.point for p in second)
        assert len(second) == 2


def test_the_model_learns_from_the_point_as_it_was_run_even_outside_the_bounds() -> None:
    space = campaign(
        {"a": {"kind": "range", "low": 0, "high": 1}, "n": {"kind": "integer", "low": 0, "high": 9}}
    )
    measure = lambda p: {"y": -((p["a"] - 0.5) ** 2) - (p["n"] - 4.5) ** 2 / 20}  # noqa: E731
    points = first_design(space, [], 10, seed=1)
    plain = propose(space, record(space, points, measure), 1, seed=0)[0]
    moved = propose(
        space, record(space, points, measure, as_run={3: {"a": 1.3, "n": 2.5}}), 1, seed=0
    )[0]
    assert plain.generator == moved.generator == "botorch"
    assert plain.prediction != moved.prediction


def test_failed_samples_teach_where_not_to_go() -> None:
    space = campaign()
    measure = lambda p: None if p["a"] > 0.6 else {"y": p["a"] + 0.1 * p["b"]}  # noqa: E731
    proposals = propose(space, seen(space, 24, measure), 4, seed=0)
    assert sum(float(p.point["a"]) > 0.7 for p in proposals) <= 1
    feasible = [p.feasibility or 0.0 for p in proposals]
    assert all(0 < f <= 1 for f in feasible)
    assert min(feasible) < 0.999


def test_abandoned_trials_teach_nothing() -> None:
    space = campaign()
    points = first_design(space, [], 10, seed=1)
    with_fault = record(space, points, hill, states={10: TrialState.ABANDONED})
    without = record(space, points[:9], hill)
    assert [o.trial for o in with_fault.observations] == [o.trial for o in without.observations]


def test_a_requirement_on_an_outcome_is_kept() -> None:
    outcomes = {"y": {"goal": "maximize"}, "density": {"goal": "none", "at_least": 0.7}}
    space = campaign(outcomes=outcomes)
    measure = lambda p: {"y": p["a"] + p["b"], "density": 1 - 0.5 * p["a"]}  # noqa: E731
    proposals = propose(space, seen(space, 14, measure), 2, seed=0)
    assert all(float(p.point["a"]) < 0.68 for p in proposals)
    assert all(p.prediction["density"][0] > 0.65 for p in proposals)


def test_a_target_is_approached_from_both_sides() -> None:
    space = campaign(outcomes={"hardness": {"goal": "target", "value": 0.5, "tolerance": 0.05}})

    def measure(p: Mapping[str, Any]) -> dict[str, float]:
        return {"hardness": p["a"] ** 2 + 0.2 * p["b"]}

    (proposal,) = propose(space, seen(space, 12, measure), 1, seed=0)
    assert measure(proposal.point)["hardness"] == pytest.approx(0.5, abs=0.08)


def test_outcomes_that_are_missing_in_part_are_used_as_far_as_they_go() -> None:
    space = campaign(
        outcomes={"y": {"goal": "maximize"}, "z": {"goal": "minimize"}, "w": {"goal": "none"}}
    )
    points = first_design(space, [], 12, seed=1)
    measure = lambda p: hill(p) if p in points[:5] else hill(p) | {"z": p["a"] + p["b"]}  # noqa: E731
    proposals = propose(space, record(space, points, measure), 2, seed=0)
    assert [set(p.prediction) for p in proposals] == [{"y", "z"}] * 2


def test_an_objective_without_data_waits_for_more_of_the_first_design_and_says_so() -> None:
    space = campaign(outcomes={"y": {"goal": "maximize"}, "z": {"goal": "minimize"}})
    (proposal,) = propose(space, seen(space, 12), 1, seed=0)
    assert proposal.generator == "sobol"
    assert "0 of 2 results of z" in proposal.reason


@pytest.mark.parametrize("kind", [{"kind": "range", "step": 5}, {"kind": "integer"}])
def test_compositions_in_steps_are_planned_by_the_model(
    kind: dict[str, str | int],
) -> None:
    names = ["Co", "Mn", "Ti", "Sn"]
    space = campaign(
        {name: {"low": 0, "high": 100, **kind} for name in names},
        constraints=["Co + Mn + Ti + Sn == 100"],
    )
    measure = lambda p: {"y": -((p["Co"] - 60) ** 2) - (p["Mn"] - 20) ** 2}  # noqa: E731
    proposals = propose(space, seen(space, 10, measure), 2, seed=0)
    assert [p.generator for p in proposals] == ["botorch"] * 2
    assert all(sum(float(p.point[name]) for name in names) == 100 for p in proposals)


def test_very_narrow_and_very_wide_ranges_are_planned_by_the_model() -> None:
    space = campaign(
        {
            "film": {"kind": "range", "low": 1e-9, "high": 5e-9, "unit": "m"},
            "atoms": {"kind": "range", "low": 1e10, "high": 1e14, "scale": "log"},
        },
        constraints=["film <= 0.0000000045"],
    )
    measure = lambda p: {"y": p["film"] * 1e9 - np.log10(p["atoms"])}  # noqa: E731
    (proposal,) = propose(space, seen(space, 8, measure), 1, seed=0)
    assert proposal.generator == "botorch"
    assert float(proposal.point["film"]) > 3e-9


def test_replicates_of_a_point_are_all_used() -> None:
    space = campaign()
    points = first_design(space, [], 6, seed=1)
    noise = iter(np.random.default_rng(0).normal(0, 0.3, 18))
    history = record(space, points * 3, lambda p: {"y": hill(p)["y"] + next(noise)})
    (proposal,) = propose(space, history, 1, seed=0)
    assert proposal.generator == "botorch"
    assert proposal.prediction["y"][1] > 0.1


SCRIPT = """
import json
from planner.proposals.proposer import propose
from tests.planner.proposals.test_ax_bridge import MIXED, campaign, kiln, seen
space = campaign(MIXED, {"y": {"goal": "maximize"}, "hours_cost": {"goal": "minimize"}})
history = seen(space, 12, lambda p: kiln(p) | {"hours_cost": float(p["hours"])})
print(json.dumps([p.model_dump() for p in propose(space, history, 2, seed=3)]))
"""


def test_two_processes_make_the_same_proposals_to_the_last_digit() -> None:
    found = []
    for hash_seed in ("1", "2"):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": hash_seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(json.loads(run.stdout))
    assert found[0] == found[1]


def test_whatever_breaks_in_the_model_is_a_planning_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from planner.proposals.ax_bridge.told import Told

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no kernel for m0 at p0 today")

    monkeypatch.setattr(Told, "adapter", broken)
    space = campaign()
    with pytest.raises(PlanningError, match="RuntimeError: no kernel for y at a today"):
        propose(space, seen(space), 1, seed=0)


def test_coding_goes_both_ways_for_every_kind() -> None:
    space = campaign(MIXED, constraints=["energy + 2*hours <= 300"])
    points = first_design(space, [], 20, seed=1)
    coding = Coding(space)
    back = [coding.decode(row) for row in coding.encode(points)]
    assert [key(space, point) for point in back] == [key(space, point) for point in points]
    assert coding.logarithms == [0]
    assert coding.categorical == [4]


FINE = {
    "a": {"kind": "range", "low": 0, "high": 1, "step": 0.0005},
    "b": {"kind": "range", "low": 0, "high": 1},
}


def test_a_fine_step_is_rounded_to_the_side_that_keeps_a_constraint() -> None:
    space = campaign(FINE, constraints=["a + b <= 1.2"])
    assert Coding(space).decode([0.8724, 0.3277]) == {"a": 0.872, "b": 0.3277}
    assert Coding(space).decode([0.8724, 0.2]) == {"a": 0.8725, "b": 0.2}


def test_a_point_that_no_step_beside_it_can_keep_is_left_out() -> None:
    space = campaign(FINE, constraints=["a + b <= 1.2001", "a + b >= 1.2"])
    found = propose(space, seen(space, 8), 2, seed=1)
    assert [p.generator for p in found] == ["botorch"] * 2
