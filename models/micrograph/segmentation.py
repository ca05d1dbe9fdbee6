"""A grey micrograph of a polycrystal divided into grains, pores and second phase.

Grey levels: pores black (0), grains in between, second phase brighter, clean boundaries etched
dark.
"""

from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as ndi
from skimage.morphology import disk
from skimage.segmentation import watershed

from models.arrays import Flags, Floats, Integers

EDGE = 0.4
"""Part of the depth of a usual groove that makes an edge between grains."""
NOISE = 1.0
"""An edge is at least so many standard deviations of the noise in a pixel: after smoothing, noise
makes grooves of a third of that."""
WIDE = 3
"""Radius in pixels of the smallest pore; what is narrower is a groove."""
JOIN = 0.15
"""A boundary of which less than this share shows an edge is none."""
FILM = 0.12
"""Grey above the matrix that makes a second phase, well above the contrast between grains."""


@dataclass(frozen=True)
class SegmentedMicrograph:
    """A segmented micrograph."""

    grains: Integers
    """Labels (H, W) from 1; 0 in pores."""
    pores: Flags
    """(H, W), bool."""
    film: Flags
    """Second phase along boundaries, (H, W), bool."""


def segment(image: Floats, sensitivity: float = 1.0) -> SegmentedMicrograph:
    """Pores between the grey of pores and of the matrix; grains by watershed from their middles.

    The threshold of an edge follows the grooves of this picture and its noise; ``sensitivity``
    multiplies it, to see what depends on it.
    """
    grey = even_light(np.asarray(image, dtype=float))
    matrix = float(np.median(grey))
    pores = _pores(grey, matrix)
    halo = halo_of(pores)
    smooth = _without(halo, grey)
    groove = ndi.grey_closing(smooth, footprint=disk(4)) - smooth
    film = smooth - ndi.grey_opening(smooth, footprint=disk(5))
    limit = sensitivity * _edge(groove[~halo], noise_of(grey))
    bright = film > FILM
    edge = np.maximum(np.where(bright, film, 0), groove)
    inside = ndi.distance_transform_edt((edge < limit) & ~halo)
    grains = watershed(edge, _markers(inside > 1.5))
    grains = _merged(np.where(pores, 0, grains), np.where(halo, np.nan, edge >= limit))
    return SegmentedMicrograph(grains, pores, bright)


def noise_of(grey: Floats) -> float:
    """Standard deviation of the noise in a pixel: from differences that a smooth picture lacks
    (J. Immerkaer, Comput. Vis. Image Underst. 64, 300, 1996, with a median)."""
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]]) / 6
    return float(np.median(np.abs(ndi.convolve(grey, mask))) / 0.6745)


def even_light(grey: Floats) -> Floats:
    """The picture as if light were even: divided by the plane through its greys, pores left out."""
    y, x = (np.indices(grey.shape) - np.array(grey.shape)[:, None, None] / 2) / max(grey.shape)
    design = np.stack([np.ones(grey.size), y.ravel(), x.ravel()], axis=1)
    values, kept = grey.ravel(), grey.ravel() > np.median(grey) / 2
    for _ in range(4):
        plane = design @ np.linalg.lstsq(design[kept], values[kept], rcond=None)[0]
        off = values - plane
        kept = np.abs(off - np.median(off[kept])) <= 2 * np.std(off[kept]) + 1e-9
    plane = np.maximum(plane, values.max() / 10).reshape(grey.shape)
    return np.asarray(grey * (np.median(plane) / plane))


def _pores(grey: Floats, matrix: float) -> Flags:
    """What is dark, and wider than a groove: nearer to the grey of pores than to the matrix."""
    smooth = ndi.gaussian_filter(grey, 0.7)
    deep = ndi.binary_erosion(ndi.binary_opening(smooth < matrix / 2, disk(2)), disk(1))
    if not deep.any():
        return np.zeros(grey.shape, dtype=bool)
    dark = smooth < (matrix + float(np.median(grey[deep]))) / 2
    wide = ndi.binary_opening(dark, disk(WIDE))
    return np.asarray(dark & ndi.binary_dilation(wide, disk(2)))


def _edge(groove: Floats, noise: float) -> float:
    """Half of what a groove shows (the deepest tenth of the picture), above the noise."""
    return max(EDGE * float(np.percentile(groove, 93)), NOISE * noise)


def halo_of(pores: Flags) -> Flags:
    """Pores and what is too close to them to show a boundary."""
    return np.asarray(ndi.binary_dilation(pores, disk(2)))


def _merged(grains: Integers, seen: Floats) -> Integers:
    """Join neighbours where no edge is seen between them: they are one grain around a pore.

    ``seen`` is 1 on edges, 0 off them and nan close to a pore.
    """
    pairs, share, known = along_boundaries(grains, seen)
    joined = nx.Graph()
    joined.add_nodes_from(range(int(grains.max()) + 1))
    joined.add_edges_from(pairs[(share < JOIN) & (known > 3)].tolist())
    new = np.zeros(len(joined), dtype=int)
    for label, part in enumerate(nx.connected_components(joined)):
        new[list(part)] = label
    return new[grains]


def along_boundaries(grains: Integers, what: Floats) -> tuple[Integers, Floats, Integers]:
    """Pairs of neighbours (n, 2), the mean of ``what`` along their boundary (n,), and from how
    many pixel edges it is (n,). Where ``what`` is nan it does not count."""
    pairs, values = _edges(grains, what)
    known = ~np.isnan(values)
    unique, which = np.unique(pairs[known], axis=0, return_inverse=True)
    count = np.bincount(which.ravel())
    return unique, np.bincount(which.ravel(), weights=values[known]) / count, count


def _markers(inside: Flags) -> Integers:
    """Labels of connected parts, without splinters: below 1/200 of the median area."""
    labels, n = ndi.label(inside)
    area = np.bincount(labels.ravel())
    kept = area >= max(np.median(area[1:]) / 200, 4) if n else np.zeros(1, bool)
    kept[0] = False
    return np.where(kept, np.arange(n + 1), 0)[labels]


def _without(hidden: Flags, grey: Floats) -> Floats:
    """Smoothed grey; what is hidden takes the grey around it."""
    seen = (~hidden).astype(float)
    near = ndi.gaussian_filter(grey * seen, 1.0) + 1e-6 * ndi.gaussian_filter(grey * seen, 6.0)
    weight = ndi.gaussian_filter(seen, 1.0) + 1e-6 * ndi.gaussian_filter(seen, 6.0)
    return near / np.maximum(weight, 1e-12)


def neighbours[T: np.generic](values: NDArray[T], axis: int) -> tuple[NDArray[T], NDArray[T]]:
    """The values (H, W) on both sides of every pixel edge across an axis."""
    return (values[:-1], values[1:]) if axis == 0 else (values[:, :-1], values[:, 1:])


def _edges(grains: Integers, what: Floats) -> tuple[Integers, Floats]:
    """Every pixel edge between two grains: the two labels (n, 2), and the mean of ``what`` of the
    two pixels (n,)."""
    pairs, values = [], []
    for axis in (0, 1):
        first, second = neighbours(grains, axis)
        here = (first != second) & (first > 0) & (second > 0)
        pairs.append(np.sort(np.column_stack([first[here], second[here]]), axis=1))
        values.append(np.mean(neighbours(what, axis), axis=0)[here])
    return np.vstack(pairs), np.concatenate(values)
