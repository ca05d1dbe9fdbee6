"""Formats that hold more than one stack, or that lead elsewhere."""

from pathlib import Path
from typing import Any

import h5py
import mrcfile
import nrrd
import numcodecs
import numpy as np
import pytest
import zarr.codecs
from PIL import Image

from executors.imaging.readers import look_at, read_stack
from executors.imaging.readers.folder import slices_in
from executors.testing.stack_reader import VOXEL, stack_sample
from tests.executors.imaging.readers.stacks import write_mrc, write_ome_zarr, write_zarr


def slices(folder: Path, names: list[str]) -> Path:
    folder.mkdir()
    for name, slice_ in zip(names, stack_sample((len(names), 20, 30)), strict=True):
        Image.fromarray(slice_).save(folder / name)
    return folder


def test_slices_are_taken_as_people_count(tmp_path: Path) -> None:
    names = [f"FIB {n}.png" for n in (1, 2, 9, 10, 11, 100)]
    folder = slices(tmp_path / "s", names)
    (folder / "notes.txt").write_text("anything")
    assert slices_in(folder) == tuple(names)
    stack = read_stack(folder, VOXEL)
    assert stack.grey == pytest.approx(stack_sample((6, 20, 30)) / 255)
    assert any("2 gaps in the numbers of the slices (after FIB 2.png, FIB 11.png)" in n
               for n in stack.notes)  # fmt: skip


@pytest.mark.parametrize(
    "names", [["0.png", "10.png", "20.png"], ["a1_t17.png", "a2_t31.png"], ["x.png"]]
)
def test_numbers_with_a_step_have_no_gaps(tmp_path: Path, names: list[str]) -> None:
    assert not any("gap" in note for note in look_at(slices(tmp_path / "s", names)).notes)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (
            ["1.png", "01.png"],
            "s holds two slices of one number: 1.png and 01.png|01.png and 1.png",
        ),
        (["1.png", "2.tif"], r"s holds slices of 2 kinds \(PNG and TIFF\)"),
        ([], "s holds no slices"),
    ],
)
def test_folders_that_are_no_stack(tmp_path: Path, names: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_stack(slices(tmp_path / "s", names), VOXEL)


def test_slices_of_other_sizes_or_kinds_are_named(tmp_path: Path) -> None:
    folder = slices(tmp_path / "s", ["1.png", "2.png"])
    Image.fromarray(stack_sample()[0]).save(folder / "3.png")
    with pytest.raises(
        ValueError, match=r"s 3.png has 30 x 40 points, and the first slice 20 x 30"
    ):
        read_stack(folder, VOXEL)
    Image.fromarray(stack_sample((1, 20, 30))[0].astype(np.uint16)).save(folder / "3.png")
    with pytest.raises(ValueError, match=r"s 3.png holds <u2, and the first slice |u1"):
        read_stack(folder, VOXEL)


def test_a_link_among_slices_is_refused(tmp_path: Path) -> None:
    folder = slices(tmp_path / "s", ["1.png"])
    (tmp_path / "secret.png").write_bytes(b"")
    (folder / "2.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(ValueError, match=r"s holds what is no plain file: 2.png is a link"):
        read_stack(folder, VOXEL)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "I;16"])
def test_png_in_any_mode_that_is_grey(tmp_path: Path, mode: str) -> None:
    voxels = stack_sample()[0] // 128 * 255
    picture = Image.fromarray(voxels.astype(np.uint16) * 257 if mode == "I;16" else voxels)
    if mode != "I;16":
        picture = picture.convert(mode)
    picture.save(tmp_path / "a.png")
    assert read_stack(tmp_path / "a.png", VOXEL).grey[0] == pytest.approx(voxels / 255)


def test_png_in_colours_is_refused(tmp_path: Path) -> None:
    Image.fromarray(stack_sample((20, 30, 3))).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match=r"a.png is a colour picture"):
        read_stack(tmp_path / "a.png", VOXEL)


