"""A Laguerre tessellation on voxels: grains as cells of weighted Poisson points."""

from dataclasses import dataclass

import numpy as np

from models.arrays import Floats, Integers
from models.imaging.compiled import compiled
from models.imaging.simulated.recipe import StackRecipe

type Corner = tuple[int, int, int]
"""Slice, row, column."""
BLOCK = 16
"""Voxels along the edge of a block that shares its candidates."""


@dataclass(frozen=True, eq=False)
class Seeds:
    """The points that grains grow from."""

    places: Floats
    """(grain, 3): metres along z, y and x."""
    weights: Floats
    """(grain,): squared radii in square metres; equal ones make Voronoi cells."""

    def nearest(self, points: Floats, n: int) -> tuple[Floats, Integers]:
        """Power distances (m^2) and grains of the ``n`` nearest cells of ``points`` (m, 3)."""
        gap = ((points[:, None] - self.places) ** 2).sum(axis=2) - self.weights
        order = np.argsort(gap, axis=1)[:, :n]
        return np.take_along_axis(gap, order, axis=1), order


def scatter(recipe: StackRecipe, extent: Floats, random: np.random.Generator) -> Seeds:
    """Poisson points in a box of ``extent`` metres and one and a half grains around it."""
    rim = 1.5 * recipe.grain_m
    volume = np.pi / 6 * recipe.grain_m**3
    n = max(4, random.poisson(np.prod(extent + 2 * rim) / volume))
    places = random.uniform(-rim, extent + rim, (n, 3))
    radii = 0.5 * recipe.grain_m * np.exp(recipe.grain_spread * random.standard_normal(n))
    return Seeds(places, radii**2)


def fill(seeds: Seeds, shape: tuple[int, int, int], voxel: Floats) -> Integers:
    """The grain of each voxel's centre (z, y, x), from 0."""
    grains = np.empty(shape, np.int32)
    _fill(grains, seeds.places, seeds.weights, voxel)
    return grains


@compiled
def _fill(grains: Integers, places: Floats, weights: Floats, voxel: Floats) -> None:
    nz, ny, nx = grains.shape
    near = np.empty(len(places), np.int32)
    for z0 in range(0, nz, BLOCK):
        for y0 in range(0, ny, BLOCK):
            for x0 in range(0, nx, BLOCK):
                z1, y1, x1 = min(z0 + BLOCK, nz), min(y0 + BLOCK, ny), min(x0 + BLOCK, nx)
                n = _candidates(near, places, weights, voxel, (z0, y0, x0), (z1, y1, x1))
                for z in range(z0, z1):
                    for y in range(y0, y1):
                        for x in range(x0, x1):
                            grains[z, y, x] = _nearest(near, n, places, weights, voxel, z, y, x)


@compiled
def _candidates(
    near: Integers, places: Floats, weights: Floats, voxel: Floats, low: Corner, high: Corner
) -> int:
    """The cells that can reach into a block: a cell that is farther from all of it than another
    one is from its farthest corner cannot."""
    centre, half = np.empty(3), 0.0
    for axis in range(3):
        centre[axis] = 0.5 * (low[axis] + high[axis]) * voxel[axis]
        half += (0.5 * (high[axis] - low[axis]) * voxel[axis]) ** 2
    half = np.sqrt(half)
    best, n = np.inf, 0
    for seed in range(len(places)):
        away = np.sqrt(((places[seed] - centre) ** 2).sum())
        best = min(best, (away + half) ** 2 - weights[seed])
    for seed in range(len(places)):
        away = max(np.sqrt(((places[seed] - centre) ** 2).sum()) - half, 0.0)
        if away**2 - weights[seed] <= best:
            near[n] = seed
            n += 1
    return n


@compiled
def _nearest(
    near: Integers, n: int, places: Floats, weights: Floats, voxel: Floats, z: int, y: int, x: int
) -> int:
    best, grain = np.inf, -1
    at = (z + 0.5) * voxel[0], (y + 0.5) * voxel[1], (x + 0.5) * voxel[2]
    for i in range(n):
        place = places[near[i]]
        gap = (place[0] - at[0]) ** 2 + (place[1] - at[1]) ** 2 + (place[2] - at[2]) ** 2
        gap -= weights[near[i]]
        if gap < best:
            best, grain = gap, near[i]
    return grain
