"""Reading past campaigns: what the mapping says, what the table holds, what is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.past.history import read_history
from planner.past.mapping import HistoryError, parse_mapping
from planner.past.pool import History

MAPPING = """
mapping: 1
name: furnace
table: data.csv
pool: factorial
order: {column: run, trust: known}
arm: arm
batch: batch
status: status
parameters:
  heat: {kind: range, low: 600, high: 800, unit: degC}
  route: {kind: choice, values: [SPS, HIP]}
outcomes:
  field: {goal: maximize, unit: "T (as read)", sd: field_sd, n: field_n}
  decay: {goal: minimize, unit: "%"}
reference_point: {field: 0.1}
"""
TABLE = """\ufeffrun,batch,arm,status,heat,route,field,field_sd,field_n,decay
2,1,a,completed,700,HIP,0.9,0.1,4,3
1,0,a,completed,600,SPS,0.5,,,5
3,1,b,late,700,HIP,0.7,,,4
4,-1,b,completed,850,HIP,0.2,,,2
5,2,b,pending,650,SPS,,,,1
6,2,b,failed,610,SPS,0,,,0
"""


type ReadTable = Callable[..., History]


@pytest.fixture
def history_of(tmp_path: Path) -> ReadTable:
    """Reads a table with a mapping, each of them changed by replacing one text by another."""

    def read(table: tuple[str, str] = ("", ""), mapping: tuple[str, str] = ("", "")) -> History:
        (tmp_path / "data.csv").write_text(TABLE.replace(*table), encoding="utf-8")
        (tmp_path / "mapping.yaml").write_text(MAPPING.replace(*mapping), encoding="utf-8")
        return read_history(str(tmp_path))

    return read


def test_a_mapping_makes_a_real_campaign(history_of: ReadTable) -> None:
    campaign = history_of().campaign
    assert list(campaign.free) == ["heat", "route"]
    assert campaign.unit("field") == "[T (as read)]"
    assert campaign.outcomes["field"].threshold == 0.1
    assert campaign.stages[0].gives == ("field", "decay")


def test_rows_come_in_the_order_of_the_experiments(history_of: ReadTable) -> None:
    rows = history_of().rows
    assert [row.values.get("field") for row in rows] == [0.5, 0.9, 0.7, 0.2, None, None]
    assert [row.ordered for row in rows] == [True, True, True, False, True, True]
    assert [row.line for row in rows][:2] == [3, 2]


def test_without_an_order_rows_come_as_in_the_file(history_of: ReadTable) -> None:
    rows = history_of(mapping=("{column: run, trust: known}", "{trust: none}")).rows
    assert [row.line for row in rows] == [2, 3, 4, 5, 6, 7]
    assert not any(row.ordered for row in rows)


def test_arms_keep_their_rows(history_of: ReadTable) -> None:
    assert {arm: len(rows) for arm, rows in history_of().arms.items()} == {"a": 2, "b": 4}


def test_what_is_missing_or_odd_is_kept_and_noted(history_of: ReadTable) -> None:
    history = history_of()
    assert history.rows[3].point == {"heat": 850.0, "route": "HIP"}
    assert history.notes == (
        "2 of 6 rows lack field",
        "1 of 6 rows lack decay",
        "1 of 6 rows are failed samples",
        "1 of 6 rows are outside the campaign: row 5: heat: 850 is outside 600 to 800 degC",
        "status: 3 completed, 1 late, 1 pending, 1 failed",
    )


def test_replicates_make_one_condition(history_of: ReadTable) -> None:
    pool = history_of().pool()
    assert [p["heat"] for p in pool.points] == [600, 700, 850, 610]
    assert pool.n.tolist() == [1, 2, 1, 0]
    assert pool.mean[1].tolist() == pytest.approx([0.8, 3.5])
    assert pool.sd[1].tolist() == pytest.approx([0.02**0.5, 0.5**0.5])
    assert pool.replicates[1].tolist() == [[0.9, 3.0], [0.7, 4.0]]
    assert (pool.left_out, pool.order) == (1, (0, 1, 3))
    assert pool.position({"heat": 700, "route": "HIP"}) == 1


def test_a_failed_condition_is_an_experiment_with_the_worst_merit(history_of: ReadTable) -> None:
    merits = history_of().pool().merits
    assert merits[3].tolist() == [0.2, -5.0]
    assert merits[1].tolist() == pytest.approx([0.8, -3.5])


def test_a_condition_that_breaks_a_requirement_has_the_worst_merit(history_of: ReadTable) -> None:
    pool = history_of(mapping=("goal: maximize,", "goal: maximize, at_least: 0.4,")).pool()
    assert pool.merits[:, 1].tolist() == [-5.0, -3.5, -5.0, -5.0]
    assert pool.n.tolist() == [1, 2, 1, 0]


def test_one_goal_needs_one_outcome_only(history_of: ReadTable) -> None:
    pool = history_of().pool("decay")
    assert (pool.size, pool.left_out) == (5, 0)
    assert list(pool.campaign.objectives) == ["decay"]
    with pytest.raises(HistoryError, match=r"'heat' is no outcome with a goal.*field, decay"):
        history_of().pool("heat")


def test_standard_errors_come_from_three_replicates_or_from_the_table(
    history_of: ReadTable,
) -> None:
    alone = history_of(table=("3,1,b,late", "3,1,b,abandoned")).pool("field")
    assert alone.standard_error[1, 0] == pytest.approx(0.05)
    assert np.isnan(alone.standard_error[0, 0])
    more = "1,0,a,x,600,SPS,0.6,,,5\n1,0,a,x,600,SPS,0.7,,,5\n2,1"
    assert history_of(table=("2,1", more)).pool("field").standard_error[0, 0] == pytest.approx(
        0.1 / 3**0.5
    )


def test_failure_rules_say_which_values_are_failures(history_of: ReadTable) -> None:
    rule = ("reference_point", "failure: {field: '<= 0.2', decay: missing}\nreference_point")
    failed = [row.failed for row in history_of(mapping=rule).rows]
    assert failed == [False, False, False, True, False, True]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (("heat,route", "temp,route"), "column 'heat' is missing; there are run, batch"),
        (("SPS,0.5", "SLS,0.5"), r"row 3: route: 'SLS' is not one of SPS, HIP"),
        (("0.9", "high"), r"row 2, column 'field': 'high' is not a number"),
        (("700", ""), r"row 2: heat: '' is not a number"),
        (("0.1,4", "-0.1,4"), r"row 2, column 'field_sd': -0.1 is negative"),
        (("5,2,b,pending", "5,2,b"), r"row 6 has 9 cells for 10 columns"),
        (("heat,", "run,"), "column 'run' stands twice"),
        (("\ufeff", "version https://git-lfs.github.com/spec/v1\n"), "is a Git-LFS pointer"),
        ((TABLE[TABLE.index("\n") :], ""), "the table is empty"),
        ((TABLE, ""), "the table is empty"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(
    history_of: ReadTable, table: tuple[str, str], message: str
) -> None:
    with pytest.raises(HistoryError, match=r"^data.csv: .*" + message):
        history_of(table)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (("decay: {goal", "decay: {gaol"), r"outcomes.decay.goal: this field is missing"),
        (("mapping: 1", "mapping: 2"), "mapping: 2 is not one of 1"),
        (("{field: 0.1}", "{filed: 0.1}"), "reference_point: 'filed' is no outcome"),
        (("reference_point", "failure: {field: low}\nreference_point"), "is not a failure rule"),
        (("low: 600", "low: 900"), r"low \(900\) must be below high"),
        (("name: furnace", "name: /"), "'/' is not allowed"),
        (("{column: run, trust: known}", "{column: run, trust: sure}"), "order.trust"),
        (("name: furnace", "name: [furnace"), "line"),
    ],
)
def test_a_wrong_mapping_is_refused_by_field(
    history_of: ReadTable, mapping: tuple[str, str], message: str
) -> None:
    with pytest.raises(HistoryError, match=r"mapping.yaml: .*" + message):
        history_of(mapping=mapping)


def test_a_table_may_be_given_with_its_mapping(tmp_path: Path) -> None:
    (tmp_path / "other.tsv").write_text("route\theat\tfield\nSPS\t650\t0.4\n")
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "{mapping: 1, name: t, table: x, parameters: {heat: {kind: range, low: 0, high: 900}},"
        " outcomes: {field: {goal: maximize}}}"
    )
    assert read_history(str(tmp_path / "other.tsv"), rules).rows[0].point == {"heat": 650.0}
    with pytest.raises(HistoryError, match="needs a mapping"):
        read_history(str(tmp_path / "other.tsv"))
    with pytest.raises(HistoryError, match="no such file or folder"):
        read_history(str(tmp_path / "nowhere"))


def test_dates_sort_as_text(history_of: ReadTable) -> None:
    table = TABLE
    for run in "123456":
        table = table.replace(f"\n{run},", f"\n2024-05-0{run},")
    rows = history_of(table=(TABLE, table)).rows
    assert [row.line for row in rows][:2] == [3, 2]


def test_units_that_nobody_knows_become_labels() -> None:
    content = {
        "mapping": 1, "name": "x", "table": "x.csv",
        "parameters": {"x": {"kind": "range", "low": 0, "high": 1, "unit": "HV"}},
        "outcomes": {"y": {"goal": "minimize", "unit": "mV"}},
    }  # fmt: skip
    campaign = parse_mapping(content, "mapping").campaign()
    assert (campaign.unit("x"), campaign.unit("y")) == ("[HV]", "mV")


def test_a_unit_that_would_be_misread_is_no_label() -> None:
    content = {
        "mapping": 1, "name": "x", "table": "x.csv",
        "parameters": {"x": {"kind": "range", "low": 0, "high": 1, "unit": "C"}},
        "outcomes": {"y": {"goal": "minimize", "unit": "mV"}},
    }  # fmt: skip
    with pytest.raises(HistoryError, match=r"parameters.x.*'C' would be the coulomb; write 'degC'"):
        parse_mapping(content, "mapping")
