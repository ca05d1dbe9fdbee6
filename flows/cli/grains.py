"""grains: what an orientation map says of its grains and boundaries."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli.common import Complaint, JsonOut, complaints, say, write_json
from planner.campaign.values import counted

Maps = Annotated[
    list[Path],
    typer.Argument(
        help=".ang, .ctf, .cpr/.crc, HDF5, or CSV of quaternions; several: serial sections.",
        show_default=False,
    ),
]
MinPixels = Annotated[int, typer.Option(help="Points that a grain has at least.")]
Fill = Annotated[
    float,
    typer.Option(
        min=0,
        help="Points by which grains grow into gaps before boundaries are taken; 1.5 closes gaps "
        "two points wide, wider cracks stay open.",
    ),
]
Symmetry = Annotated[
    str | None,
    typer.Option(
        help="Rotation group or Laue class (422, 4/mmm, mmm), in the place of what the file says."
    ),
]
Spacing = Annotated[float | None, typer.Option(help="Metres between serial sections.")]
Plots = Annotated[Path | None, typer.Option(help="Folder for pictures.")]


def grains(
    maps: Maps,
    threshold: Annotated[float, typer.Option(help="Degrees above which points differ.")] = 10.0,
    min_pixels: MinPixels = 10,
    fill: Fill = 1.5,
    symmetry: Symmetry = None,
    spacing: Spacing = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            help="File for the grain of every point (NumPy's .npy); numbered as in the cut of "
            "kyoso network at the same --threshold and --min-pixels."
        ),
    ] = None,
    plots: Plots = None,
    json: JsonOut = None,
) -> None:
    """Find the grains of an orientation map: sizes, misorientations, boundaries, indexing."""
    from executors.orientation.readers import read_maps
    from executors.orientation.survey import survey

    with complaints():
        check_plots(plots)
        measured = read_maps(maps, symmetry, spacing)
        found = survey(measured, threshold, min_pixels, fill)
        write_json(found.report, json)
        if labels:
            _write_labels(labels, found)
        pictures = found.draw(plots) if plots else ()
    if str(json) != "-":
        _tell(found.report, pictures)


def _write_labels(path: Path, found: Any) -> None:
    """Numbers from 1, 0 where there is no grain. They are those of the cut of ``kyoso network``
    only if it had the same threshold and the same least points."""
    import numpy as np

    with path.open("wb") as file:
        np.save(file, found.grains.labels)


def check_plots(folder: Path | None) -> None:
    """Refuse a place for pictures that is a file, before any work is done."""
    if folder is not None and folder.exists() and not folder.is_dir():
        raise Complaint(f"--plots: {folder} is a file, not a folder")


def _tell(report: dict[str, Any], pictures: Sequence[Path]) -> None:
    size = report["equivalent_diameter_m"]
    say(f"{counted(report['grains'], 'grain')}, equivalent diameter {size['mean'] * 1e6:.3g} um "
        f"(sd {size['sd'] * 1e6:.3g} um)")  # fmt: skip
    shares = {k: v for k, v in report["boundary_length_fraction"].items() if v > 0}
    classes = [f"{k}{' deg' * k[0].isdigit()} {v:.1%}" for k, v in shares.items()]
    say(f"boundaries: {', '.join(classes) or 'none'}")
    say(f"not indexed: {report['non_indexed_fraction']:.2%}")
    tell_notes(report["notes"], pictures)


def tell_notes(notes: Sequence[str], pictures: Sequence[Path]) -> None:
    """What a person should know, and which files were written."""
    for note in notes:
        say(("note: ", "yellow"), note)
    for picture in pictures:
        say(f"picture: {picture}")
