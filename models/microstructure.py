"""Microstructure from a grey micrograph of a polycrystal: pores, grains, boundaries, network.

Grey levels: pores black (0), grains in between, second phase brighter, clean boundaries etched
dark. Standard errors hold the sampling of one picture (from the scatter between its parts) and
the uncertainty of edges; they do not hold that a section may differ from the volume.
"""

from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy import ndimage as ndi
from skimage.morphology import disk
from skimage.segmentation import watershed

TILES = 4
"""A picture is cut into 4 x 4 parts; their scatter gives the standard errors."""
PORE_EDGE = 0.1
"""Uncertainty in pixels of where the edge of a pore lies; over all edges it is systematic."""
EDGE = 0.08
"""Grey difference that makes an edge between grains, well above the noise after smoothing."""
JOIN = 0.25
"""A boundary of which less than this share shows an edge is none."""
FILM = 0.12
"""Grey above the matrix that makes a second phase, well above the contrast between grains."""
SEGMENTATION = 0.015
"""Relative uncertainty of the grain size by grains that are split or missed. From validation on
synthetic micrographs (tests/models/test_microstructure.py); another microscope needs its own."""
GRAINS_AT_LEAST = 30
"""Fewer grains in a picture say nothing of their mean."""

type Estimate = tuple[float, float]
"""Value and standard error."""


@dataclass(frozen=True)
class Phases:
    """A segmented micrograph."""

    grains: np.ndarray
    """Labels (H, W) from 1; 0 in pores."""
    pores: np.ndarray
    """(H, W), bool."""
    film: np.ndarray
    """Second phase along boundaries, (H, W), bool."""


@dataclass(frozen=True)
class Microstructure:
    """What a micrograph says; value and standard error of each."""

    porosity: Estimate
    """Share of the area that is pore."""
    grain_size: Estimate
    """m: equivalent diameter d of the mean grain area A, pi d^2 / 4 = A. A is the area outside
    pores over the number of grains; only whole grains are counted, with the weights of Miles and
    Lantuejoul for those that the frame cuts."""
    boundary_density: Estimate
    """1/m: boundary area per volume S_V = 2 P_L; P_L is the number of boundaries met per length of
    horizontal and vertical test lines, pores included in their length."""
    clean_boundaries: Estimate
    """Share of the length of boundaries that carries no second phase."""
    connected_fraction: Estimate
    """Share of the grain area in the largest network of grains joined by clean boundaries."""


def measure(image: np.ndarray, pixel: float) -> tuple[Microstructure, Phases]:
    """Measure a micrograph (H, W), grey 0 to 1, whose pixels are ``pixel`` metres wide.

    ValueError where there are too few grains to say anything.
    """
    phases = segment(image)
    size, boundary = _grain_size(phases), _boundary_density(phases)
    links = boundaries(phases)
    found = Microstructure(
        porosity=_porosity(phases.pores),
        grain_size=(size[0] * pixel, size[1] * pixel),
        boundary_density=(boundary[0] / pixel, boundary[1] / pixel),
        clean_boundaries=_clean_share(links),
        connected_fraction=connected_fraction(phases, links),
    )
    return found, phases


def segment(image: np.ndarray) -> Phases:
    """Pores by half the grey of the matrix; grains by watershed from the middle of each."""
    grey = np.asarray(image, dtype=float)
    matrix = np.median(grey)
    pores = ndi.gaussian_filter(grey, 0.7) < matrix / 2
    halo = _halo(pores)
    smooth = _without(halo, grey)
    groove = ndi.grey_closing(smooth, footprint=disk(3)) - smooth
    film = smooth - matrix
    edge = np.where(film > FILM, film, groove)
    inside = ndi.distance_transform_edt((edge < EDGE) & ~halo)
    grains = watershed(edge, _markers(inside > 1.5))
    grains = _merged(np.where(pores, 0, grains), np.where(halo, np.nan, edge >= EDGE))
    return Phases(grains, pores, film > FILM)


