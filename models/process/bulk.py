"""A small SYNTHETIC model of making a polycrystalline superconductor: mill, heat twice, measure.

It stands in for a laboratory. Its shape follows published findings; its numbers come from a
material pack, which says of each whether it was read, calculated or assumed.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from models.arrays import Floats

GAS_CONSTANT = 8.314462618
"""J / (mol K); CODATA 2018, exact."""


def _in(unit: str) -> Any:
    return field(metadata={"unit": unit})


@dataclass(frozen=True)
class Numbers:
    """The numbers of a material, in the units of the metadata. Rates are those at
    ``reference_temperature``."""

    best_energy: float = _in("J/kg")
    """Milling energy that makes the powder most reactive."""
    reactivity_width: float = _in("")
    """Width of that optimum, in ln(energy)."""
    powder_size: float = _in("m")
    """Grain size of powder milled with ``best_energy``."""
    milling_exponent: float = _in("")
    reference_temperature: float = _in("K")
    reaction_rate: float = _in("1/s")
    reaction_energy: float = _in("J/mol")
    growth_exponent: float = _in("")
    growth_rate: float = _in("m^3/s")
    """In m^growth_exponent / s."""
    growth_energy: float = _in("J/mol")
    second_duration: float = _in("s")
    green_porosity: float = _in("")
    least_porosity: float = _in("")
    densification_rate: float = _in("1/s")
    densification_energy: float = _in("J/mol")
    least_wetted: float = _in("")
    """Share of grain boundaries under a second phase in the best case."""
    second_reference: float = _in("K")
    second_slope: float = _in("1/K")
    """Decades of clean boundary lost per kelvin of the second heat above its reference."""
    first_limit: float = _in("K")
    first_slope: float = _in("1/K")
    """The same for the first heat, above its limit."""
    crack_temperature: float = _in("K")
    crack_width: float = _in("K")
    crack_fineness: float = _in("K")
    jc_reference: float = _in("A/m^2")
    """Jc of a dense sample without second phase and oxygen, of grain size ``size_reference``."""
    size_reference: float = _in("m")
    size_exponent: float = _in("")
    dense_exponent: float = _in("")
    oxygen_clean: float = _in("ppm")
    oxygen_dirty: float = _in("ppm")
    oxygen_gain: float = _in("")
    """Jc at ``oxygen_clean`` over Jc at ``oxygen_dirty``."""
    oxygen_usual: float = _in("ppm")
    oxygen_spread: float = _in("")


@dataclass(frozen=True)
class Recipe:
    """What is set: numbers or arrays of one shape."""

    milling_energy: ArrayLike
    """J/kg, above 0."""
    first_heat: ArrayLike
    """K."""
    second_heat: ArrayLike
    """K."""
    hold_time: ArrayLike
    """s, of the first heat."""


@dataclass(frozen=True)
class Sample:
    """The hidden state of a sample; each field has the shape of the recipe."""

    grain_size: Floats
    """m, equivalent diameter of the mean grain area."""
    porosity: Floats
    """Share of the volume, 0 to 1."""
    wetted: Floats
    """Share of grain boundaries under a second phase, 0 to 1."""
    jc: Floats
    """Critical current density in A/m^2."""
    crack_probability: Floats
    """Chance that the pellet cracks, 0 to 1."""


def make(numbers: Numbers, recipe: Recipe, oxygen: ArrayLike) -> Sample:
    """The sample that a recipe gives with ``oxygen`` (ppm, hidden from the planner).

    The steps act in opposite directions (arXiv:2203.07551): a hotter first heat completes the
    reaction and densifies, a hotter second heat wets the boundaries. Both coarsen the grains.
    """
    energy, first, second, hold = _arrays(recipe)
    fineness = np.log(energy / numbers.best_energy)
    powder = numbers.powder_size * np.exp(-numbers.milling_exponent * fineness)
    size = _grown(numbers, powder, first, second, hold)
    porosity = _porosity(numbers, powder, first, hold)
    wetted = 1 - _clean(numbers, fineness, first, second, hold)
    return Sample(
        grain_size=size,
        porosity=porosity,
        wetted=wetted,
        jc=critical_current(numbers, size, porosity, wetted, oxygen),
        crack_probability=_crack_probability(numbers, fineness, first),
    )


def critical_current(
    numbers: Numbers,
    grain_size: ArrayLike,
    porosity: ArrayLike,
    wetted: ArrayLike,
    oxygen: ArrayLike,
) -> Floats:
    """Jc = J_ref (d_ref / d)^m (1 - w) (1 - p)^g f(oxygen), in A/m^2.

    d is the grain size (m), p the porosity, w the wetted share; f falls from 1 at ``oxygen_clean``
    to 1 / ``oxygen_gain`` at ``oxygen_dirty``, evenly in the logarithm of the oxygen (ppm).
    """
    d, p, w, o = (np.asarray(a, dtype=float) for a in (grain_size, porosity, wetted, oxygen))
    dirt = np.log(o / numbers.oxygen_clean) / np.log(numbers.oxygen_dirty / numbers.oxygen_clean)
    grains = (numbers.size_reference / d) ** numbers.size_exponent
    dense = (1 - p) ** numbers.dense_exponent
    jc: Floats = numbers.jc_reference * grains * dense * (1 - w) * numbers.oxygen_gain**-dirt
    return jc


def oxygen_of(numbers: Numbers, deviate: ArrayLike) -> Floats:
    """Oxygen in ppm from a standard normal deviate: log-normal about ``oxygen_usual``."""
    return numbers.oxygen_usual * 10 ** (numbers.oxygen_spread * np.asarray(deviate, dtype=float))


def _arrays(recipe: Recipe) -> tuple[Floats, Floats, Floats, Floats]:
    energy, first, second, hold = (
        np.asarray(a, dtype=float)
        for a in (recipe.milling_energy, recipe.first_heat, recipe.second_heat, recipe.hold_time)
    )
    if (energy <= 0).any() or (first <= 0).any() or (second <= 0).any() or (hold < 0).any():
        raise ValueError("milling energy and temperatures must be above 0, the hold time at least")
    return energy, first, second, hold


def _arrhenius(numbers: Numbers, energy: float, temperature: Floats) -> Floats:
    """exp(-Q / R (1/T - 1/T_ref)): a rate over its value at the reference temperature."""
    inverse = 1 / temperature - 1 / numbers.reference_temperature
    return np.exp(-energy / GAS_CONSTANT * inverse)


def _grown(numbers: Numbers, powder: Floats, first: Floats, second: Floats, hold: Floats) -> Floats:
    """d^n = d_0^n + k(T_1) t_1 + k(T_2) t_2: normal grain growth in both heats."""
    n = numbers.growth_exponent
    heat = _arrhenius(numbers, numbers.growth_energy, first) * hold
    heat = heat + _arrhenius(numbers, numbers.growth_energy, second) * numbers.second_duration
    return (powder**n + numbers.growth_rate * heat) ** (1 / n)


def _porosity(numbers: Numbers, powder: Floats, first: Floats, hold: Floats) -> Floats:
    """p = p_min + (p_green - p_min) exp(-k(T_1) t_1 d_ref / d_0): finer powder densifies faster."""
    rate = numbers.densification_rate * _arrhenius(numbers, numbers.densification_energy, first)
    left = np.exp(-rate * hold * numbers.powder_size / powder)
    return numbers.least_porosity + (numbers.green_porosity - numbers.least_porosity) * left


def _clean(
    numbers: Numbers,
    fineness: Floats,
    first: Floats,
    second: Floats,
    hold: Floats,
) -> Floats:
    """Clean share of boundaries: (1 - w_min) X 10^(-s_2 (T_2 - T_2ref)^+ - s_1 (T_1 - T_lim)^+).

    X = 1 - exp(-a k(T_1) t_1) is the reacted share; a = exp(-x^2 / 2 s^2), x = ln(E / E_best),
    is the reactivity of the powder.
    """
    activity = np.exp(-((fineness / numbers.reactivity_width) ** 2) / 2)
    rate = numbers.reaction_rate * _arrhenius(numbers, numbers.reaction_energy, first)
    reacted = -np.expm1(-activity * rate * hold)
    lost = numbers.second_slope * np.maximum(second - numbers.second_reference, 0)
    lost = lost + numbers.first_slope * np.maximum(first - numbers.first_limit, 0)
    return (1 - numbers.least_wetted) * reacted * 10**-lost


def _crack_probability(numbers: Numbers, fineness: Floats, first: Floats) -> Floats:
    """Logistic in the first heat; finer powder (x = ln(E / E_best) above 0) cracks earlier."""
    limit = numbers.crack_temperature - numbers.crack_fineness * fineness
    return 1 / (1 + np.exp(-(first - limit) / numbers.crack_width))
