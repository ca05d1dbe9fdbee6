"""Numbers of labelled volumes beside exact ones and beside PoreSpy: a line a figure.

``python -m benchmarks.imaging_quantities [exact] [cells] [coverage] [peer]``; without a name all.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.random_media import FACES, SURFACE, as_map, balls, voronoi
from models.arrays import Flags, Floats
from models.imaging.quantities.answers import Said
from models.imaging.quantities.chords import chords
from models.imaging.quantities.connectivity import cell_sums
from models.imaging.quantities.crossings import between_grains, crossings
from models.imaging.quantities.distance import distance
from models.imaging.quantities.quantify import quantify
from models.imaging.quantities.sample import CellGrid, Sampled, ratio, widening
from models.imaging.quantities.thickness import thickness
from models.imaging.volume import LabelledVolume, Voxel
from models.network.boundaries import find_network
from models.network.neighbours import faces_per_grain
from models.orientation.grains import find_grains

UNIT = (1.0, 1.0, 1.0)
APART = 20.0
"""Voxels between the centres of cells, as the cube root of the volume of each."""
PEER = Path(".venv-peers/bin/python")


def exact(volumes: int = 12) -> Iterator[str]:
    """Boolean balls: fraction, surface and chords, of cubes and of flat voxels."""
    radius, eta = 10.0, 0.6
    for voxel in (UNIT, (2.0, 1.0, 1.0)):
        told = [_boolean(192, voxel, radius, eta, [11, seed])[0] for seed in range(volumes)]
        off = np.mean([[a.value for a in answers] for answers in told], axis=0)
        off[1:] /= _truth(eta, radius)[1:]
        yield (
            f"balls of 10 voxels, eta {eta}, {volumes} volumes of 192^3, voxel {voxel}: fraction "
            f"{off[0] - _truth(eta, radius)[0]:+.2%} (absolute), surface {off[1] - 1:+.2%}, chords "
            f"inside {off[2] - 1:+.2%}, outside {off[3] - 1:+.2%}"
        )


def _truth(eta: float, radius: float) -> Floats:
    """Fraction, surface per volume, mean chord inside and outside."""
    fraction = 1 - np.exp(-eta)
    surface = 3 * eta / radius * (1 - fraction)
    return np.array([fraction, surface, 4 * fraction / surface, 4 * (1 - fraction) / surface])


def _boolean(
    n: int, voxel: Voxel, radius: float, eta: float, seed: list[int]
) -> tuple[tuple[Sampled, ...], CellGrid]:
    z, y, x = (round(n / edge) for edge in voxel)
    grid = CellGrid((z, y, x), voxel)
    inside = balls((z, y, x), voxel, radius, eta, np.random.default_rng(seed))
    fraction, outside = (ratio(cell_sums(part, grid), grid.room) for part in (inside, ~inside))
    surface = crossings(inside.astype(np.uint16), np.array([[-1, 0], [0, -1]]), grid)[0] * 2
    return (fraction, surface, fraction / surface * 4, outside / surface * 4), grid


def coverage(volumes: int = 200) -> Iterator[str]:
    """How often intervals of 90 % hold the truth, in volumes of few and of many structures."""
    names = ("fraction", "surface", "chord inside", "chord outside")
    for n, radius, eta in ((64, 4.0, 0.6), (64, 8.0, 0.3), (96, 6.0, 0.6)):
        held = [_held(n, radius, eta, [12, seed]) for seed in range(volumes)]
        shares = zip(names, np.mean(held, axis=0), strict=True)
        told = ", ".join(f"{name} {share:.0%}" for name, share in shares)
        yield f"90 % intervals, {volumes} volumes of {n}^3, balls of {radius:g}, eta {eta}: {told}"
    for apart, n in ((8.0, 64), (12.0, 72)):
        found = [_held_cells(apart, n, [15, seed]) for seed in range(volumes)]
        yield (
            f"90 % intervals, {volumes} volumes of {n}^3, cells {apart:g} voxels apart: "
            f"surface {np.mean(found):.0%}"
        )


def _held(n: int, radius: float, eta: float, seed: list[int]) -> list[bool]:
    answers, grid = _boolean(n, UNIT, radius, eta, seed)
    return [
        bool(abs(answer.value - true) <= widening(grid) * answer.sd(grid))
        for answer, true in zip(answers, _truth(eta, radius), strict=True)
    ]


def _held_cells(apart: float, n: int, seed: list[int]) -> bool:
    labels, grid = voronoi((n, n, n), apart, np.random.default_rng(seed)), CellGrid((n, n, n), UNIT)
    found = between_grains(labels, grid) * 2
    return bool(abs(found.value - SURFACE / apart) <= widening(grid) * found.sd(grid))


def cells(volumes: int = 6) -> Iterator[str]:
    """Poisson-Voronoi cells: volumes and sections, and how ``kyoso grains`` takes both."""
    for shape, name, neighbours in (((120,) * 3, "volumes", FACES), ((480,) * 2, "sections", 6.0)):
        told = np.mean([_cells(shape, [13, seed]) for seed in range(volumes)], axis=0)
        yield (
            f"Poisson-Voronoi {name}: surface per volume {told[0]:+.2%}, by kyoso grains "
            f"{told[1]:+.2%}; neighbours {told[2]:.2f}, exact {neighbours:.2f}"
        )


def _cells(shape: tuple[int, ...], seed: list[int]) -> tuple[float, float, float]:
    random = np.random.default_rng(seed)
    labels = voronoi(shape, APART, random)
    stack = labels if labels.ndim == 3 else labels[None]
    high, deep, wide = stack.shape
    true = SURFACE / APART if labels.ndim == 3 else 4 / np.pi * 2 / APART
    surface = 2 * between_grains(stack, CellGrid((high, deep, wide), UNIT)).value
    measured = as_map(labels, random)
    grains = find_grains(measured, 0.5, 1)
    network = find_network(measured, grains, 0)
    faces = faces_per_grain(grains.labels, grains.weight)
    return surface / true - 1, network.density / true - 1, faces


def peer(n: int = 256) -> Iterator[str]:
    """The same quantities of one volume by PoreSpy, and the CPU time of both."""
    if not PEER.exists():
        yield f"PoreSpy: not there ({PEER}); make bench-imaging installs it"
        return
    inside = balls((n, n, n), UNIT, 10.0, 0.6, np.random.default_rng(16))
    _warm_up()
    volume = LabelledVolume(inside.astype(np.uint8), ("outside", "inside"), UNIT)
    ours, seconds = _timed(lambda: quantify(volume))
    theirs = _porespy(inside)
    yield f"{n}^3, both classes: ours {seconds:.1f} CPU s"
    yield f"PoreSpy {theirs['seconds']:.1f} CPU s: {theirs['each']}"
    yield f"fraction {ours.classes['inside'].fraction.value:.6f}; PoreSpy {theirs['fraction']:.6f}"
    for axis in range(3):
        mean = chords(inside, axis).whole.mean()
        yield f"whole chords along axis {axis} {mean:.4f}; PoreSpy {theirs['chords'][axis]:.4f}"
    far = distance(inside, UNIT)
    radius, rounded = (
        (thickness(how(far), UNIT, 1).diameter[inside] + 1).mean() / 2
        for how in (np.asarray, np.floor)
    )
    yield (
        f"radius of local thickness {radius:.3f}, with radii rounded down, as PoreSpy does, "
        f"{rounded:.3f}; PoreSpy {theirs['thickness']:.3f}"
    )
    surface, exact_one = ours.surface_density, _truth(0.6, 10.0)[1]
    assert isinstance(surface, Said)
    yield f"surface {surface.value:.5f}; PoreSpy's mesh {theirs['surface']:.5f}; {exact_one:.5f}"


def _warm_up() -> None:
    quantify(LabelledVolume(np.eye(9, dtype=np.uint8)[None].repeat(9, 0), ("a", "b"), UNIT))


def _timed[T](work: Callable[[], T]) -> tuple[T, float]:
    """Its answer, and the CPU seconds that it took."""
    begin = time.process_time()
    return work(), time.process_time() - begin


def _porespy(inside: Flags) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        np.save(Path(folder) / "inside.npy", inside)
        script = Path(__file__).with_name("porespy_quantities.py")
        answer = subprocess.run(
            [PEER, script, Path(folder) / "inside.npy"], check=True, capture_output=True, text=True
        ).stdout
    return dict(json.loads(answer.splitlines()[-1]))


PARTS = {"exact": exact, "cells": cells, "coverage": coverage, "peer": peer}


def main(names: list[str]) -> None:
    """Print the figures of these parts, or of all."""
    for name in names or PARTS:
        for line in PARTS[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
