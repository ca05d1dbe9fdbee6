"""Every format of image stacks keeps the contract."""

from pathlib import Path

import numpy as np

from executors.imaging.readers.tasks import FORMATS, SUFFIXES
from executors.testing import StackReaderContract
from models.imaging.volume import Voxel
from tests.executors.imaging.readers import stacks


class TestImageJ(StackReaderContract):
    suffix = ".tif"

    def write(self, path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
        return stacks.write_imagej(path, voxels, voxel)


class TestOme(StackReaderContract):
    suffix = ".ome.tif"

    def write(self, path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
        return stacks.write_ome(path, voxels, voxel)


class TestPages(StackReaderContract):
    suffix = ".tiff"
    tells = ""

    def write(self, path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
        return stacks.write_pages(path, voxels, voxel)


class TestMrc(StackReaderContract):
    suffix = ".mrc"

    def write(self, path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
        return stacks.write_mrc(path, voxels, voxel)


class TestNrrd(StackReaderContract):
    suffix = ".nrrd"

    def write(self, path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
        return stacks.write_nrrd(path, voxels, voxel)


class TestHdf5(StackReaderContract):
    suffix = ".h5"

    def write(self, path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
        return stacks.write_hdf5(path, voxels, voxel)


class TestOmeZarr(StackReaderContract):
    suffix = ".zarr"

    def write(self, path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
        return stacks.write_ome_zarr(path, voxels, voxel)


class TestZarr(StackReaderContract):
    suffix = ".zarr"
    tells = ""

    def write(self, path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
        return stacks.write_zarr(path, voxels, voxel)


class TestPngSlices(StackReaderContract):
    tells = ""

    def write(self, path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
        return stacks.write_png_slices(path, voxels, voxel)


class TestFeiSlices(StackReaderContract):
    tells = "yx"

    def write(self, path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
        return stacks.write_fei_slices(path, voxels, voxel)


def test_no_format_is_left_out() -> None:
    endings = {".tif", ".tiff", ".mrc", ".nrrd", ".h5", ".zarr"}
    tested = {SUFFIXES[ending] for ending in endings}
    assert set(FORMATS) - tested == {"folder", "PNG"}, "which the slices in PNG try"
