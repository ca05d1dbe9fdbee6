"""Synthetic tables of many kinds, made by formula, with the true role of each column.

A role is written by its letter; several letters mean that each of them is right.
"""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

LETTERS = {"p": "parameter", "o": "outcome", "d": "derived", "s": "sd", "n": "n", "r": "replicate",
           "t": "order", "b": "batch", "a": "arm", "x": "status", "c": "context",
           "i": "ignore"}  # fmt: skip

type Columns = dict[str, tuple[str, Any]]
"""By name: the letters of its role, and its cells, a list or an array."""
type Random = np.random.Generator

MADE: dict[str, Callable[[Random], Columns]] = {}


def made(make: Callable[[Random], Columns]) -> Callable[[Random], Columns]:
    """Enter a table under the name of its function."""
    MADE[make.__name__] = make
    return make


def levels(rng: Random, values: Sequence[Any], n: int) -> list[Any]:
    """``n`` draws from a list."""
    return [values[i] for i in rng.integers(0, len(values), n)]


def uniform(rng: Random, low: float, high: float, n: int, digits: int) -> np.ndarray:
    """``n`` settings of so many decimals."""
    return np.round(rng.uniform(low, high, n), digits)


def noisy(rng: Random, mean: Any, spread: float, digits: int) -> np.ndarray:
    """Measurements of so many decimals."""
    values = np.asarray(mean, dtype=float)
    return np.round(values + spread * rng.normal(size=len(values)), digits)


def mostly(cells: Any, known: Sequence[int], gap: str) -> list[Any]:
    """Only the known cells; a mark elsewhere."""
    return [cell if i in set(known) else gap for i, cell in enumerate(cells)]


@made
def alloys(rng: Random) -> Columns:
    al, v = uniform(rng, 2, 8, 36, 1), uniform(rng, 0, 6, 36, 1)
    ti = np.round(100 - al - v, 1)
    heat, age = levels(rng, [880, 920, 960, 1000], 36), levels(rng, [1, 2, 4, 8, 24], 36)
    hard = 280 + 9 * al + 4 * v + 0.03 * (np.array(heat) - 900) + 3 * np.log(age)
    return {
        "Sample": ("i", [f"TA{i:02d}" for i in range(36)]),
        "Hardness (HV)": ("o", noisy(rng, hard, 4, 0)),
        "Ti (wt%)": ("p", ti), "V (wt%)": ("p", v), "Al (wt%)": ("p", al),
        "Solution temperature (°C)": ("p", heat), "Aging time (h)": ("p", age),
        "YS (MPa)": ("o", noisy(rng, 2.9 * hard, 25, 0)),
        "Elongation (%)": ("o", noisy(rng, 30 - 0.05 * hard, 1, 1)),
    }  # fmt: skip


@made
def solar_cells(rng: Random) -> Columns:
    speed, heat = levels(rng, [3000, 4000, 5000, 6000], 12), levels(rng, [90, 100, 110, 120], 12)
    dose = levels(rng, [0, 0.5, 1, 2], 12)
    k = np.repeat(np.arange(12), 3)
    s, h, d = (np.array(x)[k] for x in (speed, heat, dose))
    jsc = noisy(rng, 21 + d - 0.4 * d**2 - (h - 105) ** 2 / 300, 0.3, 2)
    voc = noisy(rng, 1.02 + 0.02 * d - (s - 4500) ** 2 / 1e8, 0.01, 3)
    ff = noisy(rng, 74 + 1.5 * d - (h - 100) ** 2 / 80, 1, 1)
    return {
        "Device": ("i", [f"{1 + i}{'ABC'[j % 3]}" for j, i in enumerate(k)]),
        "Spin speed (rpm)": ("p", s), "Annealing (°C)": ("p", h), "Additive (mg/mL)": ("p", d),
        "Isc (mA)": ("o", np.round(jsc * 0.09, 3)), "Jsc (mA/cm2)": ("od", jsc),
        "Voc (V)": ("o", voc), "FF (%)": ("o", ff),
        "PCE (%)": ("o", np.round(jsc * voc * ff / 100, 2)),
    }  # fmt: skip


