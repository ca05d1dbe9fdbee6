"""What runs in the child that reads a stranger's stack: the head first, then the voxels."""

import json
from collections.abc import Callable
from typing import Any

from executors.imaging.readers import folder, hdf5, mrc, nrrd, png, tiff, zarr_folder
from executors.imaging.readers.look import Asked, Format
from planner.door.child import Answer
from planner.door.refused import Refused
from planner.door.words import said

FORMATS = {
    "TIFF": Format(tiff.look, tiff.load, ("numpy", "tifffile", "PIL.Image")),
    "PNG": Format(png.look, png.load, ("numpy", "PIL.Image")),
    "MRC": Format(mrc.look, mrc.load, ("numpy", "mrcfile")),
    "NRRD": Format(nrrd.look, nrrd.load, ("numpy", "nrrd")),
    "HDF5": Format(hdf5.look, hdf5.load, ("numpy", "h5py")),
    "Zarr": Format(zarr_folder.look, zarr_folder.load, ("numpy", "zarr")),
    "folder": Format(folder.look, folder.load, ("numpy", "tifffile", "PIL.Image")),
}
SUFFIXES = {
    ".tif": "TIFF", ".tiff": "TIFF", ".btf": "TIFF", ".png": "PNG", ".mrc": "MRC", ".rec": "MRC",
    ".nrrd": "NRRD", ".h5": "HDF5", ".hdf5": "HDF5", ".hdf": "HDF5", ".zarr": "Zarr",
}  # fmt: skip
"""The format by the ending of a name."""


def looked(kind: str, path: str, asked: str) -> Answer:
    """What the head says."""
    return _told(kind, lambda: FORMATS[kind].look(path, _asked(asked)).plain())


def loaded(kind: str, path: str, asked: str) -> Answer:
    """The voxels."""
    return _told(kind, lambda: {"voxels": FORMATS[kind].load(path, _asked(asked))})


def _asked(text: str) -> Asked:
    told = json.loads(text)
    return Asked(told["dataset"], told["channel"], tuple(told["files"]))


def _told(kind: str, what: Callable[[], dict[str, Any]]) -> Answer:
    try:
        return what()
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever a library makes of a stranger's file
        raise Refused(f"is damaged, or cannot be read as {kind}: {said(error)}") from error
