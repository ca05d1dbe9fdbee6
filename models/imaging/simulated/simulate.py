"""A SYNTHETIC stack from a recipe and a seed, with its truth."""

import numpy as np

from models.imaging.simulated.microscope import Exposure, expose, noise_variance
from models.imaging.simulated.recipe import NAMES, StackRecipe
from models.imaging.simulated.specimen import grow
from models.imaging.volume import Greys, ImageStack, LabelledVolume

NOTE = "SYNTHETIC: simulated, no measurement"


def simulate(recipe: StackRecipe, seed: int) -> tuple[ImageStack, LabelledVolume]:
    """Pictures as the microscope would store them, and the class of each of their voxels."""
    return photographed(recipe, exposed(recipe, seed), seed)


def photographed(
    recipe: StackRecipe, exposure: Exposure, seed: int
) -> tuple[ImageStack, LabelledVolume]:
    """The same from an exposure that is there already."""
    grey = photograph(recipe, exposure, seed)
    stack = ImageStack(grey, recipe.voxel_m, (f"{NOTE}, seed {seed}",))
    return stack, LabelledVolume(exposure.classes, NAMES, recipe.voxel_m)


def exposed(recipe: StackRecipe, seed: int) -> Exposure:
    """The stack of this seed before noise: drift, light, depths and all."""
    specimen, microscope, _ = np.random.default_rng(seed).spawn(3)
    return expose(recipe, grow(recipe, specimen), microscope)


def photograph(recipe: StackRecipe, exposure: Exposure, seed: int) -> Greys:
    """The exposure with the noise of this seed, cut to 0..1 as a camera does."""
    _, _, detector = np.random.default_rng(seed).spawn(3)
    expected = exposure.expected
    noise = detector.standard_normal(expected.shape, np.float32)
    grey = expected + noise * np.sqrt(noise_variance(recipe, expected))
    return np.asarray(np.clip(grey, 0, 1), np.float32)
