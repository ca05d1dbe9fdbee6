"""SYNTHETIC micrographs: a picture of a polycrystal with pores and a second phase, from its state.

It draws; ``microstructure`` measures, and knows nothing of what was drawn.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from models.arrays import Flags, Floats, Integers

MATRIX, FILM, PORE = 0.6, 0.95, 0.0
"""Grey levels (0 black, 1 white) of grains, second phase and pores. Chosen for the simulator."""
CONTRAST = 0.02
"""Standard deviation of the grey level from grain to grain (channelling contrast)."""
GROOVE = 0.4
"""Depth in grey of the etched groove along a clean boundary: exp(-(x / 1.3 pixels)^2)."""
FILM_WIDTH = 0.1
"""Width of the second phase along a wetted boundary, in grain sizes; at least 2.5 pixels."""
PORE_SIZE = 0.5
"""Mean pore diameter in grain sizes; each is drawn evenly from 0.6 to 1.4 of the mean."""
BLUR = 0.8
"""Standard deviation of the point spread in pixels."""
APART = 0.65
"""No two grain centres are closer than this, in units of 1 / sqrt(grains per area)."""


@dataclass(frozen=True)
class Appearance:
    """What is to be seen, lengths in pixels."""

    grain_size: float
    """Diameter d of a circle of the mean grain area: the area outside pores over the number of
    grains is pi d^2 / 4."""
    porosity: float
    """Share of the area, 0 to below 1."""
    wetted: float
    """Probability that the boundary between two grains is under second phase, 0 to 1."""


def draw(
    texture: Appearance, size: int, noise: float, random: np.random.Generator
) -> tuple[Floats, Integers]:
    """A micrograph of (size, size) pixels, grey 0 to 1, and its true grains.

    ``noise`` is the standard deviation of the grey level in a pixel. The grains are labels (size,
    size) from 1, with 0 in pores: cells of a Laguerre tessellation about random centres.
    """
    _check(texture)
    pixels = np.indices((size, size), dtype=float).reshape(2, -1).T + 0.5
    near, gap = _cells(texture, size, pixels, random)
    pores = _in_pores(texture, size, pixels, random)
    wet = _is_wetted(near, texture.wetted, random)
    grey = MATRIX + CONTRAST * random.normal(size=int(near.max()) + 1)[near[:, 0]]
    width = max(FILM_WIDTH * texture.grain_size, 2.5)
    grey = np.where(
        wet & (gap < width / 2), FILM, grey - ~wet * GROOVE * np.exp(-((gap / 1.3) ** 2))
    )
    sharp = np.where(pores, PORE, grey).reshape(size, size)
    seen = gaussian_filter(sharp, BLUR) + noise * random.normal(size=(size, size))
    return np.clip(seen, 0, 1), np.where(pores, 0, near[:, 0] + 1).reshape(size, size)


def _check(texture: Appearance) -> None:
    if not texture.grain_size >= 4:
        raise ValueError(f"grains of {texture.grain_size:g} pixels are too small to be drawn (4)")
    if not (0 <= texture.porosity < 1 and 0 <= texture.wetted <= 1):
        raise ValueError(f"porosity and wetted share must be 0 to 1, not {texture}")


def _cells(
    texture: Appearance, size: int, pixels: Floats, random: np.random.Generator
) -> tuple[Integers, Floats]:
    """The two nearest cells of each pixel (n, 2) and the distance (n,) to the face between them.

    Power distance |x - c|^2 - w of weighted centres. With a third coordinate sqrt(w_max - w) it is
    a Euclidean distance, which a k-d tree finds.
    """
    area = np.pi * texture.grain_size**2 / 4 / (1 - texture.porosity)
    centres = _centres(size, area, random)
    lift = np.sqrt(random.uniform(0, 0.05 * area, size=len(centres)))
    tree = cKDTree(np.column_stack([centres, lift]))
    distance, near = tree.query(np.column_stack([pixels, np.zeros(len(pixels))]), k=2)
    between = np.linalg.norm(centres[near[:, 0]] - centres[near[:, 1]], axis=1)
    return near, (distance[:, 1] ** 2 - distance[:, 0] ** 2) / (2 * between)


def _centres(size: int, area: float, random: np.random.Generator) -> Floats:
    """Random centres (n, 2), one per ``area``, in a margin of five grains too.

    Drawn one after the other; one that comes too close to an earlier one is drawn again.
    """
    margin = 5 * np.sqrt(area)
    wanted, least = round((size + 2 * margin) ** 2 / area), APART * np.sqrt(area)
    kept = np.empty((0, 2))
    while len(kept) < wanted:
        new = random.uniform(-margin, size + margin, size=(wanted - len(kept), 2))
        both = np.vstack([kept, new])
        pairs = cKDTree(both).query_pairs(least, output_type="ndarray")
        kept = np.delete(both, np.unique(pairs.max(axis=1)), axis=0)
    return kept


def _in_pores(texture: Appearance, size: int, pixels: Floats, random: np.random.Generator) -> Flags:
    """Pixels (n,) inside any of randomly placed discs that may overlap.

    A Boolean model: discs of mean area a cover the share 1 - exp(-density a).
    """
    radius = PORE_SIZE * texture.grain_size / 2
    density = -np.log1p(-texture.porosity) / (np.pi * radius**2 * _MEAN_SQUARE)
    margin = 2 * radius
    count = random.poisson(density * (size + 2 * margin) ** 2)
    if count == 0:
        return np.zeros(len(pixels), dtype=bool)
    centres = random.uniform(-margin, size + margin, size=(count, 2))
    radii = radius * random.uniform(0.6, 1.4, size=count)
    lift = np.sqrt(radii.max() ** 2 - radii**2)
    distance, _ = cKDTree(np.column_stack([centres, lift])).query(
        np.column_stack([pixels, np.zeros(len(pixels))])
    )
    return np.asarray(distance < radii.max())


_MEAN_SQUARE = (1.4**3 - 0.6**3) / (3 * 0.8)
"""Mean of the square of a number drawn evenly from 0.6 to 1.4."""


def _is_wetted(near: Integers, share: float, random: np.random.Generator) -> Flags:
    """Whether each pixel's nearest boundary (the pair of cells) carries second phase, (n,)."""
    pair = np.sort(near, axis=1) @ np.array([near.max() + 1, 1])
    boundaries, which = np.unique(pair, return_inverse=True)
    return (random.random(len(boundaries)) < share)[which]
