"""The same SYNTHETIC scene at another size: every length grows alike, so the pictures stay hard."""

from dataclasses import replace

from models.imaging.simulated.recipe import StackRecipe


def magnified(recipe: StackRecipe, grain_m: float) -> StackRecipe:
    """A recipe of grains of ``grain_m``, with voxels, pores, stripes and all in proportion."""
    scale = grain_m / recipe.grain_m
    lengths = {
        name: scale * value for name, value in vars(recipe).items()
        if name.endswith("_m") and name != "voxel_m"
    }  # fmt: skip
    z, y, x = recipe.voxel_m
    return replace(recipe, **lengths, voxel_m=(scale * z, scale * y, scale * x))
