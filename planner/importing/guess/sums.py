"""Columns that sum up: parts of one whole, wherever they stand in the table."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planner.importing.guess.profile import ColumnProfile, Floats

LEAST = 8
"""Rows that a composition needs."""
TOTALS = (1.0, 100.0)
LOOSE = 0.011
"""Of the total: how far parts that were weighed or rounded may sum up beside it."""
ODD = 0.1
"""Share of the rows that may miss the total; with more it is no composition."""
STEADY = 0.95
"""Share of the rows in which a total other than 1 and 100 must be the same."""
ROWS_TRIED = 16
"""Rows on which every set of columns is tried before all of them are looked at."""
MOST_SETS = 40_000
"""Sets of columns that are tried; of many columns only small sets."""
CONSTANT = 0.9
"""Share of the rows with one value from which a column is no part that is varied."""


class Composition(NamedTuple):
    """Columns whose sum is the same in every row, but for the odd ones (by place)."""

    columns: tuple[str, ...]
    total: float
    odd: tuple[int, ...]
    exact: bool
    """Whether the sums agree to the digits that are written; else within a percent."""


def compositions(columns: Mapping[str, ColumnProfile]) -> list[Composition]:
    """Columns of one unit that sum up to 1, to 100 or to any other constant; exact ones first,
    then those of few parts, and no column twice."""
    found = []
    for group in _by_unit(columns):
        values = np.array([p.numbers for p in group])
        for chosen in _nearly_steady(values):
            composition = _checked([group[i] for i in chosen], values[list(chosen)])
            if composition is not None:
                found.append(composition)
    found.sort(key=lambda c: (not c.exact, -len(c.columns) if not c.exact else len(c.columns),
                              sorted(c.columns)))  # fmt: skip
    kept: list[Composition] = []
    for composition in found:
        if not any(set(composition.columns) & set(k.columns) for k in kept):
            kept.append(composition)
    return kept


def sets_of(count: int, most: int, limit: int = MOST_SETS) -> list[tuple[int, ...]]:
    """Places of sets of two columns and more, small ones first, as many as can be tried."""
    found: list[tuple[int, ...]] = []
    for size in range(2, min(most, count) + 1):
        if len(found) + math.comb(count, size) > limit:
            break
        found += itertools.combinations(range(count), size)
    return found


def _by_unit(columns: Mapping[str, ColumnProfile]) -> Iterator[list[ColumnProfile]]:
    """Columns of amounts that could be parts of one whole, in the order of their names."""
    amounts = [
        p for p in columns.values()
        if p.is_numeric and not p.missing and _varies(p) and p.numbers.min() >= 0
    ]  # fmt: skip
    for unit in sorted({p.unit for p in amounts}):
        yield sorted((p for p in amounts if p.unit == unit), key=lambda p: p.name)


def _varies(p: ColumnProfile) -> bool:
    most = np.unique(p.numbers, return_counts=True)[1].max()
    return bool(most <= CONSTANT * len(p.cells))


def _nearly_steady(values: Floats) -> list[tuple[int, ...]]:
    """Sets of columns whose sums, on a few rows, are nearly the same; values (columns, rows)."""
    count, rows = values.shape
    if count < 2 or rows < LEAST:
        return []
    sets = sets_of(count, count)
    members = np.zeros((len(sets), count))
    for i, chosen in enumerate(sets):
        members[i, list(chosen)] = 1
    few = values[:, :: rows // ROWS_TRIED + 1]
    sums = members @ few
    middle = np.median(sums, axis=1, keepdims=True)
    near = np.abs(sums - middle) <= 2 * LOOSE * np.abs(middle)
    return [sets[i] for i in np.flatnonzero(near.mean(axis=1) >= 0.7)]


def _checked(parts: Sequence[ColumnProfile], values: Floats) -> Composition | None:
    sums = values.sum(axis=0)
    total = _total(sums)
    if total is None:
        return None
    off = np.abs(sums - total)
    exact = off > len(parts) * max(p.resolution for p in parts) + 1e-6 * total
    odd: NDArray[np.bool_] = exact if exact.mean() <= ODD else off > LOOSE * total
    if odd.mean() > ODD or any(len(np.unique(v[~odd])) < 2 for v in values):
        return None
    rows = tuple(np.flatnonzero(odd).tolist())
    names = tuple(p.name for p in sorted(parts, key=lambda p: p.place))
    return Composition(names, total, rows, bool(exact.mean() <= ODD))


def _total(sums: Floats) -> float | None:
    middle = float(np.median(sums))
    for total in TOTALS:
        if abs(middle - total) <= LOOSE * total:
            return total
    steady = np.abs(sums - middle) <= 1e-6 * abs(middle)
    return middle if middle > 0 and steady.mean() >= STEADY else None
