"""Pictures of a magnet, as they stand in papers: field map, current map, profiles, decay."""

from pathlib import Path
from typing import Any

import numpy as np

from models.magnet import analytic
from models.magnet.closed_form import carried
from models.magnet.field import FieldMap
from models.magnet.problem import Problem
from models.magnet.solution import Snapshot, Solution

REACH = 1.7
"""How far the maps reach, in units of the magnet."""
FINE = 241
"""Points across a map."""


def draw(solution: Solution, folder: Path) -> list[Path]:
    """All pictures that a solution allows, as PNG in ``folder``."""
    drawn = []
    if solution.ramped is not None and solution.held is not None:
        if not solution.problem.endless:
            drawn.append(field_map(solution, folder / "field.png"))
        drawn.append(current_map(solution, folder / "current.png"))
    if not (solution.ramped is None and solution.problem.endless):
        drawn.append(profiles(solution, folder / "profiles.png"))
    if len(solution.result.decay) > 2:
        drawn.append(decay(solution, folder / "decay.png"))
    return drawn


def field_map(solution: Solution, path: Path) -> Path:
    """|B| in colour over a cut through the axis, with flux lines and the bodies outlined; after the
    hold, where there was one."""
    problem, snapshot = solution.problem, solution.held
    assert snapshot is not None
    figure, axes = _figure(6.4, 5.4)
    rim = max(b.outer for b in problem.bodies)
    half = max(rim, problem.top - problem.centre)
    reach = REACH * half
    x = np.linspace(-reach, reach, FINE)
    r, z = np.meshgrid(np.abs(x), problem.centre + x, indexing="ij")
    br, bz = snapshot.field.flux_density(r, z)
    strength, flux = np.hypot(br, bz).T, snapshot.field.flux(r, z).T
    shown = axes.pcolormesh(1e3 * x, 1e3 * z[0], strength, shading="gouraud", cmap="viridis")
    levels = np.linspace(0, flux.max(), 15)[1:-1]
    axes.contour(1e3 * x, 1e3 * z[0], flux, levels=levels, colors="white", linewidths=0.6)
    figure.colorbar(shown, label="|B| (T)")
    _outline(axes, problem, both=True)
    axes.set(xlabel="r (mm)", ylabel="z (mm)", aspect="equal")
    axes.set_title(f"{snapshot.centre:.3g} T at the centre, {list(_fields(solution))[-1]}")
    return _saved(figure, path)


def current_map(solution: Solution, path: Path) -> Path:
    """J over the cross-section of the bodies, after the ramp and, where there was one, the hold."""
    shots = {"after the ramp": solution.ramped, "after the hold": solution.held}
    if solution.held is solution.ramped or solution.problem.protocol.hold <= 0:
        shots.pop("after the hold")
    endless = solution.problem.endless
    if endless:
        return _endless_currents(shots, path)
    rim = max(b.outer for b in solution.problem.bodies)
    tall = (solution.problem.top - solution.problem.centre) * 2 / rim
    width = 2.8 / max(1.0, tall / 2.5)
    figure, axes = _figure((1.3 + width) * len(shots), 0.9 + min(width * tall, 9.0), len(shots))
    for one, (title, snapshot) in zip(np.ravel(axes), shots.items(), strict=True):
        assert snapshot is not None
        largest = 1e-6 * float(np.nanmax(np.abs(snapshot.current)))
        shown = _currents(one, solution.problem, snapshot, largest)
        figure.colorbar(shown, ax=one, label="J (A/mm²)", shrink=0.8)
        _outline(one, solution.problem)
        one.set(xlabel="r (mm)", ylabel="z (mm)", aspect="equal")
        one.set_title(title if len(shots) > 1 else "current density")
    return _saved(figure, path)


def _currents(axes: Any, problem: Problem, snapshot: Snapshot, largest: float) -> Any:
    grid, shown = snapshot.field.grid, None
    nodes_r, nodes_z = grid.lattice
    lowest = 0.0 if np.nanmin(snapshot.current) >= 0 else -largest
    for b in problem.bodies:
        for sign in (1, -1) if grid.half else (1,):
            at_z = sign * nodes_z + grid.middle
            rows = np.flatnonzero((nodes_r >= b.inner - 1e-9) & (nodes_r <= b.outer + 1e-9))
            columns = np.flatnonzero((at_z >= b.bottom - 1e-9) & (at_z <= b.top + 1e-9))
            if len(rows) < 2 or len(columns) < 2:
                continue
            part = snapshot.current[np.ix_(rows, columns)]
            shown = axes.pcolormesh(
                1e3 * nodes_r[rows], 1e3 * at_z[columns], 1e-6 * part.T, shading="gouraud",
                cmap="viridis" if lowest == 0 else "RdBu_r", vmin=lowest, vmax=largest,
            )  # fmt: skip
    return shown


def _endless_currents(shots: dict[str, Snapshot | None], path: Path) -> Path:
    figure, axes = _figure(5.2, 3.6)
    for title, snapshot in shots.items():
        assert snapshot is not None
        nodes = snapshot.field.grid.lattice[0]
        axes.plot(1e3 * nodes, 1e-6 * snapshot.current[:, 0], label=title)
    axes.set(xlabel="r (mm)", ylabel="J (A/mm²)", xlim=(0, None))
    axes.legend(frameon=False)
    return _saved(figure, path)


