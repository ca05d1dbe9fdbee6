from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executors.made_up.material import read_pack
from models.process.bulk import Numbers, Recipe, Sample, critical_current, make, oxygen_of

NUMBERS = read_pack("ba122").numbers()
CELSIUS, HOUR = 273.15, 3600.0


def sample(
    energy: float = 75,
    first: float = 750,
    second: float = 600,
    hold: float = 10,
    oxygen: float = 0.05,
) -> Sample:
    recipe = Recipe(energy * 1e6, first + CELSIUS, second + CELSIUS, hold * HOUR)
    return make(NUMBERS, recipe, oxygen)


recipes = st.tuples(
    st.floats(10, 300),
    st.floats(600, 825),
    st.floats(600, 825),
    st.floats(1, 48),
    st.floats(1e-3, 200),
)


@given(recipes)
def test_any_recipe_gives_a_possible_sample(recipe: tuple[float, ...]) -> None:
    made = sample(*recipe)
    assert 0 < made.grain_size < 1e-4
    assert NUMBERS.least_porosity <= made.porosity < NUMBERS.green_porosity
    assert NUMBERS.least_wetted <= made.wetted <= 1
    assert made.jc >= 0
    assert 0 <= made.crack_probability <= 1


def test_arrays_give_what_their_elements_give() -> None:
    energy, hold = np.array([20.0, 75, 200]), np.array([2.0, 10, 40])
    many = make(NUMBERS, Recipe(energy * 1e6, 1023.15, 873.15, hold * HOUR), 0.05)
    one = sample(energy=200, hold=40)
    assert many.jc.shape == (3,)
    assert many.jc[2] == pytest.approx(float(one.jc))
    assert many.grain_size[2] == pytest.approx(float(one.grain_size))


def test_the_two_heats_act_in_opposite_directions() -> None:
    """Published (arXiv:2203.07551): the best pair is 750 + 600 degC; one factor misleads."""
    pairs = {
        (a, b): float(sample(first=a, second=b).jc)
        for a in (600, 675, 750, 825)
        for b in (600, 675, 750)
        if b <= a
    }
    assert max(pairs, key=pairs.__getitem__) == (750, 600)
    assert pairs[750, 600] > pairs[675, 600] > pairs[600, 600]
    assert pairs[750, 600] > pairs[750, 675] > pairs[750, 750]


def test_the_second_heat_costs_what_was_fitted_to_the_published_table() -> None:
    """log10 of the clean share falls by 3.6e-3 per kelvin; grain growth adds to it in Jc."""
    clean = [1 - float(sample(second=t).wetted) for t in (600, 750)]
    assert np.diff(np.log10(clean))[0] / 150 == pytest.approx(-3.6e-3)


def test_the_slope_of_the_published_table() -> None:
    """The pack says how 3.6e-3 was calculated; this is the calculation."""
    slope = np.polyfit([600, 675, 750], np.log10([3.1e4, 1.3e4, 0.9e4]), 1)[0]
    assert -slope == pytest.approx(NUMBERS.second_slope, rel=0.01)


@given(st.floats(0, 40), st.floats(600, 825))
def test_grain_growth_adds_up(hold: float, first: float) -> None:
    """d^n is linear in time: twice the time, twice the growth."""
    n = NUMBERS.growth_exponent
    d = [float(sample(first=first, hold=h).grain_size) ** n for h in (0, hold, 2 * hold)]
    assert d[2] - d[0] == pytest.approx(2 * (d[1] - d[0]), rel=1e-6, abs=1e-30)


def test_milling_has_an_optimum_and_more_heat_coarsens() -> None:
    assert sample(75).jc > max(sample(10).jc, sample(300).jc)
    assert sample(300).grain_size < sample(10).grain_size
    assert sample(hold=48).grain_size > sample(hold=1).grain_size
    assert sample(hold=48).porosity < sample(hold=1).porosity


def test_clean_gloves_are_worth_what_was_published() -> None:
    clean, dirty = NUMBERS.oxygen_clean, NUMBERS.oxygen_dirty
    assert sample(oxygen=clean).jc / sample(oxygen=dirty).jc == pytest.approx(1.7)
    assert oxygen_of(NUMBERS, 0.0) == pytest.approx(NUMBERS.oxygen_usual)


def test_cracks_come_with_heat_and_fine_powder() -> None:
    assert sample(first=600).crack_probability < 1e-6
    assert sample(300, first=825).crack_probability > sample(75, first=825).crack_probability
    at_limit = sample(75, first=NUMBERS.crack_temperature - CELSIUS)
    assert at_limit.crack_probability == pytest.approx(0.5)


def test_the_reference_sample_has_the_reference_current() -> None:
    jc = critical_current(NUMBERS, NUMBERS.size_reference, 0.0, 0.0, NUMBERS.oxygen_clean)
    assert jc == pytest.approx(NUMBERS.jc_reference)


@pytest.mark.parametrize("wrong", [{"energy": 0}, {"first": -300}, {"hold": -1}])
def test_impossible_recipes_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        sample(**wrong)


def test_numbers_belong_to_the_pack_not_to_the_code() -> None:
    other: Numbers = replace(NUMBERS, crack_temperature=1400.0)
    recipe = Recipe(75e6, 825 + CELSIUS, 873.15, HOUR)
    assert make(other, recipe, 0.05).crack_probability < 1e-6
