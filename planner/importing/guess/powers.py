"""Columns that are a product of powers of others: ``P / (v * h * t)``, ``Br^2``.

One linear fit of logarithms finds the exponents; columns that do not matter are left out one by
one.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from planner.importing.guess.profile import ColumnProfile, Floats

MOST = 16
"""Columns among which a product is looked for; with more, and few rows, anything fits."""
LARGEST = 3
"""Exponent beyond which nobody computes."""
WHOLE = 0.03
"""How far a fitted exponent may be beside a whole number, for rounding."""
SPARE = 4
"""Rows beyond one for each column."""


class Product(NamedTuple):
    """Powers of columns with a factor, and how much of each value rounding leaves open."""

    powers: Mapping[str, int]
    factor: float
    values: Floats
    error: Floats

    @property
    def text(self) -> str:
        """As a formula."""
        above = [_power(n, k) for n, k in self.powers.items() if k > 0]
        below = [_power(n, -k) for n, k in self.powers.items() if k < 0]
        factor = [] if abs(self.factor - 1) < 1e-3 else [f"{self.factor:.6g}"]
        over = f" / ({' * '.join(below)})" if below else ""
        return " * ".join([*factor, *above] or ["1"]) + over


def product(
    target: ColumnProfile, sources: Sequence[ColumnProfile], errors: Sequence[float]
) -> Product | None:
    """The product of powers of ``sources``, three or more factors of it, that ``target`` may be.
    ``errors`` are what rounding leaves open of the sources."""
    y, xs = target.numbers, np.array([p.numbers for p in sources])
    if len(sources) > MOST or not len(sources):
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        logs, log_y = np.log(np.abs(xs)), np.log(np.abs(y))
    rows = np.isfinite(logs).all(axis=0) & np.isfinite(log_y)
    if rows.sum() < len(sources) + SPARE:
        return None
    exponents = _exponents(logs[:, rows], log_y[rows])
    if exponents is None or int(np.abs(exponents).sum()) < 3:
        return None
    used = np.flatnonzero(exponents).tolist()
    with np.errstate(divide="ignore", invalid="ignore"):
        bare = np.prod(xs[used] ** exponents[used, None].astype(float), axis=0)
        open_share = sum(abs(exponents[i]) * errors[i] / np.abs(xs[i]) for i in used)
    factor = float(np.median(y[rows] / bare[rows]))
    powers = {sources[i].name: int(exponents[i]) for i in used}
    return Product(powers, factor, factor * bare, np.abs(factor * bare) * open_share)


def _exponents(logs: Floats, log_y: Floats) -> np.ndarray | None:
    """Whole exponents by least squares, shape (columns,); the smallest is left out until all
    others are whole. None where there are none."""
    used = list(range(len(logs)))
    while used:
        x = np.vstack([logs[used], np.ones(logs.shape[1])]).T
        if np.linalg.matrix_rank(x) == x.shape[1]:
            fitted = np.linalg.lstsq(x, log_y, rcond=None)[0][:-1]
            whole = np.round(fitted)
            if np.all(np.abs(fitted - whole) < WHOLE) and np.abs(whole).max() <= LARGEST:
                exponents = np.zeros(len(logs), dtype=int)
                exponents[used] = whole
                return exponents
            scale = np.abs(fitted) * logs[used].std(axis=1)
        else:
            scale = logs[used].std(axis=1)
        used.pop(int(np.argmin(scale)))
    return None


def _power(name: str, exponent: int) -> str:
    return name if exponent == 1 else f"{name}^{exponent}"
