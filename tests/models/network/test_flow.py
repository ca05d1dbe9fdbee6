"""Maximum flow against closed answers, a linear programme, and its own cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array

from models.arrays import Floats, Integers
from models.network.contraction import contract
from models.network.flow import max_flow


def by_linear_programme(
    pairs: Integers,
    capacity: Floats,
    sources: Integers,
    sinks: Integers,
    nodes: int,
    through: Floats | None = None,
) -> float:
    """The largest flow from a super source: net flow of each edge, zero sum in each node."""
    m = len(pairs)
    balance = np.zeros((nodes, 2 * m))
    for e, (a, b) in enumerate(pairs):
        balance[a, e], balance[b, e] = -1, 1
        balance[a, m + e], balance[b, m + e] = 1, -1
    inner = np.setdiff1d(np.arange(nodes), np.concatenate([sources, sinks]))
    limits, room = np.empty((0, 2 * m)), np.empty(0)
    if through is not None:  # what comes in, of sources what goes out
        into = np.where(np.isin(np.arange(nodes), sources)[:, None], balance < 0, balance > 0)
        limits, room = into.astype(float), through
    gain = balance[sinks].sum(axis=0)
    if through is not None:  # nothing may enter sources or leave sinks
        idle = (balance[sources] > 0).any(axis=0) | (balance[sinks] < 0).any(axis=0)
    else:
        idle = np.zeros(2 * m, dtype=bool)
    bounds = [(0, 0 if i else c) for c, i in zip(np.tile(capacity, 2), idle, strict=True)]
    found = linprog(
        -gain, A_ub=limits if len(limits) else None, b_ub=room if len(limits) else None,
        A_eq=balance[inner] if len(inner) else None, b_eq=np.zeros(len(inner)) if len(inner) else None,
        bounds=bounds,
    )  # fmt: skip
    assert found.fun is not None
    return -found.fun


def some_network(seed: int) -> tuple[Integers, Floats, Integers, Integers, int]:
    random = np.random.default_rng(seed)
    nodes = int(random.integers(4, 25))
    pairs = np.unique(np.sort(random.integers(nodes, size=(4 * nodes, 2)), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    capacity = np.exp(random.normal(scale=3, size=len(pairs)))  # some five decades
    order = random.permutation(nodes)
    return pairs, capacity, order[:2], order[2:4], nodes


@given(st.integers(0, 10**6), st.booleans())
def test_it_is_what_a_linear_programme_finds_and_what_its_cut_carries(
    seed: int, limited: bool
) -> None:
    pairs, capacity, sources, sinks, nodes = some_network(seed)
    through = np.exp(np.random.default_rng(seed).normal(scale=2, size=nodes)) if limited else None
    found = max_flow(pairs, capacity, sources, sinks, nodes, through)
    expected = by_linear_programme(pairs, capacity, sources, sinks, nodes, through)
    assert found.value == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert found.rounding_error <= 1e-6 * found.value
    cut = capacity[found.cut].sum() + (0 if through is None else through[found.cut_nodes].sum())
    assert cut == pytest.approx(found.value, rel=1e-12)
    rest = np.delete(pairs, found.cut, axis=0)
    rest = rest[~np.isin(rest, found.cut_nodes).any(axis=1)]
    first, second = (np.setdiff1d(end, found.cut_nodes) for end in (sources, sinks))
    left = max_flow(rest, np.ones(len(rest)), first, second, nodes)
    assert left.value == 0 or not min(len(first), len(second))


@given(st.integers(0, 10**6))
def test_limits_that_never_bind_change_nothing(seed: int) -> None:
    pairs, capacity, sources, sinks, nodes = some_network(seed)
    free = max_flow(pairs, capacity, sources, sinks, nodes)
    never = max_flow(pairs, capacity, sources, sinks, nodes, np.full(nodes, capacity.sum()))
    assert never.value == free.value
    assert never.source_side.tolist() == free.source_side.tolist()


def test_a_node_follows_its_heaviest_edge_but_ends_never_become_one() -> None:
    """0 to 4 in a row: 1 hangs on 0 or 2 alike, 3 must follow 4."""
    capacity = np.array([2.0, 2.0, 1.0, 5.0])
    start, end = np.arange(4), np.arange(1, 5)
    both = (np.tile(capacity, 2), (np.r_[start, end], np.r_[end, start]))
    edges = coo_array(both, shape=(5, 5))
    label = contract(edges, (0, 4), np.zeros(5, dtype=bool)).label
    assert label[3] == label[4] != label[0]
    alone = contract(edges, (0, 4), np.arange(5) > 0).label
    assert len(set(alone.tolist())) == 5


def grid(high: int, wide: int) -> tuple[Integers, Integers, Integers]:
    """Edges of a square lattice, and its first and last column."""
    index = np.arange(high * wide).reshape(high, wide)
    across = np.stack([index[:, :-1].ravel(), index[:, 1:].ravel()], axis=1)
    down = np.stack([index[:-1].ravel(), index[1:].ravel()], axis=1)
    return np.vstack([across, down]), index[:, 0], index[:, -1]


def test_a_chain_carries_its_weakest_link() -> None:
    pairs = np.array([[0, 1], [1, 2], [2, 3]])
    found = max_flow(pairs, np.array([3.0, 0.7, 2.0]), np.array([0]), np.array([3]), 4)
    assert (found.value, found.cut.tolist()) == (0.7, [1])
    assert found.source_side.tolist() == [True, True, False, False]


def test_a_grid_carries_as_much_as_it_is_high() -> None:
    pairs, first, last = grid(9, 14)
    assert max_flow(pairs, np.full(len(pairs), 2.5), first, last, 9 * 14).value == 9 * 2.5


def test_a_bottleneck_far_below_all_else_is_exact() -> None:
    """Two grids joined by one edge of a millionth of a millionth: the scale must follow."""
    pairs, first, last = grid(5, 5)
    both = np.vstack([pairs, pairs + 25, [[12, 37]]])
    capacity = np.r_[np.full(2 * len(pairs), 1e3), 1.23456789e-9]
    found = max_flow(both, capacity, first, last + 25, 50)
    assert found.value == pytest.approx(1.23456789e-9, rel=1e-12)
    assert found.rounding_error < 1e-6 * found.value
    assert found.cut.tolist() == [len(both) - 1]


def test_a_node_may_be_the_bottleneck() -> None:
    pairs = np.array([[0, 2], [1, 2], [2, 3], [2, 4]])
    through = np.array([9.0, 9.0, 1.5, 9.0, 9.0])
    found = max_flow(pairs, np.full(4, 2.0), np.array([0, 1]), np.array([3, 4]), 5, through)
    assert (found.value, found.cut_nodes.tolist(), found.cut.tolist()) == (1.5, [2], [])
    spanning = max_flow(
        np.empty((0, 2), int), np.empty(0), np.array([0]), np.array([0]), 1, np.array([4.0])
    )
    assert spanning.value == 4.0


def test_what_is_not_joined_carries_nothing_and_nonsense_is_refused() -> None:
    pairs, one = np.array([[0, 1]]), np.ones(1)
    assert max_flow(pairs, one, np.array([0]), np.array([2]), 3).value == 0
    with pytest.raises(ValueError, match="source and sink at once"):
        max_flow(pairs, one, np.array([0]), np.array([0]), 2)
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="numbers of 0 or more"):
            max_flow(pairs, np.array([wrong]), np.array([0]), np.array([1]), 2)
