"""A SYNTHETIC FIB-SEM: cuts the order's sample slice by slice and leaves the pictures for the next
stage, as a microscope does. No number that comes out of it is a measurement.

Porosity, grain size and wetted boundaries are those of the hidden state (``process.sample_of``).
The magnification is chosen so that grains are about as large in every stack.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import Field

from executors.computation import pool
from executors.files import job_folder
from executors.made_up.process import chance, check_gives, check_recipe, numbers_of, sample_of
from models.imaging.simulated.families import FAMILIES
from models.imaging.simulated.magnify import magnified
from models.imaging.simulated.recipe import StackRecipe
from planner.executor import Finished, WorkOrder, read_options

OVER_SECTION = 1.33
"""Diameter of the ball with a grain's mean volume, over that of the disc with the mean area of its
sections: 1.241 and 0.935 over the cube root of the density, for Poisson-Voronoi grains."""
WETTING = 0.3
"""Share of the solid in the second phase where all boundaries are wetted."""
MOST_PORES = 0.6
"""More than that is no solid that could be cut."""


class Options(pool.Options):
    """Options of the stage, besides those of every computation. All are made up."""

    material: str = "ba122"
    """A pack of ``executors/materials/``, or the path of one."""
    family: str = "usual"
    """How specimen and microscope look: a name of ``models.imaging.simulated.families``."""
    slices: int = Field(default=64, ge=4, le=1024)
    size: int = Field(default=256, ge=64, le=2048)
    """Rows and columns of a slice."""


class Sem(pool.Computation):
    """Gives no outcome, but ``stack.tif`` for the next stage. The truth is not handed on."""

    def __init__(self, folder: Path, **options: Any) -> None:
        told = read_options(Options, options)
        numbers_of(told.material)
        if told.family not in FAMILIES:
            raise ValueError(f"family is one of {', '.join(FAMILIES)}, not {told.family!r}")
        super().__init__(folder, partial(scan, told, folder), told)

    def check(self, order: WorkOrder) -> None:
        """ValueError where the point is no recipe, or an outcome is ordered."""
        check_recipe(order)
        check_gives(order, ())


def scan(options: Options, folder: Path, order: WorkOrder) -> Finished:
    """Cut the order's sample."""
    from executors.imaging.writers import write_stack
    from models.imaging.simulated.simulate import simulate

    seed = int(chance(order, "stack").integers(2**31))
    stack, _ = simulate(recipe_of(options, order), seed)
    path = job_folder(folder, order.job) / "stack.tif"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_stack(path, stack)
    return Finished((), artifacts={path.name: path})


def recipe_of(options: Options, order: WorkOrder) -> StackRecipe:
    """The stack that the order's sample gives under the microscope."""
    sample = sample_of(options.material, order)
    scene = replace(
        FAMILIES[options.family],
        shape=(options.slices, options.size, options.size),
        porosity=min(float(sample.porosity), MOST_PORES),
        impurity=WETTING * min(float(sample.wetted), 1.0),
    )
    return magnified(scene, OVER_SECTION * float(sample.grain_size))
