import numpy as np
import pytest

from models.disc_fem import disc_field, quarter_mesh, solve, why_not
from models.trapped_field import MU_0, disc_on_axis, long_cylinder

fem = pytest.mark.fem
needs_fem = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


@fem
@needs_fem
@pytest.mark.parametrize("shape", [1 / 30, 0.1, 1 / 3, 2 / 3, 1.0, 4 / 3, 2.0, 3.6, 4.0])
def test_a_disc_is_within_a_hundredth_of_a_percent(shape: float) -> None:
    field = disc_field(0.015, 0.015 * shape, 3e8)
    assert field.centre == pytest.approx(float(disc_on_axis(0.015, 0.015 * shape, 3e8)), rel=1e-4)


@fem
@needs_fem
def test_the_error_of_a_disc_falls_with_the_mesh() -> None:
    exact = float(disc_on_axis(0.015, 0.01, 3e8))
    errors = [abs(disc_field(0.015, 0.01, 3e8, cells=n).centre / exact - 1) for n in (4, 8, 16)]
    assert np.log2(errors[0] / errors[1]) > 2.5
    assert np.log2(errors[1] / errors[2]) > 2.5


@fem
@needs_fem
def test_second_order_convergence_to_an_exact_field() -> None:
    """u = A / r = (rho^2 + s^2)^(-3/2) solves mu0 J = 15 s^2 r (rho^2 + s^2)^(-7/2)."""
    s, order = 0.01, []

    def current(r: np.ndarray, z: np.ndarray) -> np.ndarray:
        return 15 * s**2 * r * (r**2 + z**2 + s**2) ** -3.5 / MU_0

    errors = []
    for cells in (4, 8, 16):
        field = solve(quarter_mesh(s, s, 20 * s, cells), current)
        r, z = field.points.T
        q = r**2 + z**2 + s**2
        exact = np.column_stack([3 * r * z * q**-2.5, 2 * q**-1.5 - 3 * r**2 * q**-2.5])
        errors.append(np.abs(field.b - exact).max() / np.abs(exact).max())
    order = np.log2(np.divide(errors[:-1], errors[1:]))
    assert (order > 1.8).all(), f"orders {order}, errors {errors}"
    assert field.centre == pytest.approx(2 / s**3, rel=1e-5)


@fem
@needs_fem
def test_the_field_on_the_axis_is_right_outside_too() -> None:
    field = disc_field(0.015, 0.01, 3e8)
    axis = np.isclose(field.points[:, 0], 0) & (field.points[:, 1] < 0.03)
    exact = disc_on_axis(0.015, 0.01, 3e8, field.points[axis, 1])
    assert np.abs(field.b[axis, 1] / exact - 1).max() < 0.02
    assert np.abs(field.b[axis, 0]).max() < 1e-9, "no radial field on the axis"


@fem
@needs_fem
def test_a_long_cylinder_has_the_profile_of_bean() -> None:
    field = disc_field(0.005, 0.2, 3e8, cells=20)
    middle = (field.points[:, 1] < 1e-9) & (field.points[:, 0] < 0.005)
    bean = long_cylinder(0.005, 3e8, field.points[middle, 0])
    assert np.abs(field.b[middle, 1] - bean).max() < 0.005 * bean.max()


@fem
@needs_fem
def test_the_far_boundary_does_not_matter() -> None:
    def current(r: np.ndarray, z: np.ndarray) -> np.ndarray:
        return np.where((r < 0.015) & (z < 0.005), 3e8, 0.0)

    near, far = (solve(quarter_mesh(0.015, 0.005, k * 0.015, 10), current).centre for k in (3, 8))
    assert near == pytest.approx(far, rel=2e-4)


def test_the_mesh_fits_the_body_and_the_circle() -> None:
    mesh = quarter_mesh(0.015, 0.005, 0.06, 6)
    a, b, c, d = (mesh.points[mesh.cells[:, k]] for k in range(4))
    diagonal_1, diagonal_2 = d - a, c - b
    cross = diagonal_1[:, 0] * diagonal_2[:, 1] - diagonal_1[:, 1] * diagonal_2[:, 0]
    assert (cross > 0).all(), "no cell is turned over"
    assert cross.sum() / 2 == pytest.approx(np.pi / 4 * 0.06**2, rel=0.005)
    middle = (a + b + c + d) / 4
    inside = (middle[:, 0] < 0.015) & (middle[:, 1] < 0.005)
    assert cross[inside].sum() / 2 == pytest.approx(0.015 * 0.005)
    assert len(np.unique(mesh.points, axis=0)) == len(mesh.points)
