"""magnet: the trapped field of a magnet, from a file."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.common import Complaint, JsonOut, say, write_json
from models.magnet.failure import MagnetFailure
from models.magnet.problem import Problem
from models.magnet.result import FieldResult

FINE, MOST = (0.06, 0.08, 0.1), 5000
"""Details of the mesh where pictures are asked for and none is told: the first one with no more
nodes than this."""


def magnet(
    file: Annotated[Path, typer.Argument(help="A magnet (YAML).", show_default=False)],
    json: JsonOut = None,
    plots: Annotated[
        Path | None,
        typer.Option(help="Folder for pictures (PNG), profiles (CSV) and fields (ParaView)."),
    ] = None,
) -> None:
    """Trapped field, homogeneity and decay of a superconducting magnet. Exit code 1 without one."""
    from executors.magnet.file import read_magnet
    from models.magnet.solve import solve

    if plots is not None and plots.exists() and not plots.is_dir():
        raise Complaint(f"--plots: {plots} is no folder")
    try:
        problem = read_magnet(file)
        if plots is not None:
            problem = _finer(problem)
        solution = solve(problem)
    except MagnetFailure as failure:
        write_json(FieldResult(None, failure.kind, str(failure)).as_json(), json)
        raise Complaint(f"{file.name}: {failure}") from failure
    result = solution.result
    write_json(result.as_json(), json)
    if not result.ok:
        raise Complaint(_trouble(file, result))
    if str(json) != "-":
        _tell(result)
    if plots is not None:
        from executors.magnet.output import write_tables
        from executors.magnet.pictures import draw

        plots.mkdir(parents=True, exist_ok=True)
        for path in (*draw(solution, plots), *write_tables(solution, plots)):
            if str(json) != "-":
                say(f"wrote {path}")


def _finer(problem: Problem) -> Problem:
    """The problem with a mesh for pictures, unless its own is told."""
    from models.magnet.finite_elements import nodes

    if problem.detail is not None or problem.fidelity == "analytic":
        return problem
    finer = (replace(problem, detail=detail) for detail in FINE)
    return next((p for p in finer if nodes(p) <= MOST), problem)


def _trouble(file: Path, result: FieldResult) -> str:
    parts = [f"{file.name}: {result.status}: {result.message}"]
    if result.last_time_s is not None:
        parts.append(f"converged until {result.last_time_s:.6g} s from the end of the ramp")
    if result.at_most_T is not None:
        parts.append(f"it traps at most {result.at_most_T:.4g} T")
    return "; ".join(parts)


def _tell(result: FieldResult) -> None:
    spread = f" +- {result.sigma_T:.2g}" if result.sigma_T else ""
    say(
        (f"{result.trapped_field_center:.5g}{spread} T", "green"),
        f" at the centre ({result.fidelity})",
    )
    for above in result.surface_field:
        say(f"{above.field_T:.5g} T at {1e3 * above.height_m:g} mm above the surface")
    if result.homogeneity_ppm is not None:
        say(f"{result.homogeneity_ppm:.4g} ppm over the sphere")
    if result.decay_ppm_per_hour is not None:
        say(f"{result.decay_ppm_per_hour:.4g} ppm per hour over the last decade of the hold")
    for name, why in result.missing.items():
        say(("null", "yellow"), f": {name}: {why}")
    if result.analytic_bound_T is not None and result.fidelity != "analytic":
        say(f"{result.analytic_bound_T:.5g} T if Jc were everywhere as at zero field")
    if result.error_estimate_T is not None:
        say(f"{result.error_estimate_T:.2g} T numerical error of the centre, of mesh and steps")
    for warning in result.warnings:
        say(("warning", "yellow"), f": {warning}")
    say(f"{result.seconds:.2f} s, {result.dofs} unknowns")
