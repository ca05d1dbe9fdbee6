"""What a walk along the true order looks like: as figures, as one picture and as rows."""

import csv
import io

import pytest

from planner.replay.figures import figures
from planner.replay.forecasts import PrequentialReport
from planner.replay.pictures import png
from planner.replay.replay import run_prequential
from planner.replay.rows import as_csv
from tests.planner.replay.test_prequential import folder_of, smooth


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> PrequentialReport:
    rows = smooth(24, 0.05) + smooth(24, 0.05, seed=1, arm="two")
    return run_prequential(folder_of(tmp_path_factory.mktemp("walk"), rows), None, None)


def test_every_forecast_is_a_row(report: PrequentialReport) -> None:
    courses = report.outcomes["y"].courses
    rows = list(csv.DictReader(io.StringIO(as_csv(report))))
    assert len(rows) == sum(len(course.forecasts) for course in courses) > 0
    assert {row["campaign"] for row in rows} == {"one", "two"}
    first = courses[0].forecasts[0]
    assert float(rows[0]["middle"]) == first.middle
    assert rows[0]["rows"] == " ".join(map(str, first.lines))


def test_each_arm_has_a_figure_and_all_together_a_coverage(report: PrequentialReport) -> None:
    found = figures(report)
    assert list(found) == [
        "y, one: forecast and result",
        "y, two: forecast and result",
        "y: how often the truth fell inside",
    ]
    expected, inside, outside = found["y, one: forecast and result"].data
    assert len(expected.x) == len(inside.x) + len(outside.x)


def test_the_picture_is_a_png(report: PrequentialReport) -> None:
    assert png(report).startswith(b"\x89PNG\r\n\x1a\n")
