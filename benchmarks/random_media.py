"""SYNTHETIC random media whose constants are known exactly: overlapping balls, Poisson-Voronoi."""

import numpy as np
from scipy.spatial import cKDTree

from models.arrays import Flags, Floats, Integers
from models.imaging.compiled import compiled
from models.imaging.volume import Voxel
from models.orientation.map import OrientationMap, Phase
from models.orientation.quaternion import uniform
from models.orientation.symmetry import GROUPS

FACES = 2 + 48 * np.pi**2 / 35
"""Of a cell of a Poisson-Voronoi tessellation in three dimensions, in the mean: 15.54."""
SURFACE = (256 * np.pi / 3) ** (1 / 3) * 0.9027452929509336 / 2
"""Its surface per volume for one centre per volume: half of 5.82087, for two cells share it."""


def balls(
    shape: tuple[int, ...], voxel: Voxel, radius: float, eta: float, random: np.random.Generator
) -> Flags:
    """Voxels (z, y, x) whose middle lies in a ball: balls of one radius in metres, at random and
    free to overlap, ``eta`` balls per volume of a ball."""
    size = np.array(shape) * np.array(voxel)
    room = size + 2 * radius
    number = random.poisson(eta * room.prod() / (4 / 3 * np.pi * radius**3))
    centres = random.uniform(-radius, size + radius, size=(number, 3))
    inside = np.zeros(shape, dtype=bool)
    _paint(inside, centres, np.full(number, radius), np.array(voxel))
    return inside


@compiled
def _paint(inside: Flags, centres: Floats, radii: Floats, voxel: Floats) -> None:
    for i in range(len(centres)):
        low, high = np.zeros(3, np.int64), np.zeros(3, np.int64)
        for a in range(3):
            low[a] = max(0, int(np.floor((centres[i, a] - radii[i]) / voxel[a] - 0.5)))
            high[a] = min(inside.shape[a], int(np.ceil((centres[i, a] + radii[i]) / voxel[a])) + 1)
        for z in range(low[0], high[0]):
            dz = (z + 0.5) * voxel[0] - centres[i, 0]
            for y in range(low[1], high[1]):
                dy = (y + 0.5) * voxel[1] - centres[i, 1]
                for x in range(low[2], high[2]):
                    dx = (x + 0.5) * voxel[2] - centres[i, 2]
                    if dz * dz + dy * dy + dx * dx < radii[i] ** 2:
                        inside[z, y, x] = True


def voronoi(shape: tuple[int, ...], apart: float, random: np.random.Generator) -> Integers:
    """Labels from 1 of the cells of a Poisson process, one centre per ``apart``^axes pixels, in a
    window of this shape; cells of centres outside reach into it."""
    margin = 4 * apart
    size = np.array(shape, float)
    room = size + 2 * margin
    number = random.poisson(np.prod(room / apart))
    centres = random.uniform(-margin, size + margin, size=(number, len(shape)))
    points = np.indices(shape).reshape(len(shape), -1).T + 0.5
    near = np.asarray(cKDTree(centres).query(points)[1])
    _, labels = np.unique(near, return_inverse=True)
    return np.asarray(labels + 1, dtype=np.int32).reshape(shape)


def as_map(labels: Integers, random: np.random.Generator, step: float = 1.0) -> OrientationMap:
    """What a microscope would make of cells: an orientation each, without noise."""
    each = uniform(int(labels.max()), random)
    phase = np.ones(labels.shape, dtype=int)
    phases = (Phase("synthetic", GROUPS["432"]),)
    return OrientationMap(each[labels - 1], phase, (step,) * labels.ndim, phases)
