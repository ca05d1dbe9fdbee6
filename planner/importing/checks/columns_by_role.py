"""A table as the checks look at it: columns by what the mapping says that they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from planner.campaign.parameter import Choice
from planner.importing.guess.profile import ColumnProfile, Floats, profiles
from planner.importing.guess.roles import Guess
from planner.past.mapping import TableMapping
from planner.tables.table import Finding, Level, Table


@dataclass(frozen=True)
class ColumnsByRole:
    """What every check gets."""

    table: Table
    rules: TableMapping
    guess: Guess

    @cached_property
    def columns(self) -> dict[str, ColumnProfile]:
        """All columns, by name."""
        return self.guess.columns if self.table is self.guess.table else profiles(self.table)

    @cached_property
    def parameters(self) -> list[ColumnProfile]:
        """Columns of settings."""
        return [self.columns[n] for n in self.rules.settings]

    @cached_property
    def outcomes(self) -> list[ColumnProfile]:
        """Columns of goals and other results."""
        return [self.columns[n] for n in self.rules.measured]

    @cached_property
    def keys(self) -> list[tuple[object, ...]]:
        """The condition of each row: equal numbers are equal however they are written."""
        parts = [
            p.numbers.round(12).tolist() if p.is_numeric else list(p.cells) for p in self.parameters
        ]
        return list(zip(*parts, strict=True))

    @cached_property
    def groups(self) -> dict[tuple[object, ...], list[int]]:
        """Places of the rows of each condition."""
        grouped: dict[tuple[object, ...], list[int]] = {}
        for place, key in enumerate(self.keys):
            grouped.setdefault(key, []).append(place)
        return grouped

    @cached_property
    def order(self) -> Floats:
        """Place of each row in the order of the experiments, as far as it is known."""
        column = self.rules.order.column
        if column and self.columns[column].is_numeric:
            return self.columns[column].numbers
        return np.arange(len(self.table.rows), dtype=float)

    def is_choice(self, p: ColumnProfile) -> bool:
        """Whether the mapping takes a column for kinds, not numbers."""
        return isinstance(self.rules.parameters.get(p.name), Choice)

    def rows(self, places: Iterable[int] | NDArray[np.bool_]) -> tuple[int, ...]:
        """Lines of the file, from places or from a mask."""
        if isinstance(places, np.ndarray) and places.dtype == bool:
            places = np.flatnonzero(places).tolist()
        lines = self.table.lines
        return tuple(lines[i] for i in places)

    def finding(
        self, code: str, text: str, level: Level = "warning", column: str = "",
        places: Iterable[int] | NDArray[np.bool_] = (),
    ) -> Finding:  # fmt: skip
        """A finding about rows at these places."""
        return Finding(code, text, level, column, self.rows(places))
