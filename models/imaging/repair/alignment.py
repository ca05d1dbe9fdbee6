"""Slices that stand off each other are put over each other, by phase correlation to parts of a
pixel."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import ndimage

from models.arrays import Floats
from models.imaging.repair.chain import chained, pairs_of
from models.imaging.repair.repaired import Numbers
from models.imaging.volume import Greys


@dataclass(frozen=True)
class Alignment:
    """Shifts between each slice and the next ones, and the positions that fit all of them best.

    The sum of the shifts is the drift of the instrument only where nothing in the specimen runs
    aslant: layers or columns that lean are put upright, and no picture can tell the two apart.
    """

    reach: int = 3
    """Slices ahead that each one is compared with."""
    parts: int = 20
    """Parts of a pixel that a shift is found to."""
    smooth: float = 1.5
    """Pixels of the Gaussian against noise."""
    slow: float = 8.0
    """Pixels above which changes are light, not structure."""
    strong: float = 1.5
    """Times the median of the changes, beyond which all count alike: no single pore decides."""
    name: ClassVar[str] = "alignment"

    def measured(self, grey: Greys) -> Numbers:
        """``position``: rows and columns (z, 2) by which each slice stands off the first one."""
        pairs = pairs_of(len(grey), tuple(range(1, self.reach + 1)))
        prepared = [self._prepared(slice_) for slice_ in grey]
        shifts = np.array([self._shift(prepared[a], prepared[b]) for a, b in pairs]).reshape(-1, 2)
        return {"position": chained(pairs, shifts, len(grey), least=0.1)}

    def applied(self, grey: Greys, numbers: Numbers) -> Greys:
        """Each slice moved back; what not every slice shows is cut off. ValueError where less than
        half of a picture would be left."""
        position = numbers["position"]
        rows, columns = (_common(position[:, i], grey.shape[1 + i]) for i in (0, 1))
        moved = [ndimage.shift(slice_, -at, order=3, mode="nearest")[rows, columns]
                 for slice_, at in zip(grey, position, strict=True)]  # fmt: skip
        return np.stack(moved).astype(np.float32)

    def told(self, numbers: Numbers) -> str:
        """The largest shift, and what it may be."""
        y, x = np.abs(numbers["position"]).max(axis=0)
        return (f"slices aligned: up to {y:.2f} rows and {x:.2f} columns off the first one; "
                "structures that lean are put upright with the drift")  # fmt: skip

    def _prepared(self, slice_: Greys) -> Floats:
        """Structure between noise and light, fading out towards the rim."""
        exact = slice_.astype(np.float64)
        fine = ndimage.gaussian_filter(exact, self.smooth)
        fine -= ndimage.gaussian_filter(exact, self.slow)
        fine = np.tanh(fine / max(self.strong * np.median(np.abs(fine)), 1e-9))
        high, wide = slice_.shape
        return np.asarray(fine * np.hanning(high)[:, None] * np.hanning(wide))

    def _shift(self, still: Floats, moving: Floats) -> Floats:
        from skimage.registration import phase_cross_correlation

        shift, _, _ = phase_cross_correlation(
            still, moving, upsample_factor=self.parts, normalization=None
        )
        return -np.asarray(shift, float)


def _common(position: Floats, length: int) -> slice:
    """The part of an axis that every slice shows, once each is moved back."""
    low = int(np.ceil(max(0.0, -position.min())))
    high = length - int(np.ceil(max(0.0, position.max())))
    if high - low < length / 2:
        raise ValueError(
            f"the slices stand up to {np.ptp(position):.0f} of {length} pixels off each other: "
            "less than half of the picture would be left"
        )
    return slice(low, high)
