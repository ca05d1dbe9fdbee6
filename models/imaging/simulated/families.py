"""Recipes of other specimens and microscopes than the usual one, for tests of transfer."""

from dataclasses import replace

from models.imaging.simulated.recipe import StackRecipe

USUAL = StackRecipe()
FAMILIES = {
    "usual": USUAL,
    "other-contrast": replace(USUAL, grey=0.48, contrast=0.09, grain_contrast=0.03, pore_grey=0.06),
    "noisy": replace(USUAL, noise=0.09, shot=0.3, curtain=0.045, illumination=0.1),
    "fine-grains": replace(
        USUAL, grain_m=0.6e-6, pore_m=110e-9, impurity_m=170e-9, shine_m=450e-9, porosity=0.16
    ),
    "far": replace(
        USUAL,
        grey=0.45,
        contrast=0.10,
        grain_contrast=0.03,
        noise=0.08,
        curtain=0.04,
        grain_m=0.7e-6,
        pore_m=130e-9,
        impurity_m=190e-9,
        shine_m=450e-9,
        porosity=0.15,
        wall=0.85,
        edge=0.1,
        illumination=0.1,
    ),
    "layered": replace(USUAL, layering=0.9),
    "isotropic": replace(USUAL, voxel_m=(20e-9, 20e-9, 20e-9)),
}
"""Each differs from the usual one in what its name says; ``far`` in contrast, noise and grains."""
