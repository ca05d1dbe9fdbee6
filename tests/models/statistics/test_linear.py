import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.arrays import Floats
from models.statistics.linear import (
    LinearBelief,
    leave_one_out,
    log_density,
    predict,
    prior,
    sd_of,
    update,
)

WEAK = prior([0, 0, 0], [10, 10, 10], 1.0)


def data(n: int, noise: float, seed: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), random.normal(size=(n, 2))])
    return x, x @ [1.0, 2.0, -3.0] + noise * random.normal(size=n)


def test_much_data_give_least_squares() -> None:
    x, y = data(5000, 0.5, 1)
    belief = update(WEAK, x, y)
    assert belief.mean == pytest.approx(np.linalg.lstsq(x, y)[0], abs=1e-4)
    assert belief.scale / belief.shape == pytest.approx(0.25, rel=0.05)


@given(st.integers(0, 20), st.integers(0, 100))
def test_data_may_come_in_parts(cut: int, seed: int) -> None:
    x, y = data(20, 0.5, seed)
    once, twice = update(WEAK, x, y), update(update(WEAK, x[:cut], y[:cut]), x[cut:], y[cut:])
    for name in ("mean", "covariance", "shape", "scale"):
        assert getattr(twice, name) == pytest.approx(getattr(once, name), rel=1e-7, abs=1e-9)


def test_the_chain_of_predictions_is_the_evidence() -> None:
    """The product of one-step predictions equals the joint density, a multivariate t."""
    x, y = data(6, 0.5, 3)
    chain = sum(
        log_density(update(WEAK, x[:i], y[:i]), x[i], y[i : i + 1])[0] for i in range(len(y))
    )
    cover = WEAK.scale / WEAK.shape * (np.eye(6) + x @ WEAK.covariance @ x.T)
    joint = stats.multivariate_t(x @ WEAK.mean, cover, df=round(2 * WEAK.shape)).logpdf(y)
    assert chain == pytest.approx(joint)


def test_intervals_are_exact_where_the_prior_is_right() -> None:
    """Truths drawn from the prior, 6 data each: t-intervals hold as often as they say."""
    belief, random, z = prior([0, 1, -1], [5, 2, 2], 0.3), np.random.default_rng(5), []
    for seed in range(600):
        s = np.sqrt(belief.scale / random.gamma(belief.shape))
        beta = random.multivariate_normal(belief.mean, s**2 * belief.covariance)
        x, _ = data(7, 0.0, seed)
        y = x @ beta + s * random.normal(size=7)
        mean, scale = predict(update(belief, x[:6], y[:6]), x[6])
        z.append((y[6] - mean[0]) / scale[0])
    for level in (0.5, 0.95):
        inside = np.abs(z) < stats.t.ppf((1 + level) / 2, 2 * belief.shape + 6)
        assert np.mean(inside) == pytest.approx(level, abs=0.05)


def test_leaving_one_out_does_what_it_says() -> None:
    x, y = data(7, 0.5, 4)
    residual, density = leave_one_out(WEAK, x, y)
    others = update(WEAK, x[1:], y[1:])
    assert residual[0] == pytest.approx(y[0] - predict(others, x[0])[0][0])
    assert density[0] == pytest.approx(log_density(others, x[0], y[:1])[0])


def test_the_sd_is_that_of_students_t() -> None:
    belief: LinearBelief = prior([0.0], [1.0], 1.0, 3.0)
    scale = predict(belief, [[1.0]])[1]
    assert sd_of(belief, scale)[0] == pytest.approx(stats.t(6, scale=scale[0]).std())


def test_impossible_priors_are_refused() -> None:
    for sd, noise in (([0.0], 1.0), ([1.0], 0.0)):
        with pytest.raises(ValueError, match="above 0"):
            prior([0.0], sd, noise)
