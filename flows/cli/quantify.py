"""quantify: the numbers of a labelled volume."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from flows.cli.common import Complaint, JsonOut, assignments, complaints, console, say, write_json
from flows.cli.grains import check_plots
from flows.cli.imaging import Channel, Dataset, TrustVoxel, split_names

Labels = Annotated[
    Path,
    typer.Argument(help="TIFF, MRC, NRRD, HDF5, Zarr or PNG with the number of each voxel's class.",
                   show_default=False),
]  # fmt: skip
VoxelSize = Annotated[
    str | None,
    typer.Option(
        "--voxel", help="Edges of a voxel along z, y, x, such as 20nm,10nm,10nm; else the file's."
    ),
]
Names = Annotated[
    str | None, typer.Option(help="Names of the classes in the order of their numbers, by commas.")
]
Unsure = Annotated[
    list[str] | None,
    typer.Option(
        "--segmentation-sd",
        help="Error of a class's fraction in this volume, such as pore=0.01; also several times.",
    ),
]
GrainsOf = Annotated[
    str | None,
    typer.Option("--grains", help="Class whose touching particles are divided at their necks."),
]
Connectivity = Annotated[
    int, typer.Option(help="Voxels hang together by faces (6), or by edges and corners too (26).")
]
Plots = Annotated[Path | None, typer.Option(help="Folder for pictures.")]


def quantify(
    labels: Labels,
    voxel: VoxelSize = None,
    names: Names = None,
    segmentation_sd: Unsure = None,
    grains_of: GrainsOf = None,
    connectivity: Connectivity = 6,
    plots: Plots = None,
    dataset: Dataset = None,
    channel: Channel = None,
    trust: TrustVoxel = False,
    json: JsonOut = None,
) -> None:
    """Measure a labelled volume: fractions, surfaces, chords, sizes, paths, each with its error."""
    from executors.imaging.quantities_file import to_json
    from executors.imaging.quantities_pictures import draw_quantities
    from executors.imaging.readers import read_labels
    from executors.imaging.voxel import read_voxel
    from models.imaging.quantities.quantify import quantify as measure

    with complaints():
        check_plots(plots)
        unsure = _shares(segmentation_sd or [])
        given = read_voxel(voxel) if voxel else None
        volume = read_labels(
            labels, given, split_names(names), dataset=dataset, channel=channel, trust=trust
        )
        with _progress(hidden=str(json) == "-" or not console.is_terminal) as tell:
            found = measure(
                volume, unsure, connectivity=connectivity, grains_of=grains_of, tell=tell
            )
        answer = to_json(found)
        write_json(answer, json)
        pictures = draw_quantities(plots, volume, found) if plots else ()
    if str(json) != "-":
        _tell(answer, pictures)


def _shares(texts: list[str]) -> dict[str, float]:
    try:
        return {name: float(share) for name, share in assignments(texts).items()}
    except ValueError as error:
        raise Complaint(f"--segmentation-sd: {error}") from error


@contextmanager
def _progress(hidden: bool) -> Iterator[Callable[[str, float], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, TextColumn("left"), TimeRemainingColumn(), console=console, transient=True,
        disable=hidden,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=1.0)
        yield lambda what, done: bar.update(task, description=what, completed=done)


def _tell(answer: dict[str, Any], pictures: Sequence[Path]) -> None:
    for name, phase in answer["phases"].items():
        ends = phase["interval90"]
        between = f", 90 % between {ends[0]:.2%} and {ends[1]:.2%}" if ends else ""
        chord = _length(answer["mean_chord_m"][name])
        say(f"{name}: {phase['fraction']:.2%}{between}; mean chord {chord}")
    surface = answer["surface_density_1_m"]
    if surface["value"] is not None:
        error = "" if surface["sd"] is None else f" (sd {surface['sd']:.2g})"
        say(f"surface per volume: {surface['value']:.4g} 1/m{error}")
    for note in answer["notes"]:
        say(("note: ", "yellow"), note)
    for picture in pictures:
        say(f"picture: {picture}")


def _length(answer: dict[str, Any]) -> str:
    if answer["value"] is None:
        return f"unknown ({answer['reason']})"
    error = "" if answer["sd"] is None else f" (sd {answer['sd'] * 1e9:.2g} nm)"
    return f"{answer['value'] * 1e9:.4g} nm{error}"
