"""Maximum flow and minimum cut of a network, by Dinic's algorithm in SciPy.

SciPy's is for integers of 31 bits. Capacities are scaled and rounded down, so what it finds really
flows: a lower bound. The cut that it finds, summed up unrounded, is an upper bound. The scale is
chosen anew from the last bound until both agree.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array
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
    topology = FlowTopology(pairs, sources, sinks, nodes, limited=through is not None)
    return topology.max_flow(capacity, through)


class FlowTopology:
    """Edges, sources and sinks, made ready for many flows with different capacities.

    Nodes have an entrance and an exit: one and the same, unless their own capacity counts
    (``limited``). The last two vertices are all sources and all sinks, each joined to one.
    """

    def __init__(
        self, pairs: np.ndarray, sources: np.ndarray, sinks: np.ndarray, nodes: int, limited: bool
    ) -> None:
        if not limited and np.intersect1d(sources, sinks).size:
            raise ValueError("a node is source and sink at once: the flow has no limit")
        self.pairs, self.limited = pairs, limited
        self.size = nodes * (2 if limited else 1) + 2
        self.entrance = np.arange(nodes)
        self.exit = self.entrance + nodes if limited else self.entrance
        self.entrance[sources], self.exit[sinks] = self.size - 2, self.size - 1
        if not limited:
            self.entrance[sinks] = self.size - 1
        self._merge()

    def _merge(self) -> None:
        """All arcs of the graph, parallel ones once, each with its way back (perhaps of no
        capacity), sorted as a compressed sparse row matrix wants them."""
        a, b = self.pairs.T
        start, end = [self.exit[a], self.exit[b]], [self.entrance[b], self.entrance[a]]
        if self.limited:
            start.append(self.entrance)
            end.append(self.exit)
        first, second = np.concatenate(start), np.concatenate(end)
        ahead = first * self.size + second
        back = [second * self.size + first] if self.limited else []  # else it is there already
        keys = np.unique(np.concatenate([ahead, *back]))
        self._which = np.searchsorted(keys, ahead)
        rows, self._columns = keys // self.size, (keys % self.size).astype(np.int32)
        counts = np.bincount(rows, minlength=self.size)
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        self._idle = (rows == self._columns) | (rows == self.size - 1)
        self._idle |= self._columns == self.size - 2

    def max_flow(
        self, capacity: np.ndarray, through: np.ndarray | None = None, close: float = CLOSE
    ) -> Flow:
        """The flow with these capacities; ``close`` is how far both bounds may differ."""
        told = capacity if through is None else np.concatenate([capacity, through])
        if not (np.isfinite(told) & (told >= 0)).all():
            raise ValueError("capacities must be numbers of 0 or more")
        parts = [capacity, capacity] if through is None else [capacity, capacity, through]
        room = np.bincount(self._which, np.concatenate(parts), minlength=len(self._columns))
        room[self._idle] = 0
        best, lower = self._around(capacity, through), 0.0
        for _ in range(ROUNDS):
            if best.value - lower <= close * best.value:
                break
            scale = LARGEST / min(float(room.max()), best.value)
            side, flowing = self._dinic(np.minimum(room * scale, LARGEST))
            lower = max(lower, flowing / scale)
            found = self._cut(side, capacity, through)
            best = min(found, best, key=lambda flow: flow.value)
        error = max(best.value - lower, 0.0)
        return Flow(best.value, error, best.cut, best.cut_nodes, best.source_side)

    def _cut(self, side: np.ndarray, capacity: np.ndarray, through: np.ndarray | None) -> Flow:
        """What must be cut so that the vertices of ``side`` (size,) are apart from the others."""
        into, out_of = side[self.entrance], side[self.exit]
        a, b = self.pairs.T
        across = np.flatnonzero((out_of[a] & ~into[b]) | (out_of[b] & ~into[a]))
        across = across[capacity[across] > 0]
        value = float(capacity[across].sum())
        nodes = np.empty(0, dtype=int)
        if through is not None:
            nodes = np.flatnonzero(into & ~out_of)
            value += float(through[nodes].sum())
        return Flow(value, 0.0, across, nodes, into)

    def _around(self, capacity: np.ndarray, through: np.ndarray | None) -> Flow:
        """The smaller of the cuts right at the sources and right at the sinks: a first bound."""
        first = np.zeros(self.size, dtype=bool)
        first[-2] = True
        last = np.ones(self.size, dtype=bool)
        last[-1] = False
        cuts = [self._cut(side, capacity, through) for side in (first, last)]
        return min(cuts, key=lambda flow: flow.value)

    def _dinic(self, room: np.ndarray) -> tuple[np.ndarray, int]:
        """The source side of a minimum cut (size,), and the flow of capacities rounded down."""
        whole = np.floor(room).astype(np.int32)
        shape = (self.size, self.size)
        graph = csr_array((whole, self._columns, self._starts), shape=shape)
        found = maximum_flow(graph, self.size - 2, self.size - 1, method="dinic")
        assert len(found.flow.data) == len(whole), "every arc has its way back already"
        open_ = whole > found.flow.data
        counts = np.concatenate([[0], np.cumsum(open_)])[self._starts]
        left = csr_array((whole[open_], self._columns[open_], counts.astype(np.int32)), shape=shape)
        side = np.zeros(self.size, dtype=bool)
        side[breadth_first_order(left, self.size - 2, return_predecessors=False)] = True
        return side, int(found.flow_value)
