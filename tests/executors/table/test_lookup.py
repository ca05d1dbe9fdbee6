from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from executors.table.lookup import Lookup
from executors.testing import ExecutorContract
from planner.campaign.values import Point
from planner.executor import Abandoned, Answer, Finished, Measurement, WorkOrder

TABLE = """\
x,route,y,y_sd,z
0.1,HIP,1.0,0.2,5
0.2,HIP,2.0,,
0.2,HIP,4.0,,7
0.2,SPS,9.0,0.3,8
0.5,SPS,1.5,0.1,
"""


def order(x: float, route: str = "HIP", seed: int = 0) -> WorkOrder:
    return WorkOrder(
        "a/1/s", "a", 1, "s", {"x": x, "route": route}, {"y": "T"}, ("y", "z"), {}, seed
    )


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "past.csv").write_text(TABLE)
    return tmp_path / "past.csv"


def ask(table: Path, order: WorkOrder, **options: object) -> Answer:
    executor = Lookup(table.parent, table=table, sd={"y": "y_sd"}, **options)
    return executor.answer(order)


class TestLookup(ExecutorContract):
    def make(self, folder: Path) -> Lookup:
        folder.mkdir(exist_ok=True)
        (folder / "past.csv").write_text(TABLE)
        return Lookup(folder, table=folder / "past.csv", parameters={"x": "x"})


def test_a_single_row_answers_with_the_sd_column(table: Path) -> None:
    assert ask(table, order(0.1)) == Finished(
        (
            Measurement("y", 1.0, "T", 0.2, "mean of 1", "table past.csv"),
            Measurement("z", 5.0, "", None, "mean of 1", "table past.csv"),
        )
    )


def test_replicates_answer_with_mean_and_its_standard_error(table: Path) -> None:
    answer = ask(table, order(0.2))
    assert isinstance(answer, Finished)
    y, z = answer.measurements
    assert (y.value, y.method) == (3.0, "mean of 2")
    assert y.standard_error == pytest.approx(1.0)
    assert (z.value, z.method) == (7.0, "mean of 1")


def test_a_replicate_is_drawn_by_the_seed(table: Path) -> None:
    answers = [ask(table, order(0.2, seed=i), replicate="draw") for i in range(20)]
    drawn = [a.measurements[0] for a in answers if isinstance(a, Finished)]
    assert {m.value for m in drawn} == {2.0, 4.0}
    assert drawn[0].standard_error == pytest.approx(2**0.5)
    assert answers[3] == ask(table, order(0.2, seed=3), replicate="draw")


def test_numbers_are_equal_to_a_tolerance(table: Path) -> None:
    assert isinstance(ask(table, order(0.1 * (1 + 1e-9))), Finished)
    assert isinstance(ask(table, order(0.11)), Abandoned)
    assert isinstance(ask(table, order(0.11), tolerance=0.2), Finished)


def test_the_nearest_row_is_named(table: Path) -> None:
    expected = "the table has no such row; the nearest is {x: 0.5, route: SPS}"
    assert ask(table, order(0.4, "SPS")) == Abandoned(expected)


def test_columns_may_be_called_otherwise(table: Path) -> None:
    table.write_text(TABLE.replace("x,route,y", "temp,way,field", 1))
    names = {"parameters": {"x": "temp", "route": "way"}, "outcomes": {"y": "field"}}
    answer = ask(table, order(0.1), **names)
    assert isinstance(answer, Finished)
    assert answer.measurements[0].value == 1.0


def test_a_parameter_without_a_column_is_not_ignored(table: Path) -> None:
    point: Point = {"x": 0.1, "route": "HIP", "pressure": 3.0}
    answer = ask(table, replace(order(0.1), point=point))
    assert answer == Abandoned("the table and the point do not share 'pressure'")


def test_a_row_without_values_is_abandoned(table: Path) -> None:
    answer = ask(table, replace(order(0.5, "SPS"), gives=("z",)))
    assert answer == Abandoned("the table has no value of z there")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"table": "absent.csv"}, "cannot be read: No such file"),
        ({"outcomes": {"y": "Y"}}, "no column Y; there are x, route, y, y_sd, z"),
        ({"replicate": "median"}, "replicate"),
        ({"columns": {}}, "columns"),
    ],
)
def test_wrong_options_are_named(table: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Lookup(table.parent, **{"table": table, **options})