@made
def couplings(rng: Random) -> Columns:
    n = 40
    ligand, base = (
        levels(rng, ["XPhos", "SPhos", "dppf", "none"], n),
        levels(rng, ["K", "Na", "Cs"], n),
    )
    heat, load = levels(rng, [60, 80, 100], n), levels(rng, [1, 2.5, 5], n)
    equiv, conc = levels(rng, [1.1, 1.5, 2.0, 3.0], n), levels(rng, [0.05, 0.1, 0.2], n)
    gain = np.array([{"XPhos": 30, "SPhos": 20, "dppf": 10, "none": 0}[x] for x in ligand])
    y = noisy(rng, gain + 0.5 * np.array(heat) + 2 * np.array(load), 3, 1)
    return {
        "entry": ("ti", range(1, n + 1)), "yield": ("o", y), "ligand": ("p", ligand),
        "base cation": ("p", base), "T (C)": ("p", heat), "Pd (mol%)": ("p", load),
        "boronic acid (equiv)": ("p", equiv), "conc (M)": ("p", conc),
        "ee": ("o", noisy(rng, 60 + gain, 2, 1)), "conversion": ("o", noisy(rng, y + 5, 2, 1)),
    }  # fmt: skip


@made
def edbo_candidates(rng: Random) -> Columns:
    lists = ("THF", "DMF", "MeCN"), ("DBU", "TEA"), (25, 40, 60), (0.05, 0.1, 0.2)
    grid = list(itertools.product(*lists))
    known = rng.choice(len(grid), 8, replace=False).tolist()
    y = noisy(rng, [t * 0.8 + 20 * (a == "DMF") + 90 * c for a, _, t, c in grid], 2, 1)
    return {
        "solvent": ("p", [g[0] for g in grid]), "base": ("p", [g[1] for g in grid]),
        "temperature": ("p", [g[2] for g in grid]), "concentration": ("p", [g[3] for g in grid]),
        "yield": ("o", mostly(y, known, "PENDING")),
        "ee": ("o", mostly(noisy(rng, 90 - 0.4 * y, 1, 1), known, "PENDING")),
        "priority": ("ci", [1 if i in known else 0 for i in range(len(grid))]),
    }  # fmt: skip


@made
def nimo_candidates(rng: Random) -> Columns:
    grid = [(a, b, c) for a in (10, 20, 30, 40) for b in (0.1, 0.2, 0.3) for c in (1, 2, 3, 4, 5)]
    known = rng.choice(len(grid), 12, replace=False).tolist()
    y = noisy(rng, [a * b + c**2 for a, b, c in grid], 0.5, 3)
    z = noisy(rng, [a - 3 * c for a, b, c in grid], 0.5, 3)
    return {
        "x1": ("p", [g[0] for g in grid]), "x2": ("p", [g[1] for g in grid]),
        "x3": ("p", [g[2] for g in grid]),
        "obj1": ("o", mostly(y, known, "")), "obj2": ("o", mostly(z, known, "")),
    }  # fmt: skip


@made
def batteries(rng: Random) -> Columns:
    n = 30
    load, rate = uniform(rng, 8, 20, n, 1), levels(rng, [0.2, 0.5, 1, 2], n)
    por, carbon = levels(rng, [25, 30, 35, 40], n), uniform(rng, 1, 6, n, 1)
    cap = noisy(rng, 190 - 2 * load - 12 * np.array(rate) + 2 * carbon, 1.5, 1)
    volt = noisy(rng, 3.8 - 0.08 * np.array(rate) - 0.005 * load, 0.01, 3)
    return {
        "cell": ("i", [f"C{i:03d}" for i in range(n)]),
        "mass_loading_mg_cm2": ("p", load), "C_rate": ("p", rate),
        "electrode_porosity_set_pct": ("p", por), "carbon_wt_pct": ("p", carbon),
        "capacity_mAh_g": ("o", cap), "mean_voltage_V": ("o", volt),
        "energy_density_Wh_kg": ("d", np.round(cap * volt, 1)),
        "retention_pct": ("o", noisy(rng, 98 - 3 * np.array(rate), 0.5, 2)),
    }  # fmt: skip


