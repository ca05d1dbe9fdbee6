"""Settings that go with an outcome in nearly the same order: copies of it, or measured after it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from planner.past.pool import Row

NEAR_ONE = 0.99
"""Spearman's rank correlation, either sign, from which a setting may be a copy: one with 2 % of
noise has more, from 30 rows on. Cement and the warming potential of concrete, of which it is the
largest part, have 0.982."""
FEWEST = 12
"""Different settings and results, below which one order is no surprise: a study of one setting."""


class Leak(NamedTuple):
    """A setting and the outcome that it goes with."""

    parameter: str
    outcome: str
    rank_correlation: float
    rows: int

    @property
    def words(self) -> str:
        """As a person reads it."""
        return (
            f"{self.parameter} goes with {self.outcome} in nearly the same order (rank correlation "
            f"{self.rank_correlation:.3f} over {self.rows} rows): a copy of the result, or known "
            "only after it? A planner that is told it knows the answer"
        )


def leaks(rows: Sequence[Row]) -> tuple[Leak, ...]:
    """Every pair of a setting and an outcome with a rank correlation near 1, over their rows."""
    told = [row for row in rows if not row.failed]
    pairs = [(p, o) for p in _names(r.point for r in told) for o in _names(r.values for r in told)]
    found = []
    for parameter, outcome in pairs:
        both = [(r.point.get(parameter), r.values.get(outcome)) for r in told]
        known = [(x, y) for x, y in both if isinstance(x, int | float) and y is not None]
        if rank := near_one(*zip(*known, strict=True)) if known else None:
            found.append(Leak(parameter, outcome, rank, len(known)))
    return tuple(found)


def near_one(setting: ArrayLike, outcome: ArrayLike) -> float | None:
    """Spearman's rank correlation of two columns (n,), if it is near 1 or -1; else None."""
    from scipy.stats import spearmanr  # half a second of import

    x, y = np.asarray(setting, dtype=float), np.asarray(outcome, dtype=float)
    known = np.isfinite(x) & np.isfinite(y)
    if min(len(np.unique(x[known])), len(np.unique(y[known]))) < FEWEST:
        return None
    rank = float(spearmanr(x[known], y[known]).statistic)
    return rank if abs(rank) >= NEAR_ONE else None


def _names(told: Iterable[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for one in told for name in one))
