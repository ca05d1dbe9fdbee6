"""From stored numbers to greys between 0 and 1, by a stated rule, and what the numbers give away:
one colour, labels in the place of greys, another scale than the file's."""

import numpy as np

from executors.imaging.readers.look import Look
from models.imaging.volume import Greys
from planner.door.refused import Refused

BITS = (8, 10, 12, 14, 15, 16)
"""Of cameras whose pictures are kept in 16 bits."""
LEVELS = 4
"""Whole numbers that greys must differ by at least."""
NARROW = 0.1
"""Part of the scale; greys that use less of it are told."""
MOST_LABELS = 8
"""Different values that look like labels."""


def greys_of(voxels: np.ndarray, look: Look) -> tuple[Greys, tuple[str, ...]]:
    """Greys (z, y, x) from 0 to 1, and notes. Whole numbers are divided by the largest that their
    type, or the camera's bits, can hold; others run from the least to the largest there is.
    Refused where nothing is to be seen."""
    _check_finite(voxels)
    low, high = float(voxels.min()), float(voxels.max())
    if low == high:
        raise Refused(f"shows one colour: every voxel is {low:g}")
    first, last, notes = _scale(voxels.dtype, low, high)
    _check_spread(voxels, low, high)
    grey = np.empty(voxels.shape, np.float32)
    for slice_, out in zip(voxels, grey, strict=True):
        out[:] = (slice_.astype(np.float64) - first) / (last - first)
        if look.white_is_zero:
            np.subtract(1, out, out=out)
    white = ("white is 0 in the file: greys were turned",) if look.white_is_zero else ()
    share = (high - low) / (last - first)
    used = f"greys use {100 * share:.2g} % of their scale ({low:g} to {high:g})"
    narrow = (used,) if share < NARROW else ()
    return grey, (*notes, *white, *narrow, *_flat(voxels), *_labels(voxels))


def _scale(dtype: np.dtype, low: float, high: float) -> tuple[float, float, tuple[str, ...]]:
    """The numbers that become 0 and 1."""
    if dtype == np.uint8:
        return 0.0, 255.0, ()
    if dtype.kind in "iu" and dtype.itemsize == 2 and low >= 0:
        bits = next(bits for bits in BITS if high < 2**bits)
        note = f"greys of {bits} bits in 16: {2**bits - 1} is white (the largest is {high:g})"
        return 0.0, 2.0**bits - 1, () if bits == 16 else (note,)
    if dtype.kind == "f" and low >= 0 and high <= 1:
        return 0.0, 1.0, ()
    return low, high, (f"greys run from the least to the largest of the file, {low:g} to {high:g}",)


def _check_finite(voxels: np.ndarray) -> None:
    if voxels.dtype.kind == "f" and (
        bad := sum(int(np.count_nonzero(~np.isfinite(slice_))) for slice_ in voxels)
    ):
        raise Refused(f"holds {bad} of {voxels.size} greys that are no finite numbers")


def _check_spread(voxels: np.ndarray, low: float, high: float) -> None:
    if voxels.dtype.kind in "iu" and high - low < LEVELS:
        raise Refused(
            f"holds greys from {low:g} to {high:g} only, in {8 * voxels.dtype.itemsize} bits: they "
            "were scaled wrongly, or are labels"
        )


def _flat(voxels: np.ndarray) -> tuple[str, ...]:
    """A note where slices are of one colour."""
    flat = [n for n, s in enumerate(voxels, start=1) if s.min() == s.max()]
    return (f"{len(flat)} slices are of one colour (the first is slice {flat[0]})",) if flat else ()


def _labels(voxels: np.ndarray) -> tuple[str, ...]:
    values = np.unique(voxels[len(voxels) // 2])
    if voxels.dtype.kind != "f" and len(values) <= MOST_LABELS:
        told = ", ".join(f"{v:g}" for v in values)
        return (f"the middle slice holds only the values {told}: these look like labels",)
    return ()
