"""The space of a campaign as numbers: the unit cube, its feasible points, and finite spaces
listed out."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.hypothesis_checks import hard
from planner.campaign.parameter import Choice, Fixed, Free, to_unit
from planner.campaign.values import Point, Value

type Floats = NDArray[np.float64]
LISTED = 5000
"""A space of at most this many points is listed out and treated as a pool."""
ZERO_SHARE = 0.25
"""Of the places of a range that may also be 0: so many are 0."""


def key(campaign: Campaign, point: Point) -> tuple[Value, ...]:
    """What makes two points the same: free parameters, numbers to nine digits."""
    return tuple(_nine_digits(point[name]) for name in campaign.free)


@lru_cache(maxsize=2**16)
def _nine_digits(value: Value) -> Value:
    return value if isinstance(value, str) else float(f"{value:.9g}")


def keeps_fixed(campaign: Campaign, point: Point) -> bool:
    """Whether what is fixed has in a point the value that the campaign has now, as far as the point
    tells: a trial that was vetoed at another one says nothing of this space."""
    fixed = {n: p.value for n, p in campaign.parameters.items() if isinstance(p, Fixed)}
    return all(_nine_digits(point.get(n, v)) == _nine_digits(v) for n, v in fixed.items())


def without(campaign: Campaign, points: Iterable[Point], excluded: Iterable[Point]) -> list[Point]:
    """The points that equal none of the excluded ones and none before them."""
    seen = {key(campaign, point) for point in excluded if keeps_fixed(campaign, point)}
    left = []
    for point in points:
        if (mark := key(campaign, point)) not in seen:
            seen.add(mark)
            left.append(point)
    return left


def permitted(campaign: Campaign, points: Sequence[Point]) -> list[Point]:
    """The points that no hard claim forbids."""
    kept = hard(campaign.hypotheses)
    if not kept or not points:
        return list(points)
    cube = Cube(campaign.parameters, campaign.outcomes, encode(campaign, points))
    forbidden = np.any([np.broadcast_to(h.forbids(cube), len(points)) for h in kept], axis=0)
    return [point for point, bad in zip(points, forbidden, strict=True) if not bad]


def listed(campaign: Campaign) -> list[Point] | None:
    """All points of a finite space that is small enough, in a fixed order; else None."""
    if (
        math.prod(
            p.count if p.kind != "range" or p.step else math.inf for p in campaign.free.values()
        )
        > LISTED
    ):
        return None
    grids = [p.grid() for p in campaign.free.values()]
    points = (dict(zip(campaign.free, values, strict=True)) for values in itertools.product(*grids))
    return [point for values in points if (point := feasible(campaign, values)) is not None]


def feasible(campaign: Campaign, values: Point) -> Point | None:
    """The full point where the constraints hold, else None."""
    try:
        return campaign.complete(values)
    except ValueError:
        return None


def encode(campaign: Campaign, points: Sequence[Point]) -> Floats:
    """Points as rows of the unit cube, shape (n, d): log scales in the logarithm, choices by
    index."""
    columns = [[to_unit(p, point[n]) for point in points] for n, p in campaign.free.items()]
    return np.array(columns, dtype=float).T.reshape(len(points), len(campaign.free))


def decode(campaign: Campaign, rows: Floats) -> dict[str, Floats]:
    """Rows of the unit cube as columns of settings; of a choice, its index."""
    return {n: settings_at(p, rows[:, i]) for i, (n, p) in enumerate(campaign.free.items())}


def points_of(campaign: Campaign, columns: Mapping[str, Floats]) -> list[Point]:
    """Columns of settings as plain values of the free parameters."""
    free = campaign.free
    plain = [
        [parameter.values[int(v)] for v in column]
        if isinstance(parameter := free[n], Choice)
        else column.tolist()
        for n, column in columns.items()
    ]
    return [dict(zip(columns, values, strict=True)) for values in zip(*plain, strict=True)]


def settings_at(parameter: Free, u: Floats) -> Floats:
    """The settings of one parameter at places between 0 and 1; of a choice, the index."""
    if parameter.kind == "range" and parameter.step is None:
        if parameter.scale == "log":
            return np.clip(
                parameter.low * (parameter.high / parameter.low) ** u, None, parameter.high
            )
        if parameter.allow_zero:
            share = (u - ZERO_SHARE) / (1 - ZERO_SHARE)
            inside = parameter.low + share * (parameter.high - parameter.low)
            return np.where(u < ZERO_SHARE, 0.0, inside)
        return np.asarray(parameter.low + u * (parameter.high - parameter.low))
    index = np.minimum(np.floor(u * parameter.count), parameter.count - 1)
    match parameter.kind:
        case "range" if parameter.allow_zero:
            return np.where(index < 1, 0.0, parameter.low + (index - 1) * parameter.step)
        case "range":
            return parameter.low + index * parameter.step
        case "integer":
            return parameter.low + index
        case "ordered":
            return np.asarray(np.array(parameter.values)[index.astype(int)])
    return index
