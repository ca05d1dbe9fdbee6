"""The boundary law from bicrystals; ``benchmarks.network`` has the coverage over many trials."""

import numpy as np
import pytest

from models.network.bicrystal import BicrystalFit, Bicrystals, fit
from models.network.law import BoundaryLaw, current_density

ANGLES = np.array([3.0, 6, 9, 12, 16, 20, 24, 30])
TRUE = BoundaryLaw(2e10, 9, 9)


def measured(seed: int, noise: float = 0.1, told: float | None = None) -> BicrystalFit:
    random = np.random.default_rng(seed)
    seen = TRUE(ANGLES) * (1 + noise * random.normal(size=len(ANGLES)))
    return fit(Bicrystals(ANGLES, seen, None if told is None else np.full(len(ANGLES), told)))


def test_without_noise_the_law_comes_back() -> None:
    law = measured(0, noise=1e-9).laws[0]
    assert law.mean == pytest.approx(TRUE.mean, abs=0.02)
    assert np.abs(law.covariance).max() < 1e-3


@pytest.mark.parametrize("told", [None, 0.1])
def test_the_critical_angle_is_found_and_its_interval_is_honest(told: float | None) -> None:
    """40 trials at 10 % noise, one third of an eighth of them may miss; a guard, not the proof."""
    fits = [measured(seed, told=told) for seed in range(40)]
    assert np.mean([abs(f.laws[0].critical_angle - 9) <= 1.5 for f in fits]) >= 0.8
    assert np.mean([f.critical_angle[0] <= 9 <= f.critical_angle[1] for f in fits]) >= 0.87
    assert np.mean([f.decay[0] <= 9 <= f.decay[1] for f in fits]) >= 0.85
    assert np.median([f.critical_angle[1] - f.critical_angle[0] for f in fits]) < 6


def test_two_fields_share_the_angle_and_not_the_plateau() -> None:
    random = np.random.default_rng(0)
    noise = np.exp(0.05 * random.normal(size=(2, len(ANGLES))))
    seen = (TRUE(ANGLES) * np.array([[1.0], [0.2]]) * noise).ravel()
    found = fit(Bicrystals(np.tile(ANGLES, 2), seen, None, np.repeat([0, 1], len(ANGLES))))
    assert found.laws[0].critical_angle == found.laws[1].critical_angle == pytest.approx(9, abs=1)
    assert found.laws[1].plateau / found.laws[0].plateau == pytest.approx(0.2, rel=0.1)


def test_deviations_that_the_scatter_belies_are_said_not_to_be_believed() -> None:
    believed, belied = measured(0, told=0.1), measured(0, told=0.001)
    assert not believed.notes
    assert belied.notes[0].startswith("single boundaries scatter more than the told")


def test_what_cannot_be_resolved_is_said() -> None:
    steep = fit(
        Bicrystals(ANGLES + 12, BoundaryLaw(1e10, 5, 9)(ANGLES + 12) * (1 + 0.01 * np.cos(ANGLES)))
    )
    assert "the plateau is not resolved" in steep.notes[0]
    assert steep.critical_angle[0] == 0


@pytest.mark.parametrize(
    ("angle", "current", "why"),
    [
        ([1, 2, 3, 4], [1, 1, -1, 1], "current densities must be above 0"),
        ([1, 2, 3, 400], [1, 1, 1, 1], "0 to 180 degrees"),
        ([1, 2, 3], [1, 1, 1], "3 boundaries say too little for 3 unknowns; 4 are needed"),
        ([1, 1, 2, 2], [1, 1, 1, 1], "fewer than 4 different angles"),
        ([1, 5, 10, 20, 30], [1, 2, 3, 4, 5], "does not fall with the angle"),
        ([3, 6, 9, 12, 20, 30], [1e9] * 6, "does not fall with the angle"),
    ],
)
def test_data_without_a_law_are_refused(angle: list[float], current: list[float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        fit(Bicrystals(np.array(angle, float), np.array(current, float)))


def test_a_law_draws_what_it_says() -> None:
    spread = np.array([[0.01, 0.02, 0], [0.02, 0.5, 0], [0, 0, 0.04]])
    law = BoundaryLaw(1e10, 9, 4, spread)
    drawn = law.draws(20_000, np.random.default_rng(0))
    assert np.cov(drawn, rowvar=False) == pytest.approx(spread, abs=0.01)
    assert law(np.array([0.0, 9, 13, np.nan])) == pytest.approx([1e10, 1e10, 1e10 / np.e, 0])
    assert current_density(np.array([13.0]), drawn[:3]).shape == (3, 1)
    for wrong in ({"plateau": 0}, {"decay": -1}, {"critical_angle": 200}, {"covariance": -spread}):
        with pytest.raises(ValueError, match=r"must be|is not"):
            BoundaryLaw(**{"plateau": 1.0, "critical_angle": 9, "decay": 9} | wrong)
