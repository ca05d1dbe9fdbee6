"""SYNTHETIC micrographs of another kind than the simulator's own: a family of renderings whose
state is known, to judge the errors that ``models.micrograph`` tells.

Cells of random or of spaced centres, or the simulator's; grooves of any depth and width; uneven
light; grains of different grey; blur; noise; film or none; pores or none.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from models.arrays import Flags, Floats

CELLS = {"poisson": 0.0, "spaced": 0.6}
"""Smallest distance of two centres in units of the distance that fills space evenly."""


@dataclass(frozen=True)
class Rendering:
    """What is drawn, lengths in pixels, greys from 0 (black) to 1."""

    cells: str
    grain_size: float
    """Of the mean cell area, pi d^2 / 4."""
    porosity: float
    wetted: float
    """Share of boundaries under film."""
    matrix: float
    groove: float
    """Its depth over the grey of the matrix."""
    width: float
    """Standard deviation of the groove."""
    contrast: float
    """Standard deviation of the grey from grain to grain."""
    light: float
    """How much brighter one side is than the other, relative; the direction is drawn."""
    blur: float
    noise: float


def random_rendering(random: np.random.Generator) -> Rendering:
    """One of the family."""
    pores, film = random.random() < 0.65, random.random() < 0.5
    return Rendering(
        str(random.choice(list(CELLS))), random.uniform(22, 42),
        random.uniform(0.02, 0.25) if pores else 0.0, random.uniform(0.1, 0.9) if film else 0.0,
        random.uniform(0.4, 0.7), random.uniform(0.15, 0.7), random.uniform(0.8, 1.6),
        random.uniform(0, 0.06), random.uniform(0, 0.4), random.uniform(0.5, 1.3),
        random.uniform(0.01, 0.06),
    )  # fmt: skip


def render(told: Rendering, size: int, random: np.random.Generator) -> Floats:
    """The micrograph (size, size)."""
    pixels = np.indices((size, size), dtype=float).reshape(2, -1).T + 0.5
    centres = _centres(told, size, random)
    distance, near = cKDTree(centres).query(pixels, k=2)
    between = np.linalg.norm(centres[near[:, 0]] - centres[near[:, 1]], axis=1)
    gap = (distance[:, 1] ** 2 - distance[:, 0] ** 2) / (2 * between)
    wet = _wetted(near, told.wetted, random) & (gap < max(0.05 * told.grain_size, 1.25))
    grey = told.matrix + told.contrast * random.normal(size=len(centres))[near[:, 0]]
    grey = grey - told.groove * told.matrix * np.exp(-((gap / told.width) ** 2) / 2)
    grey = np.where(wet, told.matrix + random.uniform(0.2, 0.3), grey)
    grey = np.where(_pores(told, size, pixels, random), random.uniform(0, 0.1), grey)
    turn = random.uniform(0, 2 * np.pi)
    slope = (pixels / size - 0.5) @ np.array([np.cos(turn), np.sin(turn)])
    seen = gaussian_filter((grey * (1 + told.light * slope)).reshape(size, size), told.blur)
    return np.clip(seen + told.noise * random.normal(size=seen.shape), 0, 1)


def _centres(told: Rendering, size: int, random: np.random.Generator) -> Floats:
    area = np.pi * told.grain_size**2 / 4 / (1 - told.porosity)
    margin, least = 4 * np.sqrt(area), CELLS[told.cells] * np.sqrt(area)
    count = round((size + 2 * margin) ** 2 / area)
    kept = np.empty((0, 2))
    while len(kept) < count:
        new = random.uniform(-margin, size + margin, size=(count - len(kept), 2))
        both = np.vstack([kept, new])
        pairs = (
            cKDTree(both).query_pairs(least, output_type="ndarray")
            if least
            else np.empty((0, 2), int)
        )
        kept = (
            np.delete(both, np.unique(pairs.max(axis=1, initial=-1)), axis=0)
            if len(pairs)
            else both
        )
    return kept


def _wetted(near: np.ndarray, share: float, random: np.random.Generator) -> Flags:
    pair = np.sort(near, axis=1) @ np.array([near.max() + 1, 1])
    boundaries, which = np.unique(pair, return_inverse=True)
    return (random.random(len(boundaries)) < share)[which]


def _pores(told: Rendering, size: int, pixels: Floats, random: np.random.Generator) -> Flags:
    """Discs of 0.3 to 0.7 grain sizes that may overlap (a Boolean model)."""
    low, high = 0.15 * told.grain_size, 0.35 * told.grain_size
    mean = np.pi * (high**3 - low**3) / (3 * (high - low))
    density = -np.log1p(-told.porosity) / mean
    count = random.poisson(density * (size + 2 * high) ** 2)
    if not count:
        return np.zeros(len(pixels), dtype=bool)
    centres, radii = (
        random.uniform(-high, size + high, (count, 2)),
        random.uniform(low, high, count),
    )
    lift = np.sqrt(high**2 - radii**2)
    tree = cKDTree(np.column_stack([centres, lift]))
    return np.asarray(tree.query(np.column_stack([pixels, np.zeros(len(pixels))]))[0] < high)
