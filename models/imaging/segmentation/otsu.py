"""Otsu's thresholds: the greys that part a histogram into classes of least spread."""

from dataclasses import dataclass

import numpy as np
from skimage.filters import threshold_multiotsu

from models.arrays import Floats
from models.imaging.segmentation.segmenter import softmax
from models.imaging.volume import Greys, ImageStack, Probabilities


@dataclass(frozen=True)
class Otsu:
    """One set of thresholds for the whole stack; ValueError where it has too few greys."""

    names: tuple[str, ...] = ("pore", "matrix")
    """From the darkest class to the brightest."""
    name: str = "Otsu"

    def probabilities(self, stack: ImageStack) -> Probabilities:
        """Those of Gaussian classes of one common width, with borders at Otsu's thresholds."""
        thresholds = threshold_multiotsu(stack.grey, classes=len(self.names))
        scores = between(stack.grey, thresholds)
        return Probabilities(softmax(scores), self.names, stack.voxel_m)


def between(grey: Greys, thresholds: Floats) -> Floats:
    """Logarithms of the classes' odds (class, z, y, x), the darkest first. Two neighbours are even
    at the threshold between them, and their odds rise by the gap of their means over the
    variance within classes for each unit of grey."""
    found = np.digitize(grey, thresholds)
    count = np.maximum(np.bincount(found.ravel(), minlength=len(thresholds) + 1), 1)
    means = np.bincount(found.ravel(), grey.ravel(), minlength=len(count)) / count
    variance = max(float(((grey - means[found]) ** 2).mean()), 1e-12)
    slopes = np.diff(means) / variance
    steps = [
        slope * (grey - threshold) for slope, threshold in zip(slopes, thresholds, strict=True)
    ]
    return np.concatenate((np.zeros((1, *grey.shape)), np.cumsum(steps, axis=0)))
