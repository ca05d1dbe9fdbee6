"""network, boundary: what a grain network carries, and the law of its boundaries."""

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli.common import Complaint, JsonOut, complaints, say, write_json
from flows.cli.grains import (
    Fill,
    Maps,
    MinPixels,
    Plots,
    Spacing,
    Symmetry,
    check_plots,
    tell_notes,
)
from flows.cli.progress import progress
from planner.campaign.values import counted


def network(
    maps: Maps,
    jc_theta: Annotated[
        Path,
        typer.Option(
            "--jc-theta",
            help="The boundary law: YAML or JSON, or a CSV of bicrystals to fit.",
            show_default=False,
        ),
    ],
    electrodes: Annotated[
        str, typer.Option(help="Two opposite sides: left,right, top,bottom or front,back.")
    ] = "left,right",
    threshold: Annotated[float, typer.Option(help="Degrees above which points differ.")] = 5.0,
    min_pixels: MinPixels = 10,
    fill: Fill = 1.5,
    symmetry: Symmetry = None,
    spacing: Spacing = None,
    field: Annotated[float | None, typer.Option(help="Tesla, where the law has several.")] = None,
    temperature: Annotated[
        float | None, typer.Option(help="Kelvin, where the law has several.")
    ] = None,
    angle_error: Annotated[
        float, typer.Option(min=0, help="Degrees by which a measured angle is off (sd).")
    ] = 0.5,
    draws: Annotated[int, typer.Option(min=2, help="Repetitions for the uncertainty.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Of the repetitions.")] = 0,
    plots: Plots = None,
    json: JsonOut = None,
) -> None:
    """Critical current of a grain network: its limiting cut, uncertainty, and what would help."""
    from executors.orientation.boundary_law import read_law
    from executors.orientation.grain_network import NetworkRequest, transport
    from executors.orientation.readers import read_maps

    with complaints():
        check_plots(plots)
        law = read_law(jc_theta, field, temperature)
        measured = read_maps(maps, symmetry, spacing)
        asked = NetworkRequest(
            _sides(electrodes), threshold, min_pixels, fill, angle_error, draws, seed
        )
        with progress(draws, "draws of law and map") as watch:
            found = transport(measured, law, asked, watch)
        write_json(found.report, json)
        pictures = found.draw(plots) if plots else []
    if str(json) != "-":
        _tell(found.report, pictures)


def _sides(text: str) -> tuple[str, str]:
    sides = [side.strip().lower() for side in text.split(",")]
    if len(sides) != 2:
        raise Complaint(f"--electrodes: two sides such as left,right, not {text!r}")
    return sides[0], sides[1]


def _tell(report: dict[str, Any], pictures: list[Path]) -> None:
    density = report["critical_current_density_A_m2"]
    low, high = density["interval_95"]
    limit = report["limited_by"]
    say(
        f"critical current density {density['value']:.4g} A/m^2 (95 %: {low:.3g} to {high:.3g}), "
        + (f"limited by {limit}" if density["value"] else f"{limit} the electrodes")
    )
    if report["cut"]:
        clean = report["healed"]["critical_current_density_A_m2"]
        size = counted(len(report["cut"]), "boundary", "boundaries")
        say(f"the cut has {size}; with a clean cut: {clean:.4g} A/m^2")
    told = report["features"]
    if told["boundaries"]:
        say(
            f"{told['low_angle_share']:.1%} of the boundary is not above the critical angle; the "
            f"largest set that it joins holds {told['giant_component']:.1%} of the area of grains"
        )
    tell_notes(report["notes"], pictures)


def boundary(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV: angle_deg, Jc_A_m2, perhaps sd_A_m2, B_T, T_K.", show_default=False
        ),
    ],
    plots: Plots = None,
    json: JsonOut = None,
) -> None:
    """Fit the law of grain boundaries to bicrystals: critical angle, decay, plateau."""
    from executors.orientation.boundary_law import law_file, named, read_bicrystals
    from models.network.bicrystal import fit

    with complaints():
        check_plots(plots)
        data, conditions = read_bicrystals(file)
        found = fit(data)
        report: dict[str, Any] = {
            "critical_angle_deg": found.laws[0].critical_angle,
            "critical_angle_interval_deg": list(found.critical_angle),
            "law": law_file(found, conditions).model_dump(mode="json"),
            "scatter_ln": found.scatter,
            "boundaries": len(data.angle),
            "notes": list(found.notes),
        }
        write_json(report, json)
        pictures = [_drawn(plots, data, found, conditions)] if plots else []
    if str(json) == "-":
        return
    low, high = found.critical_angle
    decay = found.laws[0].decay
    say(
        f"critical angle {found.laws[0].critical_angle:.3g} degrees (95 %: {low:.3g} to {high:.3g})"
    )
    say(f"decay {decay:.3g} degrees (95 %: {found.decay[0]:.3g} to {found.decay[1]:.3g})")
    for fitted, where in zip(found.laws, conditions, strict=True):
        say(f"plateau {fitted.plateau:.3g} A/m^2" + f" at {named(where)}" * (where != (None, None)))
    say(f"single boundaries scatter by {found.scatter:.1%}")
    tell_notes(report["notes"], pictures)


def _drawn(folder: Path, data: Any, found: Any, conditions: Any) -> Path:
    from executors.orientation.law_picture import draw_law

    return draw_law(folder / "law.png", data, found, conditions)
