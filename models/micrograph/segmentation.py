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

EDGE = 0.08
"""Grey difference that makes an edge between grains, well above the noise after smoothing."""
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


def segment(image: Floats) -> SegmentedMicrograph:
    """Pores by half the grey of the matrix; grains by watershed from the middle of each."""
    grey = np.asarray(image, dtype=float)
    matrix = np.median(grey)
    pores = ndi.gaussian_filter(grey, 0.7) < matrix / 2
    halo = halo_of(pores)
    smooth = _without(halo, grey)
    groove = ndi.grey_closing(smooth, footprint=disk(3)) - smooth
    film = smooth - matrix
    edge = np.where(film > FILM, film, groove)
    inside = ndi.distance_transform_edt((edge < EDGE) & ~halo)
    grains = watershed(edge, _markers(inside > 1.5))
    grains = _merged(np.where(pores, 0, grains), np.where(halo, np.nan, edge >= EDGE))
    return SegmentedMicrograph(grains, pores, film > FILM)


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
