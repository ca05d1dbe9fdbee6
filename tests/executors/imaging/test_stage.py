"""Imaging as a stage: stacks that are dropped or handed on, slices, repair, maps, what goes wrong."""

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from executors.files import job_folder
from executors.imaging.large_report import TOO_LARGE, report_large
from executors.imaging.outcomes import OF_A_CLASS, outcomes, units, unsaid
from executors.imaging.stage import Imaging, Options, StackFolder
from executors.imaging.writers import write_stack
from executors.testing import ExecutorContract
from models.imaging.volume import ImageStack, LabelledVolume
from planner.executor import Executor, Finished, Running, WorkOrder
from tests.executors.jobs import file_of
from tests.executors.orientation.readers.files import write_ctf
from tests.executors.orientation.test_orientation import LAW, sample

JOB = "bulk/1/imaging"
VOXEL = (20e-9, 10e-9, 10e-9)
CLASSES = ("matrix", "pore")
OPTIONS: Mapping[str, Any] = {
    "inline": True, "settle": 0, "pictures": False, "model": None, "classes": CLASSES,
}  # fmt: skip


def stack() -> ImageStack:
    """A fifth of it is a dark slab; SYNTHETIC."""
    grey = np.full((6, 40, 50), 0.7, np.float32)
    grey[:, 10:18] = 0.2
    noise = np.random.default_rng(0).normal(0, 0.03, grey.shape)
    return ImageStack((grey + noise).clip(0, 1).astype(np.float32), VOXEL)


def order(*gives: str, **files: str) -> WorkOrder:
    return WorkOrder(
        JOB, "bulk", 1, "imaging", {"T": 600.0}, {}, gives or tuple(units(CLASSES)), files=files
    )


def station(folder: Path, **options: Any) -> Imaging:
    return Imaging(folder, **{**OPTIONS, **options})


def place_of(folder: Path) -> Path:
    return job_folder(folder / "orders", JOB)


class TestImaging(ExecutorContract):
    def make(self, folder: Path) -> Imaging:
        self.folder = folder
        return station(folder)

    def order(self, job: str) -> WorkOrder:
        return WorkOrder(job, "bulk", 1, "imaging", {"T": 600.0}, {}, ("porosity",))

    def answer(self, executor: Executor, order: WorkOrder) -> None:
        place = job_folder(self.folder / "orders", order.job)
        if place.is_dir() and not (place / "stack.tif").exists():
            write_stack(place / "stack.tif", stack())


class TestStackFolder(TestImaging):
    def make(self, folder: Path) -> StackFolder:
        self.folder = folder
        return StackFolder(folder, **OPTIONS)


def test_a_dropped_stack_becomes_numbers_with_errors_labels_and_pictures(tmp_path: Path) -> None:
    executor = station(tmp_path, pictures=True)
    executor.submit(order())
    waiting = executor.poll(JOB)
    assert isinstance(waiting, Running)
    assert "waiting for an image stack (.tif, .tiff" in waiting.note
    write_stack(place_of(tmp_path) / "bulk 7.tif", stack())
    answer = executor.poll(JOB)
    assert isinstance(answer, Finished), answer
    found = {m.outcome: m for m in answer.measurements}
    assert found["porosity"].value == found["pore_fraction"].value == pytest.approx(0.2, abs=0.002)
    assert found["pore_surface_density"].unit == "1/m"
    assert found["pore_chord"].standard_error
    assert found["porosity"].method == "Otsu; 50 x 40 x 6 voxels"
    assert {"solid.png", "quantities.json", "labels.tif", "bulk 7.tif"} < set(answer.artifacts)
    report = json.loads(file_of(answer, "quantities.json").read_text())
    assert report["voxel_m"] == list(VOXEL)
    assert "grains of one phase that touch" in report["not_given"]["grain_size"]
    assert report["not_given"].keys() == {"grain_size", "matrix_body_size", "pore_body_size"}, (
        "the frame cuts every body"
    )


def test_slices_are_one_stack_and_are_kept_as_one_file(tmp_path: Path) -> None:
    executor = station(tmp_path, voxel="20nm,10nm,10nm")
    executor.submit(order("porosity"))
    for z, page in enumerate(stack().grey):
        grey = Image.fromarray((255 * page).astype(np.uint8))
        grey.save(place_of(tmp_path) / f"slice {z + 7}.png")
    answer = executor.poll(JOB)
    assert isinstance(answer, Finished), answer
    assert answer.measurements[0].value == pytest.approx(0.2, abs=0.002)
    with zipfile.ZipFile(file_of(answer, "slices.zip")) as kept:
        assert sorted(kept.namelist()) == sorted(f"slice {z + 7}.png" for z in range(6))


def test_a_stack_of_an_earlier_stage_is_taken_and_repaired(tmp_path: Path) -> None:
    """The store names files by their hash; what was done is told beside the numbers."""
    write_stack(tmp_path / "stack.tif", stack())
    (tmp_path / "stack.tif").rename(tmp_path / "a1b2")
    executor = station(tmp_path / "own", repair=["brightness"])
    executor.submit(order("porosity", **{"fib/stack.tif": str(tmp_path / "a1b2")}))
    answer = executor.poll(JOB)
    assert isinstance(answer, Finished), answer
    assert "stack.tif" not in answer.artifacts, "it is kept already"
    assert answer.measurements[0].method == "Otsu; after brightness; 50 x 40 x 6 voxels"
    (step,) = json.loads(file_of(answer, "quantities.json").read_text())["repair"]
    assert step["step"] == "brightness"


