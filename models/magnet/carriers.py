"""The bodies of a discretisation alone: nodes, carriers of current, and the air eliminated.

A carrier is a node of second order seen from one body. The row sums of the source are its weight,
so that E and J meet node by node.
"""

from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from models.arrays import Flags, Floats, Integers
from models.magnet.discrete import Discrete, factorised

if TYPE_CHECKING:
    from scipy.sparse.linalg import SuperLU


@dataclass(frozen=True, eq=False)
class Carriers:
    """The nodes of the bodies, b of them, and c carriers of current; no air."""

    discrete: Discrete
    inner: Integers
    """(b,) which unknowns lie in bodies, in an order in which the stiffness has few fill-ins."""
    node: Integers
    """(c,) which of them each carrier is at."""
    body: Integers
    """(c,) which body it belongs to."""
    r: Floats
    z: Floats
    """(c,) in m, z from the middle of the grid."""
    stiffness: sparse.csc_matrix
    """(b, b) with the air eliminated."""
    load: sparse.csr_matrix
    """(b, c) mu0 int r v of each carrier: the row sums of the source."""
    at_gauss: sparse.csr_matrix
    """(k, c) J at the Gauss points of the discretisation, by quadratic interpolation."""
    to_br: sparse.csr_matrix
    to_bz: sparse.csr_matrix
    """(c, b) B at the carriers, the mean over the cells of their body."""
    air: Integers
    """(a,) the other unknowns."""
    outer: "SuperLU[np.float64] | None"
    """The factors of the stiffness of the air, where there is any."""
    coupling: sparse.csc_matrix
    """(a, b) stiffness between air and bodies."""

    def everywhere(self, u: Floats) -> Floats:
        """(n,) all unknowns, from those of the bodies."""
        whole = np.empty(self.discrete.stiffness.shape[0])
        whole[self.inner] = u
        if self.outer is not None:
            whole[self.air] = -self.outer.solve(self.coupling @ u)
        return whole

    @cached_property
    def size(self) -> float:
        """Largest radius in m."""
        return float(self.r.max())

    @cached_property
    def volume(self) -> Floats:
        """(c,) what each carrier stands for, up to a factor."""
        volume: Floats = np.asarray(abs(self.load).sum(axis=0)).ravel() / self.r
        return volume

    @cached_property
    def filled_in(self) -> "FilledIn":
        """Where the terms of Newton's method stand in the stiffness."""
        return filled_in(self)


def carriers_of(discrete: Discrete) -> Carriers:
    """Eliminate the air, and gather the source in the nodes of each body."""
    n = discrete.stiffness.shape[0]
    inner = np.unique(discrete.source.indices)
    air = np.setdiff1d(np.arange(n), inner)
    stiffness, outer, coupling = _without_air(discrete.stiffness.tocsc(), inner, air)
    order = np.argsort(factorised(stiffness).perm_c)
    inner, coupling = inner[order], coupling[:, order]
    stiffness = stiffness[order][:, order].tocsc()
    local = np.full(n, -1)
    local[inner] = np.arange(len(inner))
    body, node = (a.ravel() for a in np.nonzero(_touches(discrete)))
    r_lattice, z_lattice = discrete.grid.lattice
    r, z = r_lattice[discrete.place[0, node]], z_lattice[discrete.place[1, node]]
    current = r > 0
    home = _home(discrete, body, node, current)
    load, at_gauss = _row_sums(discrete, body, node, home), _at_gauss(discrete, body, node, home)
    to_br, to_bz = _at_carriers(discrete, body[current], node[current])
    return Carriers(
        discrete, inner, local[node[current]], body[current], r[current], z[current],
        stiffness, load[inner].tocsr(), at_gauss, to_br[:, inner].tocsr(), to_bz[:, inner].tocsr(),
        air, outer, coupling,
    )  # fmt: skip


