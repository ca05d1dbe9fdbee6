"""Stacks in NRRD, by pynrrd. The file counts axes from the fastest: x, y, z."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from executors.imaging.readers.look import Asked, Look
from executors.imaging.voxel import VoxelTag
from planner.door.refused import Refused

ELSEWHERE = ("data file", "datafile")
"""Fields that lead to other files."""
_TURNED = 1e-6
"""Part of an axis that may lie along another."""


def look(path: str, asked: Asked) -> Look:
    """What the head says. Refused where the voxels are in another file."""
    import nrrd

    head = nrrd.read_header(path)
    if found := [name for name in ELSEWHERE if name in head]:
        raise Refused(f"keeps its voxels in another file ({found[0]}: {str(head[found[0]])[:60]})")
    sizes = [int(n) for n in head.get("sizes", ())]
    if len(sizes) not in (2, 3):
        raise Refused(f"has {len(sizes)} axes ({sizes}), not slices, rows and columns")
    shape = (*reversed(sizes),) if len(sizes) == 3 else (1, *reversed(sizes))
    return Look(_three(shape), _dtype(head), tuple(_tags(head)))


def load(path: str, asked: Asked) -> np.ndarray:
    """The voxels (z, y, x)."""
    import nrrd

    look(path, asked)
    data, _ = nrrd.read(path, index_order="C")
    return np.asarray(data[None] if data.ndim == 2 else data)


def _three(shape: tuple[int, ...]) -> tuple[int, int, int]:
    z, y, x = shape
    return z, y, x


def _dtype(head: Mapping[str, Any]) -> str:
    from nrrd.reader import _TYPEMAP_NRRD2NUMPY

    name = str(head.get("type", "?"))
    if name not in _TYPEMAP_NRRD2NUMPY:
        raise Refused(f"holds no grey values, but {name[:60]!r}")
    return str(np.dtype(_TYPEMAP_NRRD2NUMPY[name]).newbyteorder("<").str)


def _tags(head: Mapping[str, Any]) -> list[VoxelTag]:
    """Edges by ``spacings`` with ``units``, and by ``space directions`` with ``space units``."""
    tags = []
    for number, axis in enumerate("xyz"[: len(head.get("sizes", ()))]):
        for field, units in (("spacings", "units"), ("space directions", "space units")):
            edge = _edge(head.get(field), number)
            if edge is not None:
                tags.append(VoxelTag(axis, edge, _unit(head.get(units), number), f"NRRD {field}"))
    return tags[::-1]


def _edge(told: Any, number: int) -> float | None:
    if told is None or len(told) <= number or told[number] is None:
        return None
    steps = np.abs(np.atleast_1d(np.asarray(told[number], dtype=float)))
    if not np.isfinite(steps).all():
        return None
    if np.sort(steps)[:-1].sum() > _TURNED * steps.max():
        raise Refused(f"has axes that lie askew in space (space directions {steps.tolist()})")
    return float(steps.max())


def _unit(told: Any, number: int) -> str:
    return str(told[number]) if isinstance(told, list) and len(told) > number else ""
