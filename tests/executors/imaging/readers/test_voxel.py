"""How large a voxel is, by the tags of microscopes and programs, and where tags lie."""

from pathlib import Path
from typing import Any

import mrcfile
import nrrd
import numpy as np
import pytest
import tifffile
from PIL import Image

from executors.imaging.readers import look_at, read_stack
from executors.imaging.voxel import read_voxel, scale_of
from executors.testing.stack_reader import VOXEL, stack_sample
from tests.executors.imaging.readers.stacks import fei, write_imagej, write_png_slices

SLICE = stack_sample((60, 80, 1))[..., 0]
ZEISS = "\r\n0\r\nAP_WD\r\nWD = 5.0 mm\r\nAP_IMAGE_PIXEL_SIZE\r\nImage Pixel Size = 8.000 nm\r\n"
TESCAN = (
    b"\x08thumbnail\x00\xff[MAIN]\r\nDevice=GAIA3\r\nPixelSizeX=8.0e-9\r\nPixelSizeY=8.0e-9\r\n"
)


def picture(path: Path, **how: Any) -> Path:
    how = {"resolution": (72, 72), "resolutionunit": "INCH"} | how
    tifffile.imwrite(path, SLICE, **how)
    return path


def tags(*tag: Any) -> dict[str, Any]:
    return {"extratags": [tag]}


@pytest.mark.parametrize(
    ("tag", "source"),
    [
        ((34682, "s", 0, fei(8e-9, 60, 80), True), "FEI Scan.PixelWidth"),
        ((34680, "s", 0, fei(8e-9, 60, 80), True), "FEI Scan.PixelWidth"),
        ((34118, "s", 0, ZEISS, True), "Zeiss AP_IMAGE_PIXEL_SIZE"),
        ((50431, "B", len(TESCAN), TESCAN, True), "tag 50431 of Tescan, PixelSizeX"),
    ],
)
def test_microscopes_say_it_in_tags_of_their_own(tmp_path: Path, tag: Any, source: str) -> None:
    """The resolution beside it is that of a screen."""
    stack = read_stack(picture(tmp_path / "a.tif", **tags(*tag)))
    assert stack.voxel_m == (8e-9, 8e-9, 8e-9)
    assert source in stack.notes[0]
    assert "z: as x: there is one slice" in stack.notes[0]


@pytest.mark.parametrize(
    ("name", "text", "source"),
    [
        (
            "a.txt",
            "$CM_FORMAT JEOL/SEM\r\n$$SM_MICRON_BAR 125\r\n$$SM_MICRON_MARKER 1um\r\n",
            "a.txt",
        ),
        ("a-tif.hdr", "[SEM]\nPixelSizeX=8e-09\nPixelSizeY=8e-09\n", "a-tif.hdr"),
        ("a.hdr", "[SEM]\nPixelSizeX=8e-09\nPixelSizeY=8e-09\n", "a.hdr"),
    ],
)
def test_some_microscopes_say_it_in_a_file_beside(
    tmp_path: Path, name: str, text: str, source: str
) -> None:
    path = picture(tmp_path / "a.tif", resolution=(93, 93))
    (tmp_path / name).write_text(text)
    stack = read_stack(path)
    assert stack.voxel_m == (8e-9, 8e-9, 8e-9)
    assert source in stack.notes[0]


@pytest.mark.parametrize("dots", [60, 64, 72, 93, 96, 110, 300, 600])
def test_a_screen_or_printer_is_no_microscope(tmp_path: Path, dots: int) -> None:
    path = picture(tmp_path / "a.tif", resolution=(dots, dots))
    with pytest.raises(ValueError, match=r"a.tif does not say .*XResolution.*") as told:
        read_stack(path)
    assert f"{dots} per inch, as of a screen or printer" in str(told.value)
    assert "give it, such as --voxel 20nm,20nm,20nm (z, y, x)" in str(told.value)


def test_a_picture_of_the_navigation_camera_has_no_pixel_size(tmp_path: Path) -> None:
    text = "[User]\r\nDate=1\r\n[System]\r\nType=DualBeam\r\n"
    with pytest.raises(ValueError, match="does not say how large a voxel is"):
        read_stack(picture(tmp_path / "a.tif", **tags(34682, "s", 0, text, True)))


def gatan(z_unit: str) -> dict[str, Any]:
    scales = [(65009 + n, "d", 1, edge, True) for n, edge in enumerate((8.0, 8.0, 20.0))]
    units = [(65003 + n, "s", 0, unit, True) for n, unit in enumerate(("nm", "nm", z_unit))]
    return {"extratags": [*scales, *units]}


