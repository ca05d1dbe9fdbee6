"""What repeats tell: numbers that differ where everything else is equal were measured."""

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planner.importing.guess.profile import ColumnProfile, Floats

MOST_ROWS = 400
"""Rows that are compared with each other."""
BEYOND_CHANCE = 20.0
"""How many times more pairs of rows must agree than would by chance."""
LEAST = 3
"""Pairs of such rows that tell something."""


class Disagreement(NamedTuple):
    """How a column differs between rows that are equal otherwise."""

    share: float
    """Of the pairs: near 1 for what was measured, near 0 for what was set."""
    pairs: int


def repeats(columns: Sequence[ColumnProfile], settings: Set[str]) -> Mapping[str, Disagreement]:
    """By column of numbers, how it differs between rows that agree in others beyond chance, and in
    all ``settings``; absent where nothing repeats."""
    if len(columns) < 2:
        return {}
    agree = np.array([_agreement(p) for p in columns])  # (columns, pairs)
    pairs = agree.shape[1]
    chance = np.clip(agree.mean(axis=1), 1 / max(pairs, 1), 1 - 1e-9)
    rarity = -np.log(chance)[:, None] * agree
    doubled = agree.all(axis=0)  # a row that stands twice tells nothing
    fixed = np.array([p.name in settings for p in columns])
    found = {}
    for i, p in enumerate(columns):
        others = fixed.copy()
        others[i] = False
        same = agree[others].all(axis=0)
        alike = same & ~doubled & _rare(np.where(same, rarity.sum(axis=0) - rarity[i], 0.0))
        if p.is_numeric and alike.sum() >= LEAST:
            found[p.name] = Disagreement(float(1 - agree[i, alike].mean()), int(alike.sum()))
    return found


def _rare(rarity: Floats) -> NDArray[np.bool_]:
    """Pairs that agree in so much that far more of them do than would by chance."""
    order = np.sort(rarity)[::-1]
    expected = len(rarity) * np.exp(-order)
    many = np.arange(1, len(order) + 1) >= np.maximum(LEAST, BEYOND_CHANCE * expected)
    if not many.any():
        return np.zeros(len(rarity), dtype=bool)
    rare: NDArray[np.bool_] = rarity >= order[int(np.argmax(many))]
    return rare


def _agreement(p: ColumnProfile) -> NDArray[np.bool_]:
    """Whether two rows hold the same, for every pair; what is missing agrees with nothing."""
    cells = p.cells[:MOST_ROWS]
    if p.is_numeric:
        codes = p.numbers[: len(cells)]
    else:
        _, inverse = np.unique(np.array(cells), return_inverse=True)
        codes = inverse.astype(float)
    first, second = np.triu_indices(len(cells), 1)
    same: NDArray[np.bool_] = codes[first] == codes[second]
    return same
