"""The solid view shows what there is, and is drawn where there is next to nothing, too."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from executors.imaging.colours import colours_of
from executors.imaging.view_3d import draw_3d
from models.imaging.volume import LabelledVolume

VOXEL = (40e-9, 10e-9, 10e-9)


def drawn(tmp_path: Path, classes: np.ndarray) -> np.ndarray:
    volume = LabelledVolume(classes, ("matrix", "pore"), VOXEL)
    path = draw_3d(tmp_path / "solid.png", volume, "a ball")
    return np.asarray(Image.open(path).convert("RGB"), float)


def blueness(picture: np.ndarray) -> float:
    """Share of the picture in the hue of a pore, whatever the light."""
    pore = np.array([int(colours_of(2)[1][at : at + 2], 16) for at in (1, 3, 5)], float)
    bright = np.linalg.norm(picture, axis=-1)
    near = (picture @ pore) / np.maximum(bright * np.linalg.norm(pore), 1e-9)
    return float(((near > 0.995) & (bright > 60)).mean())


def test_a_ball_is_seen_in_its_colour(tmp_path: Path) -> None:
    z, y, x = np.indices((20, 80, 80)) * np.array(VOXEL)[:, None, None, None]
    ball = (z - 4e-7) ** 2 + (y - 4e-7) ** 2 + (x - 4e-7) ** 2 < (3e-7) ** 2
    assert blueness(drawn(tmp_path, ball.astype(np.uint8))) > 0.05


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 40, 40), (3, 200, 5)])
def test_what_is_thin_or_of_one_class_is_drawn_without_a_fault(
    tmp_path: Path, shape: tuple[int, int, int]
) -> None:
    assert blueness(drawn(tmp_path, np.zeros(shape, np.uint8))) < 0.01
    half = np.zeros(shape, np.uint8)
    half[:, : (shape[1] + 1) // 2] = 1
    drawn(tmp_path, half)