def profiles(solution: Solution, path: Path) -> Path:
    """B_z along the axis and along the radius, beside the bound of uniform currents."""
    problem = solution.problem
    endless = problem.endless
    figure, axes = _figure(9.2 if not endless else 5.2, 3.7, 1 if endless else 2)
    if not endless:
        _along_axis(np.ravel(axes)[0], solution)
    if solution.ramped is not None:
        _along_radius(np.ravel(axes)[-1], solution)
    else:
        figure.delaxes(np.ravel(axes)[-1])
    return _saved(figure, path)


def _along_axis(axes: Any, solution: Solution) -> None:
    problem = solution.problem
    half = problem.top - problem.centre
    z = np.linspace(-1, 1, 301) * (half + 1.5 * max(b.outer for b in problem.bodies))
    bound = analytic.stack_on_axis(carried(problem), problem.centre + z)
    for label, field in _fields(solution).items():
        axes.plot(1e3 * z, field.axial(problem.centre + z), label=label)
    axes.plot(1e3 * z, bound, "--", color="0.2", label="uniform Jc as at zero field")
    for b in problem.bodies:
        axes.axvspan(
            1e3 * (b.bottom - problem.centre), 1e3 * (b.top - problem.centre), color="0.93"
        )
    axes.set(xlabel="z from the centre, on the axis (mm)", ylabel="$B_z$ (T)", ylim=(0, None))
    axes.margins(x=0)
    _legend_above(axes)


def _along_radius(axes: Any, solution: Solution) -> None:
    problem = solution.problem
    rim = max(b.outer for b in problem.bodies)
    r = np.linspace(0, 1.6 * rim, 301)
    heights = {"mid-plane": problem.centre}
    if problem.probes.heights and not problem.endless:
        lowest = min(problem.probes.heights)
        heights[f"{1e3 * lowest:g} mm above"] = problem.top + lowest
    for number, (label, field) in enumerate(_fields(solution).items()):
        for where, z in heights.items():
            bz = field.flux_density(r, np.full_like(r, z))[1]
            style = "-" if where == "mid-plane" else ":"
            axes.plot(1e3 * r, bz, style, color=f"C{number}", label=f"{where}, {label}")
    if problem.endless:
        bound = sum(
            analytic.MU_0 * jc * np.clip(b.outer - np.maximum(r, b.inner), 0, None)
            for b, jc in carried(problem)
        )
        axes.plot(1e3 * r, bound, "--", color="0.4", label="uniform Jc as at zero field")
    for b in problem.bodies[:1]:
        axes.axvspan(1e3 * b.inner, 1e3 * b.outer, color="0.93")
    axes.axhline(0, color="0.7", linewidth=0.6)
    axes.set(xlabel="r (mm)", ylabel="$B_z$ (T)")
    axes.margins(x=0)
    _legend_above(axes)


def _legend_above(axes: Any) -> None:
    """Where no curve can run through it."""
    axes.legend(
        frameon=False,
        fontsize=8,
        ncols=2,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        borderaxespad=0.2,
    )


def _fields(solution: Solution) -> dict[str, FieldMap]:
    if solution.ramped is None or solution.held is None:
        return {}
    if solution.problem.fidelity == "critical-state" or solution.problem.protocol.hold <= 0:
        return {solution.problem.fidelity.replace("-", " "): solution.ramped.field}
    return {"after the ramp": solution.ramped.field, "after the hold": solution.held.field}


def decay(solution: Solution, path: Path) -> Path:
    """The centre over the logarithm of time, and its rate."""
    figure, axes = _figure(5.6, 3.8)
    points = [(p.time_s, p.field_T) for p in solution.result.decay if p.time_s > 0]
    time, field = np.array(points).T
    axes.semilogx(time, field, ".-", markersize=4)
    axes.set(xlabel="time from the end of the ramp (s)", ylabel="$B_z$ at the centre (T)")
    spread = max(field.max() - field.min(), 1e-4 * abs(field.max()), 1e-9)
    axes.set_ylim(field.min() - 0.1 * spread, field.max() + 0.1 * spread)
    axes.ticklabel_format(axis="y", useOffset=False)
    rate = solution.result.decay_ppm_per_hour
    if rate is not None:
        axes.set_title(f"{rate:.3g} ppm/h over the last decade", fontsize=10)
    axes.grid(alpha=0.3)
    return _saved(figure, path)


def _figure(width: float, height: float, parts: int = 1) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(1, parts)


def _outline(axes: Any, problem: Problem, *, both: bool = False) -> None:
    from matplotlib.patches import Rectangle

    for b in problem.bodies:
        spans = [(b.inner, b.outer)]
        if both:
            spans = [(-b.outer, b.outer)] if b.inner == 0 else [*spans, (-b.outer, -b.inner)]
        for left, right in spans:
            corner, size = (
                (1e3 * left, 1e3 * b.bottom),
                (1e3 * (right - left), 1e3 * (b.top - b.bottom)),
            )
            axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor="black", linewidth=1.2))


def _saved(figure: Any, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130)
    return path
