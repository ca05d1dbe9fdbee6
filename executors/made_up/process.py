"""A SYNTHETIC furnace: makes samples by ``models.process``, weighs them and measures a coupon.

The hidden state of a sample is never handed on. It follows from the point, the seed and the trial,
and each virtual stage works it out again by ``sample_of``: like a real sample, it can be looked
at by any instrument, after any restart, and no stage depends on what another one stored.
"""

from collections.abc import Collection, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from executors.computation import pool
from executors.made_up.material import read_pack
from models.process.bulk import Numbers, Recipe, Sample, make, oxygen_of
from planner.campaign.parameter import is_number
from planner.campaign.units import convert
from planner.campaign.values import Value
from planner.executor import Failed, Finished, Measurement, WorkOrder, read_options

RECIPE = {"milling_energy": "J/kg", "first_heat": "K", "second_heat": "K", "hold_time": "s"}
"""The parameters that the point must hold, and their units in the model."""


class Options(pool.Options):
    """Options of the stage, besides those of every computation."""

    material: str = "ba122"
    """A pack of ``executors/materials/``, or the path of one."""
    density_error: float = Field(default=0.3, ge=0)
    """Standard deviation of the measured density in percent of the full density."""
    jc_error: float = Field(default=0.05, ge=0, lt=1)
    """Relative standard deviation of Jc as measured on a coupon."""


class Process(pool.Computation):
    """Gives ``density`` (percent of full density) and ``jc`` (a coupon cut from the sample).

    A pellet that cracks has Failed. Parameters: milling_energy, first_heat, second_heat, hold_time.
    """

    def __init__(self, folder: Path, **options: Any) -> None:
        told = read_options(Options, options)
        numbers_of(told.material)
        super().__init__(folder, partial(synthesise, told), told)

    def check(self, order: WorkOrder) -> None:
        """ValueError where the point is no recipe, or an outcome is not given here."""
        check_recipe(order)
        check_gives(order, ("density", "jc"))


def synthesise(options: Options, order: WorkOrder) -> Finished | Failed:
    """Make the sample of an order, weigh it, and measure a coupon of it."""
    sample = sample_of(options.material, order)
    if chance(order, "crack").random() < float(sample.crack_probability):
        return Failed("the pellet cracked (synthetic)")
    noise = chance(order, "synthesis")
    density = 100 * (1 - float(sample.porosity)) + options.density_error * noise.normal()
    jc = float(sample.jc) * np.exp(options.jc_error * noise.normal())
    found = {
        "density": (density, options.density_error, "percent", "weighed"),
        "jc": (jc, options.jc_error * jc, "A/m^2", "coupon"),
    }
    return Finished(measurements(order, found))


def sample_of(material: str, order: WorkOrder) -> Sample:
    """The hidden state of the order's sample, the same in every stage."""
    numbers = numbers_of(material)
    values = {name: _in_model_units(name, order) for name in RECIPE}
    oxygen = oxygen_of(numbers, chance(order, "oxygen").normal())
    return make(numbers, Recipe(**values), oxygen)


@cache
def numbers_of(material: str) -> Numbers:
    """The numbers of a material pack."""
    return read_pack(material).numbers()


def chance(order: WorkOrder, what: str) -> np.random.Generator:
    """Random numbers for one purpose that repeat for the same seed, campaign and trial."""
    return np.random.default_rng(
        list(f"{order.seed}/{order.campaign}/{order.trial}/{what}".encode())
    )


def measurements(
    order: WorkOrder, found: Mapping[str, tuple[float, float | None, str, str]]
) -> tuple[Measurement, ...]:
    """What was ordered of the values, standard errors, units and methods that were found."""
    check_gives(order, found)
    return tuple(
        Measurement(name, value, unit, error, f"{method} (synthetic)", "virtual laboratory")
        for name, (value, error, unit, method) in found.items()
        if name in order.gives
    )


def check_recipe(order: WorkOrder) -> None:
    """ValueError where the point does not hold what the model needs."""
    for name in RECIPE:
        _in_model_units(name, order)


def check_gives(order: WorkOrder, given: Collection[str]) -> None:
    """ValueError where an outcome was ordered that is not among those given."""
    if unknown := [name for name in order.gives if name not in given]:
        raise ValueError(f"{unknown[0]!r} is not given here, but {', '.join(given)}")


def _in_model_units(name: str, order: WorkOrder) -> float:
    value: Value | None = order.point.get(name)
    if not is_number(value):
        raise ValueError(f"the point has no number {name!r}; needed are {', '.join(RECIPE)}")
    return convert(float(value), order.units.get(name, ""), RECIPE[name])  # type: ignore[arg-type]
