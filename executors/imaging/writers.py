"""Writes stacks and labels as ImageJ TIFF, which Fiji and napari open with the right voxel size."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from executors.imaging.readers.tiff_tags import NAMES
from models.imaging.volume import ImageStack, LabelledVolume, Voxel
from planner.door.whole import whole

LARGEST = 2**32 - 1
"""Of the two numbers that make a resolution in TIFF."""
SUFFIXES = (".tif", ".tiff")


def write_stack(path: Path, stack: ImageStack) -> None:
    """A TIFF of float32 from 0 to 1. ValueError where the name has another ending."""
    _write(path, stack.grey, stack.voxel_m, {"Info": "\n".join(stack.notes)})


def write_labels(path: Path, volume: LabelledVolume) -> None:
    """A TIFF with the number of each voxel's class; names and notes stand in ImageJ's Info."""
    info = "\n".join((NAMES + json.dumps(list(volume.names)), *volume.notes))
    kind = np.uint8 if len(volume.names) <= 256 else np.uint16
    _write(path, volume.classes.astype(kind, copy=False), volume.voxel_m, {"Info": info})


def _write(path: Path, voxels: np.ndarray, voxel: Voxel, more: dict[str, Any]) -> None:
    import tifffile

    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{path.name}: stacks are written as TIFF ({', '.join(SUFFIXES)})")
    z, y, x = (Fraction(edge) * 10**9 for edge in voxel)
    with whole(path) as file:
        tifffile.imwrite(
            file, voxels, imagej=True, photometric="minisblack",
            resolution=(_per(x), _per(y)),
            metadata={"axes": "ZYX", "unit": "nm", "spacing": float(z), **more},
        )  # fmt: skip


def _per(edge: Fraction) -> tuple[int, int]:
    """Pixels in a unit, as TIFF writes it: a ratio of two whole numbers below 2^32."""
    ratio = (1 / edge).limit_denominator(LARGEST)
    while ratio.numerator > LARGEST:
        ratio = ratio.limit_denominator(ratio.denominator // 2)
    return ratio.numerator, ratio.denominator
