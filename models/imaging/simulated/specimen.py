"""The SYNTHETIC solid that the ion beam will cut: grains, pores, impurities, on voxels."""

from dataclasses import dataclass

import numpy as np

from models.arrays import Integers
from models.imaging.simulated import blobs, grains
from models.imaging.simulated.blobs import Kind
from models.imaging.simulated.recipe import NAMES, StackRecipe

RIM = 12
"""Pixels around the picture that drift can bring into it."""
BEHIND = 2.0
"""Depths of shine that are drawn behind the last slice; few pores reach so far."""


@dataclass(frozen=True, eq=False)
class Specimen:
    """Larger than the stack: with what lies behind the last slice, and around the picture."""

    classes: Integers
    """(z, y, x): numbers of ``NAMES``."""
    grains: Integers
    """(z, y, x): the grain that is there, or would be were there no pore."""


def grow(recipe: StackRecipe, random: np.random.Generator) -> Specimen:
    """Grains first, then the phases where grains meet; pores cut everything."""
    shape = drawn_shape(recipe)
    voxel = np.asarray(recipe.voxel_m)
    extent = voxel * shape
    seeds = grains.scatter(recipe, extent, random)
    kinds = {
        "impurity": Kind(recipe.impurity, recipe.impurity_m, recipe.impurity_spread),
        "pore": Kind(recipe.porosity, recipe.pore_m, recipe.pore_spread),
    }
    classes = np.zeros(shape, np.uint8)
    for name, kind in kinds.items():
        places = blobs.scatter(recipe, kind, seeds, extent, random)
        classes[blobs.cover(places, recipe, shape, random)] = NAMES.index(name)
    return Specimen(classes, grains.fill(seeds, shape, voxel))


def drawn_shape(recipe: StackRecipe) -> tuple[int, int, int]:
    """Slices, rows and columns with the rim and what lies behind."""
    z, y, x = recipe.shape
    return z + int(np.ceil(BEHIND * recipe.shine_m / recipe.voxel_m[0])), y + 2 * RIM, x + 2 * RIM
