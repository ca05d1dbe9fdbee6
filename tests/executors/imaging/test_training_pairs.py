"""Which labels belong to which stack, and which voxels nobody labelled."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from executors.imaging.training_pairs import find_pairs, read_pairs
from executors.imaging.writers import write_labels, write_stack
from models.imaging.volume import UNLABELLED, ImageStack, LabelledVolume

VOXEL = (3e-8, 2e-8, 2e-8)


def _pair(
    folder: Path, classes: np.ndarray, stack: str = "a.tif", labels: str = "a_labels.tif"
) -> None:
    grey = np.random.default_rng(0).random(classes.shape, np.float32)
    for name in (stack, labels):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    write_stack(folder / stack, ImageStack(grey, VOXEL))
    tifffile.imwrite(folder / labels, classes.astype(np.uint8), photometric="minisblack")


def _classes(values: int = 3) -> np.ndarray:
    return np.random.default_rng(1).integers(0, values, (4, 12, 10))


@pytest.mark.parametrize(
    ("stack", "labels"),
    [
        ("cell.tif", "cell_labels.tif"),
        ("cell.tif", "cell-mask.tif"),
        ("images/cell.tif", "labels/cell.tif"),
        ("1/stack.tif", "1/labels.tif"),
        ("stack.tif", "labels.tif"),
        ("imgs/img_1.tif", "gt/1.tif"),
    ],
)
def test_stack_and_labels_find_each_other(tmp_path: Path, stack: str, labels: str) -> None:
    _pair(tmp_path, _classes(), stack, labels)
    _pair(tmp_path, _classes(), "other/b.tif", "other/b_labels.tif")
    assert (tmp_path / stack, tmp_path / labels) in find_pairs(tmp_path)
    pairs = read_pairs(tmp_path)
    assert len(pairs) == 2
    assert all((pair.classes == _classes()).all() for pair in pairs)
    assert pairs[0].voxel_m == pytest.approx(VOXEL)


def test_255_and_untouched_slices_are_not_labelled(tmp_path: Path) -> None:
    classes = _classes()
    classes[0, :3] = 255
    classes[2] = 0
    _pair(tmp_path, classes)
    pair = read_pairs(tmp_path)[0]
    assert (pair.classes[0, :3] == UNLABELLED).all()
    assert (pair.classes[2] == UNLABELLED).all()
    assert (pair.classes[1] == classes[1]).all()
    assert pair.names == ("class 0", "class 1", "class 2")
    assert "taken as not labelled: [2]" in pair.notes[-1]


def test_another_number_may_be_that_of_no_label(tmp_path: Path) -> None:
    _pair(tmp_path, _classes())
    pair = read_pairs(tmp_path, names=("bright", "dark"), unlabelled=0)[0]
    assert pair.names == ("bright", "dark")
    assert ((pair.classes == UNLABELLED) == (_classes() == 0)).all()
    assert ((pair.classes == 1) == (_classes() == 2)).all()


def test_a_mask_of_0_and_255_has_two_classes(tmp_path: Path) -> None:
    _pair(tmp_path, 255 * _classes(2))
    pair = read_pairs(tmp_path, names=("pore", "solid"))[0]
    assert pair.names == ("pore", "solid")
    assert (pair.classes == _classes(2)).all()


def _masks(folder: Path, *masks: object) -> None:
    for number, mask in enumerate(masks):
        values = np.resize(np.array(mask), (1, 12, 10))
        _pair(folder, values, f"images/{number}.tif", f"labels/{number}.tif")


@pytest.mark.parametrize("names", [(), ("pore", "solid")])
def test_a_mask_of_one_colour_among_others_keeps_its_class(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    _masks(tmp_path, [0, 255], [255], [0])
    pairs = read_pairs(tmp_path, names=names)
    assert [set(np.unique(pair.classes)) for pair in pairs] == [{0, 1}, {1}, {0}]
    assert {pair.names for pair in pairs} == {names or ("class 0", "class 255")}


def test_a_picture_may_lack_a_class_of_the_others(tmp_path: Path) -> None:
    _masks(tmp_path, [0, 85, 170], [0, 170], [85])
    pairs = read_pairs(tmp_path, names=("matrix", "pore", "impurity"))
    assert [set(np.unique(pair.classes)) for pair in pairs] == [{0, 1, 2}, {0, 2}, {1}]


def test_numbers_below_the_count_of_names_are_places_among_them(tmp_path: Path) -> None:
    _masks(tmp_path, [0, 2], [0, 1])
    pairs = read_pairs(tmp_path, names=("matrix", "pore", "impurity"))
    assert [set(np.unique(pair.classes)) for pair in pairs] == [{0, 2}, {0, 1}]


def test_names_that_a_file_carries_are_kept(tmp_path: Path) -> None:
    _pair(tmp_path, _classes())
    volume = LabelledVolume(_classes().astype(np.uint8), ("matrix", "pore", "impurity"), VOXEL)
    write_labels(tmp_path / "a_labels.tif", volume)
    assert read_pairs(tmp_path)[0].names == volume.names


def test_pictures_without_a_voxel_size_can_be_learned_from(tmp_path: Path) -> None:
    tifffile.imwrite(
        tmp_path / "a.tif", np.random.default_rng(0).integers(0, 255, (12, 10)).astype(np.uint8)
    )
    tifffile.imwrite(tmp_path / "a_labels.tif", _classes(2)[0].astype(np.uint8))
    pair = read_pairs(tmp_path)[0]
    assert pair.voxel_m is None
    assert pair.notes == ("a.tif: no voxel size, none is kept",)
    assert pair.classes.shape == (1, 12, 10)


def test_what_has_no_partner_or_another_shape_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no stack with labels"):
        read_pairs(tmp_path)
    _pair(tmp_path, _classes())
    _pair(tmp_path, _classes()[:, :5], "b.tif", "b_labels.tif")
    _pair(tmp_path, _classes(), "b.tif", "c_labels.tif")
    with pytest.raises(ValueError, match=r"no stack for the labels c_labels\.tif"):
        read_pairs(tmp_path)
    (tmp_path / "c_labels.tif").unlink()
    with pytest.raises(ValueError, match=r"b_labels\.tif: \(4, 5, 10\) voxels, but b\.tif has"):
        read_pairs(tmp_path)
    with pytest.raises(ValueError, match="is no folder"):
        read_pairs(tmp_path / "none")


def test_labels_of_one_class_are_refused(tmp_path: Path) -> None:
    _masks(tmp_path, [255], [255])
    with pytest.raises(ValueError, match="hold class 255 alone; there must be two classes"):
        read_pairs(tmp_path)


def test_a_stack_whose_slices_have_no_known_distance_is_learned_from(tmp_path: Path) -> None:
    _pair(tmp_path, _classes())
    tifffile.imwrite(
        tmp_path / "a.tif", np.random.default_rng(0).random((4, 12, 10), np.float32), imagej=True,
        resolution=(0.05, 0.05), metadata={"unit": "nm", "axes": "ZYX"},
    )  # fmt: skip
    assert read_pairs(tmp_path)[0].voxel_m is None


def test_different_classes_are_refused(tmp_path: Path) -> None:
    _pair(tmp_path, _classes())
    _pair(tmp_path, 7 * _classes(), "b.tif", "b_labels.tif")
    with pytest.raises(ValueError, match="the labels have different classes"):
        read_pairs(tmp_path)
