"""Which rows of the unit cube are points of a campaign's space, many at once."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.expression import Constraint, Formula, parse_formula
from planner.campaign.hypothesis_checks import hard
from planner.campaign.parameter import (
    Choice,
    Derived,
    Fixed,
    Free,
    Integer,
    Range,
    ends,
    has_gap,
    has_numbers,
    is_number,
)
from planner.campaign.room import bounds_of
from planner.campaign.rules import FormulaConstraint
from planner.space.encoding import Floats

type Columns = dict[str, Floats]
"""Settings by parameter, shape (n,); of a choice, the index."""
type Marks = NDArray[np.bool_]
GRID = 1e-6
"""How far from a whole step a setting that follows from others may lie, in steps."""


def keeps(campaign: Campaign, columns: Columns) -> Marks:
    """Which rows keep bounds, constraints and hard claims, to rounding, shape (n,)."""
    return np.asarray(near_to(campaign, columns) & (excess(campaign, columns) <= 0))


def near_to(campaign: Campaign, columns: Columns) -> Marks:
    """Which rows keep everything but formulas, shape (n,)."""
    numbers = _numbers(campaign, columns)
    kept: Marks = np.ones(len(next(iter(columns.values()))), dtype=bool)
    for name, (low, high) in bounds_of(campaign.free).items():
        kept &= (columns[name] >= low) & (columns[name] <= high)
        if has_gap(p := campaign.free[name]):
            kept &= (columns[name] == 0) | (columns[name] >= p.low)
    for rule in campaign.rules:
        if not isinstance(rule, FormulaConstraint):
            kept &= rule.keeps(numbers)
    claims = hard(campaign.hypotheses)
    if claims and kept.any():
        cube = Cube(campaign.parameters, campaign.outcomes, _unit_rows(campaign, columns))
        for claim in claims:
            kept &= ~np.broadcast_to(claim.forbids(cube), kept.shape)
    return kept


def excess(campaign: Campaign, columns: Columns) -> Floats:
    """By how much rows break the formula that they break most, shape (n,); 0 or less where they
    keep all, infinite where one has no value."""
    formulas = [rule for rule in campaign.rules if isinstance(rule, FormulaConstraint)]
    if not formulas:
        return np.zeros(len(next(iter(columns.values()))))
    numbers = _numbers(campaign, columns)
    over = np.max([f.excess(numbers) for f in formulas], axis=0)
    return np.where(np.isnan(over), np.inf, over)


def solved(campaign: Campaign, columns: Columns) -> Columns:
    """With equalities, as many parameters as there are equalities follow from the others:
    continuous ones where there are enough, else also whole numbers and steps. NaN where they would
    lie between steps."""
    from scipy.linalg import qr

    equalities = [r for r in campaign.rules if isinstance(r, Constraint) and r.equality]
    names = _solvable(campaign, equalities)
    if not equalities or not names:
        return columns
    numbers = _numbers(campaign, columns)
    matrix = np.array([[c.coefficients.get(n, 0.0) for n in names] for c in equalities])
    pivots = list(qr(matrix, pivoting=True, mode="r")[1][: len(equalities)])
    follow = [names[i] for i in pivots]
    rest = [
        c.bound - sum(k * numbers[n] for n, k in c.coefficients.items() if n not in follow)
        for c in equalities
    ]
    values = np.linalg.lstsq(matrix[:, pivots], np.array(rest), rcond=None)[0]
    return columns | {
        name: _on_steps(campaign.free[name], value)
        for name, value in zip(follow, values, strict=True)
    }


def _solvable(campaign: Campaign, equalities: list[Constraint]) -> list[str]:
    bound = {n for c in equalities for n in c.names}
    steady = [n for n, p in campaign.free.items() if n in bound and p.kind in ("range", "integer")]
    flowing = [n for n in steady if not _step(campaign.free[n])]
    return flowing if len(flowing) >= len(equalities) else steady


def _step(parameter: Free) -> float:
    return 1.0 if parameter.kind == "integer" else getattr(parameter, "step", None) or 0.0


def _on_steps(parameter: Free, values: Floats) -> Floats:
    """The settings nearest to the values; NaN where none is near."""
    if not isinstance(parameter, Range | Integer) or not (step := _step(parameter)):
        return values
    nearest = parameter.low + np.round((values - parameter.low) / step) * step
    if has_gap(parameter):
        nearest = np.where(np.abs(values) <= GRID * step, 0.0, nearest)
    return np.where(np.abs(values - nearest) <= GRID * step, nearest, np.nan)


def _numbers(campaign: Campaign, columns: Columns) -> Columns:
    """The same with the numbers of choices, and, where a formula asks for them, of those that are
    fixed or derived."""
    numbers = dict(columns)
    for name, parameter in campaign.free.items():
        if isinstance(parameter, Choice) and has_numbers(parameter):
            numbers[name] = np.array(parameter.values, dtype=float)[columns[name].astype(int)]
    if not any(isinstance(rule, FormulaConstraint) for rule in campaign.rules):
        return numbers
    n = len(next(iter(columns.values())))
    numbers |= {
        name: np.full(n, float(p.value))
        for name, p in campaign.parameters.items()
        if isinstance(p, Fixed) and is_number(p.value)
    }
    derived = {
        name: np.broadcast_to(_formula(p.formula, tuple(numbers)).over(numbers), n)
        for name, p in campaign.parameters.items()
        if isinstance(p, Derived)
    }
    return numbers | derived


@lru_cache(maxsize=64)
def _formula(text: str, names: tuple[str, ...]) -> Formula:
    return parse_formula(text, names)


def _unit_rows(campaign: Campaign, columns: Columns) -> Floats:
    """Columns as ``encode`` has them, shape (n, d)."""
    rows = []
    for name, parameter in campaign.free.items():
        if isinstance(parameter, Choice):
            rows.append(columns[name] / (len(parameter.values) - 1))
            continue
        low, high = ends(parameter)
        if parameter.kind == "range" and parameter.scale == "log":
            rows.append(np.log(columns[name] / low) / np.log(high / low))
        else:
            rows.append((columns[name] - low) / (high - low))
    return np.stack(rows, axis=1)
