"""Sauvola's threshold: it follows the mean and the spread of greys around each pixel."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from skimage.filters import threshold_sauvola

from models.arrays import Flags
from models.imaging.segmentation.scores import overlap
from models.imaging.segmentation.segmenter import softmax
from models.imaging.volume import Greys, ImageStack, LabelledVolume, Probabilities

WINDOWS = (15, 25, 41, 61, 101)
"""Pixels."""
WEIGHTS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4)
RANGE = 0.5
"""The largest spread that greys from 0 to 1 can have."""


@dataclass(frozen=True)
class Sauvola:
    """Dark against bright, slice by slice: threshold = mean (1 + weight (sd / 0.5 - 1))."""

    window: int = 61
    """Rows and columns that are looked at around a pixel; odd."""
    weight: float = 0.2
    names: tuple[str, str] = ("pore", "matrix")
    """The dark class and the bright one."""
    name: str = "Sauvola"

    def probabilities(self, stack: ImageStack) -> Probabilities:
        """As of two Gaussian classes around the threshold of each pixel."""
        above = stack.grey - self._thresholds(stack.grey)
        dark = above < 0
        scores = np.stack((np.zeros_like(above), above * _slope(stack.grey, dark)))
        return Probabilities(softmax(scores), self.names, stack.voxel_m)

    def dark(self, grey: Greys) -> Flags:
        """The pixels below their threshold."""
        return np.asarray(grey < self._thresholds(grey))

    def _thresholds(self, grey: Greys) -> Greys:
        untyped = [threshold_sauvola(s, self.window, self.weight, RANGE) for s in grey]
        return np.asarray(untyped, np.float32)


def tuned(stack: ImageStack, truth: LabelledVolume, dark: str, slices: Sequence[int]) -> Sauvola:
    """The window and the weight with the best mean overlap on some slices of a stack whose dark
    class is known. On the same stack that is more than anybody can have."""
    grey, true = stack.grey[list(slices)], truth.where(dark)[list(slices)]
    windows = [w for w in WINDOWS if w <= min(grey.shape[1:])]
    tries = [Sauvola(window, weight) for window in windows for weight in WEIGHTS]

    def score(one: Sauvola) -> float:
        found = one.dark(grey)
        return overlap(found, true) + overlap(~found, ~true)

    return max(tries, key=score)


def _slope(grey: Greys, dark: Flags) -> float:
    """By how much the logarithm of the odds rises with the grey."""
    if dark.all() or not dark.any():
        return 1 / max(float(grey.std()), 1e-6)
    low, high = grey[dark], grey[~dark]
    within = float(low.var() * low.size + high.var() * high.size) / grey.size
    return float(high.mean() - low.mean()) / max(within, 1e-12)
