"""Cutting a volume into tiles, each with so much around it that its seam cannot be seen.

Next to a seam both tiles see everything that can change a voxel (``Architecture.reach``), so
they agree, and there is nothing to blend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from models.imaging.unet.architecture import Architecture

type Box = tuple[slice, slice, slice]
"""Voxels along z, y and x."""


@dataclass(frozen=True)
class Tile:
    """What is decided, and what is looked at to decide it."""

    core: Box
    window: Box
    """It may reach beyond the volume: first and last slices are repeated there, and rows and
    columns after the last, up to a multiple of the grain."""

    @property
    def inner(self) -> Box:
        """The core as seen from the window."""
        return tuple(  # type: ignore[return-value]
            slice(core.start - window.start, core.stop - window.start)
            for core, window in zip(self.core, self.window, strict=True)
        )


def tiles(shape: Sequence[int], architecture: Architecture, side: Sequence[int]) -> list[Tile]:
    """Tiles of at most about ``side`` voxels (z, y, x) that cover a volume of this shape once."""
    reach = architecture.reach
    flat = [_along(shape[axis], side[axis], reach[axis], architecture.grain) for axis in (1, 2)]
    along_z = _sections(shape[0], side[0], reach[0], clip=architecture.deep)
    return [_tile(*parts) for parts in product(along_z, *flat)]


def _tile(*parts: tuple[slice, slice]) -> Tile:
    z, y, x = parts
    return Tile((z[0], y[0], x[0]), (z[1], y[1], x[1]))


def _along(size: int, side: int, reach: int, grain: int) -> list[tuple[slice, slice]]:
    """Cores and windows along rows or columns: windows begin and end at multiples of a grain."""
    whole = -(-size // grain) * grain
    cores = _cuts(size, side, grain)
    return [
        (
            slice(a, b),
            slice(
                max((a - reach) // grain * grain, 0), min(-(-(b + reach) // grain) * grain, whole)
            ),
        )
        for a, b in pairwise(cores)
    ]


def _sections(size: int, side: int, reach: int, clip: bool) -> list[tuple[slice, slice]]:
    """Cores and windows along z; ``clip`` where the network pads by itself."""
    low, high = (0, size) if clip else (-reach, size + reach)
    return [
        (slice(a, b), slice(max(a - reach, low), min(b + reach, high)))
        for a, b in pairwise(_cuts(size, side, 1))
    ]


def _cuts(size: int, side: int, grain: int) -> list[int]:
    """Where to cut so that parts are nearly equal and begin at multiples of the grain."""
    count = -(-size // max(side, grain))
    inner = [round(size * part / count / grain) * grain for part in range(1, count)]
    return [0, *inner, size]
