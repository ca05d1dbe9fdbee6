"""Every number of a SYNTHETIC FIB-SEM stack: the specimen, how it is cut, and how it is seen."""

from dataclasses import dataclass

from models.imaging.volume import Voxel, check_shape, check_voxel

NAMES = ("matrix", "pore", "impurity")
"""The classes of the truth, in the order of their numbers."""


@dataclass(frozen=True)
class StackRecipe:
    """Lengths in metres, greys from 0 (black) to 1 (white). None of it was measured."""

    shape: tuple[int, int, int] = (64, 256, 256)
    """Slices, rows and columns."""
    voxel_m: Voxel = (30e-9, 20e-9, 20e-9)
    """The thickness of a slice, and the pixel along rows and columns."""

    grain_m: float = 1.0e-6
    """Diameter of the ball with the mean volume of a grain."""
    grain_spread: float = 0.25
    """Sd of the logarithm of the radii of the Laguerre tessellation; 0 is Poisson-Voronoi."""
    porosity: float = 0.22
    """Share of the volume in pores, expected; each stack has its own."""
    pore_m: float = 180e-9
    """Median radius of the blobs that pores are made of."""
    pore_spread: float = 0.35
    """Sd of the logarithm of their radii."""
    impurity: float = 0.14
    """Share of the solid in the second phase, expected."""
    impurity_m: float = 300e-9
    """Median radius of its blobs."""
    impurity_spread: float = 0.3
    elongation: float = 1.5
    """Longest over shortest axis of a blob, at most."""
    roughness: float = 0.15
    """Sd of the waviness of the surfaces, over the radius."""
    roughness_m: float = 80e-9
    """Length over which the waviness goes on (sd of the smoothing)."""
    at_triple_lines: float = 0.6
    """Share of the blobs where three grains meet."""
    at_boundaries: float = 0.25
    """Share where two grains meet; the rest lies anywhere."""
    layering: float = 0.0
    """How far the densities of blobs swing along z: 0 not at all, 1 down to none."""
    layer_m: float = 600e-9
    """Thickness from a layer with most to one with fewest blobs."""

    grey: float = 0.62
    """Mean of the matrix."""
    contrast: float = 0.07
    """By how much the impurity is darker."""
    grain_contrast: float = 0.02
    """Sd of the grey from grain to grain."""
    pore_grey: float = 0.10
    """A pore without a bottom."""
    wall: float = 0.93
    """Grey of the bottom of a shallow pore, over the same solid freshly cut."""
    wall_spread: float = 0.06
    """Sd of that from place to place: walls are rough."""
    shine_m: float = 720e-9
    """Depth at which the light of the bottom has fallen to 37 %."""
    edge: float = 0.05
    """By how much the rim of a pore is brighter."""
    edge_m: float = 30e-9
    """Width over which the rim fades."""
    beam_m: float = 9e-9
    """Sd of the beam's spot."""

    noise: float = 0.06
    """Sd of a voxel of the matrix."""
    shot: float = 0.6
    """Share of its variance that goes with the grey; the rest is of the detector."""
    curtain: float = 0.03
    """Sd of the stripes along y that the ion beam leaves, over the grey."""
    curtain_m: float = 60e-9
    """Width of a stripe (sd of the smoothing)."""
    charging: float = 0.05
    """Grey that a wide pore adds behind itself along the scan (x)."""
    charging_m: float = 250e-9
    """Length over which that fades."""
    illumination: float = 0.06
    """By how much the light differs over the picture (half of the range), over the grey."""
    flicker: float = 0.012
    """Sd of the brightness from slice to slice, over the grey."""
    drift_m: float = 6e-9
    """Sd of the step from slice to slice along y and x; whole pixels are moved."""

    def __post_init__(self) -> None:
        check_shape(self.shape)
        check_voxel(self.voxel_m)
        for name in ("porosity", "impurity", "layering"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} is a share from 0 to below 1, not {getattr(self, name)}")
        if self.at_triple_lines + self.at_boundaries > 1:
            raise ValueError("the shares at triple lines and at boundaries are above 1 together")
