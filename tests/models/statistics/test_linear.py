from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.arrays import Floats
from models.statistics.linear import (
    LinearBelief,
    coefficients,
    leave_one_out,
    log_density,
    predict,
    prior,
    update,
)

WEAK = prior([0, 0, 0], [10, 10, 10], 1.0)


def data(n: int, noise: float, seed: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), random.normal(size=(n, 2))])
    return x, x @ [1.0, 2.0, -3.0] + noise * random.normal(size=n)


def test_much_data_give_least_squares_and_the_noise() -> None:
    x, y = data(3000, 0.5, 1)
    belief = update(WEAK, x, y)
    assert coefficients(belief)[0] == pytest.approx(np.linalg.lstsq(x, y)[0], abs=1e-3)
    assert predict(belief, x[:1])[1] == pytest.approx(0.5, rel=0.1)  # levels are a fifth apart


@given(st.integers(0, 20), st.integers(0, 100))
def test_data_may_come_in_parts_and_in_any_order(cut: int, seed: int) -> None:
    x, y = data(20, 0.5, seed)
    once = update(WEAK, x, y)
    turned = update(update(WEAK, x[cut:], y[cut:]), x[:cut], y[:cut])
    for field in fields(LinearBelief):
        ours, theirs = getattr(turned, field.name), getattr(once, field.name)
        assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-8)


def test_at_one_noise_it_is_the_textbook_formula() -> None:
    """V' = (V^-1 + X'X / s^2)^-1, m' = V' (V^-1 m + X'y / s^2)."""
    level = 4
    one = replace(WEAK, **{f.name: getattr(WEAK, f.name)[level:][:1] for f in fields(WEAK)})
    x, y = data(8, 0.5, 2)
    found = update(one, x, y)
    inverse = np.linalg.inv(np.eye(3) / 100 + x.T @ x / one.noise[0] ** 2)
    assert found.covariance[0] == pytest.approx(inverse, rel=1e-6, abs=1e-9)
    assert found.mean[0] == pytest.approx(inverse @ x.T @ y / one.noise[0] ** 2, rel=1e-6)


def test_the_chain_of_predictions_is_the_evidence() -> None:
    """The product of one-step predictions equals the joint density, a mixture of normals."""
    x, y = data(6, 0.5, 3)
    chain = sum(
        log_density(update(WEAK, x[:i], y[:i]), x[i], y[i : i + 1])[0] for i in range(len(y))
    )
    joint = sum(
        w * stats.multivariate_normal(x @ m, x @ v @ x.T + s**2 * np.eye(6)).pdf(y)
        for w, m, v, s in zip(WEAK.weight, WEAK.mean, WEAK.covariance, WEAK.noise, strict=True)
    )
    assert chain == pytest.approx(np.log(joint))


@pytest.mark.parametrize("noise", [0.1, 0.3, 0.6, 1.0])
def test_intervals_hold_whatever_the_noise_is(noise: float) -> None:
    """With 8 data and coefficients nearer to the prior than it thinks, as in practice."""
    belief, random, z = prior([0, 1, -1], [5, 2, 2], 0.3), np.random.default_rng(5), []
    for seed in range(400):
        x, _ = data(9, 0.0, seed)
        y = x @ (belief.mean[0] + random.normal(size=3)) + noise * random.normal(size=9)
        mean, sd = predict(update(belief, x[:8], y[:8]), x[8])
        z.append((y[8] - mean[0]) / sd[0])
    assert 0.85 < np.mean(np.abs(z) < 1.645) < 0.97


def test_leaving_one_out_does_what_it_says() -> None:
    x, y = data(7, 0.5, 4)
    residual, density = leave_one_out(WEAK, x, y)
    others = update(WEAK, x[1:], y[1:])
    assert residual[0] == pytest.approx(y[0] - predict(others, x[0])[0][0])
    assert density[0] == pytest.approx(log_density(others, x[0], y[:1])[0])


def test_impossible_priors_are_refused() -> None:
    for sd, noise, spread in (([0.0], 1.0, 1.0), ([1.0], 0.0, 1.0), ([1.0], 1.0, 0.0)):
        with pytest.raises(ValueError, match="above 0"):
            prior([0.0], sd, noise, spread)
