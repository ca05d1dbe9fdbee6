"""Is credence calibrated? Claims that are true with their stated prior, about functions drawn from
Gaussian processes: among claims of a credence near p, a share near p should be true.

Parameters, length scales, noise, skewness and the number of results differ from function to
function; half of the trials are random, half chosen by expected improvement after a random start.
An early claim is any that is true, or false, as its prior asks. A late one is made after some of
the results and suggested by them: a place around the best of them, the sign of the line through
them; functions are drawn until it is true, or false, as its author's strength asks, who knows
what such claims are worth.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from models.arrays import Floats
from planner.beliefs.credence import ground, weigh_observations
from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.cube import Cube
from planner.campaign.hypothesis import Claim
from planner.campaign.values import Point
from planner.past.as_record import Experiment, record_of_experiments
from planner.proposals.proposer import propose
from planner.record.record import Observation
from planner.space.design import first_design
from planner.space.encoding import encode

type Kind = Literal["region", "near", "trend", "peak"]
KINDS: tuple[Kind, ...] = ("region", "near", "trend", "peak")
CLAIMS = 400
BINS = 5
POINTS = 256
"""Conditions of each function; its optimum is the best of them."""
START = 4
"""Random trials before the model chooses."""


@dataclass(frozen=True)
class World:
    """A function on a pool of conditions, and the trials that were made of it, in their order."""

    campaign: Campaign
    points: tuple[Point, ...]
    rows: Floats
    values: Floats
    tried: tuple[int, ...]
    measured: tuple[float, ...]

    @property
    def best(self) -> Floats:
        """Where the optimum is, (d,)."""
        return np.asarray(self.rows[int(np.argmax(self.values))])

    def seen(self, count: int | None = None) -> list[Observation]:
        """The first results."""
        return [
            Observation(k, self.points[i], {"y": (value, None)})
            for k, (i, value) in enumerate(zip(self.tried, self.measured, strict=True), 1)
        ][:count]


class Judged(NamedTuple):
    """A claim after all trials."""

    credence: float
    true: bool
    strength: float
    """What its author stated."""


def simulated(seed: int, kind: Kind, late: bool = False) -> Judged:
    """One claim about one function."""
    rng = np.random.default_rng([seed, 11])
    prior, early = float(rng.uniform(0.1, 0.9)), int(rng.integers(4, 13)) if late else 0
    more = int(rng.integers(0, 9)) if late else int(rng.integers(4, 17))
    true = bool(rng.random() < prior)
    world = _world(rng, early + more)
    while _is_true(claim := _claim(world, kind, early, rng), kind, world) != true:
        if late or kind == "peak":  # of some functions neither a peak nor a dip is true
            world = _world(rng, early + more)
    asked = _campaign(len(world.best), claim | {"author": "simulated", "strength": prior})
    (title,) = (h.title for h in asked.hypotheses)
    known = {title: frozenset(range(1, early + 1))}
    (found,) = weigh_observations(asked, world.seen(), ground(asked, world.points), known)
    return Judged(found.credence, true, prior)


def calibration(late: bool = False, claims: int = CLAIMS, first: int = 0) -> dict[str, Any]:
    """Reliability in five bins of credence, of all kinds and of each; ``first``: of the seeds."""
    found = {
        kind: [simulated(seed, kind, late) for seed in range(first + i, first + claims, len(KINDS))]
        for i, kind in enumerate(KINDS)
    }
    tables: dict[str, Any] = {kind: reliability(part) for kind, part in found.items()}
    tables["all"] = reliability([one for part in found.values() for one in part])
    for kind, table in tables.items():
        shown = ", ".join("{mean}/{true} ({n})".format(**row) for row in table["bins"] if row["n"])
        print(f"  {kind}, credence/true (claims): {shown}; largest gap {table['largest_gap']:.2f}")
    made = "late" if late else "early"
    print(f"calibration of {claims} {made} claims, seeds from {first}", flush=True)
    return tables


def reliability(found: Sequence[Judged]) -> dict[str, Any]:
    """Mean credence and share of true claims in each bin, and the largest gap between them."""
    credence, true, _ = (np.array(column, dtype=float) for column in zip(*found, strict=True))
    which = np.minimum((credence * BINS).astype(int), BINS - 1)
    bins = []
    for i in range(BINS):
        inside = which == i
        mean, share = (
            (float(credence[inside].mean()), float(true[inside].mean()))
            if inside.any()
            else (math.nan, math.nan)
        )
        bins.append({"low": i / BINS, "high": (i + 1) / BINS, "n": int(inside.sum()),
                     "mean": round(mean, 3), "true": round(share, 3)})  # fmt: skip
    gaps = [abs(b["mean"] - b["true"]) for b in bins if b["n"]]
    return {"bins": bins, "largest_gap": float(max(gaps)), "claims": len(found)}


def _campaign(dimensions: int, *claims: dict[str, Any]) -> Campaign:
    return parse_campaign(
        {
            "name": "simulated",
            "parameters": {n: {"kind": "range", "low": 0, "high": 1} for n in "abcd"[:dimensions]},
            "outcomes": {"y": {"goal": "maximize"}},
            "stages": [{"name": "only", "executor": "lookup", "gives": ["y"]}],
            "hypotheses": list(claims),
        }
    )


def _world(rng: np.random.Generator, trials: int) -> World:
    campaign = _campaign(int(rng.integers(2, 5)))
    points = first_design(campaign, [], POINTS, int(rng.integers(2**31)))
    rows = encode(campaign, points)
    values = _function(rows, rng)
    noisy = values + rng.uniform(0.05, 0.3) * rng.standard_normal(POINTS)
    if rng.random() < 1 / 3:
        values, noisy = np.exp(values), np.exp(noisy)
    tried = rng.permutation(POINTS)[:trials].tolist()
    if rng.random() < 0.5:
        tried = _planned(campaign, points, noisy, tried[:START], trials)
    measured = tuple(float(noisy[i]) for i in tried)
    return World(campaign, tuple(points), rows, values, tuple(tried), measured)


def _planned(
    campaign: Campaign, points: Sequence[Point], noisy: Floats, start: Sequence[int], trials: int
) -> list[int]:
    """The conditions that a planner without claims tries, after a start."""
    tried = [*start]
    content = campaign.model_dump() | {"planner": {"initial": START}, "budget": {"trials": POINTS}}
    asked = parse_campaign(content)
    while len(tried) < trials:
        made = [Experiment(points[i], {"y": (float(noisy[i]), None)}) for i in tried]
        left = [p for i, p in enumerate(points) if i not in tried]
        (found,) = propose(asked, record_of_experiments(asked, made), 1, 0, left)
        tried.append(points.index(found.point))
    return tried[:trials]


def _function(rows: Floats, rng: np.random.Generator) -> Floats:
    """One draw of a Gaussian process (Matern 5/2, variance 1), length scales near 0.5."""
    length = np.exp(rng.normal(math.log(0.5), 0.5, rows.shape[1]))
    gap = (rows[:, None] - rows[None]) / length
    r = np.sqrt(5 * (gap**2).sum(axis=2))
    covariance = (1 + r + r**2 / 3) * np.exp(-r) + 1e-8 * np.eye(len(rows))
    return np.asarray(np.linalg.cholesky(covariance) @ rng.normal(size=len(rows)))


def _claim(world: World, kind: Kind, early: int, rng: np.random.Generator) -> dict[str, Any]:
    """Any claim; with ``early`` results the one that they suggest."""
    dimensions, names = world.rows.shape[1], [*world.campaign.free]
    tops: list[Floats] = [world.rows[i] for i in world.tried[:early]]
    best = tops[int(np.argmax(world.measured[:early]))] if early else rng.random(dimensions)
    centre: Floats = np.asarray(best)
    match kind:
        case "region":
            side = rng.uniform(0.08, 0.25) ** (1 / dimensions)
            low = np.clip(centre - side / 2, 0, 1 - side)
            limits = {n: [float(v), float(v + side)] for n, v in zip(names, low, strict=True)}
            return {"kind": "region", "within": limits}
        case "near":
            point = dict(zip(names, centre.tolist(), strict=True))
            return {"kind": "near", "point": point, "width": 0.2}
    ways = ("rises", "falls") if kind == "trend" else ("peaks", "dips")
    first = _bend([row[0] for row in tops], world.measured[:early], kind) > 0
    up = bool(first if early else rng.random() < 0.5)
    return {"kind": "trend", "outcome": "y", "parameter": "a", "sign": ways[0 if up else 1]}


def _bend(u: Sequence[float], y: Sequence[float], kind: Kind) -> float:
    """Slope of the straight line; of a peak, how much a parabola bends down."""
    if not len(u):
        return 0.0
    return float(np.polyfit(u, y, 1)[0] if kind == "trend" else -np.polyfit(u, y, 2)[0])


def _is_true(content: dict[str, Any], kind: Kind, world: World) -> bool:
    (claim,) = _campaign(len(world.best), content | {"author": "simulated"}).hypotheses
    if kind in ("region", "near"):
        cube = Cube(world.campaign.parameters, world.campaign.outcomes, world.best[None])
        return bool(np.all(claim.holds(cube)))
    return _runs(claim, world)


def _runs(claim: Claim, world: World) -> bool:
    """Whether the line, or the parabola, through all values of the function runs as claimed."""
    from planner.beliefs.trend import contrasts

    cube = Cube(world.campaign.parameters, world.campaign.outcomes, world.rows)
    return bool((contrasts(claim.evidence, cube) @ world.values > 0).all())  # type: ignore[arg-type]
