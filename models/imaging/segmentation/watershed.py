"""Watersheds: edges where the grey changes most, and touching particles parted at their necks."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from skimage.segmentation import watershed

from models.arrays import Flags, Integers
from models.imaging.segmentation.otsu import Otsu
from models.imaging.volume import ImageStack, Probabilities, Voxel

EDGE = 1.0
"""Pixels to which the place of an edge is known (sd)."""


@dataclass(frozen=True)
class Watershed:
    """Floods each slice from what Otsu is sure of, up to the steepest change of grey."""

    names: tuple[str, ...] = ("pore", "matrix")
    """From the darkest class to the brightest."""
    sure: float = 0.95
    """The probability from which a voxel is one that the flood starts from."""
    smooth: float = 1.0
    """Pixels by which greys are smoothed before (sd)."""
    name: str = "watershed"

    def probabilities(self, stack: ImageStack) -> Probabilities:
        """The flooded classes, in doubt within a pixel of their edges."""
        calm = ndimage.gaussian_filter(stack.grey, (0, self.smooth, self.smooth))
        first = Otsu(self.names).probabilities(ImageStack(calm, stack.voxel_m)).shares
        seeds = np.where(first.max(axis=0) >= self.sure, first.argmax(axis=0) + 1, 0)
        steep = np.hypot(*np.gradient(calm, axis=(1, 2)))
        flooded = np.stack([watershed(s, m) for s, m in zip(steep, seeds, strict=True)]) - 1
        shares = [
            ndimage.gaussian_filter((flooded == c).astype(np.float32), (0, EDGE, EDGE))
            for c in range(len(self.names))
        ]
        whole = np.stack(shares)
        return Probabilities(whole / whole.sum(axis=0), self.names, stack.voxel_m)


def parted(particles: Flags, voxel: Voxel, apart_m: float) -> Integers:
    """Numbers of particles (z, y, x), from 1, 0 between them: those that touch are parted where
    they are narrowest, if their innermost places are at least ``apart_m`` from each other."""
    inside = ndimage.distance_transform_edt(particles, sampling=voxel)
    calm = ndimage.gaussian_filter(inside, 0.25 * apart_m / np.asarray(voxel))
    window = 2 * np.ceil(0.5 * apart_m / np.asarray(voxel)).astype(int) + 1
    peaks = (calm == ndimage.maximum_filter(calm, size=tuple(window))) & particles
    seeds, _ = ndimage.label(peaks, np.ones((3, 3, 3)))
    return np.asarray(watershed(-inside, seeds, mask=particles), np.int32)