@made
def sintering(rng: Random) -> Columns:
    n = 28
    heat, hold = uniform(rng, 1200, 1500, n, 0), uniform(rng, 0.5, 6, n, 1)
    press, ramp = levels(rng, [0, 30, 50], n), levels(rng, [5, 10, 20, 50], n)
    dens = noisy(rng, 80 + (heat - 1200) / 20 + hold * 0.5 + 0.05 * np.array(press), 0.3, 2)
    return {
        "no": ("ti", range(1, n + 1)), "powder": ("p", levels(rng, ["A", "B"], n)),
        "relative density (%)": ("o", dens), "porosity (%)": ("d", np.round(100 - dens, 2)),
        "grain size (um)": ("o", noisy(rng, 0.5 + (heat - 1200) / 150, 0.1, 2)),
        "T (°C)": ("p", heat), "t (h)": ("p", hold), "P (MPa)": ("p", press),
        "heating rate (K/min)": ("p", ramp),
    }  # fmt: skip


@made
def thin_films(rng: Random) -> Columns:
    n = 32
    power, press = uniform(rng, 50, 200, n, 0), uniform(rng, 2, 20, n, 1)
    ar, o2 = levels(rng, [20, 30, 40], n), uniform(rng, 0, 10, n, 1)
    time = levels(rng, [10, 20, 30, 60], n)
    thick = noisy(rng, np.array(time) * power / 25 * (1 - 0.02 * press), 3, 1)
    rho = 1e-3 * np.exp(noisy(rng, o2 / 3 - power / 200, 0.1, 6))
    return {
        "Film ID": ("i", [f"ITO-{i}" for i in range(n)]),
        "Resistivity (ohm cm)": ("o", [f"{x:.3e}" for x in rho]),
        "RF power (W)": ("p", power), "Pressure (mTorr)": ("p", press), "Ar flow (sccm)": ("p", ar),
        "O2 flow (sccm)": ("p", o2), "Total flow (sccm)": ("d", np.round(np.array(ar) + o2, 1)),
        "Time (min)": ("p", time), "Thickness (nm)": ("o", thick),
        "Rate (nm/min)": ("d", np.round(thick / np.array(time), 2)),
        "Transmittance (%)": ("o", noisy(rng, 80 + o2 - thick / 100, 0.5, 1)),
    }  # fmt: skip


@made
def design_of_experiments(rng: Random) -> Columns:
    plan = [(a, b, c) for c in (-1, 1) for b in (-1, 1) for a in (-1, 1)] + [(0, 0, 0)] * 4
    order = rng.permutation(len(plan)) + 1
    by_run = np.argsort(order)
    rows = [plan[i] for i in by_run]
    y = noisy(rng, [50 + 5 * a - 3 * b + 2 * c + a * b for a, b, c in rows], 0.5, 2)
    return {
        "StdOrder": ("ti", by_run + 1), "RunOrder": ("t", range(1, len(plan) + 1)),
        "A": ("p", [r[0] for r in rows]), "B": ("p", [r[1] for r in rows]),
        "C": ("p", [r[2] for r in rows]), "Response": ("o", y),
    }  # fmt: skip


