"""Touching particles of one class told apart: a ball-like body about each summit of the distance to
the outside, divided where the distance is least (a watershed)."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as ndi
from skimage.morphology import h_maxima
from skimage.segmentation import watershed

from models.arrays import Flags, Integers
from models.imaging.quantities.distance import Lengths

NECK = 0.15
"""Two summits are two particles where the way between them falls below the lower one by this share
of the usual radius, and by a voxel at least."""


def particles(inside: Flags, far: Lengths, edge: float) -> Integers:
    """Labels (z, y, x) from 1, 0 outside. ``far`` is the distance of each voxel to the outside,
    ``edge`` the shortest edge of a voxel, both in metres."""
    least = max(edge, NECK * 2 * float(np.median(far[inside]))) / edge
    height = np.asarray(far / edge, dtype=np.float32)
    summits = h_maxima(height, least)
    seeds: NDArray[np.int32] = ndi.label(summits, np.ones((3, 3, 3)))[0]
    return np.asarray(watershed(-height, seeds, mask=inside))
