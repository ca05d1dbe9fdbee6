"""Reports in the folder of a replay, also of those that another version of Kyoso wrote."""

import json
from pathlib import Path
from typing import Any

import pytest

from planner.campaign.values import plain_data
from planner.past.mapping import HistoryError
from planner.replay.background import report_of
from planner.replay.replay import run_replay
from planner.replay.values import PoolReport
from tests.planner.replay.test_replay import HILL, folder_of

ROWS = "\n".join(["x,y,route,yield", *(f"{x},{y},SPS,{x + y}" for x in range(5) for y in range(4))])


@pytest.fixture
def content(tmp_path: Path) -> dict[str, Any]:
    folder = folder_of(tmp_path, HILL, ROWS)
    return plain_data(run_replay(folder, planners=["random"], seeds=1, budget=4))


def test_a_report_is_as_its_schema_says(content: dict[str, Any]) -> None:
    pytest.importorskip("jsonschema").validate(content, PoolReport.model_json_schema())


def kept(folder: Path, content: dict[str, Any]) -> Path:
    (folder / "report.json").write_text(json.dumps(content))
    return folder


def test_what_another_version_says_more_is_left_aside(
    content: dict[str, Any], tmp_path: Path
) -> None:
    report = report_of(kept(tmp_path, content))
    assert plain_data(report) == content
    older = {name: content[name] for name in content if name != "enrichment"}
    assert report_of(kept(tmp_path, older | {"moods": ["calm"]})).name == "hill"


def test_a_report_that_lacks_what_is_shown_is_told_and_may_be_made_again(
    content: dict[str, Any], tmp_path: Path
) -> None:
    del content["pool"]["top_set"]
    with pytest.raises(HistoryError, match=r"another version of Kyoso \(pool.pool.top_set: Field"):
        report_of(kept(tmp_path, content))