@made
def evolution(rng: Random) -> Columns:
    x = np.round(rng.uniform(0, 1, (40, 4)), 6)
    f0 = np.round(x[:, 0] + 0.3 * x[:, 2] ** 2, 6)
    f1 = np.round(1 - np.sqrt(x[:, 0]) + x[:, 1] + 0.2 * x[:, 3], 6)
    return {
        "f0": ("o", f0), "f1": ("o", f1),
        **{f"x{i}": ("p", x[:, i]) for i in range(4)},
        "generation": ("bt", np.repeat(np.arange(5), 8)),
    }  # fmt: skip


@made
def repeats_beside_their_mean(rng: Random) -> Columns:
    n = 20
    heat, time, dose = (
        uniform(rng, 20, 90, n, 0),
        levels(rng, [5, 15, 30, 60], n),
        uniform(rng, 0, 2, n, 2),
    )
    true = 10 + 0.3 * heat + 0.1 * np.array(time) - 4 * (dose - 1) ** 2
    reps = [noisy(rng, true, 0.8, 2) for _ in range(3)]
    return {
        "Rep3": ("r", reps[2]), "Mean": ("o", np.round(np.mean(reps, axis=0), 2)),
        "Rep1": ("r", reps[0]), "Rep2": ("r", reps[1]),
        "SD": ("s", np.round(np.std(reps, axis=0, ddof=1), 3)),
        "Temperature": ("p", heat), "Stirring time": ("p", time), "Dose": ("p", dose),
    }  # fmt: skip


@made
def inks(rng: Random) -> Columns:
    n = 26
    speed, gap, solid = (
        uniform(rng, 1, 30, n, 1),
        levels(rng, [50, 100, 150, 200], n),
        uniform(rng, 5, 25, n, 1),
    )
    score = np.clip(np.round(5 - np.abs(speed - 15) / 5 + rng.normal(0, 0.5, n)), 1, 5)
    return {
        "date": ("t", [f"2025-03-{1 + i:02d}" for i in range(n)]),
        "operator": ("ci", levels(rng, ["Aki", "Ben"], n)),
        "room humidity (%)": ("c", noisy(rng, [45] * n, 5, 0)),
        "blade gap (um)": ("p", gap), "speed (mm/s)": ("p", speed),
        "speed (m/min)": ("d", np.round(speed * 0.06, 3)),
        "solids (wt%)": ("p", solid),
        "nozzle": ("p", levels(rng, ["N1", "N2", "N3"], n)),
        "uniformity score": ("o", score.astype(int)),
        "wet thickness (um)": ("o", noisy(rng, 0.55 * np.array(gap) + 0.2 * speed, 1, 1)),
        "comment": ("ic", [["", "ok", "streaks at the edge"][i % 3] for i in range(n)]),
    }  # fmt: skip


@made
def mortars(rng: Random) -> Columns:
    n = 45
    cement, slag = rng.integers(200, 500, n), rng.integers(0, 250, n)
    water, sand = rng.integers(140, 220, n), rng.integers(600, 900, n)
    binder = cement + slag
    age = levels(rng, [3, 7, 28, 90], n)
    return {
        "strength": ("o", noisy(rng, 0.12 * binder - 0.1 * water + 6 * np.log(age), 1.5, 1)),
        "sand": ("p", sand), "slag": ("p", slag), "binder": ("d", binder), "water": ("p", water),
        "w/b": ("d", np.round(water / binder, 3)), "cement": ("p", cement), "age_days": ("p", age),
    }  # fmt: skip


@made
def polymers(rng: Random) -> Columns:
    n = 30
    ratio, init, heat = (
        uniform(rng, 50, 400, n, 0),
        uniform(rng, 0.1, 1, n, 2),
        uniform(rng, 50, 90, n, 0),
    )
    conv = noisy(rng, np.clip(20 + heat * 0.7 + init * 10, 0, 99), 2, 1)
    return {
        "exp": ("ti", range(101, 101 + n)), "M:I ratio": ("p", ratio), "AIBN (mol%)": ("p", init),
        "temp": ("p", heat), "residence_min": ("p", levels(rng, [5, 10, 20, 40], n)),
        "Mn (g/mol)": ("o", noisy(rng, ratio * conv, 400, 0)),
        "dispersity": ("o", noisy(rng, 1.1 + init / 3, 0.02, 3)),
        "conversion (%)": ("o", conv),
    }  # fmt: skip


