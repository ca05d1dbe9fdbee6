"""The magnet: trapped field of a fully magnetised disc of uniform Jc (tier 0).

The closed form is always computed. Where dolfinx and a C compiler are there, the field is solved by
finite elements as well, held against the closed form, and drawn. ``method`` says which it was.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from executors import pool
from executors.files import job_folder
from executors.jc_law import NAME, JcLaw, law_of, predict
from models.trapped_field import disc_on_axis
from planner.executor import Finished, Measurement, WorkOrder
from planner.units import convert

ABOVE = 0.5e-3
"""Distance in m from the surface at which ``surface_field`` is taken: where a Hall sensor sits."""
AGREE = 1e-4
"""Largest relative difference between finite elements and closed form that is accepted."""


class Options(pool.Options):
    """Options of the stage, besides those of every computation."""

    radius: float = Field(default=15e-3, gt=0, le=1)
    """Of the disc, in metres."""
    thickness: float = Field(default=10e-3, gt=0, le=1)
    """Of the disc, in metres."""
    finite_elements: bool = True
    """Solve by finite elements where they are installed."""


class Magnet(pool.Computation):
    """Gives ``trapped_field`` (centre) and ``surface_field`` (on the axis, 0.5 mm above).

    Jc comes from the outcomes of earlier stages: ``jc`` as measured on a coupon, the Jc law of the
    campaign from the microstructure, or both, each weighed by its own uncertainty.
    """

    def __init__(self, folder: Path, **options: Any) -> None:
        told = Options.model_validate(options)
        super().__init__(folder, partial(magnetise, told, folder), told)


def magnetise(options: Options, folder: Path, order: WorkOrder) -> Finished:
    """The trapped field of a disc of the order's sample."""
    jc, spread, source = critical_current(order)
    height = options.thickness / 2 + ABOVE
    found = {
        "trapped_field": float(disc_on_axis(options.radius, options.thickness, jc)),
        "surface_field": float(disc_on_axis(options.radius, options.thickness, jc, height)),
    }
    if unknown := [name for name in order.gives if name not in found]:
        raise ValueError(f"{unknown[0]!r} is not given here, but {', '.join(found)}")
    method, artifacts = _solved(options, job_folder(folder, order.job), jc)
    method = f"{method}; Jc by {source}"
    measured = tuple(
        Measurement(name, found[name], "T", found[name] * spread, method, "computed")
        for name in order.gives
    )
    return Finished(measured, artifacts=artifacts)


def critical_current(order: WorkOrder) -> tuple[float, float, str]:
    """Jc in A/m^2, the standard deviation of its logarithm, and where it is from.

    Two estimates y_i of ln Jc with standard deviations s_i become one: the mean with weights
    1 / s_i^2, and 1 / sqrt(sum 1 / s_i^2). ValueError where there is none.
    """
    known = {
        source: estimate
        for source, estimate in (("coupon", _coupon(order)), ("law", _by_law(order)))
        if estimate
    }
    if not known:
        raise ValueError("there is neither a measured 'jc' nor a Jc law with its microstructure")
    mean, sd = np.array(list(known.values())).T
    weight = 1 / sd**2
    value = float(np.exp((weight * mean).sum() / weight.sum()))
    return value, float(1 / np.sqrt(weight.sum())), " and ".join(known)


def _coupon(order: WorkOrder) -> tuple[float, float] | None:
    """ln Jc as measured, and its standard deviation; a value without one is taken to 10 %."""
    if (m := order.inputs.get("jc")) is None:
        return None
    jc = convert(m.value, m.unit, "A/m^2")
    if jc <= 0:
        raise ValueError(f"jc must be above 0, not {jc:g} A/m^2")
    return float(np.log(jc)), (m.standard_error or 0.1 * m.value) / m.value


def _by_law(order: WorkOrder) -> tuple[float, float] | None:
    """ln Jc by the campaign's law, where the order brings one and the microstructure is known."""
    # WorkOrder has no field `models` yet: the states of the model versions in use, by learner.
    state: Mapping[str, Any] | None = getattr(order, "models", {}).get(NAME)
    if state is None:
        return None
    law: JcLaw = law_of(state)
    values = {name: (m.value, m.unit) for name, m in order.inputs.items()}
    return predict(law, values)


def _solved(options: Options, place: Path, jc: float) -> tuple[str, dict[str, Path]]:
    """How it was computed, and the field map where there is one."""
    from models.disc_fem import disc_field, why_not

    reason = why_not() if options.finite_elements else "finite elements are switched off"
    if reason:
        return f"closed form of a uniform disc ({reason})", {}
    field = disc_field(options.radius, options.thickness, jc)
    off = field.centre / float(disc_on_axis(options.radius, options.thickness, jc)) - 1
    if abs(off) > AGREE:
        raise ValueError(f"finite elements are {off:+.3%} off the closed form")
    method = f"finite elements, tier 0, {field.unknowns} unknowns, {off:+.4%} off the closed form"
    return method, {"field.png": _drawn(place / "field.png", options, field)}


def _drawn(path: Path, options: Options, field: Any) -> Path:
    """The field map: |B| in colour over a cut through the axis, the disc outlined."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
    from matplotlib.tri import Triangulation

    figure = Figure(figsize=(6.0, 5.0), layout="constrained")
    axes = figure.add_subplot(xlabel="r (mm)", ylabel="z (mm)", aspect="equal")
    r, z = 1e3 * field.points.T
    strength = np.linalg.norm(field.b, axis=1)
    levels = np.linspace(0, strength.max() * 1.001, 25)
    for right, up in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        quarter = Triangulation(right * r, up * z, field.triangles)
        shown = axes.tricontourf(quarter, strength, levels=levels)
    figure.colorbar(shown, label="|B| (T)", format="%.2g")
    radius, thickness = 1e3 * options.radius, 1e3 * options.thickness
    corner = -radius, -thickness / 2
    axes.add_patch(Rectangle(corner, 2 * radius, thickness, fill=False, edgecolor="white"))
    reach = 1.5 * max(radius, thickness / 2)
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach))
    axes.set_title(f"trapped field (computed): {field.centre:.3g} T at the centre")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    return path
