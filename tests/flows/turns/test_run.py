"""A whole campaign in one process: what it says while it waits, and why it ends."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from executors.testing.laboratory import BY_HAND, START, laboratory, two_stages
from flows.turns.run import Stop, drive
from planner.loop.laboratory import utc_now
from planner.loop.turn import advance
from planner.record.trial import TrialState
from planner.store import CampaignStatus

MANUAL = [{"name": "making", "executor": "manual", "gives": ["density", "strength"]}]


def test_the_budget_is_spent(tmp_path: Path) -> None:
    assert (
        drive(laboratory(tmp_path, two_stages()), "test", 99).why
        == "the budget of 6 trials is spent"
    )


def test_all_turns_are_done(tmp_path: Path) -> None:
    assert drive(laboratory(tmp_path, two_stages()), "test", 1) == Stop(1, "1 turns are done")


@pytest.mark.parametrize("changes", [{"review": {"autonomy": "by-hand"}}, {"stages": MANUAL}])
def test_people_are_waited_for(tmp_path: Path, changes: dict[str, Any]) -> None:
    stop = drive(laboratory(tmp_path, two_stages(**changes)), "test", 99)
    assert stop.why.startswith("waits for people: ")


def test_what_waits_is_not_listed_without_end(tmp_path: Path) -> None:
    many = two_stages(planner={"batch": 6, "generator": "sobol"})
    assert drive(laboratory(tmp_path, many, review=BY_HAND), "test", 99).why.endswith(" ...")


def test_a_campaign_that_is_paused_is_named_so(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages())
    lab.store.campaigns.set_status("test", CampaignStatus.PAUSED, "Aki", START)
    assert drive(lab, "test", 99) == Stop(0, "the campaign is paused")


def test_a_space_that_is_used_up_is_told(tmp_path: Path) -> None:
    few = {"x": {"kind": "ordered", "values": [1, 2]}, "T": {"kind": "fixed", "value": 700}}
    stop = drive(laboratory(tmp_path, two_stages(parameters=few)), "test", 99)
    assert stop.why.startswith("nothing is left to propose")


def test_trials_whose_stage_has_no_executor_here_are_not_called_done(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages())
    lab = replace(lab, executors={"testing": lab.executors["testing"]})
    assert drive(lab, "test", 99).why.startswith("trials that run could not go on")


def test_patience_with_machines_ends(tmp_path: Path) -> None:
    slow = two_stages(options={"delay": 500})
    heard: list[str] = []
    stop = drive(
        laboratory(tmp_path, slow),
        "test",
        99,
        patience=0.05,
        hear=lambda job, why: heard.append(why),
    )
    assert stop.why == "no news from running jobs for 0.05 s"
    assert heard == []  # they say nothing of what they wait for


def test_a_run_says_who_holds_a_job_and_until_when(tmp_path: Path) -> None:
    short = timedelta(seconds=3)
    lab = laboratory(tmp_path, two_stages(budget={"trials": 1}), now=utc_now, lease=short)
    advance(replace(lab, holder="other:1"), "test")
    heard: list[str] = []
    mine = replace(lab, holder="mine", fences={})
    stop = drive(mine, "test", turns=9, patience=20, hear=lambda job, why: heard.append(why))
    assert re.match(r"other:1 holds it until 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC", heard[0])
    assert lab.look("test").record.count(TrialState.COMPLETED) == 1  # taken over after that
    assert stop.turns > 0
