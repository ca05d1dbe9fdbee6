"""Arithmetic between columns: parts that sum up to a whole, and columns computed from others."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planner.importing.guess.profile import ColumnProfile, Floats

AGREE = 0.95
"""Share of the rows in which a computed column must agree; the others are worth a look."""
LEAST = 8
"""Rows with numbers, and among them different ones, that a relation needs."""
TOTALS = (1.0, 100.0)
LOOSE = 0.011
"""Of the total: how far parts that were weighed or rounded may sum up beside it."""
ODD = 0.1
"""Share of the rows that may miss the total; with more it is no composition."""
MOST_TERMS = 60
MOST_TRIED = 40_000
"""Pairs of terms over all targets: a wide table is looked through less thoroughly."""
ROWS_TRIED = 200
"""Rows on which a formula is tried before all of them are looked at."""
COARSE = 0.2
"""Of the spread of a column: a formula that rounding leaves more open than this says nothing."""


class Relation(NamedTuple):
    """A column that follows from others, with the rows that do not agree (by place)."""

    column: str
    formula: str
    odd: tuple[int, ...]
    rank: int
    """0: a multiple, 1: a sum, 2: a ratio, 3: a difference, 4: a product."""
    lag: int = 0
    """1: each value belongs to the row before."""


class Term(NamedTuple):
    """What a formula is made of: values (rows,), and half of their last digit."""

    values: Floats
    error: float


type Pair = tuple[Floats, Floats]
type Relate = Callable[[Mapping[str, Term]], Pair]


class Composition(NamedTuple):
    """Columns whose sum is the same in every row, but for the odd ones (by place)."""

    columns: tuple[str, ...]
    total: float
    odd: tuple[int, ...]
    exact: bool
    """Whether the sums agree to the digits that are written; else within a percent."""


def compositions(columns: Mapping[str, ColumnProfile]) -> list[Composition]:
    """Runs of neighbouring columns that sum up to 1, to 100 or to any other constant."""
    found: list[Composition] = []
    taken: set[str] = set()
    runs = [run for stretch in _stretches(columns) for run in _promising(stretch)]
    for run in sorted(runs, key=len, reverse=True):
        names = tuple(p.name for p in run)
        if taken & set(names):
            continue
        values = np.array([p.numbers for p in run])
        total = _total(values.sum(axis=0), exact=len(run) > 2)
        if total is None:
            continue
        off = np.abs(values.sum(axis=0) - total)
        exact = off > len(run) * max(p.rounding for p in run) + 1e-9 * total
        loose = off > LOOSE * total
        odd = exact if exact.mean() <= ODD else loose
        if odd.mean() <= ODD and len(np.unique(values[0][~odd])) > 1:
            rows = tuple(np.flatnonzero(odd).tolist())
            found.append(Composition(names, total, rows, bool(exact.mean() <= ODD)))
            taken |= set(names)
    return found


def _stretches(columns: Mapping[str, ColumnProfile]) -> Iterator[list[ColumnProfile]]:
    """Neighbouring columns in one unit that may be parts of a whole, as many as there are."""
    run: list[ColumnProfile] = []
    for p in columns.values():
        if not _could_be_part(p):
            continue
        if run and not _neighbours([*run[-1:], p]):
            yield run
            run = []
        run.append(p)
    yield run


def _could_be_part(p: ColumnProfile) -> bool:
    is_whole = p.is_numeric and not p.missing and len(p.cells) >= LEAST
    return is_whole and len(p.levels) > 1 and not p.numbers.min() < 0


def _promising(stretch: Sequence[ColumnProfile]) -> Iterator[Sequence[ColumnProfile]]:
    """The runs within a stretch whose sums seem steady on a part of the rows."""
    if len(stretch) < 2:
        return
    thin = slice(None, None, len(stretch[0].cells) // ROWS_TRIED + 1)
    values = np.array([p.numbers[thin] for p in stretch])
    for first in range(len(stretch) - 1):
        sums = np.cumsum(values[first:], axis=0)[1:]
        for more in np.flatnonzero(_seem_steady(sums)).tolist():
            yield stretch[first : first + more + 2]


def _seem_steady(sums: Floats) -> NDArray[np.bool_]:
    """Of each of some sums (sums, rows), whether most rows are near a total or near each other."""
    totals = [np.abs(sums - total) <= 2 * LOOSE * total for total in TOTALS]
    middle = np.median(sums, axis=1, keepdims=True)
    alike = np.abs(sums - middle) <= 1e-9 * np.abs(middle)
    return np.any([near.mean(axis=1) >= 0.5 for near in (*totals, alike)], axis=0)


def derived(
    columns: Mapping[str, ColumnProfile],
    targets: Sequence[str],
    sources: Sequence[str],
    lag: int = 0,
) -> list[Relation]:
    """Which of ``targets`` are a sum, difference, ratio, product or multiple of ``sources``.

    A value agrees within the rounding with which it is written. ``lag`` compares each value with
    what the row before would give.
    """
    most = min(MOST_TERMS, int((MOST_TRIED / max(len(targets), 1)) ** 0.5))
    terms = dict(itertools.islice(_terms(columns, sources), most))
    found = []
    for name in targets:
        here = {n: v for n, v in terms.items() if name not in _names(n)}
        relation = _relation(columns[name], here, lag)
        if relation is not None:
            found.append(relation)
    return found


def _open(p: ColumnProfile) -> float:
    """What rounding leaves open: nothing of a few settings, which are what was written."""
    return 0.0 if p.is_few else p.rounding


def _neighbours(run: Sequence[ColumnProfile]) -> bool:
    units = {p.unit for p in run}
    return [p.place for p in run] == list(range(run[0].place, run[0].place + len(run))) and (
        len(units) == 1
    )


def _total(sums: Floats, exact: bool) -> float | None:
    middle = float(np.median(sums))
    for total in TOTALS:
        if abs(middle - total) <= LOOSE * total:
            return total
    steady = np.abs(sums - middle) <= 1e-9 * abs(middle)
    return middle if exact and middle > 0 and steady.mean() >= AGREE else None


def _terms(
    columns: Mapping[str, ColumnProfile], sources: Sequence[str]
) -> Iterator[tuple[str, Term]]:
    """Columns, and sums of two to five neighbours in one unit."""
    kept = [columns[n] for n in sources]
    for p in kept:
        yield p.name, Term(p.numbers, _open(p))
    for size in (2, 3, 4, 5):
        for i in range(len(kept) - size + 1):
            run = kept[i : i + size]
            if _neighbours(run):
                total = np.sum([p.numbers for p in run], axis=0)
                yield " + ".join(p.name for p in run), Term(total, sum(map(_open, run)))


def _names(term: str) -> list[str]:
    return term.split(" + ")


def _relation(target: ColumnProfile, terms: Mapping[str, Term], lag: int) -> Relation | None:
    """The simplest formula that agrees; tried on a part of the rows before on all of them."""
    y = target.numbers[lag:]
    if np.isfinite(y).sum() < LEAST or len(np.unique(y[np.isfinite(y)])) < 4:
        return None
    terms = {n: Term(t.values[: len(t.values) - lag], t.error) for n, t in terms.items()}
    thin = slice(None, None, len(y) // ROWS_TRIED + 1)
    few = {n: Term(t.values[thin], t.error) for n, t in terms.items()}
    best: tuple[int, int, Relation] | None = None
    for rank, formula, compute in _formulas(terms):
        if _odd(y[thin], *compute(few), target.rounding) is None:
            continue
        odd = _odd(y, *compute(terms), target.rounding)
        if odd is not None and (best is None or (rank, len(odd)) < best[:2]):
            places = tuple((odd + lag).tolist())
            best = rank, len(odd), Relation(target.name, formula, places, rank, lag)
    return best and best[2]


def _odd(y: Floats, value: Floats, error: Floats, own: float) -> NDArray[np.int64] | None:
    """Places where a value is not the formula's; None where that is no exception."""
    both = np.isfinite(y) & np.isfinite(value)
    slack = 1.02 * (own + error) + 1e-9 * np.abs(y)
    if both.sum() < max(LEAST, 0.8 * np.isfinite(y).sum()):
        return None
    off = both & (np.abs(value - y) > slack)
    telling = both & (y != 0)  # zeros agree with every product
    enough = telling.sum() >= LEAST and off.sum() <= (1 - AGREE) * telling.sum()
    fine = enough and np.median(slack[both]) <= COARSE * np.nanstd(y)
    return np.flatnonzero(off) if fine and _tells(value[both]) else None


