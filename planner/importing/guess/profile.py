"""What the cells of one column look like."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from planner.importing.guess.names import Named, taken_apart
from planner.tables.numbers import is_number
from planner.tables.table import Table, is_blank, is_missing

FINER = 12
"""Parts into which the smallest gap between values is cut in search of their step."""

STEPS = 20
"""Steps between the lowest and the highest value, from which they are those of rounding."""

type Floats = NDArray[np.float64]

FEW = 12
"""Levels up to which numbers may be settings that were listed, not a range."""


@dataclass(frozen=True)
class ColumnProfile:
    """One column of a table."""

    name: str
    place: int
    cells: tuple[str, ...]
    stated_unit: str = ""

    @cached_property
    def named(self) -> Named:
        """The name taken apart."""
        return taken_apart(self.name)

    @property
    def unit(self) -> str:
        """As a row of units, the cells or the name say."""
        return self.stated_unit or self.named.unit

    @cached_property
    def filled(self) -> list[str]:
        """Cells that hold something: among words ``none`` and ``Na`` are words too."""
        lacks = is_missing if self.is_numeric else is_blank
        return [c for c in self.cells if not lacks(c)]

    @property
    def missing(self) -> float:
        """Share of cells that hold nothing."""
        return 1 - len(self.filled) / (len(self.cells) or 1)

    @cached_property
    def is_numeric(self) -> bool:
        """Whether nearly every cell that says something is a number."""
        told = sum(not is_missing(c) for c in self.cells)
        return told > 0 and self._how_many >= 0.7 * told

    @cached_property
    def numbers(self) -> Floats:
        """Every cell as a number, shape (rows,); NaN where it is none."""
        return np.array([float(c) if is_number(c) else np.nan for c in self.cells])

    @cached_property
    def rounding(self) -> float:
        """Half of the last digit that the numbers are written with."""
        return 0.5 * 10.0 ** -max(map(_decimals, filter(is_number, self.filled)), default=0)

    @cached_property
    def resolution(self) -> float:
        """Half of the step to which the numbers were rounded, also where somebody multiplied them
        afterwards: at least ``rounding``."""
        return max(self.rounding, _step(self.numbers) / 2)

    @cached_property
    def digits(self) -> float:
        """How many digits the numbers have that say something, in the middle."""
        counts = [len(_significant(c)) for c in self.filled if is_number(c)]
        return float(np.median(counts)) if counts else 0.0

    @cached_property
    def levels(self) -> list[str]:
        """Distinct filled cells, in the order of their first appearance."""
        if self.is_numeric:
            pairs = zip(reversed(self.numbers.tolist()), reversed(self.cells), strict=True)
            return list({number: cell for number, cell in pairs if number == number}.values())
        return list(dict.fromkeys(self.filled))

    @cached_property
    def is_whole(self) -> bool:
        """Whether all numbers are whole."""
        values = self.numbers[np.isfinite(self.numbers)]
        return self.is_numeric and bool(np.all(values == np.round(values)))

    @property
    def is_unique(self) -> bool:
        """Whether no value comes twice and none is missing."""
        return len(self.levels) == len(self.cells)

    @cached_property
    def is_few(self) -> bool:
        """Whether the values are a few levels, most of which come several times."""
        numbers = self.numbers[np.isfinite(self.numbers)].tolist()
        are_all = self._how_many == len(self.filled)
        counts: Counter[float | str] = Counter(numbers if are_all else self.filled)
        again = sum(n > 1 for n in counts.values())
        few = len(counts) <= FEW and len(counts) <= max(2, 0.34 * len(self.filled))
        return few and again >= 0.8 * len(counts)

    @cached_property
    def _how_many(self) -> int:
        """Cells that are numbers."""
        return int(np.isfinite(self.numbers).sum())

    def counts_up(self, groups: Sequence[str] | None = None) -> bool:
        """Whether whole numbers rise by one from row to row, in each of the groups."""
        if not self.is_whole or self.missing or len(self.cells) < 3:
            return False
        marks = np.array(groups if groups is not None else [""] * len(self.cells))
        return all(bool(np.all(np.diff(self.numbers[marks == m]) == 1)) for m in set(marks))


def _decimals(number: str) -> int:
    """Places behind the point of a plain number, also of 1.20e-3."""
    digits, _, power = number.lower().partition("e")
    return len(digits.partition(".")[2]) - int(power or 0)


def _step(values: Floats) -> float:
    """The step of which all values are multiples, from the lowest on; 0 where there is none."""
    levels = np.unique(values[np.isfinite(values)])
    if len(levels) < 4:
        return 0.0
    above, noise = levels - levels[0], 2e-7 * float(np.abs(levels).max())
    smallest = float(np.diff(levels)[np.diff(levels) > 10 * noise].min(initial=np.inf))
    for parts in range(1, FINER + 1):
        step = smallest / parts
        if not np.isfinite(step) or step < 20 * noise:
            return 0.0
        step = _fitted(above, step, noise)
        if np.all(np.abs(above - step * np.round(above / step)) <= 3 * noise + 0.005 * step):
            return step if above[-1] >= STEPS * step else 0.0
    return 0.0


def _fitted(above: Floats, step: float, noise: float) -> float:
    """A step made exact by ever larger multiples of it."""
    for height in np.sort(above[above > noise]):
        step = float(height / max(np.round(height / step), 1))
    return step


def _significant(number: str) -> str:
    return number.lower().partition("e")[0].replace(".", "").strip("+-0")


def profiles(table: Table) -> dict[str, ColumnProfile]:
    """A profile of each column, by name."""
    return {
        name: ColumnProfile(name, i, tuple(table.column(name)), table.units.get(name, ""))
        for i, name in enumerate(table.columns)
    }
