"""SYNTHETIC stacks are what their recipe says, and as hard as real ones."""

from dataclasses import replace

import numpy as np
import pytest
from skimage.filters import threshold_otsu

from models.arrays import Flags
from models.imaging.simulated.families import FAMILIES
from models.imaging.simulated.microscope import Exposure, noise_variance
from models.imaging.simulated.oracle import habits_of, oracle
from models.imaging.simulated.recipe import NAMES, StackRecipe
from models.imaging.simulated.simulate import exposed, photograph, simulate

SMALL = replace(StackRecipe(), shape=(24, 160, 160))
PORE, IMPURITY = NAMES.index("pore"), NAMES.index("impurity")


@pytest.fixture(scope="module")
def exposure() -> Exposure:
    return exposed(SMALL, 1)


def overlap(found: Flags, true: Flags) -> float:
    """Intersection over union."""
    return float((found & true).sum() / (found | true).sum())


def test_a_seed_is_a_stack() -> None:
    (one, truth), (same, _), (other, _) = (simulate(SMALL, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.grey, same.grey)
    assert not np.array_equal(one.grey, other.grey)
    assert one.shape == truth.classes.shape == SMALL.shape
    assert "SYNTHETIC" in one.notes[0]


def test_noise_and_contrast_are_those_of_the_recipe(exposure: Exposure) -> None:
    expected = exposure.expected
    off = photograph(SMALL, exposure, 1) - expected
    assert off[exposure.classes != PORE].std() == pytest.approx(SMALL.noise, rel=0.03)
    assert noise_variance(SMALL, np.float32(SMALL.grey)) == pytest.approx(SMALL.noise**2)
    matrix, _, impurity = exposure.surfaces
    assert np.allclose(matrix - impurity, 0.07, atol=1e-6)


def test_a_shallow_pore_is_nearly_as_bright_as_the_matrix_and_a_deep_one_is_dark(
    exposure: Exposure,
) -> None:
    grey, pores = exposure.surfaces[PORE], exposure.classes == PORE
    shallow = grey[pores & (exposure.depth_m < 40e-9)]
    assert SMALL.grey - shallow.mean() < 1.5 * SMALL.noise
    assert np.mean(shallow > SMALL.grey) > 0.02
    assert grey[pores & (exposure.depth_m > 800e-9)].mean() < SMALL.grey / 2


def test_the_depth_of_a_pore_is_that_to_the_next_solid_slice() -> None:
    still = exposed(replace(SMALL, drift_m=0), 1)
    z, y, x = np.argwhere((still.classes[:-1] == PORE) & (still.classes[1:] != PORE))[0]
    assert still.depth_m[z, y, x] == pytest.approx(SMALL.voxel_m[0])
    assert (still.drift_px == 0).all()


def test_shares_are_on_average_those_of_the_recipe() -> None:
    volumes = [simulate(SMALL, seed)[1] for seed in range(8)]
    pores = [np.mean(volume.where("pore")) for volume in volumes]
    assert np.mean(pores) == pytest.approx(SMALL.porosity, abs=3 * np.std(pores) / np.sqrt(8))


def test_no_solid_hangs_where_pores_are_off() -> None:
    solid = simulate(replace(SMALL, porosity=0.0, impurity=0.0), 1)[1]
    assert (solid.classes == 0).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_minority_is_as_hard_as_on_real_pictures(seed: int) -> None:
    """Otsu finds 0.48 to 0.62 of the pores on real crops, of which the truth is known."""
    stack, truth = simulate(StackRecipe(), seed)
    dark = stack.grey < threshold_otsu(stack.grey)
    assert 0.48 < overlap(dark, truth.where("pore")) < 0.62


def test_the_oracle_has_noise_alone_against_it(exposure: Exposure) -> None:
    habits = habits_of(exposed(SMALL, 2).classes)
    found = oracle(SMALL, exposure, photograph(SMALL, exposure, 1), habits)
    assert np.allclose(found.shares.sum(axis=0), 1, atol=1e-5)
    scores = [overlap(found.labels().classes == c, exposure.classes == c) for c in range(3)]
    assert min(scores) > 0.92
    assert max(scores) < 1


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_can_be_drawn(name: str) -> None:
    stack, truth = simulate(replace(FAMILIES[name], shape=(6, 96, 96)), 3)
    assert stack.voxel_m == FAMILIES[name].voxel_m
    assert truth.where("pore").any()


def test_shares_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match=r"porosity is a share from 0 to below 1, not 1\.2"):
        StackRecipe(porosity=1.2)
