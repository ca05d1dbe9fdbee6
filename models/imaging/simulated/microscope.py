"""How a SYNTHETIC specimen is seen, slice by slice: light from the bottoms of pores, rims, stripes,
charging, uneven light, drift, noise. Every part of it is kept, as the truth for tests."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from models.arrays import Flags, Floats, Integers
from models.imaging.compiled import compiled
from models.imaging.simulated.recipe import NAMES, StackRecipe
from models.imaging.simulated.specimen import RIM, Specimen
from models.imaging.volume import Greys

PORE = NAMES.index("pore")
IMPURITY = NAMES.index("impurity")


@dataclass(frozen=True, eq=False)
class Exposure:
    """What the noise was added to. A voxel of a class is seen as ``fresh * gain + extra``, its
    ``fresh`` grey blurred by the beam with its neighbours."""

    classes: Integers
    """(z, y, x): the truth, as the pictures lie."""
    surfaces: Greys
    """(class, z, y, x): the grey of each class, were it at this voxel and all else as it is."""
    fresh: Greys
    """(z, y, x): ``surfaces`` at the true classes, blurred by the beam."""
    depth_m: Greys
    """(z, y, x): how far behind a voxel of a pore its bottom is; to the next solid elsewhere."""
    gain: Greys
    """(z, y, x): light, flicker and stripes together; 1 where there is nothing of them."""
    extra: Greys
    """(z, y, x): grey that charging and the rims of pores add."""
    drift_px: Integers
    """(z, 2): rows and columns by which the scene of a slice stands off that of slice 0."""

    @property
    def expected(self) -> Greys:
        """The picture without noise."""
        return np.asarray(self.fresh * self.gain + self.extra)


def expose(recipe: StackRecipe, specimen: Specimen, random: np.random.Generator) -> Exposure:
    """All of a stack but the noise."""
    pores = specimen.classes == PORE
    steps = walk(recipe, random)
    surfaces, depth = _surfaces(recipe, specimen, random)
    extra = _rims(recipe, pores[: recipe.shape[0]]) + _charging(recipe, pores[: recipe.shape[0]])
    classes, depth, extra, seen = (
        frame(part, steps, recipe.shape) for part in (specimen.classes, depth, extra, pores)
    )
    seen_surfaces = np.stack([frame(surface, steps, recipe.shape) for surface in surfaces])
    fresh = np.take_along_axis(seen_surfaces, classes[None].astype(np.intp), axis=0)[0]
    beam = recipe.beam_m / np.asarray(recipe.voxel_m)
    fresh = ndimage.gaussian_filter(fresh, (0, *beam[1:]), mode="nearest")
    gain = _light(recipe, random) * (1 + _curtain(recipe, seen, random))
    return Exposure(classes, seen_surfaces, fresh, depth, gain, extra, steps)


def noise_variance(recipe: StackRecipe, grey: Greys | np.float32) -> Greys:
    """Of one voxel: the detector's, and what goes with the number of electrons."""
    shot = recipe.shot * np.maximum(grey, 0) / recipe.grey
    return np.asarray(recipe.noise**2 * (1 - recipe.shot + shot), np.float32)


def frame[T: np.generic](
    part: NDArray[T], steps: Integers, shape: tuple[int, int, int]
) -> NDArray[T]:
    """The stack's part of what was drawn, each slice moved by its drift."""
    out = np.empty(shape, part.dtype)
    for z, (dy, dx) in enumerate(steps):
        out[z] = part[z, RIM + dy :, RIM + dx :][: shape[1], : shape[2]]
    return out


def walk(recipe: StackRecipe, random: np.random.Generator) -> Integers:
    """Drift as a random walk in whole pixels (z, 2), within the rim that was drawn."""
    pixels = recipe.drift_m / np.asarray(recipe.voxel_m[1:])
    steps = np.cumsum(random.standard_normal((recipe.shape[0], 2)) * pixels, axis=0)
    moved: Integers = np.clip(np.rint(steps - steps[0]), -RIM, RIM).astype(np.int64)
    return moved


