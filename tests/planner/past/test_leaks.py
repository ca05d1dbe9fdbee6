"""A setting that is a copy of an outcome is told, one that matters is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.past.leaks import near_one


@pytest.mark.parametrize("sign", [1, -1])
@given(seed=st.integers(0, 10_000), n=st.integers(40, 200))
def test_a_copy_with_two_percent_of_noise_is_found(sign: int, seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    outcome = rng.lognormal(size=n)
    copy = sign * outcome * (1 + 0.02 * rng.normal(size=n))
    rank = near_one(copy, outcome)
    assert rank is not None
    assert rank * sign > 0.99


@given(seed=st.integers(0, 10_000))
def test_what_only_matters_much_is_no_copy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    setting = rng.normal(size=60)
    assert near_one(setting, setting + 0.5 * rng.normal(size=60)) is None


def test_a_study_of_one_setting_over_few_levels_is_no_copy() -> None:
    assert near_one(range(11), [x**2 for x in range(11)]) is None
