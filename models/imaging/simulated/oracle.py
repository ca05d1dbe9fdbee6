"""What noise alone leaves open: the best that anything could do on a SYNTHETIC stack.

For each voxel the oracle knows all but its class: the classes of its 26 neighbours, what lies
behind, light, stripes and charging, so the grey that each class would have there. Its prior is how
often a class has such neighbours in another stack of the same recipe. Nothing that has only the
pictures can know as much, so its score is an upper bound, not one that must be reachable.
"""

import numpy as np
from scipy import ndimage

from models.arrays import Floats, Integers
from models.imaging.simulated.microscope import Exposure, noise_variance
from models.imaging.simulated.recipe import NAMES, StackRecipe
from models.imaging.volume import Greys, Probabilities

DOUBT = 0.05
"""Voxels of each class that are added to every count of neighbours."""
AROUND = 27
"""Voxels of a cube of 3."""


def oracle(recipe: StackRecipe, exposure: Exposure, grey: Greys, habits: Floats) -> Probabilities:
    """Its probabilities for the pictures ``grey`` of an exposure; ``habits`` as below."""
    prior = habits[neighbours(exposure.classes)]
    belief = _log_likelihood(recipe, exposure, grey) + np.log(np.moveaxis(prior, -1, 0))
    belief = np.exp(belief - belief.max(axis=0))
    shares = (belief / belief.sum(axis=0)).astype(np.float32)
    return Probabilities(shares, NAMES, recipe.voxel_m)


def habits_of(classes: Integers) -> Floats:
    """How often a voxel with so many neighbours of class 1 and of class 2 is of each class."""
    counts = np.full((AROUND, AROUND, len(NAMES)), DOUBT)
    np.add.at(counts, (*neighbours(classes), classes), 1)
    return np.asarray(counts / counts.sum(axis=2, keepdims=True))


def neighbours(classes: Integers) -> tuple[Integers, Integers]:
    """Of the 26 neighbours of each voxel, those of class 1 and those of class 2."""
    pore, impurity = (_around((classes == c).astype(np.int16)) for c in (1, 2))
    return pore, impurity


def _around(here: Integers) -> Integers:
    total = here
    for axis in range(3):
        total = ndimage.correlate1d(total, np.ones(3), axis=axis, mode="nearest")
    return total - here


def _log_likelihood(recipe: StackRecipe, exposure: Exposure, grey: Greys) -> Floats:
    """Of the grey under each class (class, z, y, x); a class moves the grey by the centre of the
    beam's spot only, and the rest of the spot is on neighbours, which are known."""
    true = np.take_along_axis(exposure.surfaces, exposure.classes[None].astype(np.intp), axis=0)
    fresh = exposure.fresh + _centre(recipe) * (exposure.surfaces - true)
    means = fresh * exposure.gain + exposure.extra
    variance = noise_variance(recipe, means)
    return np.asarray(-((grey - means) ** 2) / (2 * variance) - 0.5 * np.log(variance), float)


def _centre(recipe: StackRecipe) -> float:
    """The share of the beam that falls on the voxel itself."""
    spot = np.zeros((41, 41))
    spot[20, 20] = 1
    beam = recipe.beam_m / np.asarray(recipe.voxel_m[1:])
    return float(ndimage.gaussian_filter(spot, beam)[20, 20])
