"""A SYNTHETIC microscope: draws a picture of the order's sample, and measures it like any other.

What it measures is the picture alone; the hidden state (``process.sample_of``) only makes
it. The magnification is chosen as an operator would, so that grains are easy to see.
"""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from executors.computation import pool
from executors.files import job_folder
from executors.made_up.process import (
    chance,
    check_gives,
    check_recipe,
    measurements,
    numbers_of,
    sample_of,
)
from models.process.bulk import Sample
from planner.campaign.outcome import PLAIN
from planner.executor import Finished, WorkOrder, read_options

STEPS = (1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0)
"""Pixel sizes within a decade that the microscope offers."""
PIXELS_PER_GRAIN = 28.0
"""Pixels that a grain is wide at least: the operator goes no further out."""


GIVEN = ("porosity", "grain_size", "boundary_density", "clean_boundaries", "connected_fraction")


class Options(pool.Options):
    """Options of the stage, besides those of every computation."""

    material: str = "ba122"
    """A pack of ``executors/materials/``, or the path of one."""
    size: int = Field(default=512, ge=256, le=4096)
    """Width and height of the picture in pixels."""
    noise: float = Field(default=0.04, ge=0, le=0.1)
    """Standard deviation of the grey level (0 black, 1 white) in one pixel."""


class Micrograph(pool.Computation):
    """Gives porosity, grain_size, boundary_density, clean_boundaries and connected_fraction.

    ``models.micrograph.microstructure.Microstructure`` defines each. Artifacts: the micrograph, and
    the same with what was found drawn over it (boundaries red, second phase yellow, pores blue).
    """

    def __init__(self, folder: Path, **options: Any) -> None:
        told = read_options(Options, options)
        numbers_of(told.material)
        super().__init__(folder, partial(image, told, folder), told)

    def check(self, order: WorkOrder) -> None:
        """ValueError where the point is no recipe, or an outcome is not given here."""
        check_recipe(order)
        check_gives(order, GIVEN)


def image(options: Options, folder: Path, order: WorkOrder) -> Finished:
    """Draw the micrograph of the order's sample, and measure it."""
    from models.micrograph.microstructure import measure

    grey, pixel = take(options, order)
    found, phases = measure(grey, pixel)
    method = f"micrograph, pixel {pixel * 1e9:.3g} nm"
    values = {
        "porosity": (*found.porosity, PLAIN, method),
        "grain_size": (*found.grain_size, "m", f"equivalent diameter, {method}"),
        "boundary_density": (*found.boundary_density, "1/m", f"intercepts, {method}"),
        "clean_boundaries": (*found.clean_boundaries, PLAIN, method),
        "connected_fraction": (*found.connected_fraction, PLAIN, f"grain network, {method}"),
    }
    pictures = {"micrograph.png": _grey(grey), "overlay.png": _overlay(grey, phases)}
    place = job_folder(folder, order.job)
    artifacts = {name: _saved(place / name, picture) for name, picture in pictures.items()}
    return Finished(measurements(order, values), artifacts=artifacts)


def take(options: Options, order: WorkOrder) -> tuple[np.ndarray, float]:
    """The micrograph (size, size), and the width of its pixels in metres."""
    from models.micrograph.drawn import Appearance, draw

    sample = sample_of(options.material, order)
    pixel = pixel_size(sample)
    texture = Appearance(float(sample.grain_size) / pixel, float(sample.porosity), wetted(sample))
    grey, _ = draw(texture, options.size, options.noise, chance(order, "micrograph"))
    return grey, pixel


def wetted(sample: Sample) -> float:
    """The share of boundaries under second phase, as a number."""
    return float(np.clip(sample.wetted, 0, 1))


def pixel_size(sample: Sample) -> float:
    """The largest pixel on offer that still shows grains ``PIXELS_PER_GRAIN`` wide, in metres."""
    widest = float(sample.grain_size) / PIXELS_PER_GRAIN
    decade = 10.0 ** np.floor(np.log10(widest))
    return float(decade * max(step for step in STEPS if step * decade <= widest * (1 + 1e-9)))


def _grey(grey: np.ndarray) -> np.ndarray:
    return np.repeat((255 * grey).astype(np.uint8)[..., None], 3, axis=2)


def _overlay(grey: np.ndarray, phases: Any) -> np.ndarray:
    from skimage import segmentation

    untyped: Any = segmentation
    edges = untyped.find_boundaries(phases.grains, mode="inner")
    picture = _grey(grey)
    picture[phases.film] = (picture[phases.film] * (1, 1, 0.3)).astype(np.uint8)
    picture[phases.pores] = (30, 60, 140)
    picture[edges & ~phases.pores] = (220, 30, 30)
    return picture


def _saved(path: Path, picture: np.ndarray) -> Path:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path)
    return path
