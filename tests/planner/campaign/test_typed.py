"""Numbers as people type them."""

import pytest

from planner.campaign.units import split_quantity
from planner.desk import measurement


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("0,83 T", 0.83, "T"),
        ("-1,5", -1.5, ""),
        (",5", 0.5, ""),
        ("1,5e-3 A/m^2", 0.0015, "A/m^2"),
        ("0,123", 0.123, ""),
        ("1234,567", 1234.567, ""),
        ("1.234,5 kg", 1234.5, "kg"),
        ("1,234.5", 1234.5, ""),
        ("1,234,567", 1234567, ""),
        ("12 345,5", 12345.5, ""),
        ("８２，５ percent", 82.5, "percent"),
        ("1.234", 1.234, ""),
        ("5 1/h", 5, "1/h"),
        ("−3", -3, ""),
        ("–3 K", -3, "K"),
        ("2e‑3", 0.002, ""),
    ],
)
def test_decimal_commas_are_read_as_in_a_table(text: str, number: float, rest: str) -> None:
    found, unit = split_quantity(text)
    assert (found, unit) == (number, rest)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,234 T", "may be 1.234 or 1234; write one of them"),
        ("1,2,3", "'1,2,3' is not a number"),
        ("1.2.3", "'1.2.3' is not a number"),
        ("1,,2", "is not a number"),
        ("hot", "'hot' is not a number"),
        ("", "'' is not a number"),
    ],
)
def test_what_may_mean_two_or_nothing_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        split_quantity(text)


def test_value_and_error_may_both_have_a_comma() -> None:
    found = measurement("y", "0,83 +- 0,02 T")
    assert (found.value, found.standard_error, found.unit) == (0.83, 0.02, "T")
