"""Values that may be slips: few of what is right is asked about, and what is a slip always."""

import numpy as np
import pytest

from planner.record.plausible import implausible

AROUND = [13.0, 18.0, 15.2, 16.1, 14.4, 17.3]


@pytest.mark.parametrize(
    ("value", "known", "unit"),
    [
        (999, AROUND, "T"), (-999, AROUND, "T"), (150, AROUND, "T"), (999, [*AROUND, *AROUND, 999.0], "T"),
        (962, [0.6, 20, 35, 40, 55, 60, 80, 98], ""),
        (962, [], "percent"), (962, [80.0, 91.0], "%"), (101, AROUND, "[mol%]"),
        (-5, [], "percent"), (-5, [74.0, 81.0, -2.0], "vol.%"), (-14.5, AROUND, "T"), (14.5, [-v for v in AROUND], "mV"),
        (-4, [77.0], "K"), (-300, [], "degC"), (-280, [20.0], "[°C]"), (-500, [], "degF"),
        (1e13, [1e3, 4e4, 2e5, 9e3], "A/cm2"), (50, [-0.2, 0.1, 0.3, 0.0, -0.1], ""),
    ],
)  # fmt: skip
def test_a_slip_is_asked_about(value: float, known: list[float], unit: str) -> None:
    assert implausible(value, known, unit).startswith(f"{value:g} ")


@pytest.mark.parametrize(
    ("value", "known", "unit"),
    [
        (19.5, AROUND, "T"), (40, AROUND, "T"), (0, AROUND, "T"), (999, AROUND[:3], "T"),
        (1e7, [1e3, 4e4, 2e5, 1e6], "A/cm2"), (2e-5, [1e3, 4e-3, 20.0, 0.7], "S/cm"),
        (99.9, [100.0] * 5, "%"), (300, [150.0, 220.0, 80.0], "%"), (14, [13.0, 13.1, 13.0, 13.1], "T"),
        (-3, [12.0, -4.0, -1.0], "%"), (-40, [], "degC"), (-3, [-5.0, -8.0], "K"), (-0.6, [1.0, 2.0, 0.5, 3.0], "V"),
        (-0.1, AROUND, "T"), (0, [], "%"), (0, [], "K"), (5, [0.0] * 6, "T"), (20000, [0, 0, 3, 40, 700], "counts"), (150, [120.0, 90.0], "T"),
    ],
)  # fmt: skip
def test_what_may_well_be_right_is_not_asked_about(
    value: float, known: list[float], unit: str
) -> None:
    assert implausible(value, known, unit) == ""


@pytest.mark.parametrize("spread", ["normal", "lognormal", "exponential", "cauchy"])
def test_of_values_that_scatter_few_are_asked_about(spread: str) -> None:
    rng = np.random.default_rng(3)
    asked = 0
    for n in (5, 9, 31) * 100:
        values = {
            "normal": rng.normal(50, 5, n), "lognormal": rng.lognormal(0, 2, n),
            "exponential": rng.exponential(1, n), "cauchy": rng.standard_cauchy(n),
        }[spread]  # fmt: skip
        asked += bool(implausible(values[0], values[1:].tolist()))
    assert asked / 300 < (0.06 if spread == "cauchy" else 0.01)
