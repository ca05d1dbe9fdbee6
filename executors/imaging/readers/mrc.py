"""Stacks in MRC, by mrcfile. An edge of 0 angstrom means that nobody wrote one."""

from typing import Any

import numpy as np

from executors.imaging.readers.look import Asked, Look
from executors.imaging.voxel import VoxelTag
from planner.door.refused import Refused

DTYPES = {0: "|i1", 1: "<i2", 2: "<f4", 6: "<u2", 12: "<f2"}
"""What a voxel is, by the mode of the file. 3 and 4 are complex numbers."""


def look(path: str, asked: Asked) -> Look:
    """What the head says."""
    import mrcfile

    with mrcfile.open(path, header_only=True) as file:
        head = file.header
        mode = int(head.mode)
        if mode not in DTYPES:
            raise Refused(f"holds no grey values: its mode is {mode}")
        shape = (int(head.nz), int(head.ny), int(head.nx))
        turned = tuple(int(head[name]) for name in ("mapc", "mapr", "maps"))
        if turned not in ((1, 2, 3), (0, 0, 0)):
            raise Refused(
                f"has its axes in the order {turned} (MAPC, MAPR, MAPS); only 1, 2, 3 is read"
            )
        return Look(shape, DTYPES[mode], tuple(_tags(file)))


def load(path: str, asked: Asked) -> np.ndarray:
    """The voxels (z, y, x)."""
    import mrcfile

    with mrcfile.open(path) as file:
        data = np.asarray(file.data)
        return data[None] if data.ndim == 2 else data


def _tags(file: Any) -> list[VoxelTag]:
    sizes = file.voxel_size
    return [VoxelTag(axis, float(sizes[axis]), "Å", f"MRC cell {axis}") for axis in "zyx"]
