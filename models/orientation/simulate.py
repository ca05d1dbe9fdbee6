"""SYNTHETIC polycrystals and the maps that a microscope would make of them, for tests, benchmarks
and examples."""

import numpy as np
from scipy.spatial import cKDTree

from models.arrays import Floats, Integers
from models.orientation.map import OrientationMap, Phase
from models.orientation.quaternion import about, multiply
from models.orientation.symmetry import PointGroup

APART = 0.6
"""No two grain centres are closer than this, in units of the distance that fills space evenly."""


def cells(shape: tuple[int, ...], n: int, random: np.random.Generator, finer: int = 1) -> Integers:
    """Labels 1 to n of Voronoi cells about random centres, (shape * finer).

    ``finer`` draws the same centres with so many points in the place of one along each axis.
    """
    centres = _centres(np.array(shape, float), n, random)
    fine = tuple(s * finer for s in shape)
    points = (np.indices(fine).reshape(len(shape), -1).T + 0.5) / finer
    nearest = np.asarray(cKDTree(centres).query(points)[1])
    return (nearest + 1).reshape(fine)


def _centres(size: Floats, n: int, random: np.random.Generator) -> Floats:
    """Random centres (n, axes); one that comes too close to an earlier one is drawn again."""
    least = APART * (np.prod(size) / n) ** (1 / len(size))
    kept = np.empty((0, len(size)))
    while len(kept) < n:
        both = np.vstack([kept, random.uniform(0, size, size=(n - len(kept), len(size)))])
        pairs = cKDTree(both).query_pairs(least, output_type="ndarray")
        kept = np.delete(both, np.unique(pairs.max(axis=1)), axis=0) if len(pairs) else both
    return kept


def biaxial(n: int, fwhm: float, random: np.random.Generator) -> Floats:
    """n orientations (n, 4) around one: turned about each axis by angles of that full width at
    half maximum in degrees (normal)."""
    vectors = random.normal(scale=fwhm / np.sqrt(8 * np.log(2)), size=(n, 3))
    angle = np.linalg.norm(vectors, axis=1)
    return about(vectors, angle)


def measure(
    labels: Integers,
    orientations: Floats,
    step: float,
    group: PointGroup,
    random: np.random.Generator,
    *,
    noise: float = 0.0,
    missing: float = 0.0,
) -> OrientationMap:
    """The map of a polycrystal; label 0 is a pore, which is not indexed.

    ``noise`` is the standard deviation of the turn about each axis in degrees, ``missing`` the
    share of points that are not indexed; every point shows a random equivalent of its orientation.
    """
    true = orientations[np.maximum(labels, 1) - 1]
    equivalent = group.rotations[random.integers(len(group.rotations), size=labels.shape)]
    q = multiply(true, equivalent)
    if noise:
        vectors = random.normal(scale=noise, size=(*labels.shape, 3))
        q = multiply(q, about(vectors, np.linalg.norm(vectors, axis=-1)))
    phase = np.where((labels == 0) | (random.random(labels.shape) < missing), 0, 1)
    return OrientationMap(q, phase, (step,) * labels.ndim, (Phase("synthetic", group),))
