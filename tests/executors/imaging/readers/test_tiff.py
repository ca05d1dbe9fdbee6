"""What programs make of a stack in TIFF, and what is read of it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from executors.imaging.readers import look_at, read_stack
from executors.testing.stack_reader import VOXEL, stack_sample
from tests.executors.imaging.readers.stacks import write_imagej


def written(path: Path, voxels: np.ndarray, **how: Any) -> Path:
    tifffile.imwrite(path, voxels, **how)
    return path


@pytest.mark.filterwarnings("ignore:<tifffile.TiffWriter.write>")
@pytest.mark.parametrize("slices", [1, 3, 4, 5])
@pytest.mark.parametrize("how", [{}, {"imagej": True}, {"ome": True}, {"compression": "zlib"}])
def test_a_stack_of_few_slices_is_no_colour_picture(
    tmp_path: Path, slices: int, how: dict[str, Any]
) -> None:
    """tifffile writes three or four slices as the colours of one picture unless it is told."""
    voxels = stack_sample((slices, 30, 40))
    stack = read_stack(written(tmp_path / "a.tif", voxels, **how), VOXEL)
    assert stack.grey == pytest.approx(voxels / 255)
    if slices in (3, 4) and not how:
        assert any("marked as colours of one picture: read as" in note for note in stack.notes)


@pytest.mark.parametrize(
    "how",
    [
        {"tile": (16, 16)},
        {"bigtiff": True},
        {"byteorder": ">"},
        {"compression": "zlib", "predictor": True},
        {"compression": "lzma"},
        {"rowsperstrip": 7},
        {"metadata": None},
        {"ome": True},
    ],
    ids=str,
)
def test_a_stack_is_read_however_it_was_packed(tmp_path: Path, how: dict[str, Any]) -> None:
    voxels = stack_sample((5, 32, 48))
    path = written(tmp_path / "a.tif", voxels, photometric="minisblack", **how)
    assert read_stack(path, VOXEL).grey == pytest.approx(voxels / 255)


@pytest.mark.parametrize("packed", ["tiff_lzw", "zstd", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_what_tifffile_cannot_unpack_is_unpacked_by_pillow(
    tmp_path: Path, packed: str, dtype: type[np.generic]
) -> None:
    voxels = stack_sample((5, 32, 48)).astype(dtype) * dtype(257 if dtype is np.uint16 else 1)
    first, *others = [Image.fromarray(slice_) for slice_ in voxels]
    path = tmp_path / "a.tif"
    first.save(path, compression=packed, save_all=True, append_images=others)
    stack = read_stack(path, VOXEL)
    assert stack.grey == pytest.approx(voxels / (65535 if dtype is np.uint16 else 255))


def test_a_packing_that_nobody_here_unpacks_says_what_to_save(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tif", stack_sample(), photometric="minisblack",
                   compression="zlib", predictor=True)  # fmt: skip
    with tifffile.TiffFile(path, mode="r+") as file:
        for page in map(file.pages.get, range(4)):
            page.aspage().tags["Compression"].overwrite(50001)  # WebP: no grey pictures
    with pytest.raises(ValueError, match=r"a.tif is packed by WEBP.*save it without compression"):
        read_stack(path, VOXEL)


def test_white_may_be_zero(tmp_path: Path) -> None:
    voxels = stack_sample()
    stack = read_stack(written(tmp_path / "a.tif", voxels, photometric="miniswhite"), VOXEL)
    assert stack.grey == pytest.approx(1 - voxels / 255, abs=1e-6)
    assert "white is 0 in the file: greys were turned" in stack.notes


def test_colours_are_refused_unless_they_are_one_grey(tmp_path: Path) -> None:
    voxels = stack_sample((30, 40, 3))
    with pytest.raises(ValueError, match=r"a.tif is a colour picture \(3 samples a pixel differ\)"):
        read_stack(written(tmp_path / "a.tif", voxels, photometric="rgb"), VOXEL)
    grey = np.repeat(voxels[..., :1], 3, axis=-1)
    stack = read_stack(written(tmp_path / "b.tif", grey, photometric="rgb"), VOXEL)
    assert stack.grey[0] == pytest.approx(voxels[..., 0] / 255)


def test_of_a_hyperstack_one_channel_is_asked_for(tmp_path: Path) -> None:
    voxels = np.stack([stack_sample(), 255 - stack_sample()], axis=1)
    path = written(tmp_path / "a.tif", voxels, imagej=True, metadata={"axes": "ZCYX"})
    with pytest.raises(ValueError, match="holds 2 channels: say which one, from 1 to 2"):
        read_stack(path, VOXEL)
    assert read_stack(path, VOXEL, channel=2).grey == pytest.approx(voxels[:, 1] / 255)
    with pytest.raises(ValueError, match="holds channels 1 to 2, and no 3"):
        read_stack(path, VOXEL, channel=3)


def test_time_and_depth_together_are_no_stack(tmp_path: Path) -> None:
    voxels = np.zeros((2, 3, 30, 40), np.uint8)
    path = written(tmp_path / "a.tif", voxels, imagej=True, metadata={"axes": "TZYX"})
    with pytest.raises(ValueError, match=r"more axes than slices, rows and columns: T 2, Z 3"):
        read_stack(path, VOXEL)


def test_a_thumbnail_does_not_count(tmp_path: Path) -> None:
    voxels = stack_sample((5, 32, 48))
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(voxels, photometric="minisblack")
        file.write(voxels[0, ::8, ::8], photometric="minisblack")
    assert look_at(tmp_path / "a.tif").shape == (5, 32, 48)


def test_two_stacks_in_a_file_are_not_one(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(stack_sample((5, 32, 48)), photometric="minisblack")
        file.write(stack_sample((5, 40, 48)), photometric="minisblack")
    with pytest.raises(
        ValueError, match=r"holds 2 stacks of different sizes \(5 x 32 x 48; 5 x 40"
    ):
        read_stack(tmp_path / "a.tif", VOXEL)


def test_pages_in_other_files_are_not_fetched(tmp_path: Path) -> None:
    """The description of an OME file may name other files, which tifffile would open."""
    (tmp_path / "b.ome.tif").write_bytes(b"not to be read")
    path = written(tmp_path / "a.ome.tif", stack_sample()[:1], ome=True, metadata={"axes": "ZYX"})
    with tifffile.TiffFile(path) as file:
        text = str(file.ome_metadata)
    text = text.replace('SizeZ="1"', 'SizeZ="2"').replace(
        '<TiffData IFD="0" PlaneCount="1"/>',
        '<TiffData IFD="0" FirstZ="0" PlaneCount="1"/><TiffData IFD="0" FirstZ="1" PlaneCount="1">'
        '<UUID FileName="b.ome.tif">urn:uuid:00000000-0000-0000-0000-000000000001</UUID></TiffData>',
    )
    tifffile.tiffcomment(path, text.encode())
    with pytest.raises(ValueError, match="refers to pages that lie in other files, or nowhere"):
        read_stack(path, VOXEL)


def test_a_stack_that_was_cut_off_is_refused_where_tifffile_only_logs(tmp_path: Path) -> None:
    path = write_imagej(tmp_path / "a.tif", stack_sample((5, 30, 40)), VOXEL)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with tifffile.TiffFile(path) as file:
        assert file.asarray().shape == (30, 40), "one slice of five, and no error"
    with pytest.raises(ValueError, match=r"a.tif is damaged or cut off: tifffile says"):
        read_stack(path)


def test_false_colours_are_numbers(tmp_path: Path) -> None:
    colours = np.random.default_rng(0).integers(0, 65536, (3, 256), np.uint16)
    path = written(tmp_path / "a.tif", stack_sample()[0], photometric="palette", colormap=colours)
    stack = read_stack(path, VOXEL)
    assert stack.grey[0] == pytest.approx(stack_sample()[0] / 255)
    assert "false colours: the numbers behind them were taken" in stack.notes


def test_a_head_that_promises_too_much_is_refused_before_a_voxel_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tif", stack_sample(), photometric="minisblack", metadata=None)
    with tifffile.TiffFile(path, mode="r+") as file:
        for page in map(file.pages.get, range(4)):
            page.aspage().tags["ImageWidth"].overwrite(4_000_000)
            page.aspage().tags["ImageLength"].overwrite(4_000_000)
    with pytest.raises(ValueError, match=r"a.tif unpacks to 64000 GB .*at most 4 GB are read"):
        read_stack(path, VOXEL)


def test_the_command_line_starts_without_the_libraries_of_images() -> None:
    program = (
        "import sys, executors.imaging.readers, executors.imaging.writers;"
        "print(*({'tifffile','mrcfile','nrrd','h5py','zarr','PIL','torch','sklearn'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == []
