"""Pores and impurities: overlapping ellipsoids with wavy surfaces, most where grains meet."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from models.arrays import Flags, Floats
from models.imaging.compiled import compiled
from models.imaging.simulated.grains import Seeds
from models.imaging.simulated.recipe import StackRecipe
from models.imaging.volume import Greys

TRIES = 40
"""Random places for each blob that is wanted where grains meet; the best of them is taken."""


@dataclass(frozen=True)
class Blobs:
    """Ellipsoids in a box."""

    places: Floats
    """(blob, 3): centres in metres along z, y and x."""
    forms: Floats
    """(blob, 3, 3): an offset in metres times it has length 1 on the surface."""
    reach: Floats
    """(blob,): the longest half axis in metres."""


@dataclass(frozen=True)
class Kind:
    """What one phase made of blobs is like; the fields of ``StackRecipe`` say more."""

    share: float
    radius: float
    spread: float


def scatter(
    recipe: StackRecipe, kind: Kind, seeds: Seeds, extent: Floats, random: np.random.Generator
) -> Blobs:
    """Poisson blobs, so many that they cover ``kind.share``, in a box and a rim around it."""
    rim = 2.5 * kind.radius
    ball = 4 / 3 * np.pi * kind.radius**3 * np.exp(4.5 * kind.spread**2)
    n = random.poisson(-np.log1p(-kind.share) / ball * np.prod(extent + 2 * rim))
    places = _places(recipe, seeds, extent, rim, int(n), random)
    radii = kind.radius * np.exp(kind.spread * random.standard_normal(len(places)))
    return _ellipsoids(places, radii, recipe.elongation, random)


def _places(
    recipe: StackRecipe,
    seeds: Seeds,
    extent: Floats,
    rim: float,
    n: int,
    random: np.random.Generator,
) -> Floats:
    """Centres: of some random tries, the one nearest to a meeting of 3, 2 or 1 grains."""
    shares = (recipe.at_triple_lines, recipe.at_boundaries)
    meeting = random.choice((3, 2, 1), n, p=(*shares, 1 - sum(shares)))
    centres = [_place(seeds, extent, rim, int(grains), recipe, random) for grains in meeting]
    return np.array(centres, float).reshape(-1, 3)


def _place(
    seeds: Seeds, extent: Floats, rim: float, grains: int, recipe: StackRecipe,
    random: np.random.Generator,
) -> Floats:  # fmt: skip
    """One centre; layers are kept by throwing tries away where they are poor."""
    tries = random.uniform(-rim, extent + rim, (TRIES, 3))
    wave = 1 + recipe.layering * np.cos(np.pi * tries[:, 0] / recipe.layer_m)
    tries = tries[wave >= random.uniform(0, 1 + recipe.layering, TRIES)]
    if len(tries) == 0:
        return _place(seeds, extent, rim, grains, recipe, random)
    if grains == 1:
        return np.asarray(tries[0])
    gap, _ = seeds.nearest(tries, grains)
    return np.asarray(tries[np.argmin(gap[:, -1] - gap[:, 0])])


def _ellipsoids(
    places: Floats, radii: Floats, elongation: float, random: np.random.Generator
) -> Blobs:
    """Axes stretched at random at equal volume, turned at random."""
    stretch = np.exp(random.uniform(-0.5, 0.5, (len(radii), 3)) * np.log(elongation))
    stretch /= stretch.prod(axis=1, keepdims=True) ** (1 / 3)
    turns = np.linalg.qr(random.standard_normal((len(radii), 3, 3)))[0]
    axes = radii[:, None] * stretch
    return Blobs(places, turns / axes[:, :, None], axes.max(axis=1, initial=0.0))


def cover(
    blobs: Blobs, recipe: StackRecipe, shape: tuple[int, int, int], random: np.random.Generator
) -> Flags:
    """The voxels inside (z, y, x): the distance over the radius, made wavy, is below 1."""
    voxel = np.asarray(recipe.voxel_m)
    closeness = np.full(shape, 2.0, np.float32)
    _draw(closeness, blobs.places, blobs.forms, blobs.reach, voxel)
    waves = random.standard_normal(shape, np.float32)
    waves = ndimage.gaussian_filter(waves, recipe.roughness_m / voxel, truncate=3, mode="wrap")
    return np.asarray(closeness + recipe.roughness * waves / waves.std() < 1)


@compiled
def _draw(closeness: Greys, places: Floats, forms: Floats, reach: Floats, voxel: Floats) -> None:
    """The least distance over the radius from any blob, up to 1.7."""
    low, high = np.empty(3, np.int64), np.empty(3, np.int64)
    for blob in range(len(places)):
        for axis in range(3):
            away = 1.7 * reach[blob]
            low[axis] = max(0, int((places[blob, axis] - away) / voxel[axis]))
            high[axis] = min(
                closeness.shape[axis], int((places[blob, axis] + away) / voxel[axis]) + 1
            )
        form = forms[blob]
        for z in range(low[0], high[0]):
            a = (z + 0.5) * voxel[0] - places[blob, 0]
            for y in range(low[1], high[1]):
                b = (y + 0.5) * voxel[1] - places[blob, 1]
                for x in range(low[2], high[2]):
                    c = (x + 0.5) * voxel[2] - places[blob, 2]
                    distance = 0.0
                    for axis in range(3):
                        distance += (form[axis, 0] * a + form[axis, 1] * b + form[axis, 2] * c) ** 2
                    closeness[z, y, x] = min(closeness[z, y, x], np.sqrt(distance))
