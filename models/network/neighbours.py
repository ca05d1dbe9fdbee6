"""How many neighbours grains have, beyond what the points of a map resolve."""

from itertools import product

import numpy as np

from models.arrays import Floats, Integers
from models.network.boundaries import faces


def faces_per_grain(labels: Integers, weight: Floats) -> float:
    """Mean number of neighbours (edges in a section); ``weight`` says for how many grains each
    label from 1 stands, (n,).

    Faces smaller than a point are not seen. Their share falls in proportion to the distance of the
    points: it is told from every second point along each axis, and taken off.
    """
    every_second = [
        labels[tuple(slice(start, None, 2) for start in starts)]
        for starts in product((0, 1), repeat=labels.ndim)
    ]
    coarse = np.mean([_mean(part, weight) for part in every_second])
    return float(2 * _mean(labels, weight) - coarse)


def _mean(labels: Integers, weight: Floats) -> float:
    pairs, _ = faces(labels, (1.0,) * labels.ndim)
    return float(np.average(np.bincount(pairs.ravel(), minlength=len(weight)), weights=weight))
