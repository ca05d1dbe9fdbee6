"""train, segment: models of segmentation from labelled stacks, and stacks into classes."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from flows.cli.common import Complaint, JsonOut, complaints, console, say, write_json
from flows.cli.grains import Plots, check_plots, tell_notes

type Watch = Callable[[int, int], None]
VoxelOption = Annotated[
    str | None,
    typer.Option(
        "--voxel",
        help="Edges of a voxel along z,y,x, such as 20nm,8nm,8nm; one for all; ? where the file "
        "says it.",
    ),
]
Dataset = Annotated[
    str | None, typer.Option(help="Which array of a file that holds several (HDF5, Zarr).")
]
Channel = Annotated[
    int | None, typer.Option(min=1, help="Which channel of a file that holds several, from 1.")
]
TrustVoxel = Annotated[
    bool, typer.Option("--trust-voxel", help="--voxel holds where the file says something else.")
]
QUIET = 10.0
"""Seconds between lines on the way where nobody sees a bar."""


def train(
    folder: Annotated[
        Path,
        typer.Argument(
            help="Stacks with labels: a.tif with a_labels.tif, or images/a.tif with labels/a.tif. "
            "255 is a voxel that nobody labelled; so is a slice of 0 among others.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option(help="The model file to write.")],
    start: Annotated[
        str,
        typer.Option(
            help="What training goes on from: a model file, 'simulated' (shipped, from SYNTHETIC "
            "stacks), or 'nothing'."
        ),
    ] = "simulated",
    kind: Annotated[
        str, typer.Option(help="2-D, 2.5-D or 3-D: of a network that starts from nothing.")
    ] = "2.5-D",
    steps: Annotated[int, typer.Option(min=1, help="Batches of eight crops to learn from.")] = 400,
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 0,
    names: Annotated[
        str | None, typer.Option(help="Names of the classes in their order: matrix,pore.")
    ] = None,
    licence: Annotated[
        list[str] | None,
        typer.Option(help="Licence of the stacks (SPDX name, or 'own'); also several times."),
    ] = None,
    shippable: Annotated[
        bool, typer.Option(help="Mark the model as one that may be handed on.")
    ] = False,
    held_out: Annotated[
        str | None, typer.Option(help="The stack that is kept for scores, not learned from.")
    ] = None,
    unlabelled: Annotated[
        int | None, typer.Option(help="The number of voxels that nobody labelled, if not 255.")
    ] = None,
    voxel: VoxelOption = None,
    dataset: Dataset = None,
    channel: Channel = None,
    trust: TrustVoxel = False,
    json: JsonOut = None,
) -> None:
    """Train a network on stacks with labels; it says how good it is where it did not learn."""
    from executors.imaging.readers.look import ReadingChoice
    from executors.imaging.training import TrainingOrder
    from executors.imaging.training import train as run

    with complaints():
        check_file_place(out, "--out")
        order = TrainingOrder(
            folder, out, start, kind, steps, seed, split_names(names), tuple(licence or ()),
            shippable, held_out, unlabelled, read_voxel_option(voxel),
            ReadingChoice(dataset, channel, trust),
        )  # fmt: skip
        with watched("training") as watch:
            found = run(order, watch)
        write_json(found, json)
    if str(json) != "-":
        _tell_training(found, out)


def segment(
    stack: Annotated[Path, typer.Argument(help="The stack of greys.", show_default=False)],
    voxel: VoxelOption = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="A model file, or 'simulated' (shipped, from SYNTHETIC stacks). Without one: "
            "thresholds that the stack itself gives."
        ),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(help="TIFF to write the classes to, for napari, Fiji and kyoso quantify."),
    ] = None,
    plots: Plots = None,
    repair: Annotated[
        str | None,
        typer.Option(
            help="What is mended before, in this order: brightness, light, destriping, alignment."
        ),
    ] = None,
    dataset: Dataset = None,
    channel: Channel = None,
    trust: TrustVoxel = False,
    json: JsonOut = None,
) -> None:
    """Decide the class of each voxel of a stack; shares of the classes with their errors.

    A run that was ended goes on where it was, if it writes to the same --labels.
    """
    from executors.imaging.readers.look import ReadingChoice
    from executors.imaging.segment import SegmentOrder
    from executors.imaging.segment import segment as run
    from executors.imaging.writers import SUFFIXES

    with complaints():
        check_plots(plots)
        if labels:
            check_file_place(labels, "--labels", SUFFIXES)
        order = SegmentOrder(
            stack, read_voxel_option(voxel), model, labels, plots, repair=split_names(repair),
            reading=ReadingChoice(dataset, channel, trust),
        )  # fmt: skip
        with watched("segmenting") as watch:
            found = run(order, watch)
        write_json(found.report, json)
    if str(json) != "-":
        _tell_segments(found.report)
        tell_notes(found.report["notes"], found.pictures)


@contextmanager
def watched(what: str) -> Iterator[Watch]:
    """A bar with the time left; where nobody sees one, a line every ten seconds on stderr."""
    columns = (TextColumn(what), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task, lines = bar.add_task(what, total=None), _LogProgress(what)

        def watch(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            if not console.is_terminal:
                lines.tell(done, total)

        yield watch


class _LogProgress:
    """Progress as lines, for logs."""

    def __init__(self, what: str) -> None:
        self._what, self._told = what, time.monotonic()
        self._first: tuple[float, int] | None = None

    def tell(self, done: int, total: int) -> None:
        """Time left by the pace since the first call: what went before is getting ready."""
        now = time.monotonic()
        began, before = self._first = self._first or (now, done)
        if now - self._told < QUIET or done <= before:
            return
        self._told = now
        left = (now - began) * (total - done) / (done - before)
        typer.echo(f"{self._what}: {done / total:.0%}, about {in_time(left)} left", err=True)


def in_time(seconds: float) -> str:
    """A duration for people: 40 s, 5 min, 2.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def read_voxel_option(text: str | None) -> Any:
    """Edges in metres, or None where nothing was given."""
    from executors.imaging.voxel import read_voxel

    return None if text is None else read_voxel(text)


