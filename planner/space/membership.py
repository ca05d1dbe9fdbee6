"""Which rows of the unit cube are points of a campaign's space, many at once."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.expression import Formula, parse_formula
from planner.campaign.hypothesis_checks import hard
from planner.campaign.parameter import (
    Choice,
    Derived,
    Fixed,
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


def keeps(campaign: Campaign, columns: Columns) -> Marks:
    """Which rows keep bounds, constraints and hard claims, to rounding, shape (n,)."""
    return np.asarray(near_to(campaign, columns) & (excess(campaign, columns) <= 0))


def near_to(campaign: Campaign, columns: Columns) -> Marks:
    """Which rows keep everything but formulas, shape (n,)."""
    numbers = numbers_of(campaign, columns)
    kept: Marks = np.ones(rows_in(columns), dtype=bool)
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
        return np.zeros(rows_in(columns))
    numbers = numbers_of(campaign, columns)
    over = np.max([f.excess(numbers) for f in formulas], axis=0)
    return np.where(np.isnan(over), np.inf, over)


def rows_in(columns: Columns) -> int:
    """How many rows there are."""
    return len(next(iter(columns.values())))


def numbers_of(campaign: Campaign, columns: Columns) -> Columns:
    """The same with the numbers of choices, and, where a formula asks for them, of those that are
    fixed or derived."""
    numbers = dict(columns)
    for name, parameter in campaign.free.items():
        if isinstance(parameter, Choice) and has_numbers(parameter):
            numbers[name] = np.array(parameter.values, dtype=float)[columns[name].astype(int)]
    if not any(isinstance(rule, FormulaConstraint) for rule in campaign.rules):
        return numbers
    n = rows_in(columns)
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
