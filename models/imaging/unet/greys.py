"""Greys as a network sees them: in units of their own spread, whatever a microscope was set to."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.arrays import Floats
from models.imaging.unet.tiles import Box
from models.imaging.volume import Greys

ALIKE = 0.1
"""Correlation of neighbouring slices above which they show neighbouring depths."""
LOOKED_AT = 32
"""Slices from which brightness and spread are taken; of a long stack, evenly spaced ones."""


class GreySource(Protocol):
    """A stack of greys, in memory or mapped from a file: (z, y, x) of any number type."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, where: Box, /) -> NDArray[np.generic]: ...


@dataclass(frozen=True)
class View:
    """How a stack is looked at: what is taken away from greys, what they are divided by."""

    mean: float
    sd: float
    follows: bool = True
    """Whether neighbouring slices show neighbouring depths, and not other places."""

    def of(self, greys: NDArray[np.generic]) -> Greys:
        """Greys with mean about 0 and spread about 1."""
        return ((greys.astype(np.float32) - self.mean) / self.sd).astype(np.float32, copy=False)


def view_of(source: GreySource) -> View:
    """Mean and spread of a stack. A stack of one grey has nothing to tell: ValueError."""
    depth = source.shape[0]
    chosen = np.unique(np.linspace(0, depth - 1, min(depth, LOOKED_AT)).round().astype(int))
    slices = [_slices(source, z, z + 1) for z in map(int, chosen)]
    mean = float(np.mean([part.mean() for part in slices]))
    sd = float(np.sqrt(np.mean([np.square(part - mean).mean() for part in slices])))
    if not sd > 1e-9 * max(abs(mean), 1e-9):
        raise ValueError("all greys of the stack are the same: there is nothing to tell apart")
    return View(mean, sd, _follow(source, [int(z) for z in chosen if z + 1 < depth]))


def _slices(source: GreySource, first: int, end: int) -> Floats:
    return source[first:end, :, :].astype(np.float64)


def _follow(source: GreySource, chosen: list[int]) -> bool:
    """Neighbouring slices of one scene are alike; pictures of different places are not."""
    alike = [_alike(*_slices(source, z, z + 2)) for z in chosen]
    return not alike or float(np.median(alike)) > ALIKE


def _alike(one: Floats, other: Floats) -> float:
    """Correlation of two slices, averaged over squares of 4 voxels so that noise hides nothing."""
    a, b = (_coarse(part) - part.mean() for part in (one, other))
    spread = float(a.std() * b.std())
    return float((a * b).mean()) / spread if spread else 1.0


def _coarse(part: Floats) -> Floats:
    rows, columns = (size // 4 * 4 for size in part.shape)
    if not rows or not columns:
        return part
    cut = part[:rows, :columns].reshape(rows // 4, 4, columns // 4, 4)
    return np.asarray(cut.mean(axis=(1, 3)))


def window(source: GreySource, box: Box) -> NDArray[np.generic]:
    """Greys of a box; where it leaves the stack, the outermost voxels are repeated."""
    inside = tuple(
        slice(max(part.start, 0), min(part.stop, size))
        for part, size in zip(box, source.shape, strict=True)
    )
    greys = np.asarray(source[inside])  # type: ignore[index]
    beyond = [
        (kept.start - part.start, part.stop - kept.stop)
        for part, kept in zip(box, inside, strict=True)
    ]
    return np.pad(greys, beyond, mode="edge") if any(map(any, beyond)) else greys
