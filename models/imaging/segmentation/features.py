"""Filters by which a random forest sees a pixel: its grey and surroundings at several scales."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy import ndimage

from models.imaging.volume import Greys

SCALES = (1.0, 2.0, 4.0, 8.0)
"""Pixels (sd)."""
WIDE = 20.0
"""Pixels (sd) over which the light is taken to be even."""
NEAR = (1.0, 3.0)
"""Scales at which neighbouring slices are seen."""


def features(grey: Greys, z: int, neighbours: Sequence[int] = ()) -> Greys:
    """Filters of slice ``z`` of a stack, as (y, x, filter): grey, smoothed, gradient, both
    curvatures, differences of scales, and ``neighbours`` (-1: the slice before) smoothed. Slices
    beyond the stack are its outermost ones."""
    seen = [*_own(grey[z])]
    for step in neighbours:
        other = grey[np.clip(z + step, 0, len(grey) - 1)]
        seen += [ndimage.gaussian_filter(other, scale) for scale in NEAR]
    return np.stack(seen, axis=-1)


def _own(picture: Greys) -> list[Greys]:
    smooth = [ndimage.gaussian_filter(picture, scale) for scale in (*SCALES, WIDE)]
    seen = [
        picture,
        *smooth,
        *(fine - coarse for fine, coarse in pairwise(smooth)),
    ]
    seen += [fine - smooth[-1] for fine in smooth[:-2]]
    for scale, calm in zip(SCALES, smooth, strict=False):
        seen += _edges(calm, scale)
    return seen


def _edges(calm: Greys, scale: float) -> list[Greys]:
    """Size of the gradient, and the two curvatures (eigenvalues of the Hessian), per pixel of the
    scale."""
    dy, dx = np.gradient(calm)
    (yy, yx), (_, xx) = np.gradient(dy), np.gradient(dx)
    middle, half = (yy + xx) / 2, np.sqrt(((yy - xx) / 2) ** 2 + yx**2)
    return [scale * np.hypot(dy, dx), scale**2 * (middle + half), scale**2 * (middle - half)]