def test_of_several_datasets_one_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["raw/SE"] = stack_sample()
        file["raw/BSE"] = stack_sample((5, 6, 7))
        file["words"] = "none"
    with pytest.raises(
        ValueError, match=r"say which dataset: raw/BSE \(5 x 6 x 7\), raw/SE \(4 x 30"
    ):
        read_stack(path, VOXEL)
    assert read_stack(path, VOXEL, dataset="/raw/SE").shape == (4, 30, 40)
    with pytest.raises(ValueError, match=r"holds no dataset 'raw'; there are raw/BSE"):
        read_stack(path, VOXEL, dataset="raw")
    with pytest.raises(ValueError, match="holds no stack in 'words'"):
        read_stack(path, VOXEL, dataset="words")


def test_hdf5_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["data"] = h5py.ExternalLink("b.h5", "/secret")
    with pytest.raises(ValueError, match=r"a.h5 refers to another file at data"):
        read_stack(tmp_path / "a.h5", VOXEL)


def test_a_size_without_a_unit_in_hdf5_is_named_and_not_believed(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["data"] = stack_sample()
        file["data"].attrs["resolution"] = [20, 8, 8]
    with pytest.raises(ValueError, match=r"z: 20 without a unit \(HDF5 resolution\)"):
        read_stack(tmp_path / "a.h5")


def test_nrrd_that_keeps_its_voxels_elsewhere_is_refused(tmp_path: Path) -> None:
    nrrd.write(str(tmp_path / "a.nhdr"), stack_sample(), index_order="C", detached_header=True)
    path = (tmp_path / "a.nhdr").rename(tmp_path / "b.nrrd")
    with pytest.raises(ValueError, match=r"b.nrrd keeps its voxels in another file"):
        read_stack(path, VOXEL)


def test_nrrd_whose_axes_lie_askew_is_refused(tmp_path: Path) -> None:
    askew = np.array([[8, 4, 0], [0, 8, 0], [0, 0, 20.0]])
    head = {"space directions": askew, "space units": ["nm"] * 3, "space dimension": 3}
    nrrd.write(str(tmp_path / "a.nrrd"), stack_sample(), head, index_order="C")
    with pytest.raises(ValueError, match="has axes that lie askew in space"):
        read_stack(tmp_path / "a.nrrd")


@pytest.mark.parametrize(
    ("mode", "said"),
    [(np.complex64, "a.mrc holds no grey values: its mode is 4")],
)
def test_mrc_of_complex_numbers_is_refused(tmp_path: Path, mode: type, said: str) -> None:
    with mrcfile.new(tmp_path / "a.mrc") as file:
        file.set_data(stack_sample().astype(mode))
    with pytest.raises(ValueError, match=said):
        read_stack(tmp_path / "a.mrc", VOXEL)


def test_mrc_with_turned_axes_is_refused(tmp_path: Path) -> None:
    path = write_mrc(tmp_path / "a.mrc", stack_sample().astype(np.int16), VOXEL)
    head = bytearray(path.read_bytes())
    head[64], head[72] = 3, 1
    path.write_bytes(head)
    with pytest.raises(ValueError, match=r"axes in the order \(3, 2, 1\)"):
        read_stack(path, VOXEL)


@pytest.mark.parametrize("version", [2, 3])
def test_zarr_packed_by_what_can_run_code_is_never_unpacked(tmp_path: Path, version: int) -> None:
    """The content is a harmless list of numbers; it is refused before it is looked at."""
    path = tmp_path / "a.zarr"
    if version == 2:
        array = zarr.create_array(
            path, shape=(4, 8, 8), dtype="u1", zarr_format=2, compressors=numcodecs.Pickle()
        )
    else:
        array = zarr.create_array(path, shape=(4, 8, 8), dtype="u1")
        head = (path / "zarr.json").read_text()
        (path / "zarr.json").write_text(head.replace('"zstd"', '"numcodecs.pickle"'))
    assert array.shape == (4, 8, 8)
    with pytest.raises(ValueError, match=r"a.zarr is packed by 'pickle'; unpacked are"):
        read_stack(path, VOXEL)


@pytest.mark.parametrize("version", [2, 3])
def test_a_chunk_of_blosc_is_as_long_as_it_says(tmp_path: Path, version: int) -> None:
    """A longer one does no harm to the library; a shorter one would be filled from the memory."""
    packed: Any = numcodecs.Blosc() if version == 2 else zarr.codecs.BloscCodec()
    path = tmp_path / "a.zarr"
    array = zarr.create_array(
        path, shape=(4, 30, 40), chunks=(1, 30, 40), dtype="u1",
        zarr_format=2 if version == 2 else 3, compressors=packed,
    )  # fmt: skip
    array[:] = stack_sample()
    assert read_stack(path, VOXEL).grey == pytest.approx(stack_sample() / 255)
    chunk = path / ("1.0.0" if version == 2 else "c/1/0/0")
    chunk.write_bytes(chunk.read_bytes() + b"more")
    with pytest.raises(
        ValueError, match=r"a.zarr has a damaged chunk: (1.0.0|c/1/0/0) has \d+ bytes"
    ):
        read_stack(path, VOXEL)


def test_blosc_within_shards_is_refused(tmp_path: Path) -> None:
    zarr.create_array(
        tmp_path / "a.zarr", shape=(4, 8, 8), shards=(2, 8, 8), chunks=(1, 8, 8), dtype="u1",
        compressors=zarr.codecs.BloscCodec(),
    )  # fmt: skip
    with pytest.raises(ValueError, match="has blosc within shards"):
        read_stack(tmp_path / "a.zarr", VOXEL)


def test_chunks_of_zarr_that_are_not_there_are_told(tmp_path: Path) -> None:
    path = write_zarr(tmp_path / "a.zarr", stack_sample(), VOXEL)
    (path / "c" / "2" / "0" / "0").unlink()
    stack = read_stack(path, VOXEL)
    assert stack.grey[2] == pytest.approx(9 / 255)
    assert "1 of 4 chunks are not there: read as 9" in stack.notes
    for chunk in (path / "c").glob("*/0/0"):
        chunk.unlink()
    with pytest.raises(ValueError, match="holds no voxel: none of its 4 chunks is there"):
        read_stack(path, VOXEL)


def test_another_array_of_ome_zarr_may_be_asked_for(tmp_path: Path) -> None:
    path = write_ome_zarr(tmp_path / "a.zarr", stack_sample(), VOXEL)
    assert look_at(path, dataset="1").shape == (4, 15, 20)
    with pytest.raises(ValueError, match=r"holds no array '7'; there are 0, 1"):
        look_at(path, dataset="7")


def test_channels_of_ome_zarr_are_chosen(tmp_path: Path) -> None:
    group = zarr.open_group(tmp_path / "a.zarr", mode="w")
    group.create_array("0", data=np.stack([stack_sample(), 255 - stack_sample()]))
    axes = [{"name": "c", "type": "channel"}, *({"name": a, "unit": "micrometer"} for a in "zyx")]
    scale = {"type": "scale", "scale": [1, 0.02, 0.008, 0.008]}
    image: Any = {"axes": axes, "datasets": [{"path": "0", "coordinateTransformations": [scale]}]}
    group.attrs["ome"] = {"version": "0.5", "multiscales": [image]}
    with pytest.raises(ValueError, match="holds 2 channels: say which one"):
        read_stack(tmp_path / "a.zarr")
    stack = read_stack(tmp_path / "a.zarr", channel=2)
    assert stack.grey == pytest.approx(1 - stack_sample() / 255, abs=1e-6)
    assert stack.voxel_m == VOXEL


@pytest.mark.parametrize("name", ["a.dm4", "a", "a.jpg", "b.zarr"])
def test_what_is_no_stack_by_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"?")
    with pytest.raises(ValueError, match=rf"{name} is none of the known kinds: .tif, .tiff"):
        read_stack(tmp_path / name, VOXEL)
