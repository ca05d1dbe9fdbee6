"""From differences between slices to a value for each slice that fits all of them best."""

import numpy as np
from scipy import sparse

from models.arrays import Floats, Integers

TURNS = 8
"""Of the fit in which pairs that do not agree with the others lose weight."""


def pairs_of(slices: int, steps: tuple[int, ...]) -> Integers:
    """Each slice with those so many steps ahead (pair, 2)."""
    pairs = [(low, low + step) for step in steps for low in range(slices - step)]
    return np.array(pairs, int).reshape(-1, 2)


def chained(pairs: Integers, differences: Floats, slices: int, least: float) -> Floats:
    """Values (slice, n) whose differences are those of the pairs (pair, n), the first one 0: least
    squares in which a pair counts the less, the farther beyond ``least`` it is off."""
    values, weights = np.zeros((slices, differences.shape[1])), np.ones(len(pairs))
    if slices < 2:
        return values
    rows, shape = np.arange(len(pairs)), (len(pairs), slices)
    ends, starts = (
        sparse.csr_array((np.ones(len(pairs)), (rows, pairs[:, i])), shape) for i in (1, 0)
    )
    apart = (ends - starts)[:, 1:].tocsr()
    for _ in range(TURNS):
        normal = apart.T @ sparse.diags_array(weights) @ apart
        right = apart.T @ (weights[:, None] * differences)
        solved = sparse.linalg.spsolve(normal.tocsc(), right)
        values[1:] = solved.reshape(slices - 1, -1)
        off = np.linalg.norm(apart @ values[1:] - differences, axis=1)
        weights = 1 / np.maximum(off, least)
    return values