def _tells(values: Floats) -> bool:
    """Whether the values differ enough that agreement is no accident."""
    return len(np.unique(np.round(values, 12))) >= 4


def _formulas(terms: Mapping[str, Term]) -> Iterator[tuple[int, str, Relate]]:
    """Rank (simple first), text, and how to compute it with what rounding may move it by."""
    for name in terms:
        yield int(" + " in name), name, partial(_scaled, name, 1.0, 0.0)
        for factor in (0.01, 0.1, 10.0, 100.0, 1000.0, 0.001):
            yield 0, f"{factor:g} * ({name})", partial(_scaled, name, factor, 0.0)
        for total in TOTALS:
            yield 3, f"{total:g} - ({name})", partial(_scaled, name, -1.0, total)
        yield 0, f"{name} + 273.15", partial(_scaled, name, 1.0, 273.15)
    for a, b in itertools.permutations(terms, 2):
        if set(_names(a)) & set(_names(b)):
            continue
        yield 2, f"({a}) / ({b})", partial(_ratio, a, b)
        yield 3, f"({a}) - ({b})", partial(_sum, a, b, -1.0)
        if a < b:
            yield 4, f"({a}) * ({b})", partial(_product, a, b)
            if " + " not in a and " + " not in b:
                yield 1, f"({a}) + ({b})", partial(_sum, a, b, 1.0)


def _scaled(a: str, factor: float, shift: float, terms: Mapping[str, Term]) -> Pair:
    x, dx = terms[a]
    return shift + factor * x, np.full_like(x, abs(factor) * dx)


def _sum(a: str, b: str, sign: float, terms: Mapping[str, Term]) -> Pair:
    (x, dx), (y, dy) = terms[a], terms[b]
    return x + sign * y, np.full_like(x, dx + dy)


def _ratio(a: str, b: str, terms: Mapping[str, Term]) -> Pair:
    (x, dx), (y, dy) = terms[a], terms[b]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(y != 0, x / y, np.nan)
        return ratio, np.abs(dx / y) + np.abs(ratio * dy / y)


def _product(a: str, b: str, terms: Mapping[str, Term]) -> Pair:
    (x, dx), (y, dy) = terms[a], terms[b]
    return x * y, np.abs(x) * dy + np.abs(y) * dx
