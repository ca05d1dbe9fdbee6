import contextlib
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.campaign.expression import parse_constraint, parse_formula
from tests.strategies import NAMES, numbers


def value(text: str, **names: float) -> float:
    return parse_formula(text, names)(names)


def test_formulas_follow_the_usual_rules() -> None:
    assert value("-2 + 3*x**2/2", x=2) == 4
    assert value("sqrt(abs(x)) + log10(100) + max(1, 2)", x=-9) == 7
    assert value("2 - -x", x=1) == 3


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_laboratory_can_stand_in_a_formula(name: str) -> None:
    assert parse_formula(f"2*{name} + 1", NAMES)({name: 3.0}) == 7
    assert parse_formula(f"2*`{name}`+1", NAMES)({name: 3.0}) == 7


def test_the_longest_name_wins() -> None:
    assert parse_formula("J-c + J", ["J", "c", "J-c"])({"J": 1.0, "c": 10.0, "J-c": 100.0}) == 101
    assert parse_formula("x10 - x1", ["x1", "x10"])({"x1": 1.0, "x10": 3.0}) == 2


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')", "x.__class__", "(lambda: x)()", "[x for x in x]", "x if x else 1",
        "x; x", "open('f')", "y", "x(", "", "'a'", "True", "f'{x}'", "x" * 600, "(" * 300 + "x", "x @ x", "x := 2",
        "exp(x=1)", "-" * 450 + "x" * 60,
    ],
)  # fmt: skip
def test_what_is_not_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        value(text, x=1.0)


@pytest.mark.parametrize(
    "text", ["1/x", "9**9**9**9", "(-1)**0.5", "log(x)", "1e308*10", "exp(1e9)"]
)
def test_a_formula_without_a_finite_value_says_so(text: str) -> None:
    with pytest.raises(ValueError, match="value"):
        value(text, x=0.0)


@given(a=numbers, b=numbers, bound=numbers, x=numbers, y=numbers)
def test_a_constraint_is_the_linear_form_it_reads_like(
    a: float, b: float, bound: float, x: float, y: float
) -> None:
    point = {"x": x, "y": y}
    if a and b:
        constraint = parse_constraint(f"{a}*x - (y*{b} - 1)/2 <= {bound} + x", point)
        assert constraint.excess(point) == pytest.approx(
            a * x - (y * b - 1) / 2 - bound - x, abs=1e-6
        )


def test_relations_are_read_both_ways() -> None:
    less, more = parse_constraint("x <= y", ["x", "y"]), parse_constraint("y >= x", ["x", "y"])
    assert less.coefficients == more.coefficients
    equal = parse_constraint("x + y == 100", ["x", "y"])
    assert equal.equality
    assert equal.holds({"x": 30, "y": 70})
    assert not equal.holds({"x": 30, "y": 71})


@pytest.mark.parametrize(
    "text",
    [
        "x*y <= 1",
        "x < 1",
        "x <= y <= 1",
        "1 <= 2",
        "x**2 <= 1",
        "sqrt(x) >= 1",
        "1/x <= 2",
        "x <= 1e999",
    ],
)
def test_what_is_not_a_linear_constraint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_constraint(text, ["x", "y"])


@given(st.text(max_size=80))
def test_no_text_raises_anything_but_a_value_error(text: str) -> None:
    for parse in (parse_formula, parse_constraint):
        with contextlib.suppress(ValueError):
            parse(text, ["x", "J-c"])


def test_the_value_of_a_constant() -> None:
    assert math.isclose(value("exp(1)"), math.e)


FORMULAS = [
    "2*x - y/3", "x**2 + y**2", "sqrt(abs(x)) + log10(1 + y**2)", "max(x, y, 1) - min(x, 2)", "exp(-abs(x))", "7",
    "1/x", "sqrt(y)",
]  # fmt: skip


@given(st.sampled_from(FORMULAS), st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5))
def test_a_formula_over_columns_is_the_formula_of_each_row(
    text: str, rows: list[tuple[float, float]]
) -> None:
    formula = parse_formula(text, "xy")
    x, y = np.array(rows, dtype=float).T
    found = np.broadcast_to(formula.over({"x": x, "y": y}), len(rows))
    for row, came in zip(rows, found, strict=True):
        try:
            expected = formula({"x": row[0], "y": row[1]})
        except ValueError:
            assert not math.isfinite(came)
        else:
            assert came == pytest.approx(expected, rel=1e-9)
