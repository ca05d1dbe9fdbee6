import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from models.magnet.analytic import MU_0, disc_on_axis, long_cylinder, slab, stack_on_axis
from models.magnet.problem import Body


def by_loops(radius: float, thickness: float, jc: float, z: float) -> float:
    """Biot-Savart: the field of current loops, mu0 I a^2 / 2 (a^2 + s^2)^1.5, integrated over z."""

    def sheet(a: float) -> float:
        def f(s: float) -> float:
            return s / np.hypot(a, s) if a else 1.0

        return MU_0 * jc / 2 * (f(z + thickness / 2) - f(z - thickness / 2))

    return quad(sheet, 0, radius, epsabs=0, epsrel=1e-10, points=[1e-4 * radius])[0]


@pytest.mark.parametrize("shape", [(0.015, 0.01), (0.005, 0.018), (0.03, 0.001)])
@pytest.mark.parametrize("z", [0.0, 0.002, 0.02])
def test_it_is_the_sum_of_its_current_loops(shape: tuple[float, float], z: float) -> None:
    assert disc_on_axis(*shape, 3e8, z) == pytest.approx(by_loops(*shape, 3e8, z), rel=1e-7)


def test_published_anchors() -> None:
    """magnet.md section 1: 1.02 T for 17 kA/cm^2 (Weiss shape); 4.504151 T for the test disc."""
    assert disc_on_axis(0.005, 0.018, 1.70e8) == pytest.approx(1.02, abs=0.005)
    assert disc_on_axis(0.015, 0.02, 3e8) == pytest.approx(4.504151, abs=1e-6)


def test_the_centre_has_its_own_formula() -> None:
    r, b = 0.015, 0.005
    assert disc_on_axis(r, 2 * b, 2e8) == pytest.approx(
        MU_0 * 2e8 * b * np.log(r / b + np.sqrt(1 + (r / b) ** 2))
    )


@given(st.floats(1e-3, 0.1), st.floats(1e-4, 0.2), st.floats(-0.2, 0.2))
def test_the_field_is_even_and_strongest_in_the_middle(r: float, t: float, z: float) -> None:
    here = disc_on_axis(r, t, 1e8, z)
    assert here == pytest.approx(float(disc_on_axis(r, t, 1e8, -z)), rel=1e-9)
    assert 0 < here <= disc_on_axis(r, t, 1e8) * (1 + 1e-12)


def test_a_stack_is_one_disc() -> None:
    parts = disc_on_axis(0.005, 0.009, 1e8, 0.0045) + disc_on_axis(0.005, 0.009, 1e8, -0.0045)
    assert parts == pytest.approx(float(disc_on_axis(0.005, 0.018, 1e8)))


def test_a_long_cylinder_is_the_bean_model() -> None:
    assert disc_on_axis(0.01, 10.0, 1e8) == pytest.approx(
        float(long_cylinder(0.01, 1e8, 0)), rel=1e-5
    )
    assert long_cylinder(0.01, 1e8, [0.005, 0.02]) == pytest.approx([MU_0 * 1e8 * 0.005, 0])


def test_impossible_discs_are_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        disc_on_axis(0.0, 0.01, 1e8)


def test_rings_and_stacks_are_superpositions() -> None:
    ring = Body(0.015, -0.01, 0.01, inner=0.005)
    filled = float(stack_on_axis([(ring, 3e8), (Body(0.005, -0.01, 0.01), 3e8)], 0.003))
    assert filled == pytest.approx(float(disc_on_axis(0.015, 0.02, 3e8, 0.003)))
    halves = [(Body(0.005, 0.0, 0.009), 1e8), (Body(0.005, 0.009, 0.018), 1e8)]
    assert float(stack_on_axis(halves, 0.009)) == pytest.approx(
        float(disc_on_axis(0.005, 0.018, 1e8))
    )


def test_a_slab_falls_off_linearly() -> None:
    assert slab(0.02, 1e8, [0.0, 0.005, 0.03]) == pytest.approx([MU_0 * 1e6, MU_0 * 5e5, 0])
