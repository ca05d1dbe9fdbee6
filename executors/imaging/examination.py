"""From the files of a sample to outcomes, numbers and pictures of its trial."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from executors.files import job_folder, write_whole
from executors.from_files import sources, to_keep
from executors.imaging.marks import marks, titled
from executors.imaging.outcomes import outcomes, units, unsaid
from executors.imaging.readers import read_labels
from executors.imaging.samples import JobFiles, sorted_out
from executors.imaging.segment import SegmentOrder, segment
from executors.imaging.teaching import Taught, Teaching, teach
from executors.imaging.view_3d import draw_3d
from executors.imaging.voxel import Given
from executors.learners.segmentation import BEFORE, MODEL, NAME, SCORE
from executors.orientation.stage import Network
from planner.campaign.outcome import PLAIN
from planner.door.bounds import ARTIFACT
from planner.door.files import Inside, copied
from planner.door.refused import about
from planner.executor import LEARNED, Finished, Measurement, WorkOrder


@dataclass(frozen=True)
class ImagingRequest:
    """What is asked of a sample."""

    voxel: Given | None
    model: str | None
    """Until one was trained in the campaign."""
    classes: tuple[str, ...]
    grains_of: str | None
    repair: tuple[str, ...]
    pictures: bool
    held_out: Path | None
    training_steps: int


def examine(
    asked: ImagingRequest, network: Network | None, folder: Path, orders: Path, order: WorkOrder
) -> Finished:
    """Segment and measure the stack of an order, and its orientation map where there is one.

    ``network`` is what makes outcomes of a map. No link is followed among the files that were
    dropped into ``orders``. ValueError names the file and what is wrong with it.
    """
    files = sorted_out(n for n in order.files if not n.startswith(LEARNED))
    found = _of_stack(asked, files, folder, orders, order) if files.pictures else Finished(())
    if files.maps and network:
        maps = {name: path for name, path in order.files.items() if name in files.maps}
        found = _both(found, network(replace(order, files=maps)))
    return found


def _of_stack(
    asked: ImagingRequest, files: JobFiles, folder: Path, orders: Path, order: WorkOrder
) -> Finished:
    place = job_folder(folder / "results", order.job)
    place.mkdir(parents=True, exist_ok=True)
    there = sources(order, orders)
    taken = {name: there[name] for name in (*files.pictures, *files.beside)}
    labels, plots = place / "labels.tif", place if asked.pictures else None
    with TemporaryDirectory() as came:
        laid_out = _laid_out(files, taken, Path(came))
        taught = _taught(asked, files, there, laid_out, place, order)
        model = str(taught.model) if taught and taught.is_better else _model(asked, order)
        told = segment(
            SegmentOrder(laid_out, asked.voxel, model, labels, plots, asked.grains_of, asked.repair)
        )
        dropped = to_keep(taken)
        if files.is_sliced and dropped:  # as one file: there may be thousands
            dropped = {"slices.zip": _packed(place / "slices.zip", laid_out)}
    report = told.report | {"not_given": unsaid(told.report, order.gives)}
    numbers = place / "quantities.json"
    write_whole(numbers, json.dumps(report, indent=2, allow_nan=False))
    drawn = [*told.pictures, _solid(place, labels, files.pictures[0])] if plots else []
    made = [*drawn, numbers, labels, *([taught.model] if taught else [])]
    kept: dict[str, Path | Inside] = {path.name: path for path in made}
    kept |= dropped | to_keep({name: there[name] for name in files.labels})
    values = (*_measured(asked, files, report, order), *_learned(taught, order))
    return Finished(values, artifacts=kept)


def _taught(
    asked: ImagingRequest,
    files: JobFiles,
    there: Mapping[str, Path | Inside],
    stack: Path,
    place: Path,
    order: WorkOrder,
) -> Taught | None:
    """The model that goes on learning from the labels that came; None without any."""
    if not files.labels:
        return None
    if files.is_sliced:
        raise ValueError(f"{files.labels[0]}: labels go with a stack in one file, not with slices")
    labels = files.labels[0]
    with TemporaryDirectory() as came, about(labels):
        teaching = Teaching(
            stack, copied(there[labels], Path(came) / labels, ARTIFACT), asked.held_out,
            _model(asked, order), asked.classes, asked.voxel, asked.training_steps,
            order.seed % 2**31, f"trial {order.trial}",
        )  # fmt: skip
        return teach(teaching, place / MODEL)


def _learned(taught: Taught | None, order: WorkOrder) -> tuple[Measurement, ...]:
    """How good the new model is, beside the one before."""
    if taught is None:
        return ()
    found = {SCORE: taught.mean_iou, BEFORE: taught.mean_iou_before}
    return tuple(
        Measurement(name, value, PLAIN, None, "mean IoU where nobody learned", taught.held_out)
        for name, value in found.items()
        if value is not None and name in order.gives
    )


def _measured(
    asked: ImagingRequest, files: JobFiles, report: dict[str, Any], order: WorkOrder
) -> tuple[Measurement, ...]:
    given, source = units(asked.classes), ", ".join(files.pictures[:3])
    method = _method(report)
    return tuple(
        Measurement(name, value, given[name], sd, method, source)
        for name, (value, sd) in outcomes(report).items()
        if name in order.gives and name in given
    )


def _method(report: dict[str, Any]) -> str:
    """What a number needs beside it: the model with its version, the licence of what trained it."""
    model = report["model"] or report["method"].partition(";")[0]
    licence = report["licence"]
    trained = [f"trained on data under {licence}"] if licence else []
    repair = [f"after {step['step']}" for step in report["repair"]]
    shape = " x ".join(map(str, report["shape"][::-1]))
    made = marks(report["notes"])
    return "; ".join([model, *trained, *repair, f"{shape} voxels", *made])


def _packed(path: Path, folder: Path) -> Path:
    """All files of a folder in one archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return path


def _solid(place: Path, labels: Path, title: str) -> Path:
    volume = read_labels(labels)
    return draw_3d(place / "solid.png", volume, titled(title, volume.notes))


def _laid_out(files: JobFiles, taken: Mapping[str, Path | Inside], work: Path) -> Path:
    """The files under their own names, for the readers: the stack, or the folder of its slices."""
    for name, file in taken.items():
        with about(name):
            copied(file, work / name, ARTIFACT)
    return work if files.is_sliced else work / files.pictures[0]


def _model(asked: ImagingRequest, order: WorkOrder) -> str | None:
    """The model that was trained in this campaign, else the one of the stage."""
    trained = [path for name, path in order.files.items() if name.startswith(f"{LEARNED}{NAME}/")]
    return trained[0] if trained else asked.model


def _both(first: Finished, second: Finished) -> Finished:
    """One answer of two; what both give is of the second."""
    later = {m.outcome for m in second.measurements}
    kept = [m for m in first.measurements if m.outcome not in later]
    return Finished(
        (*kept, *second.measurements), artifacts={**first.artifacts, **second.artifacts}
    )