def _touches(discrete: Discrete) -> Flags:
    """(bodies, n) whether each body has each unknown."""
    bodies = int(discrete.body.max()) + 1
    told = np.zeros((bodies, discrete.stiffness.shape[0]), dtype=bool)
    per_point = np.diff(discrete.source.indptr)
    told[np.repeat(discrete.body, per_point), discrete.source.indices] = True
    return told


def _home(discrete: Discrete, body: Integers, node: Integers, current: Flags) -> Integers:
    """Carrier to which each pair of body and node belongs. The axis has no E and no carrier; what
    falls to it is carried by the nearest node of its row."""
    n = discrete.stiffness.shape[0]
    number = np.full((int(body.max()) + 1, n), -1)
    number[body[current], node[current]] = np.arange(current.sum())
    at = np.full(tuple(len(x) for x in discrete.grid.lattice), -1)
    at[tuple(discrete.place)] = np.arange(n)
    beside = at[1, discrete.place[1, node]]
    return number[body, np.where(current, node, beside)]


def _row_sums(
    discrete: Discrete, body: Integers, node: Integers, home: Integers
) -> sparse.csr_matrix:
    """(n, c) source of each carrier."""
    k, n = discrete.source.shape
    belongs = sparse.csr_matrix((np.ones(k), (np.arange(k), discrete.body)))
    sums = (discrete.load @ belongs).toarray()
    return sparse.csr_matrix((sums[node, body], (node, home)), shape=(n, home.max() + 1))


def _at_gauss(
    discrete: Discrete, body: Integers, node: Integers, home: Integers
) -> sparse.csr_matrix:
    """(k, c) shape functions at the Gauss points, by carrier."""
    k, n = discrete.source.shape
    carrier = np.full((int(body.max()) + 1, n), -1)
    carrier[body, node] = home
    rows = np.repeat(np.arange(k), np.diff(discrete.source.indptr))
    shape = discrete.source.data / discrete.r[rows]
    columns = carrier[discrete.body[rows], discrete.source.indices]
    return sparse.csr_matrix((shape, (rows, columns)), shape=(k, home.max() + 1))


