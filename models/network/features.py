"""Numbers that describe a grain network: how well it hangs together, and by what."""

import networkx as nx
import numpy as np
from scipy.sparse import coo_array, csgraph, diags_array
from scipy.sparse.linalg import spsolve

from models.arrays import Flags, Floats, Integers
from models.network.boundaries import Network, to_graph

EXACT = 500
"""Betweenness is exact up to so many grains, and by as many samples as PIVOTS beyond."""
PIVOTS = 100


def features(
    network: Network, critical_angle: float, first: Integers, second: Integers
) -> dict[str, float | None]:
    """The features, by name. ``first`` and ``second`` are the grains at both electrodes.

    ``low_angle_share``: share of the boundary area not above the critical angle.
    ``giant_component``: share of all grain area in the largest set joined by such boundaries.
    ``percolates``: 1 where they join both electrodes. ``percolation_angle_deg``: the smallest
    critical angle at which they would (None: never). ``effective_resistance``: between the
    electrodes, in units of that of the mean boundary, each conducting in proportion to its area
    (None: not joined). Betweenness and clustering are those of networkx.
    """
    graph, low = to_graph(network), low_angle(network, critical_angle)
    degree = np.bincount(network.pairs.ravel(), minlength=network.grains)
    share = float(network.area[low].sum() / network.area.sum()) if len(network.area) else 0.0
    level = percolation_level(network.pairs, network.angle, first, second, network.grains)
    resistance = effective_resistance(network, first, second)
    between = np.array(list(betweenness(graph).values()))
    return {
        "grains": float(network.grains),
        "boundaries": float(len(network.pairs)),
        "mean_degree": float(degree.mean()),
        "max_degree": float(degree.max()),
        "clustering": float(nx.average_clustering(graph)),
        "betweenness_mean": float(between.mean()),
        "betweenness_max": float(between.max()),
        "low_angle_share": share,
        "low_angle_count_share": float(low.mean()) if len(low) else 0.0,
        "giant_component": giant_component(network, critical_angle),
        "percolates": float(level <= critical_angle),
        "percolation_angle_deg": level if np.isfinite(level) else None,
        "effective_resistance": resistance if np.isfinite(resistance) else None,
        "boundary_density_per_m": network.density,
        "triple_junctions_per_grain": network.junctions / max(network.grains, 1),
        "twin_share": _share(network, network.sigma == 3),
        "coincidence_share": _share(network, network.sigma > 0),
    }


def _share(network: Network, chosen: Flags) -> float:
    return float(network.area[chosen].sum() / network.area.sum()) if len(network.area) else 0.0


def low_angle(network: Network, limit: float) -> Flags:
    """Which boundaries are not above an angle in degrees, (m,)."""
    return np.nan_to_num(network.angle, nan=np.inf) <= limit


def betweenness(graph: nx.Graph) -> dict[int, float]:
    """Share of the shortest paths that lead through each grain."""
    few = len(graph) <= EXACT
    found: dict[int, float] = nx.betweenness_centrality(graph, None if few else PIVOTS, seed=0)
    return found


def components(pairs: Integers, nodes: int) -> Integers:
    """The number of the component of every node, (n,)."""
    links = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(nodes,) * 2)
    return np.asarray(csgraph.connected_components(links, directed=False)[1])


def giant_component(network: Network, limit: float) -> float:
    """Share of the grain area in the largest set of grains joined up to an angle in degrees."""
    part = components(network.pairs[low_angle(network, limit)], network.grains)
    return min(float(np.bincount(part, network.size).max() / network.size.sum()), 1.0)


def percolation_level(
    pairs: Integers, level: Floats, first: Integers, second: Integers, nodes: int
) -> float:
    """The smallest level at which edges of that level or less join ``first`` to ``second``.

    Infinite where they never do; edges whose level is nan do not count.
    """
    steps = np.unique(level[~np.isnan(level)])
    low, high = -1, len(steps)
    while high - low > 1:
        middle = (low + high) // 2
        part = components(pairs[level <= steps[middle]], nodes)
        if np.intersect1d(part[first], part[second]).size:
            high = middle
        else:
            low = middle
    if np.intersect1d(first, second).size:
        return 0.0
    return float(steps[high]) if high < len(steps) else float("inf")


def effective_resistance(network: Network, first: Integers, second: Integers) -> float:
    """Between two sets of grains, in units of that of the mean boundary; infinite where they are
    not joined, 0 where they touch."""
    if np.intersect1d(first, second).size:
        return 0.0
    if not len(network.pairs):
        return float("inf")
    part = components(network.pairs, network.grains)
    joined = np.intersect1d(part[first], part[second])
    if not joined.size:
        return float("inf")
    conductance = network.area / network.area.mean()
    a, b = network.pairs.T
    links = coo_array((conductance, (a, b)), shape=(network.grains,) * 2).tocsr()
    links = links + links.T
    laplacian = (diags_array(np.asarray(links.sum(axis=1)).ravel()) - links).tocsr()
    free = np.isin(part, joined)
    free[first] = free[second] = False
    potential = np.zeros(network.grains)
    potential[first] = 1
    if free.any():
        inside = laplacian[free][:, free]
        potential[free] = spsolve(inside.tocsc(), -(laplacian @ potential)[free])
    current = float((laplacian @ potential)[np.unique(first)].sum())
    return 1 / current
