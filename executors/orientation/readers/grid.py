"""The grid in the coordinates of points. They are rounded to the last digit that was printed: the
step comes from whole rows, and a point is off the grid only if by more than that digit."""

from dataclasses import dataclass

import numpy as np

FINEST = 1e-5
"""Steps below this part of the map's width are rounding, not steps."""
OFF = 0.2
"""How far in steps a point may lie from its place on the grid, where digits do not say more."""
HALF = 0.25
"""Where coordinates are less exact than this part of a step, half a step may be rounding."""
DIGITS = 9
"""Digits after the point that are looked for."""


def last_digit(values: np.ndarray) -> float:
    """The smallest unit (1, 0.1, 0.01, ...) that values were printed in; 0 where there is none."""
    for digits in range(DIGITS + 1):
        scaled = values * 10.0**digits
        if np.allclose(scaled, np.rint(scaled), rtol=0, atol=1e-5):
            return float(10.0**-digits)
    return 0.0


@dataclass(frozen=True, eq=False)
class ScanGrid:
    """Where points lie."""

    places: np.ndarray
    """Of each point, (n, axes)."""
    step: tuple[float, ...]
    hexagonal: bool
    """Every second row was pushed straight by half a step."""

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(int(i) + 1 for i in self.places.max(axis=0))

    @property
    def whole_rows(self) -> bool:
        """Whether no row ends early (of a hexagonal grid every second one is a point shorter)."""
        row = np.ravel_multi_index(tuple(self.places[:, :-1].T), self.shape[:-1])
        count = np.bincount(row, minlength=int(np.prod(self.shape[:-1])))
        parts = (count[::2], count[1::2]) if self.hexagonal else (count,)
        least = self.shape[-1] - self.hexagonal
        return all((part == part[0]).all() and part[0] >= least for part in parts if len(part))


def grid(
    positions: np.ndarray, digit: float = 0.0, told: tuple[float, ...] | None = None
) -> ScanGrid:
    """The grid of points (n, axes), printed to ``digit``; ``told`` is the step of the header.

    Rows that are shifted by half a step against each other (a hexagonal grid) are pushed straight.
    ValueError where the points lie on no grid.
    """
    if not np.isfinite(positions).all():
        raise ValueError("a coordinate is not a number")
    axes = positions.shape[1]
    header = told if told is not None and len(told) == axes else (0.0,) * axes
    places, steps = [], []
    row = np.zeros(len(positions), dtype=int)
    for axis in range(axes - 1):
        place, step, off = _levels(positions[:, axis], row, digit, header[axis])
        _check(off, step, _allowed(step, digit))
        places.append(place)
        steps.append(step)
    row = np.ravel_multi_index(tuple(places), tuple(int(p.max()) + 1 for p in places))
    place, step, off = _levels(positions[:, -1], row, digit, header[-1])
    shifted = _shifted(off, row, step, _allowed(step, digit))
    places.append(place)
    steps.append(step)
    width = np.prod([float(p.max()) + 1 for p in places])
    if width > 4 * len(positions) + 100:
        raise ValueError(f"{len(positions)} points fill too little of a grid of {width:.3g}")
    known = [s for s in steps if s > 0]
    return ScanGrid(np.stack(places, axis=1), tuple(s or known[-1] for s in steps), shifted)


def _levels(
    values: np.ndarray, row: np.ndarray, digit: float, told: float
) -> tuple[np.ndarray, float, np.ndarray]:
    """Number of each value (n,), the step between numbers, and how far off in steps (n,).

    The step is the mean of the gaps between neighbours of one row, then what divides the width into
    whole and half steps. The header's holds where the width agrees with it to the last digit: it
    may have more digits. 0 where all values are equal.
    """
    width = float(np.ptp(values))
    if width == 0:
        return np.zeros(len(values), dtype=int), 0.0, np.zeros(len(values))
    order = np.lexsort((values, row))
    gaps = np.diff(values[order])[np.diff(row[order]) == 0]
    gaps = gaps[gaps > FINEST * width]
    if not len(gaps):
        raise ValueError("no two points lie in one row")
    usual = np.median(gaps)
    step = float(gaps[np.abs(gaps - usual) < usual / 2].mean())
    count = max(round(2 * width / step) / 2, 0.5)
    step = told if abs(told * count - width) <= digit else width / count
    exact = (values - values.min()) / step
    place = np.floor(exact + HALF) if _allowed(step, digit) < HALF else np.rint(exact)
    return place.astype(int), step, exact - place


def _allowed(step: float, digit: float) -> float:
    """How far off a point may be, in steps."""
    return max(OFF, digit / step) if step else OFF


def _check(off: np.ndarray, step: float, allowed: float) -> None:
    if (np.abs(off) > allowed).any():
        raise ValueError(
            f"the points lie on no regular grid (most are {step:.4g} m apart, some are not)"
        )


def _shifted(off: np.ndarray, row: np.ndarray, step: float, allowed: float) -> bool:
    """Whether some rows, as a whole, are half a step off."""
    half = (off > allowed) & (allowed < HALF)
    _check(off - 0.5 * half, step, allowed)
    share = np.bincount(row, half) / np.maximum(np.bincount(row), 1)
    _check(share * (1 - share), step, 0.0)
    return bool(half.any())
