"""All numbers of a labelled volume, each with its error as an answer about the material."""

from collections.abc import Callable, Mapping

import numpy as np

from models.imaging.quantities.answers import Answer, ClassQuantities, Quantities, Unsaid
from models.imaging.quantities.crossings import crossings
from models.imaging.quantities.distance import distance
from models.imaging.quantities.one_class import mean_size, measure_class, total
from models.imaging.quantities.particles import particles
from models.imaging.quantities.sample import CellGrid, Sampled, widening
from models.imaging.quantities.shapes import Shapes, shapes
from models.imaging.volume import LabelledVolume

type Tell = Callable[[str, float], None]
"""Said what begins now, and which share of the work is done."""
type Pair = tuple[str, str]

NO_GRAINS = Unsaid("grains of one phase that touch are one class here; name the class to divide")


def quantify(
    volume: LabelledVolume,
    segmentation_sd: Mapping[str, float] | None = None,
    *,
    connectivity: int = 6,
    grains_of: str | None = None,
    tell: Tell = lambda _what, _share: None,
) -> Quantities:
    """Measure a volume. ``segmentation_sd`` says for a class how far its fraction in this volume
    may be off; ``grains_of`` names the class whose touching particles are divided."""
    unsure = _checked(segmentation_sd or {}, volume.names)
    grid = grid_of(volume)
    tell("surfaces", 0.0)
    surfaces = surface_densities(volume, grid)
    classes = {}
    for i, name in enumerate(volume.names):
        tell(name, 0.2 + 0.7 * i / len(volume.names))
        mine = [s for pair, s in surfaces.items() if name in pair]
        inside = volume.where(name)
        classes[name] = measure_class(inside, grid, mine, connectivity, unsure.get(name))
    tell("grains", 0.9)
    grains = _grains(volume, grains_of) if grains_of else None
    found = Quantities(
        volume.names,
        volume.voxel_m,
        grid.shape,
        connectivity,
        classes,
        total(list(surfaces.values()), grid),
        {pair: total([surface], grid) for pair, surface in surfaces.items()},
        _grain_size(grains, grid),
        grains,
        widening(grid),
        (*volume.notes, *_notes(classes, bool(unsure))),
    )
    tell("done", 1.0)
    return found


def grid_of(volume: LabelledVolume) -> CellGrid:
    """The cells of a volume."""
    high, deep, wide = volume.classes.shape
    return CellGrid((high, deep, wide), volume.voxel_m)


def surface_densities(volume: LabelledVolume, grid: CellGrid) -> dict[Pair, Sampled]:
    """S_V = 2 P_L of every pair of classes, 1/m; none of a single voxel or class."""
    names, number = volume.names, len(volume.names)
    pairs = [(i, j) for i in range(number) for j in range(i + 1, number)]
    if not pairs or max(grid.shape) == 1:
        return {}
    kinds = np.full((number, number), -1)
    for k, (i, j) in enumerate(pairs):
        kinds[i, j] = kinds[j, i] = k
    met = crossings(np.ascontiguousarray(volume.classes, np.uint16), kinds, grid)
    return {(names[i], names[j]): m * 2 for (i, j), m in zip(pairs, met, strict=True)}


def _checked(unsure: Mapping[str, float], names: tuple[str, ...]) -> Mapping[str, float]:
    unknown = sorted(set(unsure) - set(names))
    if unknown:
        raise ValueError(f"segmentation_sd names {unknown}; the classes are {', '.join(names)}")
    if not all(0 <= sd < 1 for sd in unsure.values()):
        raise ValueError(f"the error of a fraction is 0 to 1, not {dict(unsure)}")
    return unsure


def _grains(volume: LabelledVolume, name: str) -> Shapes:
    inside = volume.where(name)
    if not inside.any():
        return shapes(inside.astype(np.int32), 0, volume.voxel_m)
    labels = particles(inside, distance(inside, volume.voxel_m), min(volume.voxel_m))
    return shapes(labels, int(labels.max()), volume.voxel_m)


def _grain_size(grains: Shapes | None, grid: CellGrid) -> Answer:
    return NO_GRAINS if grains is None else mean_size(grains, grid, "particles")


def _notes(classes: Mapping[str, ClassQuantities], told: bool) -> tuple[str, ...]:
    notes = [
        f"this volume is too small for a 5 % answer on the fraction of {name}: it would need "
        f"about {float(f'{c.fraction.times_needed:.2g}'):g} times as much"
        for name, c in classes.items()
        if c.fraction.times_needed and c.fraction.times_needed > 1
    ]
    unsaid = "the errors do not hold that of the segmentation, which was not told"
    return (*notes, *(() if told else (unsaid,)))
