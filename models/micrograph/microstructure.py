"""Microstructure from a grey micrograph of a polycrystal: pores, grains, boundaries, network.

Standard errors hold the sampling of one picture (from the scatter of its parts or grains), the
uncertainty of edges, and what depends on how an edge is defined; they do not hold that a section
may differ from the volume. A picture whose grains depend on it too much is refused.
"""

from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy import ndimage as ndi

from models.arrays import Flags, Floats, Integers
from models.edge_correction import whole_weights
from models.micrograph.segmentation import (
    SegmentedMicrograph,
    along_boundaries,
    halo_of,
    neighbours,
    segment,
)

TILES = 4
"""A picture is cut into 4 x 4 parts; their scatter gives the standard errors."""
PORE_EDGE = 0.1
"""Uncertainty in pixels of where the edge of a pore lies; over all edges it is systematic."""
SENSITIVITIES = 0.75, 1.25
"""The threshold of an edge is multiplied by these to see how the grain size depends on it."""
SPREAD = 0.1
"""Of the difference between them: the uncertainty by edges that are seen or not."""
UNSEEN, REGULAR = 0.14, 0.05
"""The uncertainty by grains that are too small to be seen, or joined: times the squared coefficient
of variation of grain areas above that of regular grains."""
ALWAYS = 0.01
"""Relative, in any picture. These were chosen on 50 drawn pictures and 88 renderings."""
UNCLEAR = 0.4
"""With a larger relative difference the boundaries are not seen well enough to say anything."""
GRAINS_AT_LEAST = 30
"""Fewer grains in a picture say nothing of their mean."""

type Estimate = tuple[float, float]
"""Value and standard error."""


@dataclass(frozen=True)
class Microstructure:
    """What a micrograph says; value and standard error of each."""

    porosity: Estimate
    """Share of the area that is pore."""
    grain_size: Estimate
    """m: equivalent diameter d of the mean grain area A, pi d^2 / 4 = A. A is that of
    whole grains, pores not counted, with the weights of Miles and Lantuejoul for those that the
    frame cuts."""
    boundary_density: Estimate
    """1/m: boundary area per volume S_V = 2 P_L; P_L is the number of boundaries met per length of
    horizontal and vertical test lines, pores included in their length."""
    clean_boundaries: Estimate
    """Share of the length of boundaries that carries no second phase."""
    connected_fraction: Estimate
    """Share of the grain area in the largest network of grains joined by clean boundaries."""


def measure(image: Floats, pixel: float) -> tuple[Microstructure, SegmentedMicrograph]:
    """Measure a micrograph (H, W), grey 0 to 1, whose pixels are ``pixel`` metres wide.

    ValueError where there are too few grains to say anything.
    """
    phases = segment(image)
    size = _grain_size(phases)
    unsure = _segmentation_error(image, phases, size[0])
    size = size[0], float(np.hypot(size[1], unsure * size[0]))
    boundary = _boundary_density(phases, unsure)
    links = boundaries(phases)
    found = Microstructure(
        porosity=_porosity(phases.pores),
        grain_size=(size[0] * pixel, size[1] * pixel),
        boundary_density=(boundary[0] / pixel, boundary[1] / pixel),
        clean_boundaries=_clean_share(links, unsure),
        connected_fraction=connected_fraction(phases, links),
    )
    return found, phases


def _tiles(values: Floats) -> Floats:
    """Sums over TILES x TILES parts of an array (H, W), as (TILES^2,)."""
    rows = [np.add.reduceat(values, _cuts(values.shape[0]), axis=0)]
    return np.add.reduceat(rows[0], _cuts(values.shape[1]), axis=1).ravel()


def _cuts(length: int) -> Integers:
    return np.arange(TILES) * length // TILES


def _ratio(above: Floats, below: Floats) -> Estimate:
    """sum(above) / sum(below) over parts (n,), and its standard error.

    The ratio estimator: residuals e = a - r b, se = sqrt(n / (n - 1) sum e^2) / sum b.
    """
    ratio, n = above.sum() / below.sum(), len(above)
    residual = above - ratio * below
    error = np.sqrt(n / (n - 1) * (residual**2).sum()) / below.sum()
    return float(ratio), float(error)


