"""Is credence calibrated? Claims that are true with their stated prior, about functions drawn from
a Gaussian process: among claims of a credence near p, a share near p should be true."""

import math
from typing import Any

import numpy as np

from planner.beliefs.credence import ground, weigh_observations
from planner.campaign.campaign import Campaign, parse_campaign
from planner.record.record import Observation
from planner.space.design import first_design
from planner.space.encoding import encode

CLAIMS = 200
BINS = 5
NOISE = 0.1
"""Standard deviation of a measurement, of functions with a standard deviation of 1."""
SIDE = 0.4
"""Of the square regions that are claimed."""


def simulated(seed: int, trend: bool, fresh: int = 256) -> tuple[float, bool]:
    """Credence of one claim after its trials, and whether it is true."""
    rng = np.random.default_rng([seed, 11])
    campaign = _campaign()
    points = first_design(campaign, [], fresh, seed)
    rows = encode(campaign, points)
    values = _function(rows, rng)
    prior = float(rng.uniform(0.1, 0.9))
    true = bool(rng.random() < prior)
    claim = _trend(rows, values, true) if trend else _region(rows, values, true, rng)
    asked = _campaign(claim | {"author": "simulated", "strength": prior})
    tried = rng.permutation(fresh)[: int(rng.integers(4, 13))]
    seen = [
        Observation(k + 1, points[i], {"y": (float(values[i] + NOISE * rng.normal()), None)})
        for k, i in enumerate(tried)
    ]
    (found,) = weigh_observations(asked, seen, ground(asked, points))
    return found.credence, true


def calibration(claims: int = CLAIMS) -> dict[str, Any]:
    """Reliability in five bins of credence, half of the claims regions and half trends."""
    found = [simulated(seed, trend=bool(seed % 2)) for seed in range(claims)]
    table = reliability(found)
    for row in table["bins"]:
        print(
            "  credence {low:.1f} to {high:.1f}: {n} claims, mean {mean}, true {true}".format(**row)
        )
    print(f"calibration of {claims} claims: largest gap {table['largest_gap']:.2f}", flush=True)
    return table


def reliability(found: list[tuple[float, bool]]) -> dict[str, Any]:
    """Mean credence and share of true claims in each bin, and the largest gap between them."""
    credence, true = (np.array(column, dtype=float) for column in zip(*found, strict=True))
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


def _campaign(*claims: dict[str, Any]) -> Campaign:
    return parse_campaign(
        {
            "name": "simulated",
            "parameters": {n: {"kind": "range", "low": 0, "high": 1} for n in ("a", "b")},
            "outcomes": {"y": {"goal": "maximize"}},
            "stages": [{"name": "only", "executor": "lookup", "gives": ["y"]}],
            "hypotheses": list(claims),
        }
    )


def _function(rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One draw of a Gaussian process (Matern 5/2, variance 1) with length scales near 0.5."""
    length = np.exp(rng.normal(math.log(0.5), 0.4, rows.shape[1]))
    gap = (rows[:, None] - rows[None]) / length
    r = np.sqrt(5 * (gap**2).sum(axis=2))
    covariance = (1 + r + r**2 / 3) * np.exp(-r) + 1e-8 * np.eye(len(rows))
    return np.asarray(np.linalg.cholesky(covariance) @ rng.normal(size=len(rows)))


def _region(
    rows: np.ndarray, values: np.ndarray, true: bool, rng: np.random.Generator
) -> dict[str, Any]:
    """A square that holds the optimum, or one that does not, anywhere it may be."""
    best = rows[int(np.argmax(values))]
    while True:
        low = rng.uniform(0, 1 - SIDE, 2)
        if bool(((best >= low) & (best <= low + SIDE)).all()) == true:
            break
    limits = {n: [float(v), float(v + SIDE)] for n, v in zip(("a", "b"), low, strict=True)}
    return {"kind": "region", "within": limits}


def _trend(rows: np.ndarray, values: np.ndarray, true: bool) -> dict[str, Any]:
    """The sign of the slope along ``a`` of the straight line through all values."""
    slope = np.polyfit(rows[:, 0], values, 1)[0]
    rises = bool(slope > 0) == true
    return {
        "kind": "trend",
        "outcome": "y",
        "parameter": "a",
        "sign": "rises" if rises else "falls",
    }
