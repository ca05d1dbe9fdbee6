"""The smallest cut of a single section: the way across it on which the least current can pass.

What flows in a plane is at most what any line across it lets through, and the smallest line lets
through just that (max flow, min cut). So it is a shortest way, from one side beside the current to
the other: a step in a grain costs the plateau times its length, along a boundary what that carries,
in a pore nothing. A neck of a grain counts with its own width, wherever it lies. Steps go to the 32
corners of points nearby, which makes a line in any direction at most 1.4 % too long.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import gcd, hypot

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from models.arrays import Flags, Floats, Integers
from models.network.boundaries import Network

REACH = 3
"""Steps go so many rows and columns far at most."""
NOTHING = 1e-9
"""What a step in a pore costs, in that of a grain: SciPy takes 0 for no step at all."""


@dataclass(frozen=True, eq=False)
class Cut:
    """The smallest line."""

    value: float
    """What passes it, in A per metre of depth."""
    boundaries: Integers = field(repr=False)
    """Those that it runs along, (k,)."""
    grains: Integers = field(repr=False)
    """Those that it leads through, from 0, (l,)."""
    along: float
    """Share of the current that passes where it runs along boundaries."""


def narrowest(network: Network, capacity: Floats, plateau: float, axis: int) -> Cut:
    """The smallest line across a current along an axis (-1 or -2) of a section.

    ``capacity`` (m,) is what each boundary carries as a whole, ``plateau`` what a grain carries in
    A/m^2.
    """
    return _Crossings(network, axis).smallest(capacity, plateau)


class _Crossings:
    """All steps between corners of points; the current flows along the columns."""

    def __init__(self, network: Network, axis: int) -> None:
        turned = axis == -2
        self.labels = network.labels.T if turned else network.labels
        self.step = network.step[::-1] if turned else network.step
        self.boundary = self._boundaries(network)
        self.faces = np.maximum(np.bincount(np.concatenate([b[b >= 0] for b in self.boundary]),
                                            minlength=len(network.pairs)), 1)  # fmt: skip

    def _boundaries(self, network: Network) -> tuple[Integers, Integers]:
        """The boundary on every inner face, across columns (h, w - 1) and across rows (h - 1, w);
        -1 within a grain, -2 at a pore."""
        n = network.grains
        keys = network.pairs @ np.array([n, 1])
        found = []
        for first, second in (
            (self.labels[:, :-1], self.labels[:, 1:]),
            (self.labels[:-1], self.labels[1:]),
        ):
            low, high = np.minimum(first, second) - 1, np.maximum(first, second) - 1
            number = np.searchsorted(keys, low.astype(np.int64) * n + high)
            number = np.where(low == high, -1, number)
            found.append(np.where(low < 0, -2, number))
        return found[0], found[1]

    def smallest(self, capacity: Floats, plateau: float) -> Cut:
        high, wide = self.labels.shape
        index = np.arange((high + 1) * (wide + 1)).reshape(high + 1, wide + 1)
        steps = [
            *self._along(index, capacity / self.faces, plateau),
            *self._through(index, plateau),
        ]
        start, end, cost = (np.concatenate(part) for part in zip(*steps, strict=True))
        least = NOTHING * plateau * min(self.step)
        ways = coo_array((np.maximum(cost, least), (start, end)), shape=(index.size,) * 2)
        distance, before, _ = dijkstra(
            ways.tocsr(), False, index[0], return_predecessors=True, min_only=True
        )
        last = int(index[-1][distance[index[-1]].argmin()])
        value = float(distance[last])
        if value <= 2 * least * index.size:
            return Cut(0.0, *self._met(before, last)[:2], 0.0)
        boundaries, grains, faces = self._met(before, last)
        along = float((capacity / self.faces)[faces].sum()) / value
        return Cut(value, boundaries, grains, along)

    def _along(
        self, index: Integers, face: Floats, plateau: float
    ) -> Iterator[tuple[Integers, Integers, Floats]]:
        """Steps along faces: between rows (down) and between columns (across)."""
        costs = np.append(face, [0.0, 0.0])  # -2 is a pore, -1 is set apart
        for axis, number in enumerate(self.boundary):
            length = self.step[axis] * plateau
            inner = np.where(number == -1, length, costs[np.where(number < 0, -1, number)])
            rim = [np.take(self.labels > 0, [i], axis=1 - axis) * length for i in (0, -1)]
            cost = np.concatenate([rim[0], inner, rim[1]], axis=1 - axis)
            ends = (index[:-1], index[1:]) if axis == 0 else (index[:, :-1], index[:, 1:])
            yield ends[0].ravel(), ends[1].ravel(), cost.ravel()

    def _through(
        self, index: Integers, plateau: float
    ) -> Iterator[tuple[Integers, Integers, Floats]]:
        """Straight steps through points."""
        grain = self.labels > 0
        high, wide = grain.shape
        for rows, columns in product(range(1, REACH + 1), repeat=2):
            if gcd(rows, columns) != 1 or rows > high or columns > wide:
                continue
            length = hypot(rows * self.step[0], columns * self.step[1]) * plateau
            down = index[: high + 1 - rows, : wide + 1 - columns], index[rows:, columns:]
            up = index[rows:, : wide + 1 - columns], index[: high + 1 - rows, columns:]
            share = _share(grain, rows, columns)
            yield down[0].ravel(), down[1].ravel(), (length * share).ravel()
            share = _share(grain[::-1], rows, columns)[::-1]
            yield up[0].ravel(), up[1].ravel(), (length * share).ravel()

    def _met(self, before: Integers, last: int) -> tuple[Integers, Integers, list[int]]:
        """The boundaries and grains that the line meets, and the boundary of each of its faces."""
        wide = self.labels.shape[1] + 1
        nodes = [last]
        while before[nodes[-1]] >= 0:
            nodes.append(int(before[nodes[-1]]))
        faces: list[int] = []
        grains: set[int] = set()
        for (r, c), (s, d) in zip(*[[divmod(n, wide) for n in part] for part in
                                    (nodes[1:], nodes[:-1])], strict=True):  # fmt: skip
            top, left = min(r, s), min(c, d)
            if c == d and 0 < c < wide - 1:
                number = int(self.boundary[0][top, c - 1])
            elif r == s and 0 < r < self.labels.shape[0]:
                number = int(self.boundary[1][r - 1, left])
            else:
                number = -1
            if number >= 0:
                faces.append(number)
            elif number == -1:
                row, column = (
                    min(x, n - 1) for x, n in zip((top, left), self.labels.shape, strict=True)
                )
                grains.add(int(self.labels[row, column]) - 1)
        return np.unique(np.array(faces, int)), np.array(sorted(grains - {-1}), int), faces


def _share(grain: Flags, rows: int, columns: int) -> Floats:
    """How much of each straight step down and across lies in grains."""
    high, wide = grain.shape[0] + 1 - rows, grain.shape[1] + 1 - columns
    share = np.zeros((high, wide))
    for i, j, part in _crossed(rows, columns):
        share += part * grain[i : high + i, j : wide + j]
    return share


def _crossed(rows: int, columns: int) -> list[tuple[int, int, float]]:
    """The points (row, column) that a straight step leads through, and its share in each."""
    ends = sorted({i / rows for i in range(rows + 1)} | {j / columns for j in range(columns + 1)})
    return [(int((a + b) / 2 * rows), int((a + b) / 2 * columns), b - a) for a, b in pairwise(ends)]
