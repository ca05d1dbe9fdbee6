"""Claims for the benchmark of hypotheses: right and wrong ones about a pool that is known."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from models.arrays import Floats
from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.hypothesis import Hypothesis, Near, Region, Trend
from planner.campaign.parameter import Choice, Free, from_unit
from planner.campaign.values import Value
from planner.past.pool import Pool
from planner.space.encoding import encode

KINDS = ("near", "region", "trend")
OFF, WIDTH = 0.15, 0.2
"""How far the centre of a right ``near`` lies from the optimum, and its width, of each range."""
SHARE = (0.05, 0.10)
"""Share of the pool in a ``region``."""
TRIES = 400
"""Places and shapes that are looked at for a region of that share."""


def claim(pool: Pool, kind: str, right: bool, seed: int, strength: float) -> Hypothesis:
    """A claim that holds of the pool's best condition, or one at least half of every range off."""
    rng = np.random.default_rng([seed, KINDS.index(kind), 7])
    common: dict[str, Any] = {"author": "benchmark", "strength": strength}
    common["name"] = called(kind, right)
    rows = encode(pool.campaign, pool.points)
    best = rows[int(np.argmax(pool.merits[:, 0]))]
    match kind:
        case "near":
            centre = _beside(best, rng) if right else _far(best, rng)
            point = _settings(pool.campaign, centre, best, right, rng)
            return Near(point=point, width=WIDTH, **common)
        case "region":
            return Region(within=_box(pool.campaign, rows, best, right, rng), **common)
    return _trend(pool, rows, right, common)


def called(kind: str, right: bool) -> str:
    """How a claim of the benchmark is called."""
    return f"{'right' if right else 'wrong'} {kind}"


def strongest(pool: Pool, rows: Floats) -> tuple[str, float]:
    """The numeric parameter along which a plane through all conditions rises or falls most, and
    its slope over the range."""
    design = np.column_stack([np.ones(len(rows)), rows - 0.5])
    slopes = np.linalg.lstsq(design, pool.merits[:, 0], rcond=None)[0][1:]
    names = list(pool.campaign.free)
    effect = np.abs(slopes) * rows.std(axis=0)
    effect[[isinstance(p, Choice) for p in pool.campaign.free.values()]] = 0
    i = int(np.argmax(effect))
    return names[i], float(slopes[i])


def _trend(pool: Pool, rows: Floats, right: bool, common: dict[str, Any]) -> Trend:
    name, slope = strongest(pool, rows)
    ((outcome, goal),) = pool.campaign.objectives.items()
    rises = (slope > 0) == (goal.direction > 0)  # merits are turned so that more is better
    sign: Literal["rises", "falls"] = "rises" if rises == right else "falls"
    return Trend(outcome=outcome, parameter=name, sign=sign, **common)


def _beside(best: Floats, rng: np.random.Generator) -> Floats:
    """OFF to one side of the best, on every axis; to the other where the range ends."""
    step = OFF * rng.choice([-1, 1], len(best))
    inside = (best + step >= 0) & (best + step <= 1)
    beside: Floats = np.where(inside, best + step, best - step)
    return beside


def _far(best: Floats, rng: np.random.Generator) -> Floats:
    """A place at least half of every range away from the best."""
    below = [(0.0, u - 0.5) for u in best]
    above = [(u + 0.5, 1.0) for u in best]
    sides = [[s for s in pair if s[0] <= s[1]] for pair in zip(below, above, strict=True)]
    return np.array([rng.uniform(*side[rng.integers(len(side))]) for side in sides])


def _settings(
    campaign: Campaign,
    centre: Floats,
    best: Floats,
    right: bool,
    rng: np.random.Generator,
) -> dict[str, Value]:
    """A place as settings; choices are those of the best, or others."""
    point: dict[str, Value] = {}
    for i, (name, parameter) in enumerate(campaign.free.items()):
        if isinstance(parameter, Choice):
            at = round(float(best[i]) * (len(parameter.values) - 1))
            others = [v for j, v in enumerate(parameter.values) if j != at]
            point[name] = parameter.values[at] if right else others[rng.integers(len(others))]
        else:
            point[name] = from_unit(parameter, float(centre[i]))
    return point


def _box(
    campaign: Campaign, rows: Floats, best: Floats, right: bool, rng: np.random.Generator
) -> dict[str, tuple[Value, ...]]:
    """Limits that hold SHARE of the pool, the best somewhere inside or far outside. A choice is
    limited to that of the best and some others, or to some others alone."""
    for _ in range(TRIES):
        inside, centre = rng.random(len(best)), _far(best, rng)
        turn = [rng.random(_count(p)) for p in campaign.free.values()]
        sides = np.linspace(0.02, 1.6, 200)
        for side in sides:
            low = best - inside * side if right else centre - side / 2
            within = _limits(campaign, low, low + side, best, right, turn)
            share = _held(campaign, rows, within).mean()
            holds_best = bool(_held(campaign, best[None], within)[0])
            if SHARE[0] <= share <= SHARE[1] and holds_best == right:
                return within
            if share > SHARE[1]:
                break
    raise ValueError("no region of that size was found")


def _count(parameter: Free) -> int:
    return len(parameter.values) if isinstance(parameter, Choice) else 0


def _limits(
    campaign: Campaign,
    low: Floats,
    high: Floats,
    best: Floats,
    right: bool,
    turn: Sequence[Floats],
) -> dict[str, tuple[Value, ...]]:
    within: dict[str, tuple[Value, ...]] = {}
    for i, (name, parameter) in enumerate(campaign.free.items()):
        if isinstance(parameter, Choice):
            at = round(float(best[i]) * (len(parameter.values) - 1))
            count = len(parameter.values)
            first = np.where(np.arange(count) == at, -1.0 if right else 2.0, turn[i])
            many = int(np.clip(round((high[i] - low[i]) * count), 1, count - (not right)))
            chosen = sorted(np.argsort(first)[:many].tolist())
            within[name] = tuple(parameter.values[j] for j in chosen)
        else:
            ends = np.clip([low[i], high[i]], 0, 1)
            within[name] = tuple(from_unit(parameter, float(u)) for u in ends)
    return within


def _held(campaign: Campaign, rows: Floats, within: dict[str, Sequence[Value]] | Any) -> Any:
    view = Cube(campaign.parameters, campaign.outcomes, rows)
    gaps = [np.broadcast_to(view.outside(n, limits), len(rows)) for n, limits in within.items()]
    return np.max(gaps, axis=0) <= 1e-9
