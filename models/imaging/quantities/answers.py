"""What is said of a volume: values with errors, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.imaging.quantities.chords import Chords
from models.imaging.quantities.sample import CellGrid, Sampled
from models.imaging.quantities.shapes import Shapes
from models.imaging.volume import Voxel

ANSWER = 0.05
"""A volume is representative where twice the error is not more than this part of the value
(T. Kanit et al., Int. J. Solids Struct. 40, 3647, 2003)."""


@dataclass(frozen=True)
class Said:
    """A value; its error as a sample and of the segmentation together."""

    value: float
    sd: float | None
    """None where nothing varies within the volume: it does not tell how the material does."""
    of_segmentation: float | None = None
    """Its part that comes from the segmentation; None where that was not told."""
    times_needed: float | None = None
    """How many times this volume would answer to 5 %; below 1: it is large enough."""


@dataclass(frozen=True)
class Unsaid:
    """A number that this volume does not give, and why."""

    reason: str


type Answer = Said | Unsaid


@dataclass(frozen=True, eq=False)
class ClassQuantities:
    """Of one class."""

    fraction: Said
    surface_density: Answer
    """Surface of the class per volume in 1/m."""
    mean_chord: Answer
    """4 fraction / surface density, m."""
    chord_percentiles: tuple[tuple[float | None, ...], ...]
    """Along z, y, x: SHARES of the chords in metres, cut chords accounted for; None: not seen."""
    thickness: Answer
    """Mean local thickness, m."""
    thickness_percentiles: tuple[float, ...]
    bodies: int
    """Connected parts, without specks."""
    specks: int
    """Parts of fewer voxels than a body has (``shapes.LEAST``)."""
    connected: Answer
    """Share of the class in its largest part."""
    percolating: tuple[Answer, ...]
    """Share of the class in parts that reach from face to face along z, y, x."""
    euler_number: int
    """Bodies minus tunnels plus cavities of this volume."""
    size: Answer
    """Mean equivalent diameter of its whole bodies, by number, m; specks are none."""
    size_percentiles: tuple[float, ...]
    shapes: Mapping[str, float]
    """Share of its bodies by number that are round, flat, long and thin."""
    chords: tuple[Chords, ...] = field(repr=False)
    """Along z, y, x."""


@dataclass(frozen=True, eq=False)
class Quantities:
    """Of a labelled volume."""

    names: tuple[str, ...]
    voxel_m: Voxel
    shape: tuple[int, ...]
    connectivity: int
    classes: Mapping[str, ClassQuantities]
    surface_density: Answer
    """Of all surfaces between classes, per volume, 1/m."""
    pairs: Mapping[tuple[str, str], Answer]
    """Surface between two classes per volume, 1/m."""
    grain_size: Answer
    """Mean equivalent diameter of the particles of one class, told apart, m."""
    grains: Shapes | None
    interval: float
    """So many sd from a value lie the ends of its interval of 90 %."""
    notes: tuple[str, ...]


def answer(found: Sampled, grid: CellGrid, unsure: float | None = None) -> Said:
    """A value with its error; ``unsure`` is its part from the segmentation."""
    sampling = found.sd(grid)
    if not sampling > 1e-14 * abs(found.value):  # nothing varies, or there is one cell
        return Said(found.value, unsure, unsure)
    needed = (2 * sampling / (ANSWER * found.value)) ** 2 if found.value else None
    return Said(found.value, float(np.hypot(sampling, unsure or 0)), unsure, needed)
