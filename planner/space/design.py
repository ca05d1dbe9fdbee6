"""The space-filling first design: a scrambled Sobol sequence through the feasible part of the
space.

Ax's own Sobol generator refuses constraints on log-scaled parameters and clusters under an equality
(docs/decisions/0003), and needs torch; this one needs neither. The sequence is fixed by the
seed, so
the design goes on where it stopped: points already planned are skipped.
"""

from collections.abc import Sequence

import numpy as np

from planner.campaign.campaign import Campaign
from planner.campaign.parameter import Choice
from planner.campaign.room import bounds_of
from planner.campaign.values import Point
from planner.space.encoding import Floats, decode, encode, feasible, points_of, without

type Columns = dict[str, Floats]
_DOUBLINGS = range(8, 18)


def first_design(campaign: Campaign, excluded: Sequence[Point], n: int, seed: int) -> list[Point]:
    """The next ``n`` points of the sequence that are feasible and not ``excluded``.

    Fewer come back only from a space that has no more. ValueError where the constraints leave so
    little that 131,072 tries found nothing.
    """
    found: list[Point] = []
    for power in _DOUBLINGS:
        rows = _sobol(campaign, power, seed)
        columns = _feasible_columns(campaign, _solved(campaign, decode(campaign, rows)))
        points = (feasible(campaign, values) for values in points_of(campaign, columns))
        found = without(campaign, (point for point in points if point is not None), excluded)
        if len(found) >= n:
            return found[:n]
    if not found and not excluded:
        raise ValueError("the constraints leave too little room: no feasible point was found")
    return found


def nearest_in_pool(
    campaign: Campaign, pool: Sequence[Point], n: int, skip: int, seed: int
) -> list[Point]:
    """The members of ``pool`` nearest to points ``skip`` to ``skip + n`` of the sequence, each
    once."""
    rows = _sobol(campaign, (skip + n - 1).bit_length(), seed)[skip : skip + n]
    places = encode(campaign, pool)
    chosen: list[int] = []
    for row in rows[: len(pool)]:
        distance = _distance(campaign, places, row)
        distance[chosen] = np.inf
        chosen.append(int(np.argmin(distance)))
    return [pool[i] for i in chosen]


def _sobol(campaign: Campaign, power: int, seed: int) -> Floats:
    """The first ``2**power`` points of the sequence in the unit cube, shape (2**power, d)."""
    from scipy.stats import qmc  # most of a second, needed only here

    return np.asarray(qmc.Sobol(len(campaign.free), seed=seed).random_base2(power))


def _distance(campaign: Campaign, places: Floats, row: Floats) -> Floats:
    """Squared distance of every place to a row; a different choice counts as one."""
    difference = places - row
    for i, parameter in enumerate(campaign.free.values()):
        if isinstance(parameter, Choice):
            last = len(parameter.values) - 1
            drawn = min(int(row[i] * (last + 1)), last)
            difference[:, i] = np.round(places[:, i] * last) != drawn
    return np.asarray((difference**2).sum(axis=1))


def _feasible_columns(campaign: Campaign, columns: Columns) -> Columns:
    """The rows that keep bounds and constraints, to rounding; the exact check follows for each."""
    keep = np.ones(len(next(iter(columns.values()))), dtype=bool)
    for constraint in campaign.linear_constraints:
        total = sum(k * columns[n] for n, k in constraint.coefficients.items())
        slack = 1e-6 * max(abs(constraint.bound), 1.0)
        keep &= total <= constraint.bound + slack
        keep &= not constraint.equality or total >= constraint.bound - slack
    for name, (low, high) in bounds_of(campaign.free).items():
        keep &= (columns[name] >= low) & (columns[name] <= high)
    return {n: column[keep] for n, column in columns.items()}


def _solved(campaign: Campaign, columns: Columns) -> Columns:
    """With equalities, as many continuous parameters as there are equalities follow from the
    others."""
    from scipy.linalg import qr

    equalities = [c for c in campaign.linear_constraints if c.equality]
    names = [n for n, p in campaign.free.items() if p.kind == "range"]
    names = [n for n in names if any(n in c.coefficients for c in equalities)]
    if not names:
        return columns
    matrix = np.array([[c.coefficients.get(n, 0.0) for n in names] for c in equalities])
    pivots = list(qr(matrix, pivoting=True, mode="r")[1][: len(equalities)])
    solved = [names[i] for i in pivots]
    rest = [
        c.bound - sum(k * columns[n] for n, k in c.coefficients.items() if n not in solved)
        for c in equalities
    ]
    values = np.linalg.lstsq(matrix[:, pivots], np.array(rest), rcond=None)[0]
    return {**columns, **dict(zip(solved, values, strict=True))}
