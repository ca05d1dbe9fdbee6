"""Colours of the inverse pole figure: which crystal direction lies along a direction of the
sample."""

import numpy as np

from models.arrays import Floats
from models.orientation.quaternion import conjugate, rotate
from models.orientation.symmetry import PointGroup, mirrored, to_sector


def ipf_colour(q: Floats, group: PointGroup, along: tuple[float, float, float]) -> Floats:
    """RGB from 0 to 1, (..., 3), of orientations (..., 4).

    The corners of the standard sector are red (c), green and blue; in between the shares in which
    the corners make up the direction, the largest set to 1 and lightened by a square root.
    """
    return sector_colour(rotate(conjugate(q), np.asarray(along, float)), group)


def sector_colour(v: Floats, group: PointGroup) -> Floats:
    """RGB (..., 3) of crystal directions (..., 3).

    Those that differ by a mirror that the crystal lacks have the same colour (``mirrored``), else
    colours would jump.
    """
    shares = np.clip(to_sector(v, mirrored(group)) @ np.linalg.inv(group.corners), 0, None)
    return np.sqrt(shares / shares.max(axis=-1, keepdims=True))
