"""A solved magnet as files: profiles as CSV, fields for ParaView."""

import csv
from pathlib import Path

import numpy as np

from models.magnet import analytic
from models.magnet.closed_form import carried
from models.magnet.solution import Snapshot, Solution

POINTS = 201


def write_tables(solution: Solution, folder: Path) -> list[Path]:
    """All tables that a solution allows, in ``folder``."""
    written = []
    if not solution.problem.endless:
        written.append(axis(solution, folder / "axis.csv"))
    if solution.ramped is not None and solution.held is not None:
        written.append(radius(solution, folder / "radius.csv"))
        written.append(for_paraview(solution, solution.held, folder / "fields.pvd"))
    if solution.result.decay:
        rows = [(p.time_s, p.field_T) for p in solution.result.decay]
        written.append(_table(folder / "decay.csv", ("time_s", "Bz_T"), rows))
    return written


def axis(solution: Solution, path: Path) -> Path:
    """B_z along the axis after ramp and hold, and the bound of uniform currents."""
    problem = solution.problem
    reach = problem.top - problem.centre + 2 * max(b.outer for b in problem.bodies)
    z = problem.centre + np.linspace(-reach, reach, POINTS)
    columns = {"z_m": z}
    if solution.ramped is not None and solution.held is not None:
        columns |= {"Bz_ramp_T": solution.ramped.field.axial(z)}
        columns |= {"Bz_hold_T": solution.held.field.axial(z)}
    columns |= {"Bz_uniform_T": analytic.stack_on_axis(carried(problem), z)}
    return _table(path, tuple(columns), zip(*columns.values(), strict=True))


def radius(solution: Solution, path: Path) -> Path:
    """B_z along the radius in the mid-plane and above the highest face."""
    problem, r = solution.problem, np.linspace(0, 2, POINTS)
    r = r * max(b.outer for b in problem.bodies)
    columns = {"r_m": r}
    heights = () if problem.endless else problem.probes.heights
    for name, shot in (("ramp", solution.ramped), ("hold", solution.held)):
        assert shot is not None
        columns[f"Bz_mid_{name}_T"] = shot.field.flux_density(r, np.full_like(r, problem.centre))[1]
        for h in heights:
            z = np.full_like(r, problem.top + h)
            columns[f"Bz_{1e3 * h:g}mm_{name}_T"] = shot.field.flux_density(r, z)[1]
    return _table(path, tuple(columns), zip(*columns.values(), strict=True))


def for_paraview(solution: Solution, snapshot: Snapshot, path: Path) -> Path:
    """A_phi, B and J on the mesh (VTU, listed in a PVD file); x is r, y is z, lengths in m."""
    discrete = solution.discrete
    assert discrete is not None
    from dolfinx import fem, io

    grid, place = discrete.grid, tuple(discrete.place)
    r, z = grid.lattice[0][place[0]], grid.lattice[1][place[1]]
    br, bz = snapshot.field.flux_density(r, z + grid.middle)
    potential = snapshot.field.flux(r, z + grid.middle) / (2 * np.pi * np.maximum(r, 1e-300))
    domain = discrete.space.mesh
    both = fem.functionspace(domain, ("Lagrange", 2, (2,)))
    values = {"A_phi_Tm": potential, "J_A_m2": np.nan_to_num(snapshot.current[place])}
    functions = [fem.Function(discrete.space, name=name) for name in values]
    for function, value in zip(functions, values.values(), strict=True):
        function.x.array[:] = value
    b = fem.Function(both, name="B_T")
    b.x.array[:] = np.column_stack([br, bz]).ravel()
    with io.VTKFile(domain.comm, path, "w") as file:
        file.write_function([*functions, b], 0.0)
    return path


def _table(path: Path, header: tuple[str, ...], rows: object) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[f"{value:.9g}" for value in row] for row in rows])  # type: ignore[attr-defined]
    return path