def test_the_axis_of_a_series_of_gatan_may_be_time(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, stack_sample(), photometric="minisblack", **gatan("nm"))
    assert read_stack(path).voxel_m == VOXEL
    tifffile.imwrite(path, stack_sample(), photometric="minisblack", **gatan("s"))
    with pytest.raises(ValueError, match=r"along z \(of no use: z: 20 s \(Gatan tag 65011\)\)"):
        read_stack(path)
    assert read_stack(path, (2e-8, None, None)).voxel_m == VOXEL


def test_the_resolution_of_a_tem_of_jeol_is_that_of_its_camera(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.tif", resolution=(640, 640), resolutionunit="CENTIMETER",
                   **tags(271, "s", 0, "JEOL Ltd.", True))  # fmt: skip
    with pytest.raises(ValueError, match="640 per cm, as of the camera of a TEM"):
        read_stack(path)


def test_a_resolution_that_is_no_screens_is_taken(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.tif", resolution=(1.25e6, 1.25e6), resolutionunit="CENTIMETER")
    assert read_stack(path).voxel_m == pytest.approx((8e-9, 8e-9, 8e-9))


@pytest.mark.parametrize("unit", ["um", "micron", "microns", "\\u00B5m", "Micrometer"])
def test_imagej_writes_micrometres_in_many_ways(tmp_path: Path, unit: str) -> None:
    metadata = {"axes": "ZYX", "spacing": 0.02, "unit": unit}
    tifffile.imwrite(tmp_path / "a.tif", stack_sample(), imagej=True, resolution=(125, 125),
                     metadata=metadata)  # fmt: skip
    assert read_stack(tmp_path / "a.tif").voxel_m == VOXEL


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"unit": "pixel"}, "1 pixel"),
        ({"unit": "sec"}, "20 sec"),
        ({}, "20 without a unit"),
        ({"unit": "nm", "spacing": 0}, "0 nm"),
    ],
)
def test_what_is_no_length_is_told_and_asked_for(
    tmp_path: Path, metadata: dict[str, Any], told: str
) -> None:
    whole = {"axes": "ZYX", "spacing": 20} | metadata
    tifffile.imwrite(tmp_path / "a.tif", stack_sample(), imagej=True, metadata=whole)
    with pytest.raises(ValueError, match=r"along z") as error:
        read_stack(tmp_path / "a.tif")
    assert told in str(error.value)


def test_the_unit_of_ome_is_the_micrometre_where_none_is_said(tmp_path: Path) -> None:
    metadata = {
        "axes": "ZYX",
        "PhysicalSizeX": 0.008,
        "PhysicalSizeY": 0.008,
        "PhysicalSizeZ": 0.02,
    }
    tifffile.imwrite(tmp_path / "a.tif", stack_sample(), ome=True, photometric="minisblack",
                     metadata=metadata)  # fmt: skip
    assert read_stack(tmp_path / "a.tif").voxel_m == VOXEL


def test_mrc_without_a_size_says_zero(tmp_path: Path) -> None:
    with mrcfile.new(tmp_path / "a.mrc") as file:
        file.set_data(stack_sample())
    with pytest.raises(ValueError, match=r"a.mrc does not say .*z: 0 Å \(MRC cell z\)"):
        read_stack(tmp_path / "a.mrc")


def test_axes_of_nrrd_that_were_written_the_other_way_round_are_noted(tmp_path: Path) -> None:
    head = {"spacings": [20, 8, 8], "units": ["nm"] * 3}
    nrrd.write(str(tmp_path / "a.nrrd"), stack_sample(), head, index_order="C")
    stack = read_stack(tmp_path / "a.nrrd")
    assert stack.voxel_m == (8e-9, 8e-9, 2e-8), "as the file says"
    assert any("written in the order z, y, x (pynrrd" in note for note in stack.notes)


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ({"spacings": [8, 8, 20]}, "8 without a unit"),
        ({"space directions": np.diag([8, 8, 20]), "space dimension": 3}, "8 without a unit"),
        ({"spacings": [8, 8, np.nan], "units": ["nm"] * 3}, "along z"),
    ],
)
def test_nrrd_without_units_is_asked_about(tmp_path: Path, head: Any, told: str) -> None:
    nrrd.write(str(tmp_path / "a.nrrd"), stack_sample(), head, index_order="C")
    with pytest.raises(ValueError, match="does not say") as error:
        read_stack(tmp_path / "a.nrrd")
    assert told in str(error.value)


