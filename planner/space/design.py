"""The space-filling first design: a scrambled Sobol sequence through the feasible part of the
space; where that is a small part, chains that walk through it.

Ax's own Sobol generator refuses constraints on log-scaled parameters and clusters under an equality
(docs/decisions/0003), and needs torch; this one needs neither. The sequence is fixed by the
seed, so the design goes on where it stopped: points already planned are skipped.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from models.error import KyosoError
from planner.campaign.campaign import Campaign
from planner.campaign.parameter import Choice
from planner.campaign.values import Point
from planner.space.chains import blocks
from planner.space.encoding import Floats, decode, encode, feasible, points_of, without
from planner.space.equalities import solved
from planner.space.membership import Columns, keeps

_DOUBLINGS = range(8, 18)
TRIED, FEW = 4096, 16
"""Where fewer than 16 of 4,096 points of the sequence are feasible, chains find more."""


class NoPoint(KyosoError, ValueError):
    """There is no point to propose; the message says why."""


def first_design(campaign: Campaign, excluded: Sequence[Point], n: int, seed: int) -> list[Point]:
    """The next ``n`` points of the sequence that are feasible and not ``excluded``.

    Fewer come back only from a space that has no more, as far as can be found. NoPoint where
    nothing was found.
    """
    found: list[Point] = []
    for points in _tries(campaign, seed):
        found = without(campaign, points, excluded)
        if len(found) >= n:
            return found[:n]
    if not found and not excluded:
        raise NoPoint("the constraints leave too little room: no feasible point was found")
    return found


def _tries(campaign: Campaign, seed: int) -> Iterator[list[Point]]:
    """More and more feasible points, each list after the one before."""
    points: list[Point] = []
    for power in _DOUBLINGS:
        rows = _sobol(campaign, power, seed)
        points = _feasible(campaign, solved(campaign, decode(campaign, rows)))
        if len(rows) >= TRIED and len(points) * TRIED < FEW * len(rows):
            break
        yield points
    started, known = points, len(points)
    for columns in blocks(campaign, started, seed):
        more = _feasible(campaign, columns)
        points = without(campaign, [*points, *more], [])
        if len(points) == known:
            return
        known = len(points)
        yield points


def _feasible(campaign: Campaign, columns: Columns) -> list[Point]:
    kept = keeps(campaign, columns)
    rows = points_of(campaign, {n: column[kept] for n, column in columns.items()})
    return [point for values in rows if (point := feasible(campaign, values)) is not None]


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
