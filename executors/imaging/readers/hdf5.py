"""Stacks in HDF5, by h5py: the one array that can be one, or that which is asked for."""

from typing import Any

import numpy as np

from executors.imaging.readers.look import Asked, Look, in_voxels
from executors.imaging.voxel import AXES, VoxelTag
from planner.door.hdf5 import datasets
from planner.door.refused import Refused

EDGES = {"element_size_um": "um", "element_size_nm": "nm"}
"""Attributes in the order z, y, x, as Fiji, ilastik and PlantSeg write them."""
NO_UNIT = ("voxel_size", "resolution", "spacing", "scale")
"""Attributes that tell no unit: they are named, not believed."""


def look(path: str, asked: Asked) -> Look:
    """What the array's head says."""
    import h5py

    with h5py.File(path, "r") as file:
        array = _chosen(file, asked.dataset)
        shape = (1, *array.shape) if array.ndim == 2 else array.shape
        return Look(tuple(shape), array.dtype.str, tuple(tags_of(array.attrs, "HDF5")))


def load(path: str, asked: Asked) -> np.ndarray:
    """The voxels (z, y, x)."""
    import h5py

    with h5py.File(path, "r") as file:
        array = _chosen(file, asked.dataset)
        return np.asarray(array[()]).reshape((1, *array.shape) if array.ndim == 2 else array.shape)


def _chosen(file: Any, asked: str | None) -> Any:
    arrays = {name: item for name, item in datasets(file) if item.shape is not None}
    fitting = {name: item for name, item in arrays.items() if is_stack(item)}
    if asked is None:
        return only(fitting)
    if (name := asked.strip("/")) not in arrays:
        raise Refused(f"holds no dataset {asked!r}; there are {_listed(arrays) or 'none'}")
    if name not in fitting:
        raise Refused(f"holds no stack in {asked!r}, but {arrays[name].dtype} {arrays[name].shape}")
    return fitting[name]


def is_stack(array: Any) -> bool:
    """Whether an array may be one picture or a stack of them."""
    shape = array.shape
    return len(shape) in (2, 3) and min(shape[-2:]) > 1 and array.dtype.kind in "biuf"


def only(arrays: dict[str, Any]) -> Any:
    """The one array that there is. Refused with the names where there are none or several."""
    if not arrays:
        raise Refused("holds no stack: no array of numbers with three axes")
    volumes = {name: item for name, item in arrays.items() if len(item.shape) == 3}
    if len(found := volumes or arrays) > 1:
        raise Refused(
            f"holds {len(found)} stacks: say which dataset: {_listed(found)}; with --dataset"
        )
    return next(iter(found.values()))


def _listed(arrays: dict[str, Any]) -> str:
    told = [f"{name} ({in_voxels(item.shape)})" for name, item in list(arrays.items())[:8]]
    return ", ".join(told)


def tags_of(attributes: Any, format_name: str) -> list[VoxelTag]:
    """What attributes of an array say of the voxel."""
    tags = []
    for name, unit in (*EDGES.items(), *((n, "") for n in NO_UNIT)):
        if name not in attributes:
            continue
        try:
            edges = np.asarray(attributes[name], dtype=float).ravel()
        except (TypeError, ValueError):
            continue
        axes = AXES if len(edges) == 3 else AXES[1:] if len(edges) == 2 else ""
        tags += [VoxelTag(axis, float(e), unit, f"{format_name} {name}")
                   for axis, e in zip(axes, edges, strict=False)]  # fmt: skip
    return tags
