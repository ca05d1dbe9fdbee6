"""What follows from equalities: where ``Fe + Ni + Co == 1``, one of the three follows from the
others."""

from collections.abc import Sequence

import numpy as np

from planner.campaign.campaign import Campaign
from planner.campaign.expression import Constraint
from planner.campaign.parameter import Free, Integer, Range, ends, has_gap
from planner.space.encoding import Floats
from planner.space.membership import Columns, numbers_of, rows_in

GRID = 1e-6
"""How far from a whole step a setting that follows from others may lie, in steps."""
EDGE = 1e-9
"""Of its range, how far beyond its ends a setting that follows may lie by rounding."""
SMOOTH = 1e3
"""By how much rather a continuous setting follows than one with steps."""
INDEPENDENT = 1e-9
"""The least part of a column that is its own and no sum of others, of the largest."""


def solved(campaign: Campaign, columns: Columns) -> Columns:
    """With as many parameters as equalities allow worked out from the others: rather continuous
    ones than steps and whole numbers. NaN where they would lie between steps."""
    equalities = [r for r in campaign.rules if isinstance(r, Constraint) and r.equality]
    follow = _followers(campaign, equalities)
    if not follow:
        return columns
    numbers, n = numbers_of(campaign, columns), rows_in(columns)
    rest = [
        np.full(n, c.bound)
        - sum(k * numbers[m] for m, k in c.coefficients.items() if m not in follow)
        for c in equalities
    ]
    matrix = np.array([[c.coefficients.get(m, 0.0) for m in follow] for c in equalities])
    values = np.linalg.lstsq(matrix, np.array(rest), rcond=None)[0]
    return columns | {
        name: _on_steps(campaign.free[name], value)
        for name, value in zip(follow, values, strict=True)
    }


def independent(constraints: Sequence[Constraint]) -> list[Constraint]:
    """The constraints without equalities that follow from others, which a search cannot bear."""
    equalities = [c for c in constraints if c.equality]
    names = sorted({n for c in equalities for n in c.names})
    matrix = np.array([[c.coefficients.get(n, 0.0) for n in names] for c in equalities])
    kept = {id(equalities[i]) for i in _own_columns(matrix.T)}
    return [c for c in constraints if not c.equality or id(c) in kept]


def _followers(campaign: Campaign, equalities: Sequence[Constraint]) -> list[str]:
    """The parameters that follow: as many as there are equalities that say something of their own,
    and those of the widest reach, so that the others seldom ask too much of them."""
    bound = {n for c in equalities for n in c.names}
    steady = {
        n: p for n, p in campaign.free.items() if n in bound and p.kind in ("range", "integer")
    }
    if not steady:
        return []
    reach = np.array([_reach(p) for p in steady.values()])
    matrix = np.array([[c.coefficients.get(n, 0.0) for n in steady] for c in equalities]) * reach
    size = np.abs(matrix).max(axis=1, keepdims=True)
    names = list(steady)
    return [names[i] for i in _own_columns(matrix / np.where(size > 0, size, 1))]


def _own_columns(matrix: Floats) -> list[int]:
    """The columns that are no sum of others, the largest first."""
    from scipy.linalg import qr

    if not matrix.size:
        return []
    r, order = qr(matrix, pivoting=True, mode="r")
    own = np.abs(np.diag(r))
    return [int(i) for i in order[: (own > INDEPENDENT * own[0]).sum()]]


def _reach(parameter: Free) -> float:
    """How much a parameter can give way."""
    low, high = ends(parameter)  # type: ignore[arg-type]  # a choice follows from nothing
    return (high - low) * (1.0 if _step(parameter) else SMOOTH)


def _step(parameter: Free) -> float:
    return 1.0 if parameter.kind == "integer" else getattr(parameter, "step", None) or 0.0


def _on_steps(parameter: Free, values: Floats) -> Floats:
    """The settings nearest to the values; NaN where none is near."""
    assert isinstance(parameter, Range | Integer)
    low, high = ends(parameter)
    inside = np.clip(values, low, high)
    values = np.where(np.abs(values - inside) <= EDGE * (high - low), inside, values)
    if not (step := _step(parameter)):
        return values
    nearest = parameter.low + np.round((values - parameter.low) / step) * step
    if has_gap(parameter):
        nearest = np.where(np.abs(values) <= GRID * step, 0.0, nearest)
    return np.where(np.abs(values - nearest) <= GRID * step, nearest, np.nan)
