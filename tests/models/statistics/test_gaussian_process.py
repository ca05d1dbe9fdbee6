"""The plain-array process and its acquisition, against BoTorch; the warp and its inverse."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.statistics.gaussian_process import GaussianProcess, log_expected_improvement
from models.statistics.warp import Warp


def test_it_predicts_what_the_botorch_model_predicts() -> None:
    from models.statistics.surrogate import TrialGP

    rng = np.random.default_rng(3)
    x = rng.random((25, 3))
    x[:, 2] = rng.integers(0, 3, 25) / 2
    y = np.sin(5 * x[:, 0]) + (x[:, 2] == 1) + rng.normal(0, 0.1, 25)
    y = (y - y.mean()) / y.std(ddof=1)
    new = rng.random((40, 3)) * [1, 1, 0] + [0, 0, 0.5]
    botorch = TrialGP(
        torch.tensor(x), torch.tensor(y[:, None]), categorical_features=[2]
    ).requires_grad_(False)
    botorch.custom_fit(botorch)
    expected = botorch.eval().posterior(torch.tensor(new))
    mean, sd = GaussianProcess.fit(x, y, categories=[2]).at(new)
    assert mean == pytest.approx(expected.mean.numpy()[:, 0], abs=1e-7)
    assert sd == pytest.approx(expected.variance.sqrt().numpy()[:, 0], abs=1e-6)


def test_log_expected_improvement_keeps_its_digits_far_below_the_best() -> None:
    from botorch.acquisition.analytic import _log_ei_helper

    z = np.concatenate([-np.logspace(-3, 5, 200), np.linspace(0, 30, 50)])
    expected = _log_ei_helper(torch.tensor(z)).numpy()
    found = log_expected_improvement(2.0 + 3.0 * z, np.full(z.shape, 3.0), 2.0) - np.log(3.0)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=20, unique_by=lambda v: round(v, 3)),
    st.booleans(),
)
def test_a_warp_rises_and_comes_back(values: list[float], skewed: bool) -> None:
    y = np.array(sorted(values))
    warp = Warp.fit(y, skewed)
    seen = warp.forward(y)
    assert (np.diff(seen) >= 0).all()
    back = [warp.back(float(z), 0.0)[0] for z in seen]
    if not skewed:
        assert back == pytest.approx(y, rel=1e-6, abs=1e-6)
    else:  # the ends of a steep curve are clipped a little
        assert np.median(np.abs(back - y)) <= 0.05 * np.ptp(y)


def test_a_spread_goes_through_the_warp_as_an_interval_does() -> None:
    y = np.exp(np.linspace(0, 5, 30))
    warp = Warp.fit(y, skewed=True)
    error = warp.forward_error(np.array([20.0]), np.array([1.0]))
    mean, sd = warp.back(float(warp.forward(np.array([20.0]))[0]), float(error[0]))
    assert mean == pytest.approx(20.0, rel=1e-6)
    assert sd == pytest.approx(1.0, rel=0.02)
