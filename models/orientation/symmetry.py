"""Rotation groups of crystals, and what they make of orientations: disorientation, sectors.

The groups are those of the Laue classes 4/mmm (Ba122), m-3m and 6/mmm. Inversion needs no place
among the rotations, because diffraction shows it always.
"""

from dataclasses import dataclass, field

import numpy as np

from models.arrays import Floats
from models.orientation.quaternion import about, conjugate, multiply

X, Z, DIAGONAL = (1, 0, 0), (0, 0, 1), (1, 1, 1)


@dataclass(frozen=True, eq=False)
class PointGroup:
    """A rotation group. Cartesian axes: z along c, x along a."""

    name: str
    laue: str
    """Its Laue class."""
    rotations: Floats = field(repr=False)
    """All of them, (n, 4), the identity first."""
    corners: Floats = field(repr=False)
    """Unit vectors (3, 3) that bound the sector of directions that are all different."""

    @property
    def surely_nearest(self) -> float:
        """|<a, b>| above this: no equivalent of b is nearer to a than b itself.

        Equivalents lie at least the smallest rotation of the group apart; within half of it there
        is no other.
        """
        smallest = 2 * np.arccos(np.abs(self.rotations[1:, 0]).max())
        return float(np.cos(smallest / 4))


def _group(*generators: Floats) -> Floats:
    """All products of the generators, each once."""
    found = np.array([[1.0, 0, 0, 0]])
    while True:
        products = multiply(found[:, None], np.array(generators)[None]).reshape(-1, 4)
        size = len(found)
        for q in products:
            if np.abs(found @ q).max() < 1 - 1e-9:
                found = np.vstack([found, q])
        if len(found) == size:
            return found


def _unit(*directions: tuple[float, float, float]) -> Floats:
    rows = np.array(directions, float)
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


GROUPS = {
    g.name: g
    for g in (
        PointGroup(
            "432",
            "m-3m",
            _group(about(Z, 90.0), about(DIAGONAL, 120.0)),
            _unit(Z, (1, 0, 1), DIAGONAL),
        ),
        PointGroup(
            "622",
            "6/mmm",
            _group(about(Z, 60.0), about(X, 180.0)),
            _unit(Z, X, (np.sqrt(3), 1, 0)),
        ),
        PointGroup(
            "422",
            "4/mmm",
            _group(about(Z, 90.0), about(X, 180.0)),
            _unit(Z, X, (1, 1, 0)),
        ),
    )
}


def group_of(name: str) -> PointGroup:
    """A group by its name or its Laue class. ValueError names those there are."""
    for group in GROUPS.values():
        if name.replace(" ", "") in (group.name, group.laue):
            return group
    known = ", ".join(f"{g.name} ({g.laue})" for g in GROUPS.values())
    raise ValueError(f"symmetry {name!r} is not known here, but {known}")


def disorientation(a: Floats, b: Floats, group: PointGroup) -> Floats:
    """The smallest angle in degrees, (...), that turns a crystal a onto b, both (..., 4).

    Among all s m s' with m = a* b the angle depends on the product s' s alone, which is a member of
    the group: one pass over the group finds the smallest.
    """
    a, b = np.broadcast_arrays(a, b)
    cosine = np.array(np.abs(np.einsum("...i,...i->...", a, b)))
    open_ = cosine < group.surely_nearest
    if open_.any():
        m = multiply(conjugate(a[open_]), b[open_])
        cosine[open_] = np.abs(m @ group.rotations.T).max(axis=-1)
    return _angle(cosine)


def _angle(cosine_of_half: Floats) -> Floats:
    return np.degrees(2 * np.arccos(np.clip(cosine_of_half, 0, 1)))


def angle_and_axis(a: Floats, b: Floats, group: PointGroup) -> tuple[Floats, Floats]:
    """The disorientation angle in degrees (...), and its axis (..., 3) in the standard sector.

    The axis is a direction of the crystal. Where the angle is 0 it is the first corner.
    """
    m = multiply(conjugate(a), b)
    dots = m @ group.rotations.T
    best = np.abs(dots).argmax(axis=-1)
    smallest = multiply(conjugate(group.rotations)[best], m)
    vector = smallest[..., 1:]
    length = np.linalg.norm(vector, axis=-1, keepdims=True)
    axis = np.where(length > 1e-9, vector / np.maximum(length, 1e-300), group.corners[0])
    return _angle(np.abs(smallest[..., 0])), to_sector(axis, group)


def to_zone(q: Floats, group: PointGroup) -> Floats:
    """The equivalent orientation q s (..., 4) that is nearest to the identity, scalar part >= 0."""
    best = np.abs(q @ group.rotations.T).argmax(axis=-1)
    near = multiply(q, conjugate(group.rotations)[best])
    return np.where(near[..., :1] < 0, -near, near)


def nearest(q: Floats, reference: Floats, group: PointGroup) -> Floats:
    """The equivalents q s (n, 4) that are nearest to the references (n, 4), in sign too."""
    dot = np.einsum("ij,ij->i", q, reference)
    near = np.where(dot[:, None] < 0, -q, q)
    far = np.flatnonzero(np.abs(dot) < group.surely_nearest)
    dots = multiply(conjugate(reference[far]), q[far]) @ group.rotations.T
    best = multiply(q[far], conjugate(group.rotations)[np.abs(dots).argmax(axis=-1)])
    opposed = (best * reference[far]).sum(axis=-1, keepdims=True) < 0
    near[far] = np.where(opposed, -best, best)
    return near


def to_sector(v: Floats, group: PointGroup) -> Floats:
    """The equivalent of each crystal direction (..., 3) in the standard sector."""
    size = np.abs(v)
    if group.name == "432":
        low, middle, high = np.moveaxis(np.sort(size, axis=-1), -1, 0)
        return np.stack([middle, low, high], axis=-1)
    fold = np.arctan2(group.corners[2, 1], group.corners[2, 0])  # from x to the next mirror
    phi = np.arctan2(v[..., 1], v[..., 0]) % (2 * fold)
    phi = np.where(phi > fold, 2 * fold - phi, phi)
    flat = np.hypot(v[..., 0], v[..., 1])
    return np.stack([flat * np.cos(phi), flat * np.sin(phi), size[..., 2]], axis=-1)
