"""What a computed column may be: columns or sums of them, put together, with a factor."""

from typing import Any, NamedTuple

import numpy as np

from planner.importing.guess.profile import Floats

type Pair = tuple[Floats, Floats]
"""Values, and what rounding may move them by."""


class Term(NamedTuple):
    """What a formula is made of: columns, their values (rows,), and half of their last digit."""

    names: tuple[str, ...]
    parts: tuple[Floats, ...]
    error: float

    @property
    def values(self) -> Floats:
        """The sum of the columns, made anew each time: a long table has many such sums."""
        return self.at(slice(None))

    def at(self, rows: Any) -> Floats:
        """The same in some rows."""
        total: Floats = sum((p[rows] for p in self.parts[1:]), self.parts[0][rows])
        return total

    @property
    def text(self) -> str:
        """As a formula writes it."""
        return " + ".join(self.names)


class ColumnFormula(NamedTuple):
    """One or two terms, what is done with them, and a factor."""

    rank: int
    sign: str
    a: Term
    b: Term | None = None
    factor: float = 1.0
    shift: float = 0.0

    @property
    def form(self) -> str:
        """What is done with columns: ``+``, ``-``, ``*``, ``/``, or nothing."""
        if self.b is None and self.factor < 0:
            return "-"
        return self.sign or ("+" if len(self.a.names) > 1 else "")

    @property
    def text(self) -> str:
        """The formula in the names of the columns."""
        a, factor = self.a.text, f"{self.factor:.6g}"
        if self.b is None:
            scaled = a if self.factor == 1 else f"{factor} * ({a})"
            if self.factor == -1:
                return f"{self.shift:g} - ({a})"
            return f"{scaled} + {self.shift:g}" if self.shift else scaled
        pair = f"({a}) {self.sign} ({self.b.text})"
        return pair if self.factor == 1 else f"{factor} * {pair}"

    def values(self) -> Pair:
        """What the formula gives, shape (rows,)."""
        x, dx = self.a.values, self.a.error
        if self.b is None:
            return self.shift + self.factor * x, np.full_like(x, abs(self.factor) * dx)
        value, error = combined(self.sign, x, dx, self.b.values, self.b.error)
        return self.factor * value, abs(self.factor) * error


def combined(sign: str, x: Floats, dx: Any, y: Floats, dy: Any) -> Pair:
    """Two terms, of any shape that numpy brings together."""
    if sign in "+-":
        value = x + y if sign == "+" else x - y
        return value, np.broadcast_to(dx + dy, value.shape)
    if sign == "*":
        return x * y, np.abs(x) * dy + np.abs(y) * dx
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(y != 0, x / y, np.nan)
        return ratio, np.abs(dx / y) + np.abs(ratio * dy / y)
