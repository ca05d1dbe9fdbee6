"""What the tags of a TIFF say of the voxel: ImageJ, OME, and the microscopes of FEI/Thermo, Zeiss,
Tescan, JEOL and Gatan. A resolution per inch is mostly that of a screen or a printer."""

import json
import re
from collections.abc import Iterator
from typing import Any

from executors.imaging.marks import marks
from executors.imaging.voxel import VoxelTag

SCREEN = (60.0, 110.0)
"""Dots per inch of screens: what FEI (64 to 96) and JEOL (93) write of images of nanometres."""
PRINTER = (150, 200, 240, 300, 360, 400, 600, 720, 1200, 2400)
INCH, CENTIMETRE = 2, 3
TESCAN = 50431
GATAN = ((65009, 65003), (65010, 65004), (65011, 65005))
"""Tags of scale and unit along x, y and z."""
FEI = ("Scan", "EScan", "IScan")
MOST_XML = 5_000_000
NAMES = "classes of Kyoso: "
"""What begins the line of ImageJ's Info that holds the names of classes, as JSON."""


def tags_of(file: Any) -> tuple[VoxelTag, ...]:
    """Everything that is said; the program that knows best first."""
    page = file.pages[0]
    microscope = (*_fei(file), *_zeiss(file), *_tescan(page), *_gatan(page))
    program = (*_ome(file), *_imagej(file, page))
    return (*microscope, *program) or tuple(_resolution(page))


def _fei(file: Any) -> Iterator[VoxelTag]:
    told = file.fei_metadata or {}
    scan: dict[str, Any] = next(
        (told[name] for name in FEI if isinstance(told.get(name), dict)), {}
    )
    for axis, name in (("y", "PixelHeight"), ("x", "PixelWidth")):
        yield from _tag(axis, scan.get(name), "m", f"FEI Scan.{name}")


def _zeiss(file: Any) -> Iterator[VoxelTag]:
    told = file.sem_metadata or {}
    name = next((n for n in ("ap_image_pixel_size", "ap_pixel_size") if n in told), None)
    if name and isinstance(told[name], tuple) and len(told[name]) == 3:
        _, value, unit = told[name]
        for axis in "yx":
            yield from _tag(axis, value, str(unit), f"Zeiss {name.upper()}")


def _tescan(page: Any) -> Iterator[VoxelTag]:
    value = page.tags.valueof(TESCAN)
    text = value.encode("latin-1", "ignore") if isinstance(value, str) else value
    if isinstance(text, bytes):
        yield from tescan_tags(text, f"tag {TESCAN} of Tescan")


def tescan_tags(text: bytes, source: str) -> Iterator[VoxelTag]:
    """Lines ``PixelSizeX=2e-09`` in metres, of Tescan's tag or of the file beside the picture."""
    for axis, name in (("y", "PixelSizeY"), ("x", "PixelSizeX")):
        if match := re.search(name.encode() + rb"\s*=\s*([0-9.eE+-]{1,30})", text):
            yield from _tag(axis, match[1].decode(), "m", f"{source}, {name}")


def jeol_tags(text: bytes, source: str) -> Iterator[VoxelTag]:
    """The scale bar in the text beside a picture of JEOL's SEM: its length, and its pixels."""
    marker = re.search(rb"SM_MICRON_MARKER\s+([0-9.]{1,20})\s*([^\s0-9]{1,8})", text)
    bar = re.search(rb"SM_MICRON_BAR\s+([0-9.]{1,20})", text)
    if marker and bar and (pixels := _number(bar[1].decode())):
        length = _number(marker[1].decode())
        for axis in "yx" if length else "":
            unit, tag = marker[2].decode("latin-1"), f"{source}, $$SM_MICRON_MARKER"
            yield VoxelTag(axis, (length or 0) / pixels, unit, tag)


def _gatan(page: Any) -> Iterator[VoxelTag]:
    """Scales and units of DigitalMicrograph; the axis of a series may be one of time."""
    for axis, (scale, unit) in zip("xyz", GATAN, strict=True):
        yield from _tag(
            axis, page.tags.valueof(scale), str(page.tags.valueof(unit) or ""), f"Gatan tag {scale}"
        )


