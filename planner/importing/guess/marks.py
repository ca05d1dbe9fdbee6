"""Values that may stand for a failed sample: a code, or a floor far below everything else."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CODES = (0.0, -1.0, 999.0, -999.0, 9999.0, -9999.0, 99999.0)
LEAST = 2
"""Times that a value has to come."""
MOST = 0.4
"""Share of the values beyond which it is no exception any more."""
APART = 0.01
"""Of the median: how far above 0 everything else must be for 0 to be no measurement."""
GAP = 1.0
"""Decades between a floor and everything above it."""


class Mark(NamedTuple):
    """Values that look like a mark, not like a measurement."""

    rule: str
    """As the mapping writes it: ``== 0``, ``< 1``."""
    size: int
    why: str
    places: tuple[int, ...]


def floor_rule(values: NDArray[np.float64]) -> Mark | None:
    """What may be a failure among values of shape (n,), NaN where there is none."""
    known = np.isfinite(values)
    count = int(known.sum())
    if count < 8:
        return None
    for code in CODES:
        here = known & (values == code)
        others = values[known & ~here]
        if LEAST <= here.sum() <= MOST * count and len(others) and _stands_out(code, others):
            return Mark(f"== {code:g}", int(here.sum()), "one number that comes again and again, "
                         "apart from the rest", _places(here))  # fmt: skip
    return _floor(values, known, count)


def _stands_out(code: float, others: NDArray[np.float64]) -> bool:
    """A code beyond all others; 0 also where the others are all above it."""
    low, high = float(others.min()), float(others.max())
    if code == 0:
        return low > APART * float(np.median(others))
    return code > high + (high - low) or code < min(low, 0.0)


def _floor(values: NDArray[np.float64], known: NDArray[np.bool_], count: int) -> Mark | None:
    """A group of small positive values, a decade or more below the rest."""
    positive = np.sort(values[known & (values > 0)])
    if len(positive) < 8:
        return None
    steps = np.diff(np.log10(positive))
    limit = int(MOST * count)
    if not len(steps[:limit]):
        return None
    place = int(np.argmax(steps[:limit]))
    below = place + 1
    spread = float(np.log10(positive[-1] / positive[below]))
    if below < LEAST or steps[place] < max(GAP, 0.3 * spread):
        return None
    edge = 10.0 ** np.round(np.log10(positive[place] * positive[below]) / 2)
    if not positive[place] < edge <= positive[below]:
        edge = float(f"{positive[below]:.3g}")
    here = known & (values < edge)
    why = f"a group {10 ** steps[place]:.0f} times below everything else"
    return Mark(f"< {edge:g}", int(here.sum()), why, _places(here))


def _places(here: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(np.flatnonzero(here).tolist())