def _at_carriers(
    discrete: Discrete, body: Integers, node: Integers
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """(c, n) operators of B at carriers: from the Gauss points of their cells by quadratic
    interpolation, the mean over the cells of one body."""
    n, points = discrete.stiffness.shape[0], 9
    cells = len(discrete.r) // points
    unknowns = discrete.source.indices.reshape(cells, points, -1)[:, 0, :]  # (cells, 9)
    r, z = discrete.r.reshape(cells, points), discrete.z.reshape(cells, points)
    here = discrete.body[::points]
    number = np.full((int(discrete.body.max()) + 1, n), -1)
    number[body, node] = np.arange(len(body))
    carrier = number[here[:, None], unknowns]  # (cells, 9), -1 on the axis
    lattice_r, lattice_z = discrete.grid.lattice
    at = discrete.place[:, unknowns]
    x = np.stack([_unit(lattice_r[at[0]], r), _unit(lattice_z[at[1]], z)], axis=-1)
    gauss = np.stack([_unit(r, r), _unit(z, z)], axis=-1)
    weights = _quadratic(x[0]) @ np.linalg.inv(_quadratic(gauss[0]))  # the same in every cell
    order_is_the_same = np.allclose(x, x[0]) and np.allclose(gauss, gauss[0])
    assert order_is_the_same, "cells of one kind have their nodes in one order"
    kept = carrier >= 0
    cell, local = np.nonzero(kept)
    rows = np.repeat(carrier[kept], points)
    columns = (cell[:, None] * points + np.arange(points)).ravel()
    spread = sparse.csr_matrix(
        (weights[local].ravel(), (rows, columns)), shape=(len(body), cells * points)
    )
    mean = sparse.diags(1 / np.bincount(carrier[kept], minlength=len(body)))
    spread = (mean @ spread).tocsr()
    return (spread @ discrete.to_br).tocsr(), (spread @ discrete.to_bz).tocsr()


def _unit(x: Floats, gauss: Floats) -> Floats:
    """Places in cells, from -1 to 1, as told by their Gauss points (cells, 9)."""
    low, high = gauss.min(axis=1, keepdims=True), gauss.max(axis=1, keepdims=True)
    unit: Floats = (2 * x - low - high) / (high - low) * np.sqrt(0.6)
    return unit


def _quadratic(x: Floats) -> Floats:
    """(9, 9) monomials up to second order in each direction at points (9, 2)."""
    one, two = (np.stack([np.ones(len(x)), x[:, k], x[:, k] ** 2], axis=-1) for k in (0, 1))
    return (one[:, :, None] * two[:, None, :]).reshape(len(x), 9)


def _without_air(
    k: sparse.csc_matrix, inner: Integers, air: Integers
) -> tuple[sparse.csc_matrix, "SuperLU[np.float64] | None", sparse.csc_matrix]:
    """The Schur complement of the air, its factors, and the coupling."""
    inside, coupling = k[inner][:, inner], k[air][:, inner].tocsc()
    if len(air) == 0:
        return inside.tocsc(), None, coupling
    outer = factorised(k[air][:, air])
    rim = np.flatnonzero(np.diff(coupling.indptr))
    dense = coupling[:, rim].T @ outer.solve(coupling[:, rim].toarray())
    rows, columns = np.repeat(rim, len(rim)), np.tile(rim, len(rim))
    returned = sparse.coo_matrix((dense.ravel(), (rows, columns)), shape=inside.shape)
    return (inside - returned).tocsc(), outer, coupling


@dataclass(frozen=True, eq=False)
class FilledIn:
    """K + L diag(d) N - L [diag(x) Br + diag(y) Bz], entry by entry: the pattern is that of K."""

    stiffness: sparse.csc_matrix
    diagonal: tuple[Integers, Integers, Floats]
    """Carrier, entry of K and load of each term of the first product."""
    turning: tuple[Integers, Integers, Floats, Floats]
    """Carrier, entry of K, and load times Br and times Bz of each term of the second."""

    def matrix(self, d: Floats, x: Floats, y: Floats, *, turns: bool) -> sparse.csc_matrix:
        """The sum for these weights of the carriers; without the second product where it is 0."""
        k = self.stiffness
        carrier, entry, load = self.diagonal
        data = k.data + np.bincount(entry, load * d[carrier], minlength=k.nnz)
        if turns:
            carrier, entry, br, bz = self.turning
            terms = br * x[carrier] + bz * y[carrier]
            data -= np.bincount(entry, terms, minlength=k.nnz)
        filled = copy(k)  # its pattern needs no new check
        filled.data = data
        return filled


def filled_in(c: Carriers) -> FilledIn:
    """Find the entries of a set of carriers."""
    k = c.stiffness
    k.sort_indices()
    columns = np.repeat(np.arange(k.shape[1]), np.diff(k.indptr))
    keys = columns * k.shape[0] + k.indices  # ascending

    def entries(row: Integers, column: Integers) -> Integers:
        wanted = column * k.shape[0] + row
        found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        assert (keys[found] == wanted).all(), "neighbours share a cell, and so an entry"
        return found

    load = c.load.tocoo()
    diagonal = (load.col, entries(load.row, c.node[load.col]), load.data)
    b = (c.to_br + 1j * c.to_bz).tocsr()  # one pattern for both
    per = np.diff(b.indptr)[load.col]
    which = np.repeat(np.arange(len(load.data)), per)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(per) - per, per)
    term = b.indptr[load.col[which]] + offset
    entry, turned = entries(load.row[which], b.indices[term]), load.data[which] * b.data[term]
    return FilledIn(k, diagonal, (load.col[which], entry, turned.real, turned.imag))