def _ome(file: Any) -> Iterator[VoxelTag]:
    text = file.ome_metadata if file.is_ome else None
    if not text or len(text) > MOST_XML:
        return
    pixels = re.search(r"<(?:\w+:)?Pixels\b([^>]*)>", text)
    told = dict(re.findall(r'(\w+)\s*=\s*"([^"]*)"', pixels[1])) if pixels else {}
    for axis in "ZYX":
        unit = told.get(f"PhysicalSize{axis}Unit", "µm").replace("&#181;", "µ")
        name = f"PhysicalSize{axis}"
        yield from _tag(axis.lower(), told.get(name), unit, f"OME {name}")


def _imagej(file: Any, page: Any) -> Iterator[VoxelTag]:
    """Pixels per unit stand in the resolution, slices apart in ``spacing``, in one unit."""
    told = file.imagej_metadata or {}
    unit = str(told.get("unit", ""))
    for axis, tag in (("y", "YResolution"), ("x", "XResolution")):
        if (per_unit := _ratio(page, tag)) and unit and _ratio_is_of(page, unit):
            yield from _tag(axis, 1 / per_unit, str(told.get(f"{axis}unit", unit)), f"ImageJ {tag}")
    if "spacing" in told:
        yield from _tag("z", told["spacing"], str(told.get("zunit", unit)), "ImageJ spacing")


def _ratio_is_of(page: Any, unit: str) -> bool:
    """Whether the resolution was set: ImageJ writes 1 per pixel where it was not."""
    is_inch = unit.lower() in ("inch", "inches", "in")
    return not (is_inch and is_for_eyes(_ratio(page, "XResolution") or 0))


def _resolution(page: Any) -> Iterator[VoxelTag]:
    unit = page.tags.valueof("ResolutionUnit")
    per = {INCH: 1.0, CENTIMETRE: 2.54}.get(int(unit) if unit is not None else 0)
    name = {INCH: "inch", CENTIMETRE: "cm"}.get(int(unit) if unit is not None else 0, "")
    for axis, tag in (("y", "YResolution"), ("x", "XResolution")):
        ratio = _ratio(page, tag)
        if not ratio:
            continue
        if per is None:
            if ratio != 1:
                yield VoxelTag(axis, 1 / ratio, "", f"{tag} {ratio:g} without a unit")
        elif "JEOL" in str(page.tags.valueof("Make") or ""):
            yield VoxelTag(axis, ratio, f"per {name}, as of the camera of a TEM", tag)
        elif is_for_eyes(ratio * per):
            yield VoxelTag(axis, ratio, f"per {name}, as of a screen or printer", tag)
        else:
            yield VoxelTag(axis, 1 / ratio, name, f"{tag} {ratio:g} per {name}")


def is_for_eyes(per_inch: float) -> bool:
    """Whether a resolution is of what shows a picture, not of what took it."""
    rounded = round(per_inch, 1)
    return SCREEN[0] <= per_inch <= SCREEN[1] or any(abs(rounded - p) < 0.5 for p in PRINTER)


def _ratio(page: Any, tag: str) -> float | None:
    value = page.tags.valueof(tag)
    try:
        above, below = value
        return float(above) / float(below) or None
    except (TypeError, ValueError, ZeroDivisionError):
        return None


def _tag(axis: str, value: Any, unit: str, source: str) -> Iterator[VoxelTag]:
    if value is None:
        return
    number = _number(value)
    if number is None:
        yield VoxelTag(axis, 0.0, f"{str(value)[:30]!r}, which is no number", source)
    else:
        yield VoxelTag(axis, number, unit, source)


def _number(value: Any) -> float | None:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e30 else None


def info_bar(file: Any, rows: int) -> tuple[int, tuple[str, ...]]:
    """The rows above the bar with text that FEI's microscopes put below a picture."""
    image = (file.fei_metadata or {}).get("Image")
    high = image.get("ResolutionY") if isinstance(image, dict) else None
    if isinstance(high, int) and rows / 2 < high < rows:
        return high, (f"the bar of {rows - high} rows below the picture was left out",)
    return rows, ()


def marks_of(file: Any) -> tuple[str, ...]:
    """Lines of ImageJ's Info that say that no microscope made it."""
    return marks(str((file.imagej_metadata or {}).get("Info", "")).split("\n"))


def names_of(file: Any) -> tuple[str, ...]:
    """Names of classes, where Kyoso wrote the file."""
    info = str((file.imagej_metadata or {}).get("Info", ""))
    for line in info.split("\n"):
        if line.startswith(NAMES):
            try:
                names = json.loads(line.removeprefix(NAMES))
            except ValueError:
                return ()
            return tuple(map(str, names)) if isinstance(names, list) else ()
    return ()
