import math

import numpy as np
import pytest

from models.statistics.calibration import calibration


def test_known_numbers() -> None:
    scores = calibration(mean=[10, 20], sd=[1, 2], value=[11, 14])  # z = 1 and -3
    assert (scores.n, scores.coverage_50, scores.coverage_95) == (2, 0.0, 0.5)
    assert scores.rmse == pytest.approx(math.sqrt((1 + 36) / 2))
    assert (scores.mean_z, scores.sd_z) == pytest.approx((-1, 2))
    densities = [math.exp(-0.5) / math.sqrt(2 * math.pi), math.exp(-4.5) / math.sqrt(8 * math.pi)]
    assert scores.log_score == pytest.approx(np.log(densities).mean())


def test_exact_gaussian_draws_are_honest() -> None:
    n, rng = 20_000, np.random.default_rng(1)
    mean, sd = rng.normal(size=n), rng.uniform(0.1, 3, size=n)
    scores = calibration(mean, sd, rng.normal(mean, sd))
    covered = (scores.coverage_50, scores.coverage_68, scores.coverage_95)
    assert covered == pytest.approx((0.50, 0.68, 0.95), abs=0.015)
    assert (scores.mean_z, scores.sd_z) == pytest.approx((0, 1), abs=0.03)


def test_the_truth_scores_better_than_doubt_and_overconfidence() -> None:
    value = np.random.default_rng(2).normal(size=5000)
    honest, bold, timid = (
        calibration(np.zeros(5000), np.full(5000, s), value) for s in (1, 0.3, 3)
    )
    assert honest.log_score > max(bold.log_score, timid.log_score)
    assert bold.coverage_95 < 0.6 < 0.99 < timid.coverage_95


@pytest.mark.parametrize(
    ("mean", "sd", "value", "message"),
    [
        ([], [], [], "n > 0"),
        ([1], [1, 1], [1], "one shape"),
        ([1], [0], [1], "sd must be above 0, not 0"),
        ([1], [1], [math.nan], "finite"),
    ],
)
def test_bad_arrays_are_refused(
    mean: list[float], sd: list[float], value: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        calibration(mean, sd, value)
