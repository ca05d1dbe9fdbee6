"""From a stack of greys to classes, shares with errors, and pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from executors.imaging.greys_source import GreyVolume, open_greys
from executors.imaging.large_report import MOST, TOO_LARGE, report_large
from executors.imaging.marks import marks, titled
from executors.imaging.mending import check_steps, mended
from executors.imaging.overlay import draw_doubt, draw_overlay
from executors.imaging.quantities_file import NORMAL, to_json
from executors.imaging.readers.look import AS_IT_IS, ReadingChoice
from executors.imaging.shipped import model_called
from executors.imaging.tiled_run import Segmented, run_in_tiles
from executors.imaging.voxel import Given
from executors.imaging.writers import write_labels
from models.imaging.volume import ImageStack, LabelledVolume

if TYPE_CHECKING:
    from models.imaging.unet.model import SegmentationModel

type Progress = Callable[[int, int], None]

OTHER_SCALE = 1.5
"""Times by which voxels may differ from those that trained a model before it is said."""


@dataclass(frozen=True)
class SegmentOrder:
    """What a person asks for."""

    stack: Path
    voxel: Given | None = None
    model: str | None = None
    """A model file, ``simulated`` for the one that is shipped; None: Otsu's threshold."""
    labels: Path | None = None
    plots: Path | None = None
    grains_of: str | None = None
    """The class whose touching particles are told apart."""
    repair: tuple[str, ...] = ()
    """Steps before, in their order."""
    reading: ReadingChoice = AS_IT_IS


@dataclass(frozen=True)
class SegmentedStack:
    """What came of it."""

    report: dict[str, Any] = field(repr=False)
    pictures: tuple[Path, ...]


def segment(order: SegmentOrder, progress: Progress | None = None) -> SegmentedStack:
    """Write labels and pictures, and say what is in the stack. Errors are those of the readers."""
    check_steps(order.repair)
    model = model_called(order.model)
    stack, done = mended(open_greys(order.stack, order.voxel, order.reading), order.repair)
    if model is None:
        found = _by_threshold(order, stack)
    else:
        found = _by_model(order, stack, model, progress)
    return SegmentedStack(found.report | {"repair": done}, found.pictures)


def _by_model(
    order: SegmentOrder, stack: GreyVolume, model: "SegmentationModel", progress: Progress | None
) -> SegmentedStack:
    """Tile by tile, with what the model knows of its own errors."""
    folder = _work_folder(order)
    with TemporaryDirectory() as otherwise:
        found = run_in_tiles(
            stack.grey, model, folder or Path(otherwise), of=_mark(order), progress=progress
        )
        volume = LabelledVolume(found.labels, model.names, stack.voxel_m, marks(stack.notes))
        report = report_of(order, volume, model, found)
        finished = _finished(order, stack, volume, found.doubt, report)
    if folder:
        rmtree(folder)
    return finished


def _work_folder(order: SegmentOrder) -> Path | None:
    """Beside the labels, so that the same command goes on after a kill."""
    if order.labels is None:
        return None
    return order.labels.with_name(f".{order.labels.name}.unfinished")


def _mark(order: SegmentOrder) -> str:
    """What tells a stack from one that takes its place, or is read or mended otherwise."""
    status, how = order.stack.stat(), (order.reading, order.repair)
    return f"{order.stack.name}, {status.st_size} bytes, {status.st_mtime_ns}, {how}"


def _by_threshold(order: SegmentOrder, stack: GreyVolume) -> SegmentedStack:
    """Two classes by Otsu, in memory; how far they are off is not known, and said so."""
    from models.imaging.segmentation.otsu import Otsu

    if stack.grey.size > MOST:
        raise ValueError(f"{order.stack.name}: {TOO_LARGE}; a --model segments it in tiles")
    found = Otsu().probabilities(ImageStack(stack.grey.astype(np.float32), stack.voxel_m))
    volume = replace(found.labels(), notes=marks(stack.notes))
    doubt = np.rint(255 * (1 - found.shares.max(axis=0))).astype(np.uint8)
    return _finished(
        order, stack, volume, doubt, _measured(order, volume, None, "Otsu", None, None)
    )


