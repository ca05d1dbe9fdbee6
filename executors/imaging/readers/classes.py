"""From stored numbers to classes with names: 0, 1, 2, or 0 and 255, or 0, 85 and 170."""

from collections.abc import Sequence

import numpy as np

from models.imaging.volume import UNLABELLED
from planner.door.refused import Refused

MOST_CLASSES = 64


def classes_of(voxels: np.ndarray, names: Sequence[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The class of each voxel (z, y, x) from 0, and the names. Numbers below the count of names are
    places in them, and 255 beside them is ``class 255``: nobody labelled it. Other numbers are the
    names in their order. Refused where they do not fit."""
    numbers = _whole(voxels)
    values = _values(numbers)
    if not names and len(values) > MOST_CLASSES:
        raise Refused(
            f"holds {len(values)} different values: greys, or numbered grains, and no classes "
            f"(at most {MOST_CLASSES})"
        )
    if values.min() >= 0 and (values.max() < len(names) if names else values.max() < len(values)):
        chosen = tuple(names) or tuple(f"class {v}" for v in range(int(values.max()) + 1))
        return _narrow(numbers, len(chosen)), chosen
    if names and _leaves_some_out(values, len(names)):
        numbers = np.where(numbers == UNLABELLED, len(names), numbers)
        return _narrow(numbers, len(names) + 1), (*names, f"class {UNLABELLED}")
    if names and len(values) != len(names):
        told = ", ".join(map(str, values[:10]))
        raise Refused(
            f"holds {len(values)} values ({told}) for the {len(names)} names {list(names)}"
        )
    chosen = tuple(names) or tuple(f"class {v}" for v in values)
    return _narrow(np.searchsorted(values, numbers), len(chosen)), chosen


def _leaves_some_out(values: np.ndarray, names: int) -> bool:
    """Whether 255 stands beside places in the names; 0 and 255 alone are a mask."""
    places = values[values != UNLABELLED]
    is_mask = places.tolist() == [0]
    fits = len(places) > 0 and places.min() >= 0 and places.max() < names
    return bool(UNLABELLED in values and fits and not is_mask)


def _values(numbers: np.ndarray) -> np.ndarray:
    """The different values, found slice by slice."""
    found = np.unique(numbers[0])
    for slice_ in numbers[1:]:
        found = np.union1d(found, np.unique(slice_))
        if len(found) > 1000:
            return found
    return found


def _whole(voxels: np.ndarray) -> np.ndarray:
    if voxels.dtype.kind == "b":
        return voxels.astype(np.uint8)
    if voxels.dtype.kind == "f":
        for slice_ in voxels:
            if (
                not np.isfinite(slice_).all()
                or (slice_ % 1 != 0).any()
                or abs(slice_).max() > 2**31
            ):
                raise Refused("holds numbers that are not whole, and no labels")
        return voxels.astype(np.int64)
    return voxels


def _narrow(numbers: np.ndarray, count: int) -> np.ndarray:
    return numbers.astype(np.uint8 if count <= 256 else np.uint16)
