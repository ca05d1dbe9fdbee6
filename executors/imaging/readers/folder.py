"""A folder of slices, one file each (PNG or TIFF), in the natural order of their numbers."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from executors.imaging.readers import png, tiff
from executors.imaging.readers.look import Asked, Format, Look, in_voxels
from executors.imaging.voxel import AGREE
from planner.door.bounds import SLICES, STACK, size
from planner.door.files import Inside, listed
from planner.door.refused import Refused, about

SLICE = {
    ".png": Format(png.look, png.load, ("PIL.Image",)),
    ".tif": Format(tiff.look, tiff.load, ("tifffile", "PIL.Image")),
    ".tiff": Format(tiff.look, tiff.load, ("tifffile", "PIL.Image")),
}


def slices_in(folder: Path) -> tuple[str, ...]:
    """Names of the slices in their order. Refused where the folder holds none, or two kinds."""
    files, odd = listed(Inside(folder, ()))
    names = [f.name for f in files if suffix(f.name) in SLICE and not f.name.startswith(".")]
    if odd:
        raise Refused(f"holds what is no plain file: {odd[0]}")
    if not names:
        raise Refused(f"holds no slices ({', '.join(SLICE)})")
    if len(kinds := sorted({SLICE[suffix(n)].look.__module__ for n in names})) > 1:
        raise Refused(f"holds slices of {len(kinds)} kinds (PNG and TIFF): leave one of them")
    if len(names) > SLICES:
        raise Refused(f"holds {len(names)} slices; at most {SLICES} are read")
    return tuple(sorted(names, key=natural))


def suffix(name: str) -> str:
    """The ending of a name in small letters."""
    return Path(name).suffix.lower()


def natural(name: str) -> list[tuple[int, str]]:
    """The order of names as people count: s2 is before s10.

    >>> sorted(["s10.png", "s2.png"], key=natural)
    ['s2.png', 's10.png']
    """
    return [(int(p), "") if p.isdecimal() else (-1, p.lower()) for p in re.split(r"(\d+)", name)]


def gaps(names: Sequence[str]) -> tuple[str, ...]:
    """A note where numbers of slices are left out. Refused where two slices have one number."""
    numbers = [[int(p) for p in re.findall(r"\d+", Path(n).stem)] for n in names]
    if len(names) < 2 or len({len(n) for n in numbers}) > 1:
        return ()
    varying = [column for column in zip(*numbers, strict=True) if len(set(column)) > 1]
    if not varying:
        raise Refused(f"holds two slices of one number: {names[0]} and {names[1]}")
    if len(varying) > 1:  # such as a time in each name
        return ()
    steps = np.diff(varying[0])
    if (at := int(np.argmin(steps))) is not None and steps[at] == 0:
        raise Refused(f"holds two slices of one number: {names[at]} and {names[at + 1]}")
    usual = int(np.median(steps))
    if not (jumps := np.flatnonzero(steps != usual)).size:
        return ()
    after = ", ".join(names[j] for j in jumps[:3])
    return (
        f"{jumps.size} gaps in the numbers of the slices (after {after}): depth is wrong there",
    )


def look(path: str, asked: Asked) -> Look:
    """What the heads say, of all slices. Refused where they differ."""
    first, *others = (_looked(path, name) for name in asked.files)
    for name, other in zip(asked.files[1:], others, strict=True):
        with about(name):
            _check_equal(first, other)
    count = len(asked.files)
    if count * first.bytes > STACK:
        raise Refused(f"unpacks to {size(count * first.bytes)}; at most {size(STACK)} are read")
    return Look((count, *first.shape[1:]), first.dtype, first.tags,
                (*gaps(asked.files), *first.notes), first.white_is_zero)  # fmt: skip


def load(path: str, asked: Asked) -> np.ndarray:
    """The voxels (z, y, x)."""
    stack: np.ndarray | None = None
    for place, name in enumerate(asked.files):
        with about(name):
            picture = SLICE[suffix(name)].load(str(Path(path) / name), Asked())
            if stack is None:
                stack = np.empty((len(asked.files), *picture.shape[1:]), picture.dtype)
            stack[place] = picture[0]
    assert stack is not None
    return stack


def _looked(path: str, name: str) -> Look:
    with about(name):
        found = SLICE[suffix(name)].look(str(Path(path) / name), Asked())
        if found.shape[0] != 1:
            raise Refused(f"holds {found.shape[0]} slices; in a folder each file is one")
        return found


def _check_equal(first: Look, other: Look) -> None:
    if other.shape != first.shape:
        sizes = in_voxels(other.shape[1:]), in_voxels(first.shape[1:])
        raise Refused(f"has {sizes[0]} points, and the first slice {sizes[1]}")
    if (other.dtype, other.white_is_zero) != (first.dtype, first.white_is_zero):
        raise Refused(f"holds {other.dtype}, and the first slice {first.dtype}")
    edges = {tag.axis: tag for tag in first.tags if tag.metres}
    for tag in other.tags:
        mine, its = edges.get(tag.axis), tag.metres
        if mine and its and abs(its - (mine.metres or 0)) > AGREE * its:
            raise Refused(
                f"says that a pixel along {tag.axis} is {tag}, and the first slice {mine}"
            )
