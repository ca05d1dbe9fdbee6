"""Contrasts of a trend are above 0 for functions that run so, and for no others."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.arrays import Floats
from planner.beliefs.slope import Slope
from planner.beliefs.trend import SURE, contrasts, probability, within
from planner.campaign.cube import Cube
from planner.campaign.hypothesis import Trend
from tests.planner.beliefs.test_credence import bowl

CAMPAIGN = bowl()
ROWS = np.random.default_rng(0).random((150, 2))
COURSES = {
    "rises": lambda u: u**3,
    "falls": lambda u: np.exp(-u),
    "peaks": lambda u: -((u - 0.4) ** 2),
    "dips": lambda u: abs(u - 0.6),
}
"""Each is its own kind only; but a hill whose top lies below the middle falls on the whole."""


def sums(sign: Any, function: Any, rows: Any = ROWS, over: Any = None) -> Floats:
    """What the contrasts make of a function of x."""
    course = Trend(author="Aki", outcome="good", parameter="x", sign=sign, over=over).evidence
    cube = Cube(CAMPAIGN.parameters, CAMPAIGN.outcomes, rows)
    found: Floats = contrasts(course, cube) @ function(within(course, cube)[:, 0])
    return found


@pytest.mark.parametrize("claimed", COURSES)
@pytest.mark.parametrize("true", COURSES)
def test_a_course_meets_the_claim_of_its_own_name_alone(claimed: str, true: str) -> None:
    found = sums(claimed, COURSES[true])
    on_the_whole = {"peaks": "falls", "dips": "falls"}.get(true)
    assert bool((found > 0).all()) == (claimed in (true, on_the_whole))


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_the_slope_of_a_line_is_exact_and_a_constant_counts_for_nothing(
    slope: float, constant: float
) -> None:
    (found,) = sums("rises", lambda u: constant + slope * u)
    assert found == pytest.approx(slope, abs=1e-9)


def test_nothing_outside_the_claimed_range_counts() -> None:
    assert sums("rises", lambda u: abs(u - 0.5), over=(0.5, 1)) == pytest.approx([0.5])  # per range
    assert sums("falls", lambda u: abs(u - 0.5), over=(0.1, 0.11)) == pytest.approx([0.01])


def test_too_few_settings_give_no_contrast() -> None:
    two = np.column_stack([[0.2, 0.2, 0.8], [0.1, 0.5, 0.9]])
    assert len(sums("rises", np.sin, two)) == 1
    assert len(sums("peaks", np.sin, two)) == 0
    assert len(sums("rises", np.sin, two[:2])) == 0


def test_probabilities_are_those_of_the_tables() -> None:
    one, two = np.eye(1), np.eye(2)
    assert probability(np.array([12.706]), one, 1) == pytest.approx(0.975, abs=1e-4)
    assert probability(np.array([1.96]), one) == pytest.approx(0.975, abs=1e-4)
    assert probability(np.zeros(2), two, 5) == pytest.approx(0.25, abs=0.02)
    assert probability(np.full(2, -50.0), two, 5) == pytest.approx(SURE, abs=1e-4)


def test_a_slope_is_above_0_with_the_chance_of_students_t() -> None:
    slope = Slope(value=2.0, standard_error=1.0, half_width=0.0, freedom=1, unit="1 per unit")
    assert slope.rising == pytest.approx(0.5 + math.atan(2) / math.pi)
    assert replace(slope, value=-2.0).rising == pytest.approx(1 - slope.rising)
    assert replace(slope, standard_error=0.0).rising == pytest.approx(1)
    assert replace(slope, value=0.0, standard_error=0.0).rising == pytest.approx(0.5)