def _surfaces(
    recipe: StackRecipe, specimen: Specimen, random: np.random.Generator
) -> tuple[list[Greys], Greys]:
    """The grey of each class at every voxel, and the depth to the next solid behind, in metres."""
    tone = recipe.grain_contrast * random.standard_normal(int(specimen.grains.max()) + 1)
    matrix = (recipe.grey + tone[specimen.grains]).astype(np.float32)
    solid = matrix - np.float32(recipe.contrast) * (specimen.classes == IMPURITY)
    rough = _smooth(specimen.classes.shape, 2.0, random) * np.float32(recipe.wall_spread)
    bottom = solid * (recipe.wall + rough)
    depth, pore = _behind(
        specimen.classes == PORE, bottom, recipe.voxel_m[0], recipe.shine_m, recipe.pore_grey
    )
    return [matrix, pore, matrix - np.float32(recipe.contrast)], depth


@compiled
def _behind(
    pores: Flags, bottom: Greys, step: float, shine: float, dark: float
) -> tuple[Greys, Greys]:
    """Depth of the first solid behind each voxel, and the grey of a pore there: that of its bottom,
    which fades into the dark."""
    nz, ny, nx = pores.shape
    depth = np.empty(pores.shape, np.float32)
    grey = np.empty(pores.shape, np.float32)
    for y in range(ny):
        for x in range(nx):
            wall, away = np.float32(dark), np.float32(np.inf)
            for z in range(nz - 1, -1, -1):
                away += step
                depth[z, y, x] = away
                grey[z, y, x] = dark + (wall - dark) * np.exp(-away / shine)
                if not pores[z, y, x]:
                    wall, away = bottom[z, y, x], np.float32(0)
    return depth, grey


def _rims(recipe: StackRecipe, pores: Flags) -> Greys:
    """Brighter solid at the edges of pores, slice by slice."""
    rims = np.zeros(pores.shape, np.float32)
    for z, section in enumerate(pores):
        if section.any():
            away = ndimage.distance_transform_edt(~section, sampling=recipe.voxel_m[1:])
            rims[z] = recipe.edge * np.exp(-away / recipe.edge_m) * ~section
    return rims


def _charging(recipe: StackRecipe, pores: Flags) -> Greys:
    """A tail along the scan behind each pore, in the solid only."""
    keep = np.exp(-recipe.voxel_m[2] / recipe.charging_m)
    tail = signal.lfilter([1 - keep], [1, -keep], pores.astype(np.float32), axis=2)
    return np.asarray(recipe.charging * tail * ~pores, np.float32)


def _light(recipe: StackRecipe, random: np.random.Generator) -> Greys:
    """A slow slope and bow over the picture, and the flicker of slices (z, y, x)."""
    _, rows, columns = recipe.shape
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    bow = np.tensordot(random.standard_normal(5), (y, x, x * y, x**2, y**2), axes=1)
    bow = (bow - bow.mean()) / max(np.ptp(bow) / 2, 1e-9)
    flicker = 1 + recipe.flicker * random.standard_normal(recipe.shape[0])
    return ((1 + recipe.illumination * bow) * flicker[:, None, None]).astype(np.float32)


def _curtain(recipe: StackRecipe, pores: Flags, random: np.random.Generator) -> Greys:
    """Stripes along y that go over several slices, and grow stronger below pores."""
    slices, rows, columns = recipe.shape
    width = recipe.curtain_m / recipe.voxel_m[2]
    stripes = random.standard_normal((slices, columns))
    stripes = ndimage.gaussian_filter(stripes, (1.0, width), mode="reflect")
    stripes *= recipe.curtain / max(stripes.std(), 1e-9)
    keep = np.exp(-1 / (0.3 * rows))
    below = signal.lfilter([1 - keep], [1, -keep], pores.astype(np.float32), axis=1)
    growth = 0.5 + 2 * below
    return np.asarray(stripes[:, None, :] * growth, np.float32)


def _smooth(shape: tuple[int, ...], width: float, random: np.random.Generator) -> Floats:
    """A field of mean 0 and sd 1 that goes on over ``width`` voxels."""
    rough = ndimage.gaussian_filter(random.standard_normal(shape, np.float32), width, truncate=3)
    return np.asarray(rough / rough.std())
