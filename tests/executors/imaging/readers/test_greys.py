"""By which rule stored numbers become greys, and what the numbers give away."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from executors.imaging.readers import read_stack
from executors.testing.stack_reader import VOXEL, stack_sample
from models.imaging.volume import ImageStack


def stack_of(path: Path, voxels: np.ndarray) -> ImageStack:
    tifffile.imwrite(path / "a.tif", voxels, photometric="minisblack")
    return read_stack(path / "a.tif", VOXEL)


@pytest.mark.parametrize(
    ("dtype", "low", "high", "white", "note"),
    [
        (np.uint8, 3, 250, 255, ""),
        (np.uint16, 0, 65000, 65535, ""),
        (np.uint16, 40, 4090, 4095, "greys of 12 bits in 16: 4095 is white (the largest is 4090)"),
        (
            np.uint16,
            40,
            16000,
            16383,
            "greys of 14 bits in 16: 16383 is white (the largest is 16000)",
        ),
        (
            np.int16,
            0,
            32000,
            32767,
            "greys of 15 bits in 16: 32767 is white (the largest is 32000)",
        ),
        (np.float32, 0, 1, 1, ""),
    ],
)
def test_whole_numbers_are_divided_by_the_largest_there_can_be(
    tmp_path: Path, dtype: type[np.generic], low: int, high: int, white: int, note: str
) -> None:
    voxels = np.linspace(low, high, 5 * 20 * 30).reshape(5, 20, 30).astype(dtype)
    stack = stack_of(tmp_path, voxels)
    assert stack.grey == pytest.approx(voxels / white, rel=1e-6)
    assert stack.notes[1:] == ((note,) if note else ())


@pytest.mark.parametrize("dtype", [np.float32, np.int16, np.uint32, np.float64, np.int8])
def test_other_numbers_run_from_the_least_to_the_largest(
    tmp_path: Path, dtype: type[np.generic]
) -> None:
    least = 0 if dtype is np.uint32 else -100
    voxels = np.linspace(least, 100, 5 * 20 * 30).reshape(5, 20, 30).astype(dtype)
    stack = stack_of(tmp_path, voxels)
    assert [float(stack.grey.min()), float(stack.grey.max())] == [0, 1]
    assert "greys run from the least to the largest of the file" in stack.notes[1]


def test_greys_that_are_no_numbers_are_counted(tmp_path: Path) -> None:
    voxels = stack_sample().astype(np.float32)
    voxels[1, 2, 3:6] = [np.nan, np.inf, -np.inf]
    with pytest.raises(ValueError, match=r"a.tif holds 3 of 4800 greys that are no finite numbers"):
        stack_of(tmp_path, voxels)


def test_one_colour_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a.tif shows one colour: every voxel is 17"):
        stack_of(tmp_path, np.full((5, 20, 30), 17, np.uint8))


def test_greys_that_were_scaled_wrongly_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError,
        match=r"greys from 0 to 3 only, in 8 bits: they were scaled wrongly, or are labels",
    ):
        stack_of(tmp_path, stack_sample() // 64)


def test_a_narrow_scale_and_flat_slices_are_told(tmp_path: Path) -> None:
    voxels = 100 + stack_sample((5, 20, 30)) // 16
    voxels[[1, 3]] = 104
    stack = stack_of(tmp_path, voxels.astype(np.uint8))
    assert "greys use 5.9 % of their scale (100 to 115)" in stack.notes
    assert "2 slices are of one colour (the first is slice 2)" in stack.notes


def test_labels_are_told_from_greys(tmp_path: Path) -> None:
    stack = stack_of(tmp_path, stack_sample() // 86 * 85)
    assert (
        "the middle slice holds only the values 0, 85, 170: these look like labels" in stack.notes
    )
