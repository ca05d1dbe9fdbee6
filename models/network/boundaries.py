"""The grain graph: which grains meet, over which area, at which misorientation.

Of a single section areas are lengths in metres, and currents are per metre of depth.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import networkx as nx
import numpy as np
from scipy import ndimage as ndi

from models.arrays import Flags, Floats, Integers
from models.orientation.coincidence import coincidence
from models.orientation.grains import Grains, grow
from models.orientation.map import OrientationMap
from models.orientation.symmetry import angle_and_axis

CLASSES = (0.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0, 60.0, 100.0, 180.0)
"""Limits in degrees of the classes that boundaries are counted in."""


@dataclass(frozen=True, eq=False)
class Network:
    """Grains, numbered from 0 here, and the boundaries between them; arrays (m, ...)."""

    pairs: Integers = field(repr=False)
    """The two grains of each boundary, (m, 2), the smaller number first."""
    area: Floats = field(repr=False)
    """In m^2; of a section the length in m, (m,)."""
    angle: Floats = field(repr=False)
    """Disorientation in degrees, (m,); nan between two phases."""
    axis: Floats = field(repr=False)
    """Its axis, a crystal direction in the standard sector, (m, 3)."""
    sigma: Integers = field(repr=False)
    """Of the coincidence it belongs to, (m,); 0: none."""
    size: Floats = field(repr=False)
    """Area or volume of each grain, (n,), with the points that it grew by."""
    labels: Integers = field(repr=False)
    """Where the grains lie: grain + 1, or 0; the shape of the map."""
    step: tuple[float, ...]
    """Of the map, in metres."""
    junctions: int
    """Points where three or more grains meet; in three dimensions, triples that share a line."""

    @property
    def grains(self) -> int:
        return len(self.size)

    @property
    def extent(self) -> Floats:
        """Of the map along each axis in metres."""
        return np.array(self.labels.shape) * np.array(self.step, np.float64)

    @property
    def density(self) -> float:
        """Boundary area per volume of grains in 1/m; of a section 4 / pi times the length per
        area (Saltykov)."""
        factor = 4 / np.pi if self.labels.ndim == 2 else 1.0
        return float(factor * self.area.sum() / self.size.sum()) if self.grains else 0.0


def find_network(measured: OrientationMap, grains: Grains, reach: float) -> Network:
    """The network of grains that grew together over gaps of up to ``reach`` points each."""
    labels = grow(grains.labels, reach)
    pairs, area = faces(labels, measured.step)
    phase = grains.phase[pairs]
    angle = np.full(len(pairs), np.nan)
    axis, sigma = np.full((len(pairs), 3), np.nan), np.zeros(len(pairs), dtype=int)
    for number in np.unique(phase):
        same = np.flatnonzero((phase == number).all(axis=1))
        a, b = grains.orientation[pairs[same]].transpose(1, 0, 2)
        group = measured.group(int(number))
        angle[same], axis[same] = angle_and_axis(a, b, group)
        sigma[same] = coincidence(angle[same], axis[same], group)
    points = np.bincount(labels.ravel(), minlength=len(grains) + 1)[1:]
    size = points.astype(float) * float(np.prod(measured.step))
    count = _junctions(labels)
    return Network(pairs, area, angle, axis, sigma, size, labels, measured.step, count)


def faces(labels: Integers, step: tuple[float, ...]) -> tuple[Integers, Floats]:
    """Pairs of grains (m, 2) that share faces, and the area (m,) of each boundary.

    Faces of points along one axis add up to the projection of the boundary on it; the area is the
    length of the vector of the projections. That is exact for a flat boundary in any direction
    (summing up faces would give up to 41 % too much), and too little for a curved one.
    """
    n = int(labels.max()) + 1
    keys, areas, axes = [], [], []
    for axis in range(labels.ndim):
        first = np.take(labels, range(labels.shape[axis] - 1), axis=axis).ravel()
        second = np.take(labels, range(1, labels.shape[axis]), axis=axis).ravel()
        met = np.flatnonzero((first != second) & (first > 0) & (second > 0))
        low, high = np.minimum(first[met], second[met]), np.maximum(first[met], second[met])
        key, count = np.unique(low.astype(np.int64) * n + high, return_counts=True)
        keys.append(key)
        areas.append(count * (np.prod(step) / step[axis]))
        axes.append(np.full(len(key), axis))
    unique, which = np.unique(np.concatenate(keys), return_inverse=True)
    projected = np.zeros((len(unique), labels.ndim))
    projected[which, np.concatenate(axes)] = np.concatenate(areas)
    return np.stack([unique // n - 1, unique % n - 1], axis=1), np.linalg.norm(projected, axis=1)


def _junctions(labels: Integers) -> int:
    if labels.ndim == 2:
        mixed, four = _corners(labels)
        mixed[mixed] = _kinds(four) >= 3
        return int(ndi.label(mixed)[1])
    triples = [_triples(np.moveaxis(labels, axis, 0)) for axis in range(3)]
    return len(np.unique(np.concatenate(triples)))


def _corners(layers: Integers) -> tuple[Flags, Integers]:
    """Where the four neighbours around a corner are not all the same, and those, (k, 4), sorted."""
    halves = slice(None, -1), slice(1, None)
    views = [layers[..., a, b] for a in halves for b in halves]
    mixed = (views[0] != views[1]) | (views[0] != views[2]) | (views[0] != views[3])
    return mixed, np.sort(np.stack([view[mixed] for view in views], axis=1), axis=1)


def _kinds(four: Integers) -> Integers:
    """How many grains are among each four, 0 left out."""
    return (four[:, 0] > 0).astype(int) + ((np.diff(four) > 0) & (four[:, 1:] > 0)).sum(axis=1)


def _triples(layers: Integers) -> Integers:
    """All triples of grains around a corner of the layers, each as one number."""
    four = _corners(layers)[1]
    four = four[_kinds(four) >= 3]
    triples = np.concatenate([np.delete(four, i, axis=1) for i in range(4)])
    real = (np.diff(triples, axis=1) > 0).all(axis=1) & (triples[:, 0] > 0)
    base = int(layers.max()) + 1  # below 2 million grains their numbers fit into 63 bits
    return np.unique(triples[real].astype(np.int64) @ np.array([base**2, base, 1]))


def by_class(network: Network) -> dict[str, float]:
    """Share of the boundary area in each class of angle, and between phases."""
    total = network.area.sum() or 1.0
    between = np.isnan(network.angle)
    share, _ = np.histogram(
        network.angle[~between], bins=CLASSES, weights=network.area[~between] / total
    )
    names = [f"{low:g}-{high:g}" for low, high in pairwise(CLASSES)]
    phases = float(network.area[between].sum() / total)
    found = {name: float(s) for name, s in zip(names, share, strict=True)}
    return found | ({"between phases": phases} if phases else {})


def to_graph(network: Network) -> nx.Graph:
    """The same in networkx: nodes with ``size``; edges ``area``, ``angle``, ``axis``, ``sigma``."""
    graph = nx.Graph()
    graph.add_nodes_from((i, {"size": s}) for i, s in enumerate(network.size.tolist()))
    columns = (network.area.tolist(), network.angle.tolist(), network.sigma.tolist())
    graph.add_edges_from(
        (a, b, {"area": area, "angle": angle, "axis": axis, "sigma": sigma})
        for (a, b), axis, area, angle, sigma in zip(
            network.pairs.tolist(), network.axis, *columns, strict=True
        )
    )
    return graph
