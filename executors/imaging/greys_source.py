"""Greys of a stack: read into memory, or mapped from the file where they are too many for it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from executors.imaging.readers import look_at, read_stack
from executors.imaging.readers.look import AS_IT_IS, ReadingChoice
from executors.imaging.voxel import Given, settled
from models.imaging.volume import Voxel
from planner.door.bounds import MB
from planner.door.refused import about

LARGE = 200 * MB
"""Bytes as stored from which a stack is mapped where it can be."""


@dataclass(frozen=True, eq=False)
class GreyVolume:
    """A stack without a promise that its greys are float32 from 0 to 1."""

    grey: NDArray[Any] = field(repr=False)
    """(z, y, x), of any number type; perhaps mapped."""
    voxel_m: Voxel
    notes: tuple[str, ...]


def open_greys(path: Path, voxel: Given | None, reading: ReadingChoice = AS_IT_IS) -> GreyVolume:
    """Errors as of ``read_stack``. Only an unpacked TIFF can be mapped; others are read."""
    dataset, channel, trust = reading.dataset, reading.channel, reading.trust
    head = look_at(path, dataset, channel)
    if head.bytes >= LARGE and not head.white_is_zero:
        greys = _mapped(path, head.shape)
        if greys is not None:
            with about(path.name):
                edges, told = settled(head.tags, voxel, head.shape[0], trust)
            return GreyVolume(greys, edges, (*told, *head.notes, "greys as they are stored"))
    stack = read_stack(path, voxel, dataset=dataset, channel=channel, trust=trust)
    return GreyVolume(stack.grey, stack.voxel_m, stack.notes)


def _mapped(path: Path, shape: tuple[int, ...]) -> NDArray[Any] | None:
    """The voxels of a TIFF whose pages lie one after the other; None of any other file."""
    import tifffile

    if path.suffix.lower() not in (".tif", ".tiff"):
        return None
    try:
        greys = tifffile.memmap(path, mode="r")
    except (ValueError, tifffile.TiffFileError):
        return None
    return np.asanyarray(greys) if greys.shape == shape else None
