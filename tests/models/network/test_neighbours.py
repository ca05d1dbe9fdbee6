"""Poisson-Voronoi constants, as grain maps and volumes are measured."""

import numpy as np
import pytest

from benchmarks.random_media import FACES, SURFACE, as_map, voronoi
from models.imaging.quantities.crossings import between_grains
from models.imaging.quantities.sample import CellGrid
from models.network.boundaries import find_network
from models.network.neighbours import faces_per_grain
from models.orientation.grains import find_grains


def test_poisson_voronoi_volumes_have_their_surface_and_faces() -> None:
    """As volumes, and as ``kyoso grains`` takes them: 2.910 n^(1/3) and 15.54 faces within 3 %."""
    surface, density, faces = [], [], []
    for seed in range(4):
        random = np.random.default_rng([1, seed])
        labels = voronoi((100, 100, 100), 12.0, random)
        surface.append(2 * between_grains(labels, CellGrid((100, 100, 100), (1e-6,) * 3)).value)
        measured = as_map(labels, random, 1e-6)
        grains = find_grains(measured, 0.5, 1)
        network = find_network(measured, grains, 0)
        density.append(network.density)
        faces.append(faces_per_grain(grains.labels, grains.weight))
    assert np.mean(surface) == pytest.approx(SURFACE / 12e-6, rel=0.02)
    assert np.mean(density) == pytest.approx(SURFACE / 12e-6, rel=0.03)
    assert np.mean(faces) == pytest.approx(FACES, rel=0.03)


def test_poisson_voronoi_sections_have_their_length() -> None:
    """Length per area 2 sqrt(n), and 4 / pi times it is the surface per volume; 6 neighbours."""
    length, density, edges = [], [], []
    for seed in range(4):
        random = np.random.default_rng([2, seed])
        labels = voronoi((400, 400), 12.0, random)
        length.append(
            np.pi / 2 * between_grains(labels[None], CellGrid((1, 400, 400), (1e-6,) * 3)).value
        )
        measured = as_map(labels, random, 1e-6)
        grains = find_grains(measured, 0.5, 1)
        density.append(find_network(measured, grains, 0).density)
        edges.append(faces_per_grain(grains.labels, grains.weight))
    assert np.mean(length) == pytest.approx(2 / 12e-6, rel=0.02)
    assert np.mean(density) == pytest.approx(4 / np.pi * 2 / 12e-6, rel=0.03)
    assert np.mean(edges) == pytest.approx(6, rel=0.03)
