import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.campaign.outcome import Outcome
from planner.campaign.units import (
    USUAL,
    _parse,
    check_unit,
    convert,
    convert_spread,
    read_quantity,
)


@pytest.mark.parametrize("unit", ["", "T", "MJ/kg", "degC", "percent", "ppm/h", "A/m^2", "[at.%]"])
def test_units_of_laboratories_are_known(unit: str) -> None:
    assert check_unit(unit) == unit


@pytest.mark.parametrize(
    "unit", ["MJ/gk", "foo", "9**9**9**9", "m^(9^9)", "()", "1e400", "T;drop", "[", "m" * 90]
)
def test_a_unit_that_cannot_be_read_is_refused_and_harmless(unit: str) -> None:
    with pytest.raises(ValueError, match="unit"):
        check_unit(unit)


def test_temperatures_keep_their_offset_and_errors_do_not() -> None:
    assert convert(600, "degC", "K") == pytest.approx(873.15)
    assert convert_spread(600, 2, "degC", "K") == pytest.approx(2)


def test_a_quantity_is_converted_and_a_bare_number_is_taken_as_it_is() -> None:
    assert read_quantity("873.15 K", "degC") == pytest.approx(600)
    assert read_quantity("0.05 GJ/kg", "MJ/kg") == pytest.approx(50)
    assert read_quantity("-1.5e2", "degC") == -150


@pytest.mark.parametrize("text", ["5 m", "hot", "", "nan", "inf", "5 [degC]", "0x10"])
def test_a_wrong_dimension_and_a_non_number_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unit|not a number"):
        read_quantity(text, "degC")


@pytest.mark.parametrize(
    ("one", "other"),
    [("A/cm2", "A·cm⁻²"), ("A/cm2", "A cm-2"), ("kA/mm2", "kA/mm^2"), ("at%", "at. %"),
     ("wt%", "mass percent"), ("W m-1 K-1", "W/(m K)"), ("℃", "degC"), ("uOhm cm", "µΩ·cm"),
     ("wt%/h", "weight% h-1"), ("kOe (mu0 H)", "kOe (μ₀·H)")],
)  # fmt: skip
def test_two_ways_to_write_one_unit(one: str, other: str) -> None:
    assert convert(3.5, one, other) == pytest.approx(3.5)
    assert convert(3.5, other, one) == pytest.approx(3.5)


@pytest.mark.parametrize(("low", "high"), [("Oe", "kOe"), ("G", "mT"), ("A/m", "kA/m")])
@given(value=st.floats(-1e6, 1e6))
def test_mu0_h_goes_both_ways(low: str, high: str, value: float) -> None:
    there = convert(value, f"{low} (mu0 H)", f"{high} (mu0 H)")
    assert convert(there, f"{high} (mu0 H)", f"{low}") == pytest.approx(value)


def test_a_name_that_ends_in_digits_is_no_power() -> None:
    assert convert(1, "cm_H2O", "Pa") == pytest.approx(98.0665, rel=1e-4)


@pytest.mark.parametrize("unit", USUAL.split())
def test_pint_knows_the_units_that_it_is_not_asked_for(unit: str) -> None:
    assert check_unit(unit) == unit
    _parse(unit)
    _parse(f"{unit}^2/{unit}*{unit}")


def test_a_share_comes_as_a_plain_number_or_in_percent_as_the_outcome_wants() -> None:
    assert Outcome(goal="minimize", unit="percent").read(0.25, 0.01, "1") == (25, 1)
    assert Outcome(goal="minimize").read(0.25, 0.01, "1") == (0.25, 0.01)
    with pytest.raises(ValueError, match="came without a unit"):
        Outcome(goal="minimize", unit="percent").read(0.25, 0.01, "")