def test_a_map_beside_the_stack_becomes_its_grain_network(tmp_path: Path) -> None:
    network = {"law": LAW, "threshold": 2, "min_pixels": 5, "draws": 20, "pictures": False}
    executor = station(tmp_path, network=network)
    executor.submit(order("porosity", "jc", "grain_size"))
    write_stack(place_of(tmp_path) / "stack.tif", stack())
    write_ctf(place_of(tmp_path) / "map.ctf", sample())
    answer = executor.poll(JOB)
    assert isinstance(answer, Finished), answer
    found = {m.outcome: m for m in answer.measurements}
    assert found.keys() == {"porosity", "jc", "grain_size"}
    assert found["grain_size"].method.startswith("grain network")
    assert {"labels.tif", "network.json", "map.ctf", "stack.tif"} < set(answer.artifacts)


def test_what_cannot_be_used_is_said_and_a_better_file_is_taken(tmp_path: Path) -> None:
    executor = station(tmp_path)
    executor.submit(order("porosity"))
    place = place_of(tmp_path)
    Image.fromarray(np.zeros((20, 20), np.uint8)).save(place / "photo.png")
    answer = executor.poll(JOB)
    assert isinstance(answer, Running)
    assert "does not say how large a voxel is" in answer.note
    assert "a better stack may be put into" in answer.note
    write_stack(place / "stack.tif", stack())
    answer = executor.poll(JOB)
    assert isinstance(answer, Running)
    assert answer.note == "photo.png and stack.tif: which one holds?"
    (place / "photo.png").unlink()
    assert isinstance(executor.poll(JOB), Finished)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"voxel": "20"}, "no length above 0"),
        ({"model": "mine.kyoso-model"}, "must be absolute"),
        ({"repair": ["polish"]}, "'polish' is no repair; there are brightness, light"),
        ({"network": {"law": {**LAW, "decay_deg": 0}}}, "decay_deg"),
    ],
)
def test_wrong_options_are_refused_when_the_campaign_starts(
    tmp_path: Path, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        station(tmp_path, **options)


def test_an_outcome_of_a_class_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'crack_fraction' is not given here, but porosity"):
        station(tmp_path).submit(order("crack_fraction"))
    assert set(units(["pore"])) > {f"pore_{what}" for what in OF_A_CLASS}


def test_labels_that_come_with_a_stack_teach_a_model_which_the_next_order_uses(
    tmp_path: Path,
) -> None:
    labelled = np.full(stack().shape, 255, np.uint8)
    labelled[2:4] = 0
    labelled[2:4, 10:18] = 1
    executor = station(tmp_path, training_steps=12)
    executor.submit(order("porosity", "held_out_iou"))
    write_stack(place_of(tmp_path) / "bulk.tif", stack())
    tifffile.imwrite(place_of(tmp_path) / "bulk_labels.tif", labelled, photometric="minisblack")
    first = executor.poll(JOB)
    assert isinstance(first, Finished), first
    found = {m.outcome: m for m in first.measurements}
    assert 0 < found["held_out_iou"].value <= 1
    assert found["held_out_iou"].source == "the last fifth of the rows of each stack, of trial 1"
    assert found["porosity"].method.startswith("U-Net 2.5-D, version 1")
    assert "trained on data under own" in found["porosity"].method
    assert {"segmentation.kyoso-model", "bulk_labels.tif", "bulk.tif"} <= set(first.artifacts)
    model = str(file_of(first, "segmentation.kyoso-model"))
    other = station(tmp_path / "next")
    other.submit(order("porosity", **{"learned/segmentation/segmentation.kyoso-model": model}))
    write_stack(place_of(tmp_path / "next") / "bulk.tif", stack())
    second = other.poll(JOB)
    assert isinstance(second, Finished), second
    assert second.measurements[0].method == found["porosity"].method


def test_labels_of_another_shape_are_named_and_nothing_is_kept(tmp_path: Path) -> None:
    executor = station(tmp_path, training_steps=1)
    executor.submit(order("porosity"))
    write_stack(place_of(tmp_path) / "bulk.tif", stack())
    small = np.ones((6, 40, 40), np.uint8)
    tifffile.imwrite(place_of(tmp_path) / "bulk_labels.tif", small, photometric="minisblack")
    answer = executor.poll(JOB)
    assert isinstance(answer, Running)
    assert "(6, 40, 40) voxels, but" in answer.note


def test_a_stack_too_large_to_be_measured_has_shares_and_says_why_nothing_else() -> None:
    classes = (stack().grey < 0.45).astype(np.uint8)
    volume = LabelledVolume(classes, CLASSES, VOXEL)
    report = report_large(volume, dict.fromkeys(CLASSES, 0.01), 1.645, "a model", "own")
    shares = {name: value for name, (value, _) in outcomes(report).items()}
    assert shares.keys() == {"porosity", "pore_fraction", "matrix_fraction"}
    assert shares["porosity"] == pytest.approx(0.2, abs=0.002)
    assert unsaid(report, ["pore_chord"]) == {"pore_chord": TOO_LARGE}


def test_options_that_a_map_beside_a_stack_does_not_have_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="path"):
        station(tmp_path, network={"law": LAW, "path": "/mnt/maps"})


def test_the_page_names_every_option() -> None:
    page = (Path(__file__).parents[3] / "docs" / "imaging.md").read_text(encoding="utf-8")
    table = page.split("| option | meaning |")[1].split("\n\n")[0]
    first = [row.split("|")[1] for row in table.splitlines() if row.startswith("|")]
    named = {name for cell in first for name in re.findall(r"`(\w+)`", cell)}
    assert named >= Options.model_fields.keys() - {"attempts", "inline", "pictures"}
    assert named <= Options.model_fields.keys()
