"""Which columns follow smoothly from others: results do, what was set independently does not."""

from collections.abc import Sequence

import numpy as np

from planner.importing.guess.profile import ColumnProfile, Floats

MOST_ROWS = 120
LEAST_ROWS = 12
NOISE = (0.01, 0.1, 0.5)
"""Parts of the variance that may be noise; the one that predicts best is taken."""
MOST_KINDS = 12
CLEAR = 0.35
"""Share of the variance that must be predicted for a column to follow from others."""


def followers(
    known: Sequence[ColumnProfile], open_ones: Sequence[ColumnProfile]
) -> dict[str, float]:
    """How much of the open columns follows from settings, 0 for those without which the others, and
    what is known to be set, are independent; the clearest first. Empty where there are too few
    rows."""
    rows = _rows(open_ones)
    if rows is None or not open_ones:
        return {}
    fixed = [_numbers(p, rows) for p in known if _is_usable(p, rows)]
    left = {p.name: _numbers(p, rows) for p in sorted(open_ones, key=lambda p: p.name)}
    found: dict[str, float] = {}
    while left:
        told = {n: _predicted(x, _others(fixed, left, n)) for n, x in left.items()}
        if max(told.values()) < CLEAR or (len(left) == 1 and not fixed):
            break
        name = min(left, key=lambda n: (round(_without(fixed, left, n), 3), -told[n]))
        found[name] = told[name]
        del left[name]
    return found | dict.fromkeys(left, 0.0)


def _rows(columns: Sequence[ColumnProfile]) -> np.ndarray | None:
    if not columns:
        return None
    whole = np.all([np.isfinite(p.numbers) for p in columns], axis=0)
    places = np.flatnonzero(whole)
    return places[:: len(places) // MOST_ROWS + 1] if len(places) >= LEAST_ROWS else None


def _is_usable(p: ColumnProfile, rows: np.ndarray) -> bool:
    if p.is_numeric:
        return bool(np.isfinite(p.numbers[rows]).all()) and np.ptp(p.numbers[rows]) > 0
    return 1 < len(p.levels) <= MOST_KINDS


def _numbers(p: ColumnProfile, rows: np.ndarray) -> Floats:
    """A column of numbers by its ranks, of words by its kinds; shape (rows, 1 or kinds), of mean
    0 and variance 1 together."""
    if p.is_numeric:
        x = p.numbers[rows]
        _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
        ranks = (np.cumsum(counts) - counts / 2)[inverse]
        scaled: Floats = ((ranks - ranks.mean()) / (ranks.std() or 1))[:, None]
        return scaled
    cells = np.array(p.cells)[rows]
    kinds: Floats = (cells[:, None] == np.array(sorted(p.levels))[None, :]) * np.sqrt(2)
    return kinds


def _others(fixed: Sequence[Floats], left: dict[str, Floats], name: str) -> list[Floats]:
    return [*fixed, *(x for n, x in left.items() if n != name)]


def _without(fixed: Sequence[Floats], left: dict[str, Floats], name: str) -> float:
    """How well the other open columns are still predicted once one is taken away."""
    rest = {n: x for n, x in left.items() if n != name}
    return sum(max(0.0, _predicted(x, _others(fixed, rest, n))) for n, x in rest.items())


def _predicted(y: Floats, xs: Sequence[Floats]) -> float:
    """Share of the variance of y (rows, 1) that a smooth function of the others predicts, each row
    left out in turn."""
    if not xs:
        return 0.0
    x = np.concatenate(xs, axis=1)
    apart = ((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2)
    kernel = np.exp(-apart / (4.0 * len(xs)))
    best = 0.0
    for noise in NOISE:
        inverse = np.linalg.inv(kernel + noise * np.eye(len(x)))
        residual = (inverse @ y)[:, 0] / np.diag(inverse)
        best = max(best, 1 - float(np.mean(residual**2)) / (float(np.var(y)) or 1.0))
    return best
