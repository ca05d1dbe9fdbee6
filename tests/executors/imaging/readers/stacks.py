"""Writes stacks as the programs of the field do, by their own libraries."""

from pathlib import Path
from typing import Any

import h5py
import mrcfile
import nrrd
import numcodecs
import numpy as np
import tifffile
import zarr
from PIL import Image

from models.imaging.volume import Voxel


def write_imagej(path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
    z, y, x = (edge * 1e9 for edge in voxel)
    metadata = {"axes": "ZYX", "spacing": z, "unit": "nm"}
    tifffile.imwrite(path, voxels, imagej=True, resolution=(1 / x, 1 / y), metadata=metadata)
    return path


def write_ome(path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
    sizes = {f"PhysicalSize{axis}": edge * 1e9 for axis, edge in zip("ZYX", voxel, strict=True)}
    units = {f"PhysicalSize{axis}Unit": "nm" for axis in "ZYX"}
    metadata = {"axes": "ZYX", **sizes, **units}
    tifffile.imwrite(path, voxels, ome=True, photometric="minisblack", metadata=metadata)
    return path


def write_pages(path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
    tifffile.imwrite(path, voxels, photometric="minisblack")
    return path


def write_mrc(path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
    with mrcfile.new(path) as file:
        file.set_data(voxels)
        file.voxel_size = tuple(edge * 1e10 for edge in voxel[::-1])
    return path


def write_nrrd(path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
    head = {"spacings": [edge * 1e9 for edge in voxel[::-1]], "units": ["nm"] * 3}
    nrrd.write(str(path), voxels, head, index_order="C")
    return path


def write_hdf5(path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
    with h5py.File(path, "w") as file:
        array = file.create_dataset("exported/data", data=voxels, compression="gzip")
        array.attrs["element_size_um"] = [edge * 1e6 for edge in voxel]
        file["time"] = np.arange(9.0)
    return path


def write_ome_zarr(path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
    group = zarr.open_group(path, mode="w", zarr_format=2)
    for name, step in (("0", 1), ("1", 2)):
        part = voxels[:, ::step, ::step]
        chunks = (1, *part.shape[1:])
        group.create_array(name, data=part.copy(), chunks=chunks, compressors=numcodecs.Zstd())
    axes: Any = [{"name": axis, "type": "space", "unit": "nanometer"} for axis in "zyx"]
    sets: Any = [{"path": str(n), "coordinateTransformations": [
        {"type": "scale", "scale": [voxel[0] * 1e9, *(edge * 1e9 * 2**n for edge in voxel[1:])]}
    ]} for n in (0, 1)]  # fmt: skip
    group.attrs["multiscales"] = [{"version": "0.4", "axes": axes, "datasets": sets}]
    return path


def write_zarr(path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
    array = zarr.create_array(
        path, shape=voxels.shape, dtype=voxels.dtype, chunks=(1, *voxels.shape[1:]), fill_value=9
    )
    array[:] = voxels
    return path


def write_png_slices(path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
    path.mkdir()
    for number, slice_ in enumerate(voxels, start=8):  # s8, s9, s10: not in the order of letters
        Image.fromarray(slice_).save(path / f"s{number}.png", dpi=(96, 96))
    return path


def fei(pixel: float, rows: int, columns: int) -> str:
    """As much of the text in tag 34682 as says how large a pixel is."""
    return (
        f"[User]\r\nDate=11/27/2026\r\n[Scan]\r\nPixelWidth={pixel:.6e}\r\nPixelHeight={pixel:.6e}\r\n"
        f"[Image]\r\nResolutionX={columns}\r\nResolutionY={rows}\r\n"
    )


def write_fei_slices(path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
    path.mkdir()
    for number, slice_ in enumerate(voxels):
        tag = (34682, "s", 0, fei(voxel[2], *slice_.shape), True)
        tifffile.imwrite(path / f"slice {number}.tif", slice_, resolution=(72, 72),
                         resolutionunit="INCH", extratags=[tag])  # fmt: skip
    return path
