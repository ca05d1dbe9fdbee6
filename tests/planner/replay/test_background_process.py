"""A replay in a folder of its own: what the folder tells while it runs, when done and when failed.
(That the process outlives its parent is told in tests of the panel.)"""

import json
import os
from pathlib import Path

import pytest

from planner.replay import background
from planner.replay.values import PoolReport
from tests.planner.replay.test_replay import HILL, folder_of

ROWS = "\n".join(
    ["x,y,route,yield", *(f"{x},{y},SPS,{40 - x * x - y * y}" for x in range(7) for y in range(7))]
)


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """A folder with a request of two short walks at random."""
    (tmp_path / "past").mkdir()
    folder = tmp_path / "replay"
    folder.mkdir()
    request = {
        "source": folder_of(tmp_path / "past", HILL, ROWS),
        "planners": ["gp-ei"], "seeds": 2, "budget": 6, "workers": 1,
    }  # fmt: skip
    (folder / "request.json").write_text(json.dumps(request))
    return folder


def test_what_was_asked_is_done_and_reported(asked: Path) -> None:
    background.main(asked)
    assert background.standing(asked).state == "done"
    report = background.report_of(asked)
    assert isinstance(report, PoolReport)
    assert list(report.planners) == ["gp-ei"]
    assert (asked / "report.html").read_text().startswith("<!doctype html>")
    assert background.request_of(asked)["budget"] == 6


def test_what_went_wrong_is_said(asked: Path) -> None:
    (asked / "request.json").write_text(json.dumps({"source": str(asked / "nowhere")}))
    background.main(asked)
    progress = background.standing(asked)
    assert progress.state == "failed"
    assert "there is no such file or folder" in progress.message


def test_while_it_runs_the_time_left_follows_from_the_runs_so_far(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asked / "pid").write_text(str(os.getpid()))
    began = (asked / "request.json").stat().st_mtime
    assert background.standing(asked).seconds_left is None  # no run has ended yet
    monkeypatch.setattr(background, "done", lambda journal: (1, 4))
    assert background.standing(asked, began + 10) == background.Progress("running", 1, 4, 30.0)


@pytest.mark.parametrize("number", ["", "no number", "999999999"])
def test_a_process_that_is_gone_without_a_report_has_failed(asked: Path, number: str) -> None:
    (asked / "pid").write_text(number)
    progress = background.standing(asked)
    assert progress.state == "failed"
    assert "start it again" in progress.message
