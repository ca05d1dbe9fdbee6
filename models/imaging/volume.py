"""What the models of imaging pass to each other: grey stacks, labels, and shares of belief.

Axes are always (z, y, x): slice, row, column. A voxel size is in metres along each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.arrays import Integers

type Voxel = tuple[float, float, float]
"""Edges of a voxel in metres along z, y and x."""
UNLABELLED = 255
"""The number of a voxel that nobody labelled, beside those of classes."""
type Greys = NDArray[np.float32]
"""Grey values from 0 (black) to 1 (white)."""


@dataclass(frozen=True, eq=False)
class ImageStack:
    """Slices of one scene, as a microscope gave them. ValueError where it is no such thing."""

    grey: Greys = field(repr=False)
    """(z, y, x); a single picture has one slice."""
    voxel_m: Voxel
    notes: tuple[str, ...] = ()
    """What was done to it, and what a person should know before believing it."""

    def __post_init__(self) -> None:
        check_shape(self.grey.shape)
        check_voxel(self.voxel_m)
        if self.grey.dtype != np.float32:
            raise ValueError(f"greys are float32 from 0 to 1, not {self.grey.dtype}")
        if not np.isfinite(self.grey).all():
            raise ValueError("the stack holds greys that are not finite numbers")

    @property
    def shape(self) -> tuple[int, ...]:
        """Slices, rows, columns."""
        return self.grey.shape


@dataclass(frozen=True, eq=False)
class LabelledVolume:
    """A class for every voxel. ValueError where shapes, names or the voxel do not fit."""

    classes: Integers = field(repr=False)
    """(z, y, x): the number of a name, from 0."""
    names: tuple[str, ...]
    voxel_m: Voxel
    notes: tuple[str, ...] = ()
    """What goes with every number of it: that it is SYNTHETIC."""

    def __post_init__(self) -> None:
        check_shape(self.classes.shape)
        check_voxel(self.voxel_m)
        if not np.issubdtype(self.classes.dtype, np.integer):
            raise ValueError(f"classes are whole numbers, not {self.classes.dtype}")
        _check_names(self.names)
        low, high = int(self.classes.min()), int(self.classes.max())
        if low < 0 or high >= len(self.names):
            raise ValueError(f"classes {low} to {high} do not fit the names {list(self.names)}")

    def where(self, name: str) -> NDArray[np.bool_]:
        """The voxels of one class (z, y, x). ValueError tells the classes there are."""
        if name not in self.names:
            raise ValueError(f"no class is named {name!r}; there are {', '.join(self.names)}")
        return np.asarray(self.classes == self.names.index(name))


@dataclass(frozen=True, eq=False)
class Probabilities:
    """How probable each class is in every voxel; they sum to 1."""

    shares: Greys = field(repr=False)
    """(class, z, y, x)."""
    names: tuple[str, ...]
    voxel_m: Voxel

    def __post_init__(self) -> None:
        check_shape(self.shares.shape[1:])
        check_voxel(self.voxel_m)
        _check_names(self.names)
        if len(self.shares) != len(self.names):
            raise ValueError(f"{len(self.shares)} classes for the names {list(self.names)}")

    def labels(self) -> LabelledVolume:
        """The most probable class of each voxel."""
        return LabelledVolume(self.shares.argmax(axis=0).astype(np.uint8), self.names, self.voxel_m)


def check_shape(shape: Sequence[int]) -> None:
    """ValueError where it is not slices, rows and columns with at least one voxel."""
    if len(shape) != 3:
        raise ValueError(f"a stack has three axes (slice, row, column), not {len(shape)}")
    if 0 in shape:
        raise ValueError("the stack holds no voxel")


def check_voxel(voxel: Sequence[float]) -> None:
    """ValueError where it is not three lengths above 0 m."""
    if len(voxel) != 3 or not all(0 < edge < np.inf for edge in voxel):
        raise ValueError(f"a voxel has three edges above 0 m (z, y, x), not {tuple(voxel)}")


def _check_names(names: Sequence[str]) -> None:
    if not names or len(set(names)) != len(names):
        raise ValueError(f"each class needs a name of its own, not {list(names)}")
