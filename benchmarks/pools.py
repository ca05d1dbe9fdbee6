"""Pools for the benchmark of hypotheses: past campaigns, and two functions and a furnace that are
declared synthetic."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from executors.made_up.process import numbers_of
from models.process.bulk import Recipe, make, oxygen_of
from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.units import convert
from planner.campaign.values import Point
from planner.past.history import read_history
from planner.past.pool import Pool
from planner.space.design import first_design
from planner.space.encoding import points_of

CAMPAIGNS = Path(os.environ.get("KYOSO_CAMPAIGNS", "../shared/campaigns"))
"""Folder of the data sets of past campaigns."""
REAL = {
    "crossed_barrel": "toughness_J",
    "pedot_polybot": "conductivity_S_cm",
    "direct_arylation": "yield_pct",
    "perovskite": None,
    "agnp": None,
    "oer_mobo": "overpotential_mV",
    "reizman_suzuki_1": "yield_pct",
}
"""Data sets and the outcome that is asked for; None: the only one."""
SAMPLES = 20
"""Samples of each recipe of the furnace, which differ by the oxygen that gets in."""


def window(u: np.ndarray) -> np.ndarray:
    """A narrow process window on a slope (synthetic), u (n, 4) in the unit cube."""
    centre, width = np.array([0.8, 0.3, 0.65, 0.4]), np.array([0.25, 0.35, 0.3, 0.6])
    hill = 3 * np.exp(-(((u - centre) / width) ** 2).sum(axis=1) / 2)
    return np.asarray(hill + 0.8 * u[:, 0] + 0.3 * np.sin(6 * u[:, 1] + 3 * u[:, 2]))


def ripples(u: np.ndarray) -> np.ndarray:
    """Ackley's function (1987), turned and moved: one hill under ripples, u (n, 4)."""
    x = (u - 0.3) * 40
    return np.asarray(
        20 * np.exp(-0.2 * np.sqrt((x**2).mean(axis=1)))
        + np.exp(np.cos(np.pi * x / 2).mean(axis=1))
    )


def synthetic(name: str, function: Callable[[np.ndarray], np.ndarray], size: int = 768) -> Pool:
    """A pool of points of a known function of four parameters, without noise."""
    rows = qmc.Sobol(4, seed=1).random(1024)[:size]
    names = [f"x{i}" for i in range(4)]
    free = {n: {"kind": "range", "low": 0, "high": 1} for n in names}
    campaign = _campaign(name, free, {"y": {"goal": "maximize"}})
    points = points_of(campaign, dict(zip(names, rows.T, strict=True)))
    return _pool(campaign, points, function(rows)[:, None])


def furnace(size: int = 1000) -> Pool:
    """Jc of SYNTHETIC Ba122 bulks by ``models.process``: recipes of a space-filling design, the
    same SAMPLES quantiles of oxygen for each. Cracks are left out."""
    free = {
        "milling_energy": {
            "kind": "range",
            "low": 10,
            "high": 300,
            "unit": "MJ/kg",
            "scale": "log",
        },
        "first_heat": {"kind": "ordered", "values": [600, 675, 750, 825], "unit": "degC"},
        "second_heat": {"kind": "range", "low": 600, "high": 825, "unit": "degC"},
        "hold_time": {"kind": "integer", "low": 1, "high": 48, "unit": "h"},
    }
    goal = {"jc": {"goal": "maximize", "unit": "kA/cm^2"}}
    campaign = _campaign("furnace", free, goal, constraints=["second_heat <= first_heat"])
    points = first_design(campaign, [], size, seed=1)

    def told(name: str, unit: str) -> np.ndarray:
        own = campaign.unit(name)
        return np.array([[convert(float(p[name]), own, unit)] for p in points])

    numbers = numbers_of("ba122")
    recipe = Recipe(told("milling_energy", "J/kg"), told("first_heat", "K"),
                    told("second_heat", "K"), told("hold_time", "s"))  # fmt: skip
    oxygen = oxygen_of(numbers, ndtri((np.arange(SAMPLES) + 0.5) / SAMPLES))
    return _pool(campaign, points, make(numbers, recipe, oxygen[None, :]).jc / 1e7)


SYNTHETIC: Mapping[str, Callable[[], Pool]] = {
    "furnace": furnace,
    "window": lambda: synthetic("window", window),
    "ripples": lambda: synthetic("ripples", ripples),
}


def problem(name: str) -> Pool:
    """A pool by name."""
    if name in SYNTHETIC:
        return SYNTHETIC[name]()
    return read_history(str(CAMPAIGNS / name)).pool(REAL[name])


def part_of(pool: Pool, kept: np.ndarray) -> Pool:
    """A pool of some of its conditions (bool, by condition)."""
    chosen = np.flatnonzero(kept)
    return replace(
        pool,
        points=tuple(pool.points[i] for i in chosen),
        replicates=tuple(pool.replicates[i] for i in chosen),
        stated_error=pool.stated_error[chosen],
        order=(),
    )


def _campaign(
    name: str, free: Mapping[str, Any], outcomes: Mapping[str, Any], **more: Any
) -> Campaign:
    stage = {"name": "only", "executor": "lookup", "gives": list(outcomes)}
    content = {"name": name, "parameters": free, "outcomes": outcomes, "stages": [stage]}
    return parse_campaign(content | more)


def _pool(campaign: Campaign, points: Sequence[Point], values: np.ndarray) -> Pool:
    """One outcome, ``values`` (conditions, replicates)."""
    (outcome,) = campaign.outcomes
    return Pool(
        campaign=campaign,
        kind="random",
        points=tuple(points),
        outcomes=(outcome,),
        replicates=tuple(row[:, None] for row in values),
        stated_error=np.full((len(points), 1), np.nan),
        order=(),
        left_out=0,
    )
