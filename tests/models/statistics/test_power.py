"""The power transform: scikit-learn's, and back again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import PowerTransformer

from models.statistics.yeo_johnson import YeoJohnson


@pytest.mark.parametrize("seed", range(6))
def test_it_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    z = rng.gamma(1.5, size=30) if seed % 2 else -(rng.gamma(1.0, size=12) ** 2)
    known = PowerTransformer().fit(z[:, None])
    ours = YeoJohnson.fit(z)
    assert ours.power == pytest.approx(known.lambdas_[0], abs=1e-6)
    assert ours.forward(z) == pytest.approx(known.transform(z[:, None])[:, 0], abs=1e-6)


@given(st.floats(-1.5, 3.5), st.lists(st.floats(-5, 5), min_size=1, max_size=8))
def test_the_inverse_brings_every_value_back(power: float, values: list[float]) -> None:
    curve = YeoJohnson(power, 0.3, 1.7)
    z = np.array(values)
    assert curve.inverse(curve.forward(z)) == pytest.approx(z, abs=1e-6)
    assert np.all(np.diff(curve.forward(np.sort(z))) >= 0)


def test_the_curve_ends_where_its_image_ends() -> None:
    low, high = YeoJohnson(-1.0, 0.0, 2.0).image
    assert (low, high) == pytest.approx((-np.inf, 0.5))
    assert YeoJohnson(-1.0, 0.0, 2.0).forward(np.array([1e9]))[0] == pytest.approx(high)