def _halo(pores: np.ndarray) -> np.ndarray:
    """Pores and what is too close to them to show a boundary."""
    return np.asarray(ndi.binary_dilation(pores, disk(2)))


def _merged(grains: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Join neighbours where no edge is seen between them: they are one grain around a pore.

    ``seen`` is 1 on edges, 0 off them and nan close to a pore.
    """
    pairs, share, known = _along_boundaries(grains, seen)
    joined = nx.Graph()
    joined.add_nodes_from(range(int(grains.max()) + 1))
    joined.add_edges_from(pairs[(share < JOIN) & (known > 3)].tolist())
    new = np.zeros(len(joined), dtype=int)
    for label, part in enumerate(nx.connected_components(joined)):
        new[list(part)] = label
    return new[grains]


def _along_boundaries(
    grains: np.ndarray, what: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of neighbours (n, 2), the mean of ``what`` along their boundary (n,), and from how
    many pixel edges it is (n,). Where ``what`` is nan it does not count."""
    pairs, values = _edges(grains, what)
    known = ~np.isnan(values)
    unique, which = np.unique(pairs[known], axis=0, return_inverse=True)
    count = np.bincount(which.ravel())
    return unique, np.bincount(which.ravel(), weights=values[known]) / count, count


def _markers(inside: np.ndarray) -> np.ndarray:
    """Labels of connected parts, without splinters: below 1/20 of the median area."""
    labels, n = ndi.label(inside)
    area = np.bincount(labels.ravel())
    kept = area >= max(np.median(area[1:]) / 20, 4) if n else np.zeros(1, bool)
    kept[0] = False
    return np.where(kept, np.arange(n + 1), 0)[labels]


def _without(hidden: np.ndarray, grey: np.ndarray) -> np.ndarray:
    """Smoothed grey; what is hidden takes the grey around it."""
    seen = (~hidden).astype(float)
    near = ndi.gaussian_filter(grey * seen, 1.0) + 1e-6 * ndi.gaussian_filter(grey * seen, 6.0)
    weight = ndi.gaussian_filter(seen, 1.0) + 1e-6 * ndi.gaussian_filter(seen, 6.0)
    return near / np.maximum(weight, 1e-12)


def _tiles(values: np.ndarray) -> np.ndarray:
    """Sums over TILES x TILES parts of an array (H, W), as (TILES^2,)."""
    rows = [np.add.reduceat(values, _cuts(values.shape[0]), axis=0)]
    return np.add.reduceat(rows[0], _cuts(values.shape[1]), axis=1).ravel()


def _cuts(length: int) -> np.ndarray:
    return np.arange(TILES) * length // TILES


def _ratio(above: np.ndarray, below: np.ndarray) -> Estimate:
    """sum(above) / sum(below) over parts (n,), and its standard error.

    The ratio estimator: residuals e = a - r b, se = sqrt(n / (n - 1) sum e^2) / sum b.
    """
    ratio, n = above.sum() / below.sum(), len(above)
    residual = above - ratio * below
    error = np.sqrt(n / (n - 1) * (residual**2).sum()) / below.sum()
    return float(ratio), float(error)


def _porosity(pores: np.ndarray) -> Estimate:
    value, sampling = _ratio(_tiles(pores.astype(float)), _tiles(np.ones(pores.shape)))
    edge = PORE_EDGE * (pores ^ ndi.binary_erosion(pores)).mean()
    return value, float(np.hypot(max(sampling, 1 / pores.size), edge))


def _grain_size(phases: Phases) -> Estimate:
    """In pixels. Every pixel carries its share of its grain's count, so that parts add up."""
    weight = _weights(phases.grains)
    if np.count_nonzero(weight) < GRAINS_AT_LEAST:
        found = np.count_nonzero(weight)
        raise ValueError(f"only {found} whole grains are in the picture, not {GRAINS_AT_LEAST}")
    share = weight / np.maximum(np.bincount(phases.grains.ravel()), 1)
    per_area, error = _ratio(_tiles(share[phases.grains]), _tiles((~phases.pores).astype(float)))
    size = np.sqrt(4 / (np.pi * per_area))
    return float(size), float(size * np.hypot(error / per_area / 2, SEGMENTATION))


def _weights(grains: np.ndarray) -> np.ndarray:
    """How many grains each label (n,) stands for: 0 where the frame cuts it, above 1 inside.

    A grain h high and w wide is whole in a frame H x W with a chance in proportion to
    (H - h) (W - w): it counts H W / ((H - h) (W - w)) (Miles and Lantuejoul), without bias.
    """
    weight = np.zeros(int(grains.max()) + 1)
    high, wide = grains.shape
    for label, box in enumerate(ndi.find_objects(grains), start=1):
        if box and box[0].start and box[1].start and box[0].stop < high and box[1].stop < wide:
            h, w = box[0].stop - box[0].start, box[1].stop - box[1].start
            weight[label] = high * wide / ((high - h) * (wide - w))
    return weight


def _boundary_density(phases: Phases) -> Estimate:
    """S_V = 2 P_L in 1/pixel, over lines along rows and columns."""
    met = np.zeros(phases.grains.shape)
    for axis in (0, 1):
        first, second = _neighbours(phases.grains, axis)
        here = (first != second) & (first > 0) & (second > 0)
        met[: here.shape[0], : here.shape[1]] += here
    value, error = _ratio(_tiles(met), _tiles(np.full(met.shape, 2.0)))
    return 2 * value, 2 * error


def _neighbours(grains: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    return (grains[:-1], grains[1:]) if axis == 0 else (grains[:, :-1], grains[:, 1:])


def boundaries(phases: Phases) -> np.ndarray:
    """All pairs of neighbours, rows of (label, label, length in pixels, share under film).

    Shape (n, 4). The length counts pixel edges; those next to a pore, where its edge blurs all, are
    left out.
    """
    hidden = _halo(phases.pores)
    film = ndi.binary_dilation(phases.film)
    pairs, covered, length = _along_boundaries(phases.grains, np.where(hidden, np.nan, film))
    return np.column_stack([pairs, length, covered])


def _edges(grains: np.ndarray, what: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every pixel edge between two grains: the two labels (n, 2), and the mean of ``what`` of the
    two pixels (n,)."""
    pairs, values = [], []
    for axis in (0, 1):
        first, second = _neighbours(grains, axis)
        here = (first != second) & (first > 0) & (second > 0)
        pairs.append(np.sort(np.column_stack([first[here], second[here]]), axis=1))
        values.append(np.mean(_neighbours(what, axis), axis=0)[here])
    return np.vstack(pairs), np.concatenate(values)


def _clean_share(links: np.ndarray) -> Estimate:
    """Each boundary is clean or not as a whole; they are the sample."""
    length, clean = links[:, 2], links[:, 3] < 0.5
    value, error = _ratio(length * clean, length)
    return value, max(error, 1 / len(links))


def connected_fraction(phases: Phases, links: np.ndarray, draws: int = 30) -> Estimate:
    """Largest network of grains joined by clean boundaries, as a share of the grain area.

    The standard error: the same grains, each boundary drawn clean anew with the measured share
    (a fixed sequence of draws).
    """
    area = np.bincount(phases.grains.ravel()).astype(float)
    area[0] = 0
    clean = links[:, 3] < 0.5
    random = np.random.default_rng(0)
    redrawn = random.random((draws, len(links))) < clean.mean()
    spread = np.std([_largest(links[keep, :2], area) for keep in redrawn])
    return _largest(links[clean, :2], area), float(max(spread, 1 / len(area)))


def _largest(pairs: np.ndarray, area: np.ndarray) -> float:
    graph = nx.Graph()
    graph.add_nodes_from(np.flatnonzero(area).tolist())
    graph.add_edges_from(pairs.astype(int).tolist())
    largest = max(area[list(part)].sum() for part in nx.connected_components(graph))
    return float(largest / area.sum())
