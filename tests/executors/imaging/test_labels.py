"""Labels come in as napari and Fiji make them, and go out so that both can open them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from executors.imaging.readers import read_labels, read_stack
from executors.imaging.writers import write_labels, write_stack
from executors.testing.stack_reader import VOXEL
from models.imaging.volume import ImageStack, LabelledVolume, Voxel

NAMES = ("matrix", "pore", "impurity")
CLASSES = np.random.default_rng(1).integers(0, 3, (4, 30, 40)).astype(np.uint8)


def labels(path: Path, voxels: np.ndarray, **how: Any) -> Path:
    tifffile.imwrite(path, voxels, **({"photometric": "minisblack"} | how))
    return path


@pytest.mark.parametrize(
    "voxel", [VOXEL, (1e-8, 1e-8, 1e-8), (2.5e-7, 8.3e-9, 8.137e-9), (1e-6, 1 / 3 * 1e-7, 5e-10)]
)
@pytest.mark.parametrize("slices", [1, 2, 3, 4, 7])
def test_what_was_written_comes_back(tmp_path: Path, voxel: Voxel, slices: int) -> None:
    classes = np.resize(CLASSES, (slices, 30, 40))
    write_labels(tmp_path / "a.tif", LabelledVolume(classes, NAMES, voxel))
    volume = read_labels(tmp_path / "a.tif")
    assert (volume.classes == classes).all()
    assert volume.names == NAMES
    assert volume.voxel_m == pytest.approx(voxel, rel=1e-12)
    assert volume.classes.dtype == np.uint8
    grey = np.random.default_rng(0).random((slices, 30, 40), np.float32)
    write_stack(tmp_path / "b.tif", ImageStack(grey, voxel))
    stack = read_stack(tmp_path / "b.tif")
    assert (stack.grey == grey).all()
    assert stack.voxel_m == pytest.approx(voxel, rel=1e-12)


def test_fiji_and_napari_see_slices_and_their_size(tmp_path: Path) -> None:
    write_labels(tmp_path / "a.tif", LabelledVolume(CLASSES[:3], NAMES, VOXEL))
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        assert file.imagej_metadata is not None
        assert (file.series[0].axes, str(file.series[0].dtype)) == ("ZYX", "uint8")
        assert (file.imagej_metadata["unit"], file.imagej_metadata["spacing"]) == ("nm", 20.0)
        assert file.pages.first.tags["XResolution"].value == (1, 8)


def test_many_classes_are_written_in_16_bits(tmp_path: Path) -> None:
    names = tuple(f"grain {n}" for n in range(300))
    classes = np.arange(300, dtype=np.int64).reshape(3, 10, 10)
    write_labels(tmp_path / "a.tif", LabelledVolume(classes, names, VOXEL))
    volume = read_labels(tmp_path / "a.tif")
    assert (volume.classes == classes).all()
    assert volume.names == names


@pytest.mark.parametrize(
    ("values", "dtype", "how"),
    [
        ((0, 1, 2), np.uint8, {"compression": "zlib"}),  # napari
        ((0, 1, 2), np.int32, {"compression": "zlib"}),
        ((0, 1, 2), np.uint16, {"imagej": True, "metadata": {"axes": "ZYX"}}),  # Fiji
        ((0, 85, 170), np.uint8, {"imagej": True, "metadata": {"axes": "ZYX"}}),
        ((0, 128, 255), np.uint8, {}),
        ((1, 2, 3), np.uint8, {}),
        ((0, 85, 170), np.float32, {}),
    ],
)
def test_labels_of_any_values_are_classes_in_their_order(
    tmp_path: Path, values: tuple[int, ...], dtype: type, how: dict[str, Any]
) -> None:
    path = labels(tmp_path / "a.tif", np.array(values, dtype)[CLASSES], **how)
    volume = read_labels(path, VOXEL, NAMES)
    assert (volume.classes == CLASSES).all()
    assert volume.names == NAMES
    numbered = read_labels(path, VOXEL)
    assert numbered.names == tuple(f"class {value}" for value in values)
    assert (numbered.classes == CLASSES).all()


@pytest.mark.parametrize("dtype", [bool, np.uint8])
def test_a_mask_of_two_values(tmp_path: Path, dtype: type) -> None:
    mask = CLASSES == 1
    path = labels(tmp_path / "a.tif", mask if dtype is bool else mask.astype(np.uint8) * 255)
    assert (read_labels(path, VOXEL, ("matrix", "pore")).where("pore") == mask).all()


def test_a_class_that_nobody_drew_keeps_its_number(tmp_path: Path) -> None:
    path = labels(tmp_path / "a.tif", np.array([0, 2, 2], np.uint8)[CLASSES])
    volume = read_labels(path, VOXEL, NAMES)
    assert volume.where("impurity").any()
    assert not volume.where("pore").any()


@pytest.mark.parametrize("said", [{0, 1, 2}, {0, 1}, {1}])
def test_what_nobody_labelled_is_255_beside_the_classes_with_names(
    tmp_path: Path, said: set[int]
) -> None:
    """Of a volume with names of its own that somebody painted over in part."""
    painted = np.where(np.isin(CLASSES, list(said)), CLASSES, 255).astype(np.uint8)
    painted[0] = 255
    volume = read_labels(labels(tmp_path / "a.tif", painted), VOXEL, NAMES)
    assert volume.names == (*NAMES, "class 255")
    assert (np.where(volume.classes == 3, 255, volume.classes) == painted).all()


def test_a_volume_of_one_class_is_labels(tmp_path: Path) -> None:
    path = labels(tmp_path / "a.tif", np.zeros((4, 20, 30), np.uint8))
    assert read_labels(path, VOXEL, NAMES).where("matrix").all()


def test_a_folder_of_slices_may_be_labels(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    for number, slice_ in enumerate(CLASSES):
        picture = Image.fromarray(slice_).convert("P")
        picture.putpalette([0, 0, 0, 255, 0, 0, 0, 200, 40])
        picture.save(tmp_path / "s" / f"{number}.png")
    assert (read_labels(tmp_path / "s", VOXEL, NAMES).classes == CLASSES).all()


@pytest.mark.parametrize(
    ("voxels", "names", "said"),
    [
        (CLASSES, ("matrix", "pore"), r"holds 3 values \(0, 1, 2\) for the 2 names"),
        (CLASSES * 85, ("matrix", "pore"), r"holds 3 values \(0, 85, 170\) for the 2 names"),
        (CLASSES + np.float32(0.5), (), "holds numbers that are not whole, and no labels"),
        (
            np.arange(1200, dtype=np.uint16).reshape(2, 20, 30),
            (),
            "different values: greys, or numbered",
        ),
        (CLASSES, ("pore", "pore", "matrix"), "each class needs a name of its own"),
    ],
)
def test_labels_that_do_not_fit_their_names(
    tmp_path: Path, voxels: np.ndarray, names: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        read_labels(labels(tmp_path / "a.tif", voxels), VOXEL, names)


def test_another_ending_is_not_written_and_nothing_is_left(tmp_path: Path) -> None:
    volume = LabelledVolume(CLASSES, NAMES, VOXEL)
    with pytest.raises(ValueError, match=r"a.png: stacks are written as TIFF"):
        write_labels(tmp_path / "a.png", volume)
    with pytest.raises(OSError, match=r"a.tif"):
        write_labels(tmp_path / "none" / "a.tif", volume)
    assert list(tmp_path.iterdir()) == []
