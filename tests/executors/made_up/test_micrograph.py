from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from executors.made_up.micrograph import Micrograph, Options, image, pixel_size, take
from executors.made_up.process import sample_of
from executors.testing import ExecutorContract
from planner.executor import Abandoned, WorkOrder
from tests.executors.jobs import file_of

POINT = {"milling_energy": 75.0, "first_heat": 750.0, "second_heat": 600.0, "hold_time": 10}
UNITS = {
    "milling_energy": "MJ/kg", "first_heat": "degC", "second_heat": "degC", "hold_time": "h",
    "grain_size": "um", "boundary_density": "1/um",
}  # fmt: skip
GIVES = ("porosity", "grain_size", "boundary_density", "clean_boundaries", "connected_fraction")


def order(trial: int = 1, **point: float) -> WorkOrder:
    job = f"bulk/{trial}/imaging"
    return WorkOrder(job, "bulk", trial, "imaging", {**POINT, **point}, UNITS, GIVES)


class TestMicrograph(ExecutorContract):
    def make(self, folder: Path) -> Micrograph:
        return Micrograph(folder, inline=True, size=320)

    def order(self, job: str) -> WorkOrder:
        return replace(order(), job=job)


def test_it_measures_the_sample_that_the_furnace_made(tmp_path: Path) -> None:
    sample = sample_of("ba122", order())
    found = {m.outcome: m for m in image(Options(), tmp_path, order()).measurements}
    assert list(found) == list(GIVES)
    truth = {
        "porosity": sample.porosity,
        "grain_size": sample.grain_size,
        "clean_boundaries": 1 - sample.wetted,
    }
    for name, true in truth.items():
        m = found[name]
        assert m.standard_error
        assert abs(m.value - float(true)) < 3 * m.standard_error, name
    assert found["grain_size"].unit == "m"
    assert "equivalent diameter" in found["grain_size"].method
    assert "synthetic" in found["porosity"].method


def test_the_pictures_show_what_was_found(tmp_path: Path) -> None:
    answer = image(Options(), tmp_path, order())
    plain, overlay = (
        np.asarray(Image.open(file_of(answer, n))) for n in ("micrograph.png", "overlay.png")
    )
    assert plain.shape == overlay.shape == (512, 512, 3)
    assert (overlay == (220, 30, 30)).all(axis=2).mean() > 0.02, "boundaries are drawn"
    assert all(tmp_path in file_of(answer, name).parents for name in answer.artifacts)


@pytest.mark.parametrize("size", [1.3e-7, 3.6e-7, 9.9e-7, 1e-6, 2.8e-6])
def test_the_operator_sees_grains_well(size: float) -> None:
    sample = replace(sample_of("ba122", order()), grain_size=np.array(size))
    assert 28 <= size / pixel_size(sample) * (1 + 1e-9) < 40


def test_two_looks_at_one_sample_are_the_same_and_samples_differ() -> None:
    assert (take(Options(), order())[0] == take(Options(), order())[0]).all()
    assert (take(Options(), order())[0] != take(Options(), order(2))[0]).any()


def test_a_picture_without_enough_grains_is_abandoned(tmp_path: Path) -> None:
    microscope = Micrograph(tmp_path, inline=True)
    microscope.submit(replace(order(), point={}))
    answer = microscope.poll(order().job)
    assert isinstance(answer, Abandoned)
    assert "no number 'milling_energy'" in answer.why
