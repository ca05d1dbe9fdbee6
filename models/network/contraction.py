"""A smaller network with the same minimum cut.

A node whose heaviest edge carries at least as much as all its others together lies, in some minimum
cut, on the side of the neighbour there: both become one. Of a grain network a third or more of the
nodes go this way, because what its boundaries carry differs by decades. The test is the first of
M. Padberg and G. Rinaldi, Mathematical Programming 47 (1990) 19.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, reverse_cuthill_mckee

from models.arrays import Flags, Integers

WORTH_IT = 0.05
"""Share of the nodes that one more round must take away."""


@dataclass(frozen=True, eq=False)
class Contracted:
    """Nodes that became one, and what is left between them."""

    label: Integers = field(repr=False)
    """The new node of each old one, (n,)."""
    edges: coo_array = field(repr=False)
    """What each new node carries to each other, symmetric. Neighbours have numbers nearby, and so
    lie close in memory."""


def contract(edges: coo_array, ends: Sequence[int], apart: Flags) -> Contracted:
    """Contract what is sure in a network of undirected ``edges``, a symmetric matrix (n, n) of what
    they carry.

    ``ends`` are nodes that follow nobody: those that the cut parts. Nodes that are ``apart`` (n,)
    stay alone: the test does not know their own limits.
    """
    label: Integers = np.arange(len(apart))
    alone = apart
    follows = ~apart
    follows[list(ends)] = False
    while True:
        leader = _leaders(edges, follows, alone)
        led = leader != np.arange(len(leader))
        if led.sum() <= WORTH_IT * len(led):
            break
        steps = csr_array((led, (np.arange(len(led)), leader)), shape=edges.shape)
        nodes, step = connected_components(steps, directed=False)
        label, edges = step[label], _renumbered(edges, step, nodes)
        follows, alone = ~_marked(step, ~follows, nodes), _marked(step, alone, nodes)
    order = np.argsort(reverse_cuthill_mckee(edges.tocsr(), symmetric_mode=True))
    return Contracted(order[label], _renumbered(edges, order, len(order)))


def _leaders(edges: coo_array, follows: Flags, alone: Flags) -> Integers:
    """The neighbour that each node follows, (n,); itself where there is none.

    One at most: two equally heavy edges must not join what lies beyond them.
    """
    start, end = edges.coords
    whole = np.bincount(start, edges.data, len(follows))
    sure = follows[start] & ~alone[end] & (2 * edges.data >= whole[start])
    leader = np.arange(len(follows))
    leader[start[sure]] = end[sure]
    return leader


def _renumbered(edges: coo_array, step: Integers, nodes: int) -> coo_array:
    """The edges between other nodes, parallel ones together."""
    start, end = step[edges.coords[0]], step[edges.coords[1]]
    between = start != end
    rest = (edges.data[between], (start[between], end[between]))
    return csr_array(rest, shape=(nodes, nodes)).tocoo()


def _marked(step: Integers, old: Flags, nodes: int) -> Flags:
    """The new nodes (nodes,) that hold a marked old one."""
    marked = np.zeros(nodes, dtype=bool)
    marked[step[old]] = True
    return marked
