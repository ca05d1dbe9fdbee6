"""A picture of bicrystals and the law that was fitted to them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from executors.orientation.boundary_law import Condition, named
from executors.orientation.pictures import saved
from models.network.bicrystal import BicrystalFit, Bicrystals
from models.network.law import current_density


def draw_law(
    path: Path, data: Bicrystals, found: BicrystalFit, conditions: Sequence[Condition]
) -> Path:
    """Measured boundaries, the law, and the band that holds 95 % of what it may be."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    axes = figure.add_subplot(xlabel="misorientation (degrees)", yscale="log")
    axes.set_ylabel("critical current density (A/m²)")
    angle = np.linspace(0, data.angle.max() * 1.05, 300)
    of = data.condition if data.condition is not None else np.zeros(len(data.angle), dtype=int)
    for number, (law, where) in enumerate(zip(found.laws, conditions, strict=True)):
        colour, mine = f"C{number}", of == number
        draws = found.draws[:1000].copy()
        draws[:, 0] += np.log(law.plateau / found.laws[0].plateau)
        low, high = np.percentile(current_density(angle, draws), [2.5, 97.5], axis=0)
        axes.fill_between(angle, low, high, color=colour, alpha=0.18, lw=0)
        axes.plot(angle, law(angle), color=colour, label=named(where))
        bars = None
        if data.relative_sd is not None:
            bars = (data.relative_sd * data.current_density)[mine]
        axes.errorbar(data.angle[mine], data.current_density[mine], bars, fmt="o", color=colour)
    axes.axvspan(*found.critical_angle, color="#888888", alpha=0.18, lw=0)
    axes.axvline(found.laws[0].critical_angle, color="#555555", lw=1)
    low, high = found.critical_angle
    axes.set_title(
        f"critical angle {found.laws[0].critical_angle:.2f}° (95 %: {low:.2f} to {high:.2f})"
    )
    axes.set_xlim(0, angle.max())
    if len(found.laws) > 1:
        axes.legend(frameon=False)
    return saved(figure, path)
