"""A SYNTHETIC stack as files: pictures, truth, recipe, and a drawing for a person to look at."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from executors.files import write_whole
from executors.imaging.writers import write_labels, write_stack
from models.imaging.simulated.recipe import NAMES, StackRecipe
from models.imaging.volume import ImageStack, LabelledVolume
from planner.door.whole import whole

STEPS = 5
"""How many times ``write_simulated`` reports."""
COLOURS = ((0.62, 0.62, 0.62), (0.10, 0.20, 0.65), (0.86, 0.63, 0.16))
"""Of matrix, pore and impurity in the drawing."""


def write_simulated(
    folder: Path, recipe: StackRecipe, seed: int, watch: Callable[[int], None] = lambda _: None
) -> dict[str, Path]:
    """``stack.tif``, ``labels.tif``, ``recipe.json`` and ``slices.png`` in ``folder``, by name."""
    from models.imaging.simulated.simulate import exposed, photographed

    exposure = exposed(recipe, seed)
    watch(1)
    stack, truth = photographed(recipe, exposure, seed)
    watch(2)
    folder.mkdir(parents=True, exist_ok=True)
    paths = {n: folder / n for n in ("stack.tif", "labels.tif", "recipe.json", "slices.png")}
    write_stack(paths["stack.tif"], stack)
    watch(3)
    write_labels(paths["labels.tif"], replace(truth, notes=stack.notes))
    told = described(recipe, seed, truth) | {"drift_px": exposure.drift_px.tolist()}
    write_whole(paths["recipe.json"], json.dumps(told, indent=1) + "\n")
    watch(4)
    _draw(paths["slices.png"], stack, truth, seed)
    watch(STEPS)
    return paths


def described(recipe: StackRecipe, seed: int, truth: LabelledVolume) -> dict[str, Any]:
    """What was drawn, and its true shares, as plain data; lengths in metres."""
    return {
        "made": "SYNTHETIC: simulated, no measurement",
        "seed": seed,
        "recipe": asdict(recipe),
        "classes": list(NAMES),
        "true_fractions": {name: float(truth.where(name).mean()) for name in NAMES},
    }


def _draw(path: Path, stack: ImageStack, truth: LabelledVolume, seed: int) -> None:
    """Three neighbouring slices over their truth, and a section across all slices."""
    from matplotlib.figure import Figure

    middle, row = stack.shape[0] // 2, stack.shape[1] // 2
    z, _, x = stack.voxel_m
    figure = Figure(figsize=(12, 9.6), layout="constrained")
    top, below, across = figure.subplots(3, 3, height_ratios=(1, 1, 0.5))
    for axes, under, n in zip(top, below, _around(middle, stack.shape[0]), strict=True):
        axes.imshow(stack.grey[n], cmap="gray", vmin=0, vmax=1)
        axes.set_title(f"slice {n}", fontsize=10)
        under.imshow(_coloured(truth.classes[n]))
    across[0].imshow(stack.grey[:, row], cmap="gray", vmin=0, vmax=1, aspect=z / x)
    across[1].imshow(_coloured(truth.classes[:, row]), aspect=z / x)
    across[0].set_title(f"row {row} through all slices", fontsize=10)
    for axes in (*top, *below, *across):
        axes.set_axis_off()
    width = stack.shape[2] * x * 1e6
    figure.suptitle(f"SYNTHETIC FIB-SEM stack, seed {seed}: pictures {width:.3g} um wide, slices "
                    f"{z * 1e9:.3g} nm apart. Truth: pores blue, impurity yellow")  # fmt: skip
    with whole(path) as file:
        figure.savefig(file, format="png", dpi=100)


def _around(middle: int, slices: int) -> list[int]:
    return [int(np.clip(middle + step, 0, slices - 1)) for step in (-1, 0, 1)]


def _coloured(classes: np.ndarray) -> np.ndarray:
    return np.asarray(np.array(COLOURS)[classes])
