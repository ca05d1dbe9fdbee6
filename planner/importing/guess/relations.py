"""Columns that are computed from others: multiples, sums, differences, ratios and products."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planner.importing.guess.formula import ColumnFormula, Pair, Term, combined
from planner.importing.guess.powers import product
from planner.importing.guess.profile import ColumnProfile, Floats
from planner.importing.guess.sums import sets_of

AGREE = 0.95
"""Share of the rows in which a computed column must agree; the others are worth a look."""
LEAST = 8
"""Rows with numbers, and among them different ones, that a relation needs."""
TOTALS = (1.0, 100.0)
TERMS_SUMMED = 5
MOST_TERMS = 1600
"""Columns and sums of columns from which formulas are made; of a wide table only columns."""
MOST_TRIED = 40_000
"""Pairs of columns over all targets: a wide table is looked through less thoroughly."""
ROWS_TRIED = 24
"""Rows on which every formula is tried before all of them are looked at."""
COARSE = 0.2
"""Of the spread of a column: a formula that rounding leaves more open than this says nothing."""
FITTED = 0.1
"""The same where a factor or a total was fitted; then it has to agree to the digits written."""


class Relation(NamedTuple):
    """A column that follows from others, with the rows that do not agree (by place)."""

    column: str
    formula: str
    sources: tuple[str, ...]
    odd: tuple[int, ...]
    rank: int
    """0: a multiple, 1: a sum, 2: a ratio, 3: a difference, 4: a product; 5 and more: times a
    factor; 10: a product of powers."""
    alike: float = 0.0
    """Largest rank correlation between two of the sources: those of a setting's formula were set
    each by itself."""
    form: str = ""
    """``+``, ``-``, ``*`` or ``/``: what is done with the sources; empty for a multiple."""


def derived(
    columns: Mapping[str, ColumnProfile],
    targets: Sequence[str],
    sources: Sequence[str],
    lag: int = 0,
) -> list[Relation]:
    """Every way in which one of ``targets`` follows from ``sources``: of each set of columns the
    simplest, and none with columns that it does not need.

    A value agrees within the rounding with which it is written. ``lag`` compares each value with
    what the row before would give.
    """
    most = int((MOST_TRIED / max(len(targets), 1)) ** 0.5)
    terms = _terms([columns[n] for n in sorted(sources)[:most]], lag)
    found = []
    for name in targets:
        best: dict[frozenset[str], Relation] = {}
        for relation in _relations(columns[name], [t for t in terms if name not in t.names], lag):
            known = best.get(frozenset(relation.sources))
            if known is None or (relation.rank, len(relation.odd)) < (known.rank, len(known.odd)):
                best[frozenset(relation.sources)] = relation
        if lag == 0:
            others = [columns[n] for n in sources if n != name]
            best |= {frozenset(r.sources): r for r in _powers(columns[name], others)}
        simplest = [r for names, r in best.items() if not any(other < names for other in best)]
        found += [r._replace(alike=_alike(columns, r.sources)) for r in simplest]
    return found


def _powers(target: ColumnProfile, sources: Sequence[ColumnProfile]) -> Iterator[Relation]:
    """The product of three or more columns that agrees."""
    found = product(target, sources, [_open(p) for p in sources])
    if found is not None:
        odd = _odd(target.numbers, found.values, found.error, target.resolution, fitted=False)
        if odd is not None:
            form = "*" if min(found.powers.values()) > 0 else "/"
            names, places = tuple(found.powers), tuple(odd.tolist())
            yield Relation(target.name, found.text, names, places, 10, form=form)


def _alike(columns: Mapping[str, ColumnProfile], names: Sequence[str]) -> float:
    """Largest correlation, by ranks, between two columns; 1 where there is one alone."""
    if len(names) < 2:
        return 1.0
    values = np.array([columns[n].numbers for n in names])
    values = values[:, np.isfinite(values).all(axis=0)]
    ranks = values.argsort(axis=1).argsort(axis=1)
    between = np.abs(np.corrcoef(ranks))[np.triu_indices(len(names), 1)]
    return round(float(np.nanmax(between, initial=0.0)), 2)


def _terms(sources: Sequence[ColumnProfile], lag: int) -> list[Term]:
    """Columns, and sums of columns in one unit."""
    rows = slice(0, len(sources[0].cells) - lag) if sources else slice(0)
    single = [Term((p.name,), (p.numbers[rows],), _open(p)) for p in sources]
    terms = list(single)
    for unit in sorted({p.unit for p in sources}):
        group = [t for t, p in zip(single, sources, strict=True) if p.unit == unit]
        for chosen in sets_of(len(group), TERMS_SUMMED, MOST_TERMS - len(terms)):
            terms.append(_sum([group[i] for i in chosen]))
    return terms


def _sum(parts: Sequence[Term]) -> Term:
    names = tuple(n for p in parts for n in p.names)
    return Term(names, tuple(v for p in parts for v in p.parts), sum(p.error for p in parts))


def _open(p: ColumnProfile) -> float:
    """What rounding leaves open: nothing of a few settings, which are what was written."""
    return 0.0 if p.is_few else p.rounding


def _relations(target: ColumnProfile, terms: Sequence[Term], lag: int) -> Iterator[Relation]:
    """The formulas that agree; tried on a part of the rows before on all of them."""
    y = target.numbers[lag:]
    known = np.flatnonzero(np.isfinite(y))
    if len(known) < LEAST or len(np.unique(y[known])) < 4 or not terms:
        return
    thin = known[:: len(known) // ROWS_TRIED + 1]
    for formula in _likely(y, terms, thin, target.resolution):
        value, error = formula.values()
        odd = _odd(y, value, error, target.resolution, fitted=formula.rank >= 5)
        if odd is None:  # a count such as 7 cycles was not rounded
            odd = _odd(y, value, error, target.resolution, fitted=True)
        if odd is not None:
            names = formula.a.names + (formula.b.names if formula.b else ())
            places = tuple((odd + lag).tolist())
            form = formula.form
            yield Relation(target.name, formula.text, names, places, formula.rank, form=form)


def _likely(
    y: Floats, terms: Sequence[Term], thin: NDArray[np.int64], own: float
) -> Iterator[ColumnFormula]:
    """Formulas of one or two terms that agree on nearly all of a few rows."""
    few, errors = np.array([t.at(thin) for t in terms]), np.array([t.error for t in terms])
    part = y[thin]
    for a in terms:
        yield from _of_one(a, part, a.at(thin))
    for a in terms:
        if len(a.names) == 1:
            alone = np.broadcast_to(a.at(thin), few.shape), np.full(len(terms), a.error)
            yield from _of_two(a, terms, part, alone, (few, errors), own)


def _of_two(
    a: Term, terms: Sequence[Term], y: Floats, x: Pair, others: Pair, own: float
) -> Iterator[ColumnFormula]:  # fmt: skip
    """A column with every term: sums across units, differences, products, ratios."""
    known = {frozenset(t.names) for t in terms}
    for sign, rank, left, right in (
        ("+", 1, x, others), ("-", 3, x, others), ("-", 3, others, x),
        ("*", 4, x, others), ("/", 2, x, others), ("/", 2, others, x),
    ):  # fmt: skip
        value, error = combined(sign, left[0], left[1][:, None], right[0], right[1][:, None])
        agreeing = set(_agreeing(y, value, error, own).tolist())
        for j, b in enumerate(terms):
            names = frozenset(a.names + b.names)
            if a.names[0] in b.names or (sign == "+" and names in known):
                continue
            if sign in "+*" and len(b.names) == 1 and a.names > b.names:
                continue
            pair = (a, b) if left is x else (b, a)
            if j in agreeing:
                yield ColumnFormula(rank, sign, *pair)
            elif sign in "*/" and len(b.names) == 1:
                factor = _factor(y, value[j])
                scaled = factor or 0.0
                if len(_agreeing(y, scaled * value[[j]], abs(scaled) * error[[j]], own)):
                    yield ColumnFormula(5 + rank, sign, *pair, scaled)


def _of_one(a: Term, y: Floats, x: Floats) -> Iterator[ColumnFormula]:
    yield ColumnFormula(int(len(a.names) > 1), "", a)
    yield ColumnFormula(0, "", a, shift=273.15)
    both = np.isfinite(x + y)
    total = float(np.median((x + y)[both])) if both.any() else 0.0
    shift = next((t for t in TOTALS if abs(t - total) <= 0.01 * t), float(f"{total:.6g}"))
    yield ColumnFormula(3 if shift in TOTALS else 8, "", a, factor=-1.0, shift=shift)
    if len(a.names) == 1 and (factor := _factor(y, x)) is not None:
        yield ColumnFormula(5, "", a, factor=factor)


def _factor(y: Floats, x: Floats) -> float | None:
    """By what all values of x are to be multiplied; None where there is no one factor."""
    both = np.isfinite(y) & np.isfinite(x) & (x != 0) & (y != 0)
    if both.sum() < LEAST / 2:
        return None
    ratios = y[both] / x[both]
    factor = float(y[both] @ x[both] / (x[both] @ x[both]))
    middle = float(np.median(np.abs(ratios - factor)))
    known = factor != 0 and np.isfinite(factor)
    return factor if known and middle <= 0.05 * abs(factor) else None


def _agreeing(y: Floats, values: Floats, errors: Floats, own: float) -> NDArray[np.int64]:
    """Which rows of ``values`` (formulas, rows) agree with y nearly everywhere."""
    slack = 1.02 * (own + errors) + 1e-6 * np.abs(y)
    with np.errstate(invalid="ignore"):
        off = (np.abs(values - y) > slack) & np.isfinite(values)
    few = np.isfinite(values).sum(axis=1) < 0.7 * len(y)
    return np.flatnonzero((off.mean(axis=1) <= 0.15) & ~few)


def _odd(
    y: Floats, value: Floats, error: Floats, own: float, fitted: bool
) -> NDArray[np.int64] | None:
    """Places where a value is not the formula's; None where that is no exception."""
    both = np.isfinite(y) & np.isfinite(value)
    slack = 1.02 * (own + (0.0 if fitted else error)) + 1e-6 * np.abs(y)
    if both.sum() < max(LEAST, 0.8 * np.isfinite(y).sum()):
        return None
    off = both & (np.abs(value - y) > slack)
    telling = both & (y != 0)  # zeros agree with every product
    enough = telling.sum() >= LEAST and off.sum() <= (1 - AGREE) * telling.sum()
    coarse = FITTED if fitted else COARSE
    fine = enough and np.median(slack[both]) <= coarse * np.nanstd(y)
    return np.flatnonzero(off) if fine and _tells(value[both]) else None


def _tells(values: Floats) -> bool:
    """Whether the values differ enough that agreement is no accident."""
    return len(np.unique(np.round(values, 12))) >= 4
