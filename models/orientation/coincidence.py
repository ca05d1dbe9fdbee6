"""Coincidence boundaries: misorientations after which one site in Sigma of both lattices is shared.

For a cubic lattice all of them up to Sigma 29; for a tetragonal or hexagonal one those about c,
which do not depend on c/a. For other lattices none are known: they would depend on lengths and
angles (of a trigonal crystal, on which of two lattices it has). A boundary belongs to one if it is
within 15 degrees / sqrt(Sigma) (D. G. Brandon, Acta Metall. 14, 1479, 1966).
"""

from functools import cache
from itertools import product
from math import gcd, isqrt

import numpy as np

from models.arrays import Floats, Integers
from models.orientation.quaternion import about, conjugate, multiply, normalised
from models.orientation.symmetry import GROUPS, PointGroup, angle_and_axis

LARGEST = 29
LATTICE = {"432": "432", "23": "432", "422": "422", "4": "422", "622": "622", "6": "622"}
"""The rotation group of the lattice of a crystal, which decides which sites are shared."""
BRANDON = 15.0
"""Degrees that a boundary of Sigma 1 may deviate."""


@cache
def _misorientations(name: str) -> tuple[tuple[int, Floats], ...]:
    """Sigma and a rotation (4,) of that coincidence; many of them are equivalent.

    The rotation of a primitive integer quaternion has Sigma = its norm without factors of 2 (cubic,
    H. Grimmer, Acta Cryst. A30, 685, 1974); every class has a member whose norm is Sigma itself.
    About c: (m, 0, 0, n), and (m, 0, 0, n sqrt 3) without factors of 2 and 3 for a hexagonal net.
    """
    reach = range(isqrt(4 * LARGEST) + 1)
    if name == "432":
        sizes = range(isqrt(LARGEST) + 1)
        rows = [q for q in product(sizes, repeat=4) if sum(i * i for i in q) <= LARGEST]
        signed = [(w, x, y * s, z * t) for w, x, y, z in rows for s in (1, -1) for t in (1, -1)]
        norms = [(sum(i * i for i in q), np.array(q, float)) for q in signed if gcd(*q) == 1]
        return tuple((s, normalised(q)) for s, q in norms if s % 2 and s > 1)
    weight, factors = (3, (2, 3)) if name == "622" else (1, (2,))
    found = []
    for m, n in product(reach, reach):
        if gcd(m, n) != 1:
            continue
        sigma = m * m + weight * n * n
        for factor in factors:
            while sigma % factor == 0:
                sigma //= factor
        if 1 < sigma <= LARGEST:
            found.append((sigma, normalised(np.array([m, 0, 0, n * np.sqrt(weight)]))))
    return tuple(found)


@cache
def _classes(group: PointGroup) -> tuple[tuple[int, float, Floats], ...]:
    """The classes that differ, by Sigma and angle: Sigma, angle in degrees, and the equivalent
    rotations (k, 4) that a boundary in the standard sector may be near to."""
    identity = np.array([1.0, 0, 0, 0])
    found: dict[tuple[float, ...], tuple[int, float, Floats]] = {}
    for sigma, q in _misorientations(group.name):
        angle, axis = angle_and_axis(identity, q, group)
        key = (sigma, *np.round([float(angle), *axis], 4))
        if key not in found:
            found[key] = (
                sigma,
                float(angle),
                _equivalents(q, group, float(angle) + 2 * BRANDON / np.sqrt(sigma)),
            )
    return tuple(sorted(found.values(), key=lambda c: c[:2]))


def _equivalents(q: Floats, group: PointGroup, most: float) -> Floats:
    """All s m s' with m = q or q*, each once, that turn by ``most`` degrees at most."""
    s = group.rotations
    both = np.stack([q, conjugate(q)])[:, None, None]
    rows = multiply(multiply(s[None, :, None], both), s[None, None]).reshape(-1, 4)
    first = np.take_along_axis(rows, (np.abs(rows) > 1e-9).argmax(axis=1)[:, None], axis=1)
    rows = np.unique(np.round(rows * np.sign(first), 12), axis=0)
    return rows[np.degrees(2 * np.arccos(np.minimum(np.abs(rows[:, 0]), 1))) <= most]


def coincidence(angle: Floats, axis: Floats, group: PointGroup) -> Integers:
    """Sigma (n,) of boundaries with disorientation angles in degrees (n,) about axes (n, 3) in the
    standard sector (``symmetry.angle_and_axis``); 0 where there is none.

    Where several are near enough, the one with the smallest deviation for what is allowed.
    """
    lattice = GROUPS.get(LATTICE.get(group.name, ""))
    if lattice is None:
        return np.zeros(len(angle), dtype=int)
    if lattice is not group:
        angle, axis = angle_and_axis(np.array([1.0, 0, 0, 0]), about(axis, angle), lattice)
        group = lattice
    m = about(axis, angle)
    best, found = np.full(len(m), 1.0), np.zeros(len(m), dtype=int)
    for sigma, target, equivalents in _classes(group):
        allowed = BRANDON / np.sqrt(sigma)
        near = np.flatnonzero(np.abs(angle - target) <= allowed)  # it deviates by that at least
        dots = np.abs(m[near] @ equivalents.T).max(axis=1, initial=0)
        off = np.degrees(2 * np.arccos(np.minimum(dots, 1))) / allowed
        better = off < best[near]
        best[near[better]], found[near[better]] = off[better], sigma
    return found