def split_names(text: str | None) -> tuple[str, ...]:
    """``matrix,pore`` as names."""
    return tuple(name.strip() for name in text.split(",")) if text else ()


def check_file_place(path: Path, option: str, endings: Sequence[str] = ()) -> None:
    """Refuse a place where no file can be written, or none of these, before any work is done."""
    if path.is_dir():
        raise Complaint(f"{option}: {path} is a folder")
    if endings and path.suffix.lower() not in endings:
        raise Complaint(f"{option}: {path.name} is no TIFF; it ends in {' or '.join(endings)}")
    if not path.parent.is_dir():
        raise Complaint(f"{option}: there is no folder {path.parent}")


def _tell_training(found: dict[str, Any], out: Path) -> None:
    told = ", ".join(f"{n} {v:.3f}" for n, v in found["iou"].items())
    say(f"{found['method']}: mean IoU {found['mean_iou']:.3f} ({told}) on {found['held_out']}")
    say(f"probabilities: off by {max(found['calibration_error'].values()):.3f} at most, log loss "
        f"{found['log_loss']:.3f} (of the shares of the classes: "
        f"{found['log_loss_of_class_shares']:.3f})")  # fmt: skip
    say(f"model: {out}, licence of its data: {', '.join(found['licence'])}")
    tell_notes(found["notes"], ())


def _tell_segments(report: dict[str, Any]) -> None:
    say(f"method: {report['method']}")
    for name, phase in report["phases"].items():
        low, high = phase["interval90"] or (None, None)
        inside = phase["in_stack"]
        spread = f"90 %: {low:.2%} to {high:.2%}" if low is not None else phase["reason"]
        sure = f"; in the stack itself ± {inside['sd']:.2%}" if inside["sd"] is not None else ""
        say(f"{name}: {phase['fraction']:.2%} ({spread}{sure})")
