"""Maximum flow and minimum cut of a network, by Dinic's algorithm in SciPy.

SciPy's is for integers of 31 bits. Capacities are scaled and rounded down, so what it finds really
flows: a lower bound. The cut that it finds, summed up unrounded, is an upper bound. The scale is
chosen anew from the last bound until both agree.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

LARGEST = 2**30 - 1
"""Capacity of an edge as an integer: when it is full, twice as much can flow back in 31 bits."""
CLOSE = 1e-6
"""Relative distance of both bounds that is good enough."""
ROUNDS = 4


@dataclass(frozen=True, eq=False)
class Flow:
    """A maximum flow. Units are those of the capacities."""

    value: float
    """Capacity of the cut: the flow is this, or less by ``rounding_error`` at most."""
    rounding_error: float
    cut: np.ndarray = field(repr=False)
    """Numbers of the edges that are cut, (k,)."""
    cut_nodes: np.ndarray = field(repr=False)
    """Numbers of the nodes that are cut through, (l,)."""
    source_side: np.ndarray = field(repr=False)
    """Which nodes hang on to the sources when the cut is made, (n,), bool."""


@dataclass(frozen=True, eq=False)
class _Problem:
    """Nodes have an entrance and an exit: one and the same, unless their own capacity counts."""

    pairs: np.ndarray
    capacity: np.ndarray
    through: np.ndarray | None
    entrance: np.ndarray
    exit: np.ndarray
    size: int
    """Vertices in all; the last two are all sources and all sinks, each joined to one."""

    def cut(self, side: np.ndarray) -> Flow:
        """What must be cut so that the vertices of ``side`` (size,) are apart from the others."""
        into, out_of = side[self.entrance], side[self.exit]
        a, b = self.pairs.T
        across = np.flatnonzero((out_of[a] & ~into[b]) | (out_of[b] & ~into[a]))
        across = across[self.capacity[across] > 0]
        value = float(self.capacity[across].sum())
        nodes = np.empty(0, dtype=int)
        if self.through is not None:
            nodes = np.flatnonzero(into & ~out_of)
            value += float(self.through[nodes].sum())
        return Flow(value, 0.0, across, nodes, into)


def max_flow(
    pairs: np.ndarray,
    capacity: np.ndarray,
    sources: np.ndarray,
    sinks: np.ndarray,
    nodes: int,
    through: np.ndarray | None = None,
) -> Flow:
    """From all ``sources`` together to all ``sinks`` (numbers of nodes) over edges (m, 2), which
    carry their ``capacity`` (m,) in either direction.

    ``through`` (n,) is what each node can carry; without it, anything. ValueError where a node is
    source and sink and carries anything, or a capacity is below 0 or no number.
    """
    told = capacity if through is None else np.concatenate([capacity, through])
    if not (np.isfinite(told) & (told >= 0)).all():
        raise ValueError("capacities must be numbers of 0 or more")
    if through is None and np.intersect1d(sources, sinks).size:
        raise ValueError("a node is source and sink at once: the flow has no limit")
    problem = _problem(pairs, capacity, sources, sinks, nodes, through)
    ends, room = _merged(problem)
    best, lower = _around(problem), 0.0
    for _ in range(ROUNDS):
        if best.value - lower <= CLOSE * best.value:
            break
        scale = LARGEST / min(float(room.max()), best.value)
        side, flowing = _dinic(ends, np.minimum(room * scale, LARGEST), problem.size)
        lower = max(lower, flowing / scale)
        best = min(problem.cut(side), best, key=lambda flow: flow.value)
    error = max(best.value - lower, 0.0)
    return Flow(best.value, error, best.cut, best.cut_nodes, best.source_side)


def _problem(
    pairs: np.ndarray,
    capacity: np.ndarray,
    sources: np.ndarray,
    sinks: np.ndarray,
    nodes: int,
    through: np.ndarray | None,
) -> _Problem:
    size = nodes * (1 if through is None else 2) + 2
    entrance = np.arange(nodes)
    exit_ = entrance.copy() if through is None else entrance + nodes
    entrance[sources], exit_[sinks] = size - 2, size - 1
    if through is None:
        entrance[sinks], exit_[sources] = size - 1, size - 2
    return _Problem(pairs, capacity, through, entrance, exit_, size)


def _merged(problem: _Problem) -> tuple[np.ndarray, np.ndarray]:
    """Arcs (k, 2) from vertex to vertex and their capacities (k,); parallel ones summed up."""
    a, b = problem.pairs.T
    start, end = [problem.exit[a], problem.exit[b]], [problem.entrance[b], problem.entrance[a]]
    room = [problem.capacity, problem.capacity]
    if problem.through is not None:
        start.append(problem.entrance)
        end.append(problem.exit)
        room.append(problem.through)
    first, second, size = np.concatenate(start), np.concatenate(end), problem.size
    useful = (first != second) & (first != size - 1) & (second != size - 2)
    key, which = np.unique(first[useful] * size + second[useful], return_inverse=True)
    summed = np.bincount(which, np.concatenate(room)[useful], minlength=len(key))
    return np.stack([key // size, key % size], axis=1), summed


def _around(problem: _Problem) -> Flow:
    """The smaller of the cuts right at the sources and right at the sinks: a first bound."""
    first = np.zeros(problem.size, dtype=bool)
    first[-2] = True
    last = np.ones(problem.size, dtype=bool)
    last[-1] = False
    return min(map(problem.cut, (first, last)), key=lambda flow: flow.value)


def _dinic(ends: np.ndarray, capacity: np.ndarray, size: int) -> tuple[np.ndarray, int]:
    """The source side of a minimum cut (size,), and the flow of the capacities rounded down."""
    rounded = np.floor(capacity).astype(np.int32)
    graph = coo_array((rounded, (ends[:, 0], ends[:, 1])), shape=(size, size)).tocsr()
    found = maximum_flow(graph, size - 2, size - 1, method="dinic")
    left = csr_array(graph - found.flow)
    left.eliminate_zeros()
    side = np.zeros(size, dtype=bool)
    side[breadth_first_order(left, size - 2, return_predecessors=False)] = True
    return side, int(found.flow_value)
