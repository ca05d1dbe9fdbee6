"""One slice in PNG, by Pillow. Its resolution is mostly that of a screen."""

from typing import Any

import numpy as np

from executors.imaging.readers.look import Asked, Look
from executors.imaging.readers.tiff_tags import is_for_eyes
from executors.imaging.voxel import VoxelTag
from planner.door.refused import Refused

DTYPES = {"1": "|u1", "L": "|u1", "LA": "|u1", "P": "|u1", "RGB": "|u1", "RGBA": "|u1",
          "I;16": "<u2", "I;16B": "<u2", "I": "<i4"}  # fmt: skip
"""What a voxel is, by the mode in which Pillow opens a picture."""


def look(path: str, asked: Asked) -> Look:
    """What the head says."""
    with _opened(path) as picture:
        shape = (1, picture.height, picture.width)
        return Look(shape, _dtype(picture), tuple(_tags(picture.info)))


def load(path: str, asked: Asked) -> np.ndarray:
    """The voxels (1, y, x). Refused where it is a picture in colours."""
    with _opened(path) as picture:
        dtype = np.dtype(_dtype(picture))
        if picture.mode == "P" and _is_grey(picture.getpalette() or []):
            picture = picture.convert("L")
        points = np.asarray(picture)
    if points.ndim == 3:
        colours = points[..., :3] if points.shape[-1] > 2 else points[..., :1]
        if not (colours == colours[..., :1]).all():
            raise Refused("is a colour picture (red, green and blue differ), and no grey one")
        points = colours[..., 0]
    return points.astype(dtype)[None]


def _opened(path: str) -> Any:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # in this child alone; the bound is ours
    try:
        return Image.open(path, formats=("PNG",))
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("is damaged, or no PNG picture") from error


def _dtype(picture: Any) -> str:
    if picture.mode not in DTYPES:
        raise Refused(f"holds no grey values, but {picture.mode}")
    return DTYPES[picture.mode]


def _is_grey(palette: list[int]) -> bool:
    return palette[::3] == palette[1::3] == palette[2::3]


def _tags(told: dict[str, Any]) -> list[VoxelTag]:
    if not isinstance(dots := told.get("dpi"), tuple) or len(dots) != 2:
        return []
    x, y = dots
    return [_tag(axis, float(per_inch)) for axis, per_inch in (("y", y), ("x", x)) if per_inch > 0]


def _tag(axis: str, per_inch: float) -> VoxelTag:
    if is_for_eyes(per_inch):
        return VoxelTag(axis, per_inch, "per inch, as of a screen or printer", "PNG pHYs")
    return VoxelTag(axis, 1 / per_inch, "inch", f"PNG pHYs {per_inch:g} per inch")
