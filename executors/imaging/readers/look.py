"""What the head of a file says of its stack, before a voxel is read; and what every reader of a
format provides. Readers run in a child with limits: they take texts, and give plain values."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from executors.imaging.voxel import VoxelTag
from planner.door.bounds import STACK, size
from planner.door.refused import Refused


@dataclass(frozen=True)
class Asked:
    """What a person says of a file that holds more than one stack."""

    dataset: str | None = None
    """Name of an array, in HDF5 and Zarr."""
    channel: int | None = None
    """Number of a detector, from 1, where a file holds pictures of several."""
    files: tuple[str, ...] = ()
    """Slices in a folder, in their order."""


@dataclass(frozen=True)
class ReadingChoice:
    """How a person says that a file is to be read: ``--dataset``, ``--channel``,
    ``--trust-voxel``."""

    dataset: str | None = None
    channel: int | None = None
    trust: bool = False
    """The voxel that was given holds against the file."""


AS_IT_IS = ReadingChoice()


@dataclass(frozen=True)
class Look:
    """What will be read."""

    shape: tuple[int, int, int]
    """Slices, rows, columns."""
    dtype: str
    tags: tuple[VoxelTag, ...] = ()
    notes: tuple[str, ...] = ()
    white_is_zero: bool = False
    names: tuple[str, ...] = ()
    """Of classes, where the file carries them."""

    def __post_init__(self) -> None:
        if len(self.shape) != 3 or min(self.shape) < 1:
            raise Refused(f"holds no stack of slices, rows and columns, but {tuple(self.shape)}")
        if self.dtype.lstrip("<>|=")[:1] not in "buif":
            raise Refused(f"holds no grey values, but {self.dtype}")
        if self.bytes > STACK:
            promised = f"{size(self.bytes)} ({in_voxels(self.shape)})"
            raise Refused(f"unpacks to {promised}; at most {size(STACK)} are read")

    @property
    def bytes(self) -> int:
        """Of the voxels as they are stored, unpacked."""
        return math.prod(self.shape) * int("".join(c for c in self.dtype if c.isdigit()) or 1)

    def plain(self) -> dict[str, Any]:
        """For the way out of a child."""
        return asdict(self)


def look_from(plain: dict[str, Any]) -> Look:
    """What ``Look.plain`` gave, from a child that a file may have taken over."""
    return Look(
        shape=_shape(plain["shape"]),
        dtype=str(plain["dtype"]),
        tags=tuple(VoxelTag(str(c["axis"]), float(c["value"]), str(c["unit"]), str(c["source"]))
                     for c in plain["tags"]),
        notes=tuple(map(str, plain["notes"])),
        white_is_zero=bool(plain["white_is_zero"]),
        names=tuple(map(str, plain["names"])),
    )  # fmt: skip


def _shape(told: Sequence[Any]) -> tuple[int, int, int]:
    z, y, x = map(int, told)
    return z, y, x


class Format(NamedTuple):
    """A format of stacks: two functions that run in a child, and the libraries they import."""

    look: Callable[[str, Asked], Look]
    """Read the head of a path. ValueError or Refused where it is no such file."""
    load: Callable[[str, Asked], Any]
    """Read its voxels (z, y, x), as they are stored."""
    needs: tuple[str, ...]


def in_voxels(shape: Sequence[int]) -> str:
    """A size for people: slices x rows x columns."""
    return " x ".join(map(str, shape))


@dataclass(frozen=True)
class Axes:
    """How the axes of an array become slices, rows and columns."""

    names: str
    """A letter an axis: Z, Y, X; T time, C channel, S sample of a colour; others count slices."""
    shape: tuple[int, ...]

    def stack(self, channel: int | None) -> tuple[tuple[int, int, int], tuple[Any, ...]]:
        """The shape (z, y, x), and the index that leaves these axes, of length 1 or more, in order.
        Refused where several would count slices."""
        if not {"Y", "X"} <= set(self.names):
            raise Refused(f"holds no pictures: its axes are {self.names}")
        counting = [n for n, length in zip(self.names, self.shape, strict=True)
                    if n not in "YX" and length > 1]  # fmt: skip
        chosen = {}
        if "C" in counting and (len(counting) > 1 or channel is not None):
            chosen["C"] = self._chosen(channel)
            counting.remove("C")
        if len(counting) > 1:
            sizes = ", ".join(f"{n} {self.shape[self.names.index(n)]}" for n in counting)
            raise Refused(f"has more axes than slices, rows and columns: {sizes}")
        index = tuple(chosen.get(n, slice(None)) if n in "YXC" or n in counting else 0
                      for n in self.names)  # fmt: skip
        length = dict(zip(self.names, self.shape, strict=True))
        slices = length[counting[0]] if counting else 1
        return (slices, length["Y"], length["X"]), index

    def _chosen(self, channel: int | None) -> int:
        count = self.shape[self.names.index("C")]
        if channel is None:
            raise Refused(
                f"holds {count} channels: say which one, from 1 to {count}, with --channel"
            )
        if not 1 <= channel <= count:
            raise Refused(f"holds channels 1 to {count}, and no {channel}")
        return channel - 1
