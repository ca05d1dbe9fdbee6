"""Reads image stacks and labels from files: the one place where they meet the disk.

The head is looked at first, in a child with limits; what it promises bounds what the voxels may
take. A voxel size comes from the file or from a person, and is never guessed.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from executors.imaging.marks import marks
from executors.imaging.readers.classes import classes_of
from executors.imaging.readers.folder import slices_in, suffix
from executors.imaging.readers.greys import greys_of
from executors.imaging.readers.look import Asked, Look, look_from
from executors.imaging.readers.sidecars import tags_beside
from executors.imaging.readers.tasks import FORMATS, SUFFIXES, loaded, looked
from executors.imaging.voxel import Given, VoxelTag, settled
from models.imaging.volume import ImageStack, LabelledVolume
from planner.door.bounds import ARTIFACT, MB
from planner.door.child import MEMORY, SECONDS, in_child
from planner.door.files import Inside, check_file, listed
from planner.door.refused import Refused, about

BYTES_PER_SECOND = 10 * MB
"""Of the slowest unpacking that is waited for."""


def read_stack(
    path: Path, voxel: Given | None = None, *, dataset: str | None = None,
    channel: int | None = None, trust: bool = False,
) -> ImageStack:  # fmt: skip
    """The stack of greys in a file, or in a folder of slices or chunks.

    ``voxel`` is z, y, x in metres, None where the file says it; with ``trust`` it holds against the
    file. ``dataset`` and ``channel`` choose where there are several. ValueError names the file, the
    tag and what is wrong; OSError: it cannot be opened.
    """
    with about(path.name or str(path)):
        head, asked = _looked(path, Asked(dataset, channel))
        edges, told = settled(head.tags, voxel, head.shape[0], trust)
        greys, notes = greys_of(_voxels(path, head, asked), head)
        return ImageStack(greys, edges, (*told, *head.notes, *notes))


def read_labels(
    path: Path, voxel: Given | None = None, names: Sequence[str] = (), *,
    dataset: str | None = None, channel: int | None = None, trust: bool = False,
) -> LabelledVolume:  # fmt: skip
    """The classes in a file, as napari, Fiji and Kyoso write them; ``names`` in the order of their
    numbers, those of the file or ``class 0``, ``class 1`` ... where none are given. Errors as of
    ``read_stack``."""
    with about(path.name or str(path)):
        head, asked = _looked(path, Asked(dataset, channel))
        edges, _ = settled(head.tags, voxel, head.shape[0], trust)
        classes, chosen = classes_of(_voxels(path, head, asked), tuple(names) or head.names)
        return LabelledVolume(classes, chosen, edges, marks(head.notes))


def look_at(path: Path, dataset: str | None = None, channel: int | None = None) -> Look:
    """Shape, type, and what the tags say, without reading a voxel. Errors as of ``read_stack``."""
    with about(path.name or str(path)):
        return _looked(path, Asked(dataset, channel))[0]


def _looked(path: Path, asked: Asked) -> tuple[Look, Asked]:
    """What the head says, with what stands in files beside it."""
    kind = _kind(path)
    if kind == "folder":
        asked = replace(asked, files=slices_in(path))
    head = look_from(
        in_child(looked, kind, str(path.resolve()), _text(asked), needs=FORMATS[kind].needs)
    )
    if kind in ("TIFF", "PNG", "folder"):
        head = replace(head, tags=(*head.tags, *_beside(path, asked)))
    return head, asked


def _beside(path: Path, asked: Asked) -> tuple[VoxelTag, ...]:
    return tags_beside(path / asked.files[0] if asked.files else path)


def _voxels(path: Path, head: Look, asked: Asked) -> np.ndarray:
    """The voxels as they are stored. Refused where they are not what the head promised."""
    kind = _kind(path)
    answer = in_child(
        loaded, kind, str(path.resolve()), _text(asked), needs=FORMATS[kind].needs,
        memory=MEMORY + 3 * head.bytes, seconds=SECONDS + head.bytes // BYTES_PER_SECOND,
    )  # fmt: skip
    voxels = answer["voxels"]
    if voxels.shape != head.shape or voxels.dtype.kind not in "buif":
        raise Refused(f"holds {voxels.shape} voxels, and its head promises {head.shape}")
    return np.asarray(voxels)


def _kind(path: Path) -> str:
    """The format by the name. Refused where it is none, or no plain file or folder."""
    kind = SUFFIXES.get(suffix(path.name))
    if not path.is_dir():
        check_file(path, ARTIFACT)
        if kind is None or kind == "Zarr":
            raise Refused(
                f"is none of the known kinds: {', '.join(SUFFIXES)}, or a folder of slices"
            )
        return kind
    _check_links(path)
    is_zarr = any((path / head).is_file() for head in ("zarr.json", ".zgroup", ".zarray"))
    return "Zarr" if is_zarr else "folder"


def _check_links(folder: Path) -> None:
    """Refused where something in a folder leads out of it."""
    if odd := listed(Inside(folder, ()), deep=True)[1]:
        raise Refused(f"holds what is no plain file: {odd[0]}")


def _text(asked: Asked) -> str:
    return json.dumps(asdict(asked))
