"""Contrasts of a trend are above 0 for functions that run so, and for no others."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.hypothesis import Trend
from planner.trend import SURE, contrasts, probability
from planner.view import View
from tests.planner.test_credence import bowl

CAMPAIGN = bowl()
ROWS = np.random.default_rng(0).random((150, 2))
COURSES = {
    "rises": lambda u: u**3,
    "falls": lambda u: np.exp(-u),
    "peaks": lambda u: -((u - 0.4) ** 2),
    "dips": lambda u: abs(u - 0.6),
}
"""Each is its own kind only; but a hill whose top lies below the middle falls on the whole."""


def weights(sign: str, rows: Any = ROWS, over: Any = None) -> np.ndarray:
    claim = Trend(author="Aki", outcome="good", parameter="x", sign=sign, over=over)
    return contrasts(claim, View(CAMPAIGN.parameters, CAMPAIGN.outcomes, rows))


@pytest.mark.parametrize("claimed", COURSES)
@pytest.mark.parametrize("true", COURSES)
def test_a_course_meets_the_claim_of_its_own_name_alone(claimed, true):
    found = weights(claimed) @ COURSES[true](ROWS[:, 0])
    on_the_whole = {"peaks": "falls", "dips": "falls"}.get(true)
    assert bool((found > 0).all()) == (claimed in (true, on_the_whole))


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_the_slope_of_a_line_is_exact_and_a_constant_counts_for_nothing(slope, constant):
    (found,) = weights("rises") @ (constant + slope * ROWS[:, 0])
    assert found == pytest.approx(slope, abs=1e-9)


def test_nothing_outside_the_claimed_range_counts():
    u = ROWS[:, 0]
    valley = np.where(u < 0.5, -u, u)
    (found,) = weights("rises", over=(0.5, 1)) @ valley
    assert found == pytest.approx(0.5, abs=1e-9)  # per half of the range
    assert (weights("falls", over=(0, 0.45)) @ valley > 0).all()


def test_too_few_settings_give_no_contrast():
    two = np.column_stack([[0.2, 0.2, 0.8], [0.1, 0.5, 0.9]])
    assert len(weights("rises", two)) == 1
    assert len(weights("peaks", two)) == 0
    assert len(weights("rises", two[:2])) == 0
    assert len(weights("rises", two, over=(0.3, 0.7))) == 0


def test_probabilities_are_those_of_the_tables():
    one, two = np.eye(1), np.eye(2)
    assert probability(np.array([12.706]), one, 1) == pytest.approx(0.975, abs=1e-4)
    assert probability(np.array([1.96]), one) == pytest.approx(0.975, abs=1e-4)
    assert probability(np.zeros(2), two, 5) == pytest.approx(0.25, abs=0.02)
    assert probability(np.full(2, -50.0), two, 5) == pytest.approx(SURE, abs=1e-4)