def report_of(
    order: SegmentOrder, volume: LabelledVolume, model: "SegmentationModel", found: Segmented
) -> dict[str, Any]:
    """Shares are those of the probabilities, corrected as the held-out blocks say."""
    errors = dict(zip(model.names, model.errors, strict=True))
    unsure = {
        name: min(error.sd(volume.classes.size) * error.widening() / NORMAL, 0.99)
        for name, error in errors.items()
    }
    licence = ", ".join(model.origin.licences)
    what = f"{model.name} of {_trained_on(model)}"
    if volume.classes.size > MOST:
        report = report_large(volume, unsure, NORMAL, what, licence)
        report |= {"method": f"{model.name}; {report['method']}"}
    else:
        report = _measured(order, volume, unsure, model.name, what, licence)
    said = dict(zip(model.names, found.means, strict=True))
    shares = {name: error.corrected(said[name]) for name, error in errors.items()}
    total = sum(shares.values())
    for name, share in shares.items():
        _move(report["phases"][name], share / total)
    return report | {"notes": [*report["notes"], *_scale_notes(volume, model)]}


def _measured(
    order: SegmentOrder, volume: LabelledVolume, unsure: Mapping[str, float] | None, method: str,
    model: str | None, licence: str | None,
) -> dict[str, Any]:  # fmt: skip
    """As ``kyoso quantify`` does."""
    from models.imaging.quantities.quantify import quantify

    report = to_json(quantify(volume, unsure, grains_of=order.grains_of), model, licence)
    return report | {"method": f"{method}; {report['method']}"}


def _move(phase: dict[str, Any], fraction: float) -> None:
    """Put the fraction in the middle of its intervals, which stay as wide."""
    by = fraction - phase["fraction"]
    phase["fraction"] = fraction
    for part in (phase, phase["in_stack"]):
        if part["interval90"]:
            part["interval90"] = [min(max(end + by, 0.0), 1.0) for end in part["interval90"]]


def _trained_on(model: "SegmentationModel") -> str:
    return ", ".join(model.origin.trained_on[:3]) + (", ..." if model.origin.trained_on[3:] else "")


def _scale_notes(volume: LabelledVolume, model: "SegmentationModel") -> list[str]:
    """Where the voxels are others than those that trained the model."""
    if model.voxel_m is None:
        return []
    ratios = [a / b for a, b in zip(volume.voxel_m, model.voxel_m, strict=True)]
    if max(*ratios, *(1 / r for r in ratios)) < OTHER_SCALE:
        return []
    return [
        f"the model learned from voxels of {model.voxel_m} m (z, y, x), and these are of "
        f"{volume.voxel_m} m: its probabilities may not hold"
    ]


def _finished(
    order: SegmentOrder, stack: GreyVolume, volume: LabelledVolume, doubt: Any,
    report: dict[str, Any],
) -> SegmentedStack:  # fmt: skip
    """Labels and pictures on disk, and notes of the stack in the report."""
    if order.labels:
        write_labels(order.labels, volume)
    pictures = _pictures(order, stack, volume, doubt) if order.plots else ()
    notes = list(dict.fromkeys((*stack.notes, *report["notes"])))
    return SegmentedStack(report | {"notes": notes}, pictures)


def _pictures(
    order: SegmentOrder, stack: GreyVolume, volume: LabelledVolume, doubt: Any
) -> tuple[Path, ...]:
    assert order.plots is not None
    order.plots.mkdir(parents=True, exist_ok=True)
    z, stem = len(stack.grey) // 2, order.stack.stem
    title = titled(f"{order.stack.name}, slice {z + 1} of {len(stack.grey)}", stack.notes)
    return (
        draw_overlay(order.plots / f"{stem}-classes.png", stack.grey[z], volume.classes[z],
                     volume.names, stack.voxel_m, title),
        draw_doubt(order.plots / f"{stem}-doubt.png", np.asarray(doubt[z]), stack.voxel_m, title),
    )  # fmt: skip