@made
def superconductors(rng: Random) -> Columns:
    n = 24
    x, heat = levels(rng, [0.3, 0.35, 0.4, 0.45], n), levels(rng, [600, 650, 700, 750], n)
    tc = noisy(rng, 38 - 150 * (np.array(x) - 0.4) ** 2, 0.1, 2)
    jc = 10 ** noisy(rng, 5 - (np.array(heat) - 650) ** 2 / 2e4, 0.1, 4)
    return {
        "Jc_4p2K_5T_A_cm2": ("o", [f"{v:.3g}" for v in jc]), "K_content": ("p", x),
        "ht_temp_C": ("p", heat), "ht_time_h": ("p", levels(rng, [5, 10, 20], n)),
        "milling_energy_MJ_kg": ("p", uniform(rng, 10, 300, n, 0)), "Tc_onset_K": ("o", tc),
        "density_pct": ("o", noisy(rng, 70 + (np.array(heat) - 600) / 8, 1, 1)),
        "furnace": ("pc", levels(rng, ["F1", "F2"], n)),
        "status": ("x", ["completed"] * (n - 1) + ["failed"]),
    }  # fmt: skip


@made
def set_and_read(rng: Random) -> Columns:
    n = 30
    wish = levels(rng, [300, 350, 400, 450], n)
    flow = levels(rng, [10, 20, 30], n)
    rate = noisy(rng, 0.02 * np.array(wish) + 0.1 * np.array(flow), 0.2, 3)
    return {
        "run": ("t", range(n)), "temp_set": ("p", wish),
        "temp_actual": ("c", noisy(rng, wish, 1.5, 1)),
        "flow_mL_min": ("p", flow), "catalyst": ("p", levels(rng, ["Ni", "Cu", "none"], n)),
        "selectivity": ("o", noisy(rng, 95 - 0.05 * np.array(wish), 1, 1)),
        "TOF (1/s)": ("o", rate),
        "n_injections": ("n", levels(rng, [3, 4], n)),
    }  # fmt: skip


@made
def lasers(rng: Random) -> Columns:
    n = 36
    power, speed = uniform(rng, 100, 400, n, 0), uniform(rng, 200, 1600, n, 0)
    hatch, layer = levels(rng, [0.08, 0.1, 0.12], n), levels(rng, [0.03, 0.05], n)
    dose = power / (speed * np.array(hatch) * np.array(layer))
    return {
        "Build": ("i", [f"B{i}" for i in range(n)]), "VED": ("d", np.round(power / speed, 4)),
        "Laser power (W)": ("p", power), "Scan speed (mm/s)": ("p", speed),
        "Hatch (mm)": ("p", hatch),
        "Layer (mm)": ("p", layer),
        "Ra (um)": ("o", noisy(rng, 8 + (dose - 80) ** 2 / 2000, 0.5, 2)),
        "Density (%)": ("o", noisy(rng, 99.5 - np.abs(dose - 80) / 60, 0.1, 2)),
    }  # fmt: skip


@made
def plain_letters(rng: Random) -> Columns:
    x = np.round(rng.uniform([0, 10, 1], [1, 50, 5], (35, 3)), 3)
    return {
        "quality": ("o", noisy(rng, 10 * x[:, 0] - (x[:, 1] - 30) ** 2 / 50 + x[:, 2], 0.3, 4)),
        "a": ("p", x[:, 0]), "b": ("p", x[:, 1]), "c": ("p", x[:, 2]),
        "batch": ("b", np.repeat(np.arange(1, 8), 5)),
    }  # fmt: skip
