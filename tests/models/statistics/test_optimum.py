"""Functions drawn from a Gaussian process agree with its exact formulas."""

import numpy as np
import pytest

from models.statistics.gaussian_process import GaussianProcess
from models.statistics.optimum import contrast, draw, gain_of_feature


@pytest.fixture(scope="module")
def process() -> GaussianProcess:
    rng = np.random.default_rng(0)
    x = rng.random((12, 2))
    y = np.sin(4 * x[:, 0]) + 0.1 * rng.standard_normal(12)
    return GaussianProcess.fit(x, (y - y.mean()) / y.std(ddof=1))


def test_drawn_functions_have_the_mean_and_spread_of_the_process(process: GaussianProcess) -> None:
    x = np.random.default_rng(1).random((7, 2))
    mean, sd = process.at(x)
    drawn = draw(process, x, seed=3, draws=20_000)
    assert drawn.after.mean(axis=0) == pytest.approx(mean, abs=0.02)
    assert drawn.after.std(axis=0) == pytest.approx(sd, abs=0.02)
    assert drawn.before.mean(axis=0) == pytest.approx(np.full(7, process.mean), abs=0.03)
    assert drawn.before.std(axis=0) == pytest.approx(np.full(7, process.scale**0.5), rel=0.03)


def test_contrasts_agree_with_drawn_functions(process: GaussianProcess) -> None:
    rng = np.random.default_rng(2)
    x, weights = rng.random((15, 2)), rng.standard_normal((2, 15))
    weights -= weights.mean(axis=1, keepdims=True)
    found = contrast(process, x, weights)
    drawn = draw(process, x, seed=4, draws=20_000)
    before, after = (moment @ weights.T for moment in drawn)
    assert before.mean(axis=0) == pytest.approx(np.zeros(2), abs=0.05)
    assert np.cov(before.T) == pytest.approx(found.before, rel=0.05, abs=0.05)
    assert after.mean(axis=0) == pytest.approx(found.mean, abs=0.05)
    assert np.cov(after.T) == pytest.approx(found.after, rel=0.05, abs=0.05)


def test_a_feature_that_explains_the_outcome_predicts_better() -> None:
    rng = np.random.default_rng(5)
    x = rng.random((30, 1))
    step = (x[:, 0] > 0.5).astype(float)
    process = GaussianProcess.fit(x, 2 * (step - step.mean()) + 0.3 * rng.standard_normal(30))
    assert gain_of_feature(process, step, 1.5, 0.75) > 1
    assert gain_of_feature(process, -step, 1.5, 0.75) < -1
    assert gain_of_feature(process, np.ones(30), 1.5, 0.75) == pytest.approx(0, abs=1e-6)