def test_two_tags_that_contradict_each_other_are_both_named(tmp_path: Path) -> None:
    head = {"spacings": [8, 8, 20], "units": ["nm"] * 3, "space dimension": 3,
            "space directions": np.diag([8, 10, 20.0]), "space units": ["nm"] * 3}  # fmt: skip
    nrrd.write(str(tmp_path / "a.nrrd"), stack_sample(), head, index_order="C")
    with pytest.raises(
        ValueError,
        match=r"a.nrrd contradicts itself: a voxel along y is 10 nm \(NRRD space directions\), "
        r"and 8 nm \(NRRD spacings\)",
    ):
        read_stack(tmp_path / "a.nrrd")


def test_slices_of_different_pixels_are_no_stack(tmp_path: Path) -> None:
    folder = tmp_path / "slices"
    folder.mkdir()
    for number, pixel in enumerate((8e-9, 8e-9, 9e-9)):
        picture(folder / f"s{number}.tif", **tags(34682, "s", 0, fei(pixel, 60, 80), True))
    with pytest.raises(ValueError, match=r"slices s2.tif says .* 9 nm .*the first slice 8 nm"):
        read_stack(folder, (2e-8, None, None))


def test_a_size_within_a_percent_of_the_file_s_is_taken_as_given(tmp_path: Path) -> None:
    path = write_imagej(tmp_path / "a.tif", stack_sample(), VOXEL)
    assert read_stack(path, (2e-8, 8.05e-9, None)).voxel_m == (2e-8, 8.05e-9, 8e-9)
    with pytest.raises(ValueError, match=r"along y is 8 nm \(ImageJ YResolution\), but 8.1 nm"):
        read_stack(path, (2e-8, 8.1e-9, None))


def test_a_contradiction_is_found_before_a_voxel_is_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not say"):
        read_stack(write_png_slices(tmp_path / "s", stack_sample(), VOXEL), (2e-8, None, None))


def test_what_was_overruled_is_told(tmp_path: Path) -> None:
    path = write_imagej(tmp_path / "a.tif", stack_sample(), VOXEL)
    stack = read_stack(path, (None, 1.3e-8, None), trust=True)
    assert stack.voxel_m == (2e-8, 1.3e-8, 8e-9)
    assert "the file says 8 nm (ImageJ YResolution) along y, which was overruled" in stack.notes
    assert "a pixel is not square: y is 1.62 times x" in stack.notes


def test_png_may_tell_pixels_in_a_metre(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(SLICE).save(path, dpi=(0.0254 / 8e-9, 0.0254 / 8e-9))
    assert read_stack(path).voxel_m == pytest.approx((8e-9,) * 3, rel=1e-3)


def test_the_bar_below_a_picture_of_fei_is_left_out(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.tif", **tags(34682, "s", 0, fei(8e-9, 50, 80), True))
    stack = read_stack(path)
    assert stack.shape == (1, 50, 80)
    assert "the bar of 10 rows below the picture was left out" in stack.notes
    assert look_at(path).shape == (1, 50, 80)


@pytest.mark.parametrize(
    ("text", "voxel"),
    [
        ("20nm,20nm,20nm", (2e-8, 2e-8, 2e-8)),
        ("20nm", (2e-8, 2e-8, 2e-8)),
        ("0.02 um, 8 nm, 80 Å", (2e-8, 8e-9, 8e-9)),
        ("20nm,?,?", (2e-8, None, None)),
    ],
)
def test_a_voxel_is_given_in_any_length(text: str, voxel: Any) -> None:
    assert read_voxel(text) == pytest.approx(voxel)


@pytest.mark.parametrize(
    "text", ["", "20", "20nm,20nm", "0nm", "-1nm", "20px", "nannm", "1..2nm", "5m"]
)
def test_what_is_no_voxel_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="--voxel"):
        read_voxel(text)


def test_units_of_the_field() -> None:
    same = ("um", "µm", "μm", "micron", "Microns", "\\u00B5m", "micrometer")
    assert [scale_of(unit) for unit in same] == [1e-6] * 7
    assert [scale_of(unit) for unit in ("nm", "Å", "angstrom", "A", "inch", "pixel", "sec", "")] == [
        1e-9, 1e-10, 1e-10, 1e-10, 0.0254, None, None, None,
    ]  # fmt: skip
