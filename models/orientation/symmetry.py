"""Rotation groups of crystals, and what they make of orientations: disorientation, sectors.

The groups are those of the eleven Laue classes. Inversion needs no place among the rotations,
because diffraction shows it always.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy.spatial.transform import Rotation

from models.arrays import Floats
from models.orientation.quaternion import conjugate, multiply, rotate

Z = (0.0, 0.0, 1.0)
type Direction = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class PointGroup:
    """A rotation group. Cartesian axes: z along c; x along a, where no angle forbids it."""

    name: str
    laue: str
    """Its Laue class."""
    rotations: Floats = field(repr=False)
    """All of them, (n, 4), the identity first."""
    corners: Floats = field(repr=False)
    """Unit vectors (3, 3) of a triangle of directions that are all different. Of a class with
    mirrors it is the whole standard sector; of another, that of the next class that has them."""

    @property
    def surely_nearest(self) -> float:
        """|<a, b>| above this: no equivalent of b is nearer to a than b itself.

        Equivalents lie at least the smallest rotation of the group apart; within half of it there
        is no other.
        """
        smallest = 2 * np.arccos(np.abs(self.rotations[1:, 0]).max(initial=-1.0))
        return float(np.cos(smallest / 4))

    @property
    def middle(self) -> Floats:
        """A direction (3,) inside the triangle, which no rotation of the group leaves alone."""
        return self.corners.sum(axis=0)


def _group(name: str, laue: str, schoenflies: str, *corners: Direction) -> PointGroup:
    """The group as SciPy has it: main axis along z (of C2: y, as b is unique), twofold along x."""
    axis: Literal["Y", "Z"] = "Y" if schoenflies == "C2" else "Z"
    rotations = Rotation.create_group(schoenflies, axis=axis).as_quat(scalar_first=True)
    first = np.argsort(-np.abs(rotations[:, 0]), kind="stable")  # the identity
    rows = np.array(corners)
    return PointGroup(
        name, laue, rotations[first], rows / np.linalg.norm(rows, axis=1, keepdims=True)
    )


def _around(*degrees: float) -> tuple[Direction, ...]:
    """c, and directions normal to it so far from x."""
    return Z, *((float(np.cos(a)), float(np.sin(a)), 0.0) for a in np.radians(degrees))


_CUBE = Z, (1.0, 0.0, 1.0), (1.0, 1.0, 1.0)

GROUPS = {
    g.name: g
    for g in (
        _group("1", "-1", "C1", *_around(0, 90)),
        _group("2", "2/m", "C2", *_around(0, 90)),
        _group("222", "mmm", "D2", *_around(0, 90)),
        _group("3", "-3", "C3", *_around(30, 90)),
        _group("32", "-3m", "D3", *_around(30, 90)),
        _group("4", "4/m", "C4", *_around(0, 45)),
        _group("422", "4/mmm", "D4", *_around(0, 45)),
        _group("6", "6/m", "C6", *_around(0, 30)),
        _group("622", "6/mmm", "D6", *_around(0, 30)),
        _group("23", "m-3", "T", *_CUBE),
        _group("432", "m-3m", "O", *_CUBE),
    )
}
MIRRORED = {"1": "222", "2": "222", "3": "32", "4": "422", "6": "622", "23": "432"}
"""The next group whose Laue class has mirrors around every sector, where one's own has not."""


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
    """The equivalent of each crystal direction (..., 3) in the standard sector.

    It is the one nearest to the middle of the sector. Among all s v and -s v that is told by the
    angles between v and what the group makes of the middle.
    """
    dots = v @ rotate(conjugate(group.rotations), group.middle).T
    best = np.abs(dots).argmax(axis=-1)
    opposed = np.take_along_axis(dots, best[..., None], axis=-1) < 0
    near = rotate(group.rotations[best], v)
    return np.where(opposed, -near, near)


def mirrored(group: PointGroup) -> PointGroup:
    """The group itself, or the next one whose standard sector is a triangle between mirrors."""
    return GROUPS[MIRRORED.get(group.name, group.name)]