def _porosity(pores: Flags) -> Estimate:
    """The sampling error is the larger of two: by the scatter of the parts, and by that of the
    number and size of pores, sqrt(sum of squared pore areas) / area, as if they lay at random."""
    value, by_parts = _ratio(_tiles(pores.astype(float)), _tiles(np.ones(pores.shape)))
    areas = np.bincount(ndi.label(pores)[0].ravel())[1:].astype(float)
    by_pores = (1 - value) * max(np.sqrt((areas**2).sum()), 1.0) / pores.size
    edge = PORE_EDGE * (pores ^ ndi.binary_erosion(pores)).mean()
    return value, float(np.hypot(max(by_parts, by_pores), edge))


def _grain_size(phases: SegmentedMicrograph) -> Estimate:
    """In pixels, with the error of sampling: grains are the sample. The mean area is that of the
    whole grains with their weights, so that the strip along the frame, where few are whole, is in
    neither sum."""
    weight = whole_weights(phases.grains, int(phases.grains.max()))
    whole = weight > 0
    if whole.sum() < GRAINS_AT_LEAST:
        raise ValueError(
            f"only {whole.sum()} whole grains are in the picture, not {GRAINS_AT_LEAST}"
        )
    area = np.bincount(phases.grains.ravel())[1:][whole].astype(float)
    mean, error = _ratio(weight[whole] * area, weight[whole])
    size = np.sqrt(4 * mean / np.pi)
    return float(size), float(size * error / mean / 2)


def _segmentation_error(image: Floats, phases: SegmentedMicrograph, size: float) -> float:
    """Relative, of the grain size: by edges that may be one or not, and by grains that are too
    small to be seen.

    ValueError where the size depends too much on what counts as an edge.
    """
    low, high = sorted(_grain_size(segment(image, s))[0] for s in SENSITIVITIES)
    spread = (max(high, size) - min(low, size)) / size
    if spread > UNCLEAR:
        raise ValueError(
            f"the grain boundaries are not seen clearly: grains are {low:.3g} to {high:.3g} pixels "
            "wide, as an edge is defined"
        )
    whole = whole_weights(phases.grains, int(phases.grains.max())) > 0
    area = np.bincount(phases.grains.ravel())[1:][whole]
    uneven = max(np.var(area) / np.mean(area) ** 2 - REGULAR, 0)
    return float(np.linalg.norm([ALWAYS, SPREAD * spread, UNSEEN * uneven]))


def _boundary_density(phases: SegmentedMicrograph, unsure: float) -> Estimate:
    """S_V = 2 P_L in 1/pixel, over lines along rows and columns."""
    met = np.zeros(phases.grains.shape)
    for axis in (0, 1):
        first, second = neighbours(phases.grains, axis)
        here = (first != second) & (first > 0) & (second > 0)
        met[: here.shape[0], : here.shape[1]] += here
    value, error = _ratio(_tiles(met), _tiles(np.full(met.shape, 2.0)))
    return 2 * value, 2 * float(np.hypot(error, unsure * value))


def boundaries(phases: SegmentedMicrograph) -> Floats:
    """All pairs of neighbours, rows of (label, label, length in pixels, share under film).

    Shape (n, 4). The length counts pixel edges; those next to a pore, where its edge blurs all, are
    left out.
    """
    hidden = halo_of(phases.pores)
    film = ndi.binary_dilation(phases.film)
    pairs, covered, length = along_boundaries(phases.grains, np.where(hidden, np.nan, film))
    return np.column_stack([pairs, length, covered])


def _clean_share(links: Floats, unsure: float) -> Estimate:
    """Each boundary is clean or not as a whole; they are the sample."""
    length, clean = links[:, 2], links[:, 3] < 0.5
    value, error = _ratio(length * clean, length)
    return value, float(np.hypot(max(error, 1 / len(links)), unsure))


def connected_fraction(phases: SegmentedMicrograph, links: Floats, draws: int = 30) -> Estimate:
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


def _largest(pairs: Floats, area: Floats) -> float:
    graph = nx.Graph()
    graph.add_nodes_from(np.flatnonzero(area).tolist())
    graph.add_edges_from(pairs.astype(int).tolist())
    largest = max(area[list(part)].sum() for part in nx.connected_components(graph))
    return float(largest / area.sum())
