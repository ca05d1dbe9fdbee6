"""The current that a section carries, by finite volumes: the reference of ``benchmarks.network``.

Every point of the map is a volume. A flux through faces keeps the current; in a grain its length is
at most the plateau, through a boundary each face carries its share of what the boundary does. The
largest is found by the primal-dual method of A. Chambolle and T. Pock (J. Math. Imaging Vis. 40,
120, 2011); what is returned is an upper bound, the mean of the map's and its mirror image's, which
one-sided differences treat otherwise.
"""

import numpy as np

from models.arrays import Flags, Floats, Integers
from models.network.boundaries import Network

STEP = 0.35
"""Of both iterations; the method converges below 1 / sqrt(8)."""


def carried(network: Network, capacity: Floats, axis: int, iterations: int = 8000) -> float:
    """Current density over the plateau, along an axis of a section of square points.

    ``capacity`` (m,) is what each boundary carries over plateau and step.
    """
    labels = network.labels if axis == -1 else network.labels.T
    both = [_Plane(part, network, capacity) for part in (labels, labels[::-1])]
    high: int = labels.shape[0]
    return float(np.mean([plane.bound(iterations) for plane in both])) / high


class _Plane:
    """Faces across columns, with the two electrodes (h, w + 1), and across rows (h - 1, w)."""

    def __init__(self, labels: Integers, network: Network, capacity: Floats) -> None:
        pairs = {(int(a) + 1, int(b) + 1): i for i, (a, b) in enumerate(network.pairs)}
        sides = (labels[:, :-1], labels[:, 1:]), (labels[:-1], labels[1:])
        across, down = (_boundary(a, b, pairs) for a, b in sides)
        count = sum(np.bincount(n[n >= 0], minlength=len(pairs)) for n in (across, down))
        limit = [_limits(n, *s, capacity / np.maximum(count, 1))
                 for n, s in zip((across, down), sides, strict=True)]  # fmt: skip
        ends = [(labels[:, [i]] > 0).astype(float) for i in (0, -1)]
        self.across, self.down = np.hstack([ends[0], limit[0], ends[1]]), limit[1]
        inside = (across < 0) & (limit[0] > 0), (down < 0) & (limit[1] > 0)
        self.both: Flags = inside[0][:-1] & inside[1][:, :-1]
        """Points whose two faces lie in one grain: there the length of the flux is limited."""

    def bound(self, iterations: int) -> float:
        high, wide = self.across.shape[0], self.down.shape[1]
        u = np.tile(np.linspace(1, 0, wide), (high, 1))
        ahead, best = u, float("inf")
        p, q = np.zeros_like(self.across), np.zeros_like(self.down)
        for i in range(1, iterations + 1):
            x, y = _differences(ahead)
            p, q = self._limited(p + STEP * x, q + STEP * y)
            flow = np.diff(p, axis=1)
            flow[:-1] += q
            flow[1:] -= q
            new = np.clip(u + STEP * flow, 0, 1)
            u, ahead = new, 2 * new - u
            if i % 500 == 0:
                best = min(best, self._cut(u))
        return float(best)

    def _limited(self, p: Floats, q: Floats) -> tuple[Floats, Floats]:
        length = np.hypot(p[:-1, 1:-1], q[:, :-1])
        scale = np.where(self.both, np.maximum(length, 1), 1)
        p[:-1, 1:-1] /= scale
        q[:, :-1] /= scale
        return np.clip(p, -self.across, self.across), np.clip(q, -self.down, self.down)

    def _cut(self, u: Floats) -> float:
        x, y = _differences(u)
        inside = np.hypot(x[:-1, 1:-1], y[:, :-1])[self.both].sum()
        x[:-1, 1:-1][self.both] = y[:, :-1][self.both] = 0
        return float(inside + (self.across * np.abs(x)).sum() + (self.down * np.abs(y)).sum())


def _boundary(a: Integers, b: Integers, pairs: dict[tuple[int, int], int]) -> Integers:
    number = np.full(a.shape, -1)
    for at in np.argwhere((a != b) & (a > 0) & (b > 0)):
        one, other = sorted((int(a[tuple(at)]), int(b[tuple(at)])))
        number[tuple(at)] = pairs[one, other]
    return number


def _limits(number: Integers, a: Integers, b: Integers, face: Floats) -> Floats:
    grain = np.where((a > 0) & (b > 0), 1.0, 0.0)
    return np.where(number >= 0, np.append(face, 0)[number], grain)


def _differences(u: Floats) -> tuple[Floats, Floats]:
    wide = np.pad(u, ((0, 0), (1, 1)))
    wide[:, 0] = 1
    return np.diff(wide, axis=1), np.diff(u, axis=0)
