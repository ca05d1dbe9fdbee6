"""A SYNTHETIC orientation microscope: draws the map of a film, whose texture follows from how it
was deposited. No number that comes out of it is a measurement.

The grains of the film are turned against each other by angles whose full width at half maximum is

    width = narrowest (1 + ((T - best) / window)^2)   in degrees
"""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from executors.computation import pool
from executors.files import job_folder
from executors.made_up.process import chance
from planner.campaign.units import convert
from planner.executor import Finished, WorkOrder, read_options


class Options(pool.Options):
    """Options of the stage, besides those of every computation. All are made up."""

    parameter: str = "substrate"
    """The parameter of the campaign that is the temperature."""
    best: float = 850.0
    """Kelvin at which the texture is sharpest."""
    window: float = Field(default=60.0, gt=0)
    """Kelvin away from it that double the width."""
    narrowest: float = Field(default=6.0, gt=0)
    """Degrees."""
    grains: int = Field(default=150, ge=4, le=100_000)
    size: int = Field(default=120, ge=20, le=4096)
    """Rows and columns of the map."""
    step: float = Field(default=2e-8, gt=0)
    """Metres."""
    noise: float = Field(default=0.3, ge=0)
    """Degrees by which a point is off."""
    missing: float = Field(default=0.03, ge=0, lt=1)
    """Share of the points that are not indexed."""


class Ebsd(pool.Computation):
    """Gives no outcome, but the file ``map.csv`` for the next stage."""

    def __init__(self, folder: Path, **options: Any) -> None:
        told = read_options(Options, options)
        super().__init__(folder, partial(scan, told, folder), told)
        self._told = told

    def check(self, order: WorkOrder) -> None:
        """ValueError where the point does not hold the temperature."""
        texture_width(self._told, order)


def scan(options: Options, folder: Path, order: WorkOrder) -> Finished:
    """Draw the map of the order's film."""
    from models.orientation.simulate import biaxial, cells, measure
    from models.orientation.symmetry import GROUPS

    random = chance(order, "film")
    shape = (options.size, options.size)
    measured = measure(
        cells(shape, options.grains, random),
        biaxial(options.grains, texture_width(options, order), random),
        options.step,
        GROUPS["422"],
        random,
        noise=options.noise,
        missing=options.missing,
    )
    path = job_folder(folder, order.job) / "map.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_table(measured), encoding="utf-8")
    return Finished((), artifacts={path.name: path})


def texture_width(options: Options, order: WorkOrder) -> float:
    """Full width at half maximum in degrees."""
    if options.parameter not in order.point:
        raise ValueError(f"the point has no {options.parameter!r}, but {', '.join(order.point)}")
    given = float(order.point[options.parameter])
    temperature = convert(given, order.units.get(options.parameter, ""), "K")
    return options.narrowest * (1 + ((temperature - options.best) / options.window) ** 2)


def _table(measured: Any) -> str:
    """The map as ``executors.orientation.readers.table`` reads it."""
    y, x = np.indices(measured.shape).reshape(2, -1) * measured.step[0] * 1e9
    lines = [
        "# SYNTHETIC, drawn by executors.made_up.ebsd",
        "# phase 1: film 422",
        "x_nm,y_nm,qw,qx,qy,qz",
    ]
    indexed = measured.phase.ravel() > 0
    for at, q, good in zip(
        zip(x, y, strict=True), measured.orientations.reshape(-1, 4), indexed, strict=True
    ):
        turn = ",".join(f"{v:.5f}" for v in q) if good else ",,,"
        lines.append(f"{at[0]:.1f},{at[1]:.1f},{turn}")
    return "\n".join(lines) + "\n"
