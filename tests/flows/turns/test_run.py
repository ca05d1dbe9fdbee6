"""A whole campaign in one process: what it says while it waits."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from executors.testing.laboratory import laboratory, two_stages
from flows.turns.run import drive
from planner.loop.laboratory import utc_now
from planner.loop.turn import advance
from planner.record.trial import TrialState


def test_a_run_says_who_holds_a_job_and_until_when(tmp_path: Path) -> None:
    short = timedelta(seconds=3)
    lab = laboratory(tmp_path, two_stages(budget={"trials": 1}), now=utc_now, lease=short)
    advance(replace(lab, holder="other:1"), "test")
    heard, mine = [], replace(lab, holder="mine", fences={})
    stop = drive(mine, "test", turns=9, patience=20, hear=lambda job, why: heard.append(why))
    assert re.match(r"other:1 holds it until 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC", heard[0])
    assert lab.look("test").record.count(TrialState.COMPLETED) == 1  # taken over after that
    assert stop.turns > 0
