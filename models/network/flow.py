"""Maximum flow and minimum cut of a network, by Dinic's algorithm in SciPy.

SciPy's is for integers of 31 bits. Capacities are scaled and rounded down, so what it finds really
flows: a lower bound. The cut that it finds, summed up unrounded, is an upper bound. The scale is
chosen anew from the last bound until both agree. Before that, nodes that surely lie on one side
of the cut become one.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from models.arrays import Flags, Floats, Integers
from models.network.contraction import contract

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
    cut: Integers = field(repr=False)
    """Numbers of the edges that are cut, (k,)."""
    cut_nodes: Integers = field(repr=False)
    """Numbers of the nodes that are cut through, (l,)."""
    source_side: Flags = field(repr=False)
    """Which nodes are on the side of the sources when the cut is made, (n,), bool; those
    that hang on to neither end may be too."""


def max_flow(
    pairs: Integers,
    capacity: Floats,
    sources: Integers,
    sinks: Integers,
    nodes: int,
    through: Floats | None = None,
    close: float = CLOSE,
) -> Flow:
    """From all ``sources`` together to all ``sinks`` (numbers of nodes) over edges (m, 2), which
    carry their ``capacity`` (m,) in either direction.

    ``through`` (n,) is what each node can carry; without it, anything. ``close`` is how far the
    bounds of the flow may differ, relative. ValueError where a node is source and sink and carries
    anything, or a capacity is below 0 or no number.
    """
    told = capacity if through is None else np.concatenate([capacity, through])
    if not (np.isfinite(told) & (told >= 0)).all():
        raise ValueError("capacities must be numbers of 0 or more")
    if through is None and np.intersect1d(sources, sinks).size:
        raise ValueError("a node is source and sink at once: the flow has no limit")
    limited = _limited(pairs, capacity, sources, sinks, nodes, through)
    room = np.zeros(nodes) if through is None else through
    arcs = _Arcs(pairs, capacity, sources, sinks, limited, room)
    best, lower = min(arcs.first_bounds(), key=lambda flow: flow.value), 0.0
    for _ in range(ROUNDS):
        if best.value - lower <= close * best.value:
            break
        side, flowing = arcs.flow(best.value)
        lower = max(lower, flowing)
        best = min(arcs.cut(side), best, key=lambda flow: flow.value)
    return replace(best, rounding_error=max(best.value - lower, 0.0))


def _limited(
    pairs: Integers,
    capacity: Floats,
    sources: Integers,
    sinks: Integers,
    nodes: int,
    through: Floats | None,
) -> Flags:
    """The nodes (n,) whose own limit counts. Inside, what comes in goes out over other edges: half
    of what they all carry is the most; of a source or sink, all."""
    if through is None:
        return np.zeros(nodes, dtype=bool)
    most = np.bincount(pairs.ravel(), np.repeat(capacity, 2), nodes) / 2
    most[np.concatenate([sources, sinks])] *= 2
    most[np.intersect1d(sources, sinks)] = np.inf
    return np.asarray(through < most)


class _Arcs:
    """A network as SciPy wants it: vertices with arcs, those that surely go together one vertex.

    A node has an entrance and an exit: one and the same vertex, unless it is ``limited`` to what
    goes ``through`` it. All sources are one vertex and all sinks, limited ones behind an arc.
    """

    def __init__(
        self,
        pairs: Integers,
        capacity: Floats,
        sources: Integers,
        sinks: Integers,
        limited: Flags,
        through: Floats,
    ) -> None:
        self._pairs, self._capacity, self._through = pairs, capacity, through
        n = len(limited)
        joined = np.arange(n)
        joined[sources[~limited[sources]]] = n
        joined[sinks[~limited[sinks]]] = n + 1
        a, b = joined[pairs].T
        edges = coo_array((np.tile(capacity, 2), (np.r_[a, b], np.r_[b, a])), shape=(n + 2, n + 2))
        small = contract(edges, (n, n + 1), np.append(limited, [False, False]))
        self._source, self._sink = small.label[n:]
        nodes, own = small.edges.shape[0], small.label[:n][limited]
        self.size = nodes + len(own)
        entrance, exit_ = np.arange(nodes), np.arange(nodes)
        exit_[own] = np.arange(nodes, self.size)
        entrance[small.label[sources[limited[sources]]]] = self._source
        exit_[small.label[sinks[limited[sinks]]]] = self._sink
        self._entrance, self._exit = entrance[small.label[joined]], exit_[small.label[joined]]
        self._room = self._with_ways_back(
            np.r_[exit_[small.edges.coords[0]], entrance[own]],
            np.r_[entrance[small.edges.coords[1]], exit_[own]],
            np.r_[small.edges.data, through[limited]],
        )

    def _with_ways_back(self, start: Integers, end: Integers, room: Floats) -> csr_array:
        """Arcs as a matrix (size, size), parallel ones together, each with its way back, perhaps of
        no capacity. Nothing enters the source or leaves the sink."""
        room[(end == self._source) | (start == self._sink) | (start == end)] = 0
        ways = np.r_[room, np.zeros(len(room))], (np.r_[start, end], np.r_[end, start])
        return csr_array(ways, shape=(self.size, self.size))

    def flow(self, bound: float) -> tuple[Flags, float]:
        """The source side of a minimum cut (size,), and the flow with capacities rounded down.

        The flow is at most ``bound``: arcs that carry more are clipped, so that the scale is fine.
        """
        room = self._room
        scale = LARGEST / min(float(room.data.max()), bound)
        whole = np.floor(np.minimum(room.data * scale, LARGEST)).astype(np.int32)
        graph = csr_array((whole, room.indices, room.indptr), shape=room.shape)
        found = maximum_flow(graph, self._source, self._sink, method="dinic")
        assert found.flow.nnz == room.nnz, "every arc has its way back already"
        left = csr_array(
            (whole - found.flow.data, room.indices, room.indptr), room.shape, copy=True
        )
        left.eliminate_zeros()
        side = np.zeros(self.size, dtype=bool)
        side[breadth_first_order(left, self._source, return_predecessors=False)] = True
        return side, int(found.flow_value) / scale

    def cut(self, side: Flags) -> Flow:
        """What must be cut so that the vertices of ``side`` (size,) are apart from the others."""
        into, out_of = side[self._entrance], side[self._exit]
        a, b = self._pairs.T
        across = np.flatnonzero((out_of[a] & ~into[b]) | (out_of[b] & ~into[a]))
        across = across[self._capacity[across] > 0]
        nodes = np.flatnonzero(into & ~out_of)
        value = float(self._capacity[across].sum() + self._through[nodes].sum())
        return Flow(value, 0.0, across, nodes, into)

    def first_bounds(self) -> tuple[Flow, Flow]:
        """The cuts right at the sources and right at the sinks."""
        first = np.zeros(self.size, dtype=bool)
        first[self._source] = True
        last = np.ones(self.size, dtype=bool)
        last[self._sink] = False
        return self.cut(first), self.cut(last)
