"""Thirty samples by hand: three open at a time, finished out of order, with everything that happens."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from executors.testing.laboratory import BY_HAND, decide, inject, laboratory
from planner import desk
from planner.campaign.values import Point
from planner.executor import Measurement
from planner.loop.laboratory import Laboratory
from planner.loop.turn import advance
from planner.record.decision import Verdict
from planner.record.job import Job, JobState
from planner.record.record import Record
from planner.record.trial import TrialState

CAMPAIGN = {
    "name": "alloy",
    "parameters": {
        "Co": {"kind": "range", "low": 0, "high": 100, "unit": "percent"},
        "Mn": {"kind": "range", "low": 0, "high": 100, "unit": "percent"},
        "Ti": {"kind": "range", "low": 0, "high": 100, "unit": "percent"},
        "route": {"kind": "choice", "values": ["SPS", "HIP", "PIT"]},
    },
    "constraints": ["Co + Mn + Ti == 100"],
    "outcomes": {
        "strength": {"goal": "maximize", "unit": "MPa", "threshold": 100},
        "cost": {"goal": "minimize", "unit": "[EUR]", "threshold": 80},
    },
    "stages": [{"name": "bench", "executor": "manual", "gives": ["strength", "cost"]}],
    "budget": {"trials": 30},
    "planner": {"batch": 3, "seed": 4},
}
FAILED, PARTIAL, ELSEWHERE, VETOED, INJECTED_AFTER = 4, 7, 9, 12, 14


def measure(point: Mapping[str, Any]) -> dict[str, tuple[float, str]]:
    """What the bench finds: best near 55 % Co, 30 % Mn by HIP."""
    route = {"SPS": 0.0, "HIP": 25.0, "PIT": -20.0}[point["route"]]
    strength = 200 + route - 0.06 * (point["Co"] - 55) ** 2 - 0.05 * (point["Mn"] - 30) ** 2
    cost = 20 + 0.5 * point["Co"] + (15 if point["route"] == "HIP" else 5)
    return {"strength": (strength, "MPa"), "cost": (cost, "[EUR]")}


def finish(lab: Laboratory, job: Job) -> None:
    """A person ends one task: most are as planned, three are not."""
    trial = lab.store.trials.get("alloy", job.trial)
    point: dict[str, Any] = {**trial.point}
    as_run: Point = {}
    if job.trial == FAILED:
        desk.end_without(lab.store, job, JobState.FAILED, "it cracked", "Aki", at=lab.now())
        return
    if job.trial == ELSEWHERE:
        as_run = {"Co": point["Co"] + 1.5, "Ti": point["Ti"] - 1.5}
    found = measure({**point, **as_run})
    if job.trial == PARTIAL:
        del found["cost"]
    measured = [Measurement(name, value, unit) for name, (value, unit) in found.items()]
    desk.record(lab.store, "alloy", job.trial, measured, "Aki", as_run=as_run, at=lab.now())


def day(lab: Laboratory, number: int) -> None:
    """One turn, then people: approve all but one proposal, and end one task, not always the oldest."""
    advance(lab, "alloy")
    for trial in lab.store.snapshot("alloy").trials:
        if trial.state is TrialState.PROPOSED:
            verdict = Verdict.VETOED if trial.number == VETOED else Verdict.APPROVED
            decide(
                lab.store, trial, verdict, reason="not in stock" if trial.number == VETOED else ""
            )
    if number == INJECTED_AFTER:
        inject(lab.store, lab.campaign("alloy"), Co=50, Mn=30, Ti=20, route="HIP")
    running = lab.store.jobs.list("alloy", JobState.RUNNING)
    if running:
        finish(lab, running[number * 7 % len(running)])


def whole_campaign(folder: Path) -> Record:
    lab = laboratory(folder, CAMPAIGN, review=BY_HAND)
    for number in range(40):
        day(lab, number)
    return lab.store.snapshot("alloy")


@pytest.mark.timeout(1100)
def test_thirty_trials_by_hand_run_twice_are_the_same(tmp_path: Path) -> None:
    first, second = (whole_campaign(tmp_path / name) for name in ("first", "second"))
    assert first.trials == second.trials
    assert first.spent() == 30
    assert first.count(TrialState.COMPLETED) == 29
    assert first.count(TrialState.FAILED) == first.count(TrialState.VETOED) == 1
    assert {r.outcome for r in first.results_of[PARTIAL]} == {"strength"}
    assert sum(trial.generator == "botorch" for trial in first.trials) >= 15
    assert {trial.generator for trial in first.trials} == {"sobol", "botorch", "researcher"}
    seen = {o.trial: o.point for o in first.observations}
    assert seen[ELSEWHERE] != first.trials[ELSEWHERE - 1].point
    for trial in first.trials:
        assert sum(float(trial.point[name]) for name in ("Co", "Mn", "Ti")) == pytest.approx(100)
    strengths = [o.values["strength"][0] for o in first.observations if "strength" in o.values]
    assert max(strengths) > 215  # 225 is the best there is
