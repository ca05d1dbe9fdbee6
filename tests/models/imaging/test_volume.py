"""Stacks and labelled volumes check themselves."""

import numpy as np
import pytest

from models.imaging.volume import ImageStack, LabelledVolume, Probabilities

VOXEL = (20e-9, 10e-9, 10e-9)
NAMES = ("matrix", "pore")


@pytest.mark.parametrize(
    ("grey", "voxel", "says"),
    [
        (np.zeros((4, 4), np.float32), VOXEL, "three axes"),
        (np.zeros((0, 4, 4), np.float32), VOXEL, "no voxel"),
        (np.zeros((1, 4, 4)), VOXEL, "float32"),
        (np.full((1, 4, 4), np.nan, np.float32), VOXEL, "not finite"),
        (np.zeros((1, 4, 4), np.float32), (1e-9, 0, 1e-9), "above 0 m"),
    ],
)
def test_a_stack_says_what_it_is_not(
    grey: np.ndarray, voxel: tuple[float, float, float], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        ImageStack(grey, voxel)


def test_labels_fit_their_names() -> None:
    volume = LabelledVolume(np.eye(3, dtype=np.uint8)[None], NAMES, VOXEL)
    assert volume.where("pore").sum() == 3
    with pytest.raises(ValueError, match="there are matrix, pore"):
        volume.where("crack")
    with pytest.raises(ValueError, match="classes 0 to 2"):
        LabelledVolume(2 * volume.classes, NAMES, VOXEL)


def test_the_most_probable_class_is_the_label() -> None:
    shares = np.zeros((2, 1, 1, 2), np.float32)
    shares[1, 0, 0, 1] = 1
    shares[0, 0, 0, 0] = 1
    assert Probabilities(shares, NAMES, VOXEL).labels().classes.tolist() == [[[0, 1]]]
