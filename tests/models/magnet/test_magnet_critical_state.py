"""The critical state against exact results, an independent solver and finite differences."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ellipe, ellipk

from models.arrays import Floats
from models.magnet.analytic import MU_0, disc_on_axis, long_cylinder, stack_on_axis
from models.magnet.conductor import with_parameter
from models.magnet.field import FieldMap
from models.magnet.grid import Spacing, grid_of
from models.magnet.jc_map import JcMap, rotated
from models.magnet.laws import Constant, Exponential, JcLaw, Kim, Pinning
from models.magnet.measured import MeasuredJc
from models.magnet.problem import Body, Carrier
from models.magnet.solve import solve
from tests.magnets import BEAN, DISC, JC, LONG, centre, needs_fem, problem, solved

pytestmark = [pytest.mark.fem, needs_fem]


def disc(aspect: float, radius: float = 0.015) -> Body:
    return Body(radius, -aspect * radius / 2, aspect * radius / 2)


@pytest.mark.parametrize("aspect", [0.03, 0.1, 0.3, 0.6, 1.0, 4 / 3, 2.0, 4.0])
def test_a_disc_is_within_a_hundredth_of_a_percent_with_few_unknowns(aspect: float) -> None:
    result = solved(disc(aspect))
    exact = float(disc_on_axis(0.015, aspect * 0.015, JC))
    assert result.trapped_field_center == pytest.approx(exact, rel=1e-4)
    assert result.dofs <= 1500 or aspect < 0.3
    assert result.surface_field[0].field_T == pytest.approx(
        float(disc_on_axis(0.015, aspect * 0.015, JC, aspect * 0.0075 + 0.5e-3)), rel=1e-6
    )


@pytest.mark.parametrize(
    "bodies",
    [
        (Body(0.015, -0.01, 0.01, inner=0.005),),
        (Body(0.025, 0.0, 0.004, inner=0.02),),
        (Body(0.015, -0.012, -0.002), Body(0.015, 0.002, 0.012)),
        (Body(0.005, 0.0, 0.009), Body(0.005, 0.009, 0.018)),
        (Body(0.01, 0.0, 0.01), Body(0.02, 0.012, 0.02, inner=0.004)),
        (Body(0.01, -0.01, 0.01), Body(0.02, -0.005, 0.005, inner=0.012)),
    ],
)
def test_rings_and_stacks_are_superpositions(bodies: tuple[Body, ...]) -> None:
    middle = (min(b.bottom for b in bodies) + max(b.top for b in bodies)) / 2
    exact = float(stack_on_axis([(b, JC) for b in bodies], middle))
    assert centre(*bodies) == pytest.approx(exact, rel=2e-4)


def test_two_touching_discs_are_one() -> None:
    one, two = Body(0.005, 0, 0.018), (Body(0.005, 0, 0.009), Body(0.005, 0.009, 0.018))
    assert centre(*two, law=Kim(1e9, 1.0)) == pytest.approx(
        centre(one, law=Kim(1e9, 1.0)), rel=1e-3
    )


def test_a_long_cylinder_has_the_profile_of_bean() -> None:
    """Endless, and one whose height is twenty times its radius."""
    for body in (LONG, disc(20.0, 0.005)):
        solution = solve(problem(body))
        assert solution.ramped is not None
        r = np.linspace(0, 0.005, 41)
        profile = solution.ramped.field.flux_density(r, np.zeros_like(r))[1]
        bean = long_cylinder(0.005, JC, r)
        finite = bean if body.endless else bean - (bean[0] - float(disc_on_axis(0.005, 0.1, JC)))
        assert np.abs(profile - finite).max() < 2e-3 * bean[0]


def test_the_order_of_convergence(capsys: pytest.CaptureFixture[str]) -> None:
    """The centre converges with the fourth power of the cell size; printed."""
    exact = float(disc_on_axis(0.015, 0.02, JC))
    details = (0.24, 0.16, 0.12, 0.08)
    errors = [abs(centre(detail=d) / exact - 1) for d in details]
    orders = np.diff(np.log(errors)) / np.diff(np.log(details))
    with capsys.disabled():
        print(f"\norder of convergence of the centre: {np.round(orders, 2)}, errors {errors}")
    assert np.log(errors[0] / errors[-1]) / np.log(3) > 3


def test_the_far_boundary_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    near = centre()
    monkeypatch.setattr("models.magnet.grid.FAR", 8.0)
    assert near == pytest.approx(centre(), rel=1e-4)


def loops(r: Floats | float, z: Floats | float, a: Floats, s: Floats) -> Floats:
    """(B_r, B_z) at (r, z) of unit current loops of radius a at height s; complete elliptic
    integrals."""
    beside, above = (a + r) ** 2 + (z - s) ** 2, (a - r) ** 2 + (z - s) ** 2
    m = 4 * a * r / beside
    k, e = ellipk(m), ellipe(m)
    scale = MU_0 / (2 * np.pi * np.sqrt(beside))
    bz = scale * (k + (a**2 - r**2 - (z - s) ** 2) / above * e)
    br = scale * (z - s) / r * (-k + (a**2 + r**2 + (z - s) ** 2) / above * e)
    return np.stack([br, bz])


def test_the_field_beside_a_disc_makes_no_waves() -> None:
    solution = solve(problem(detail=0.05))
    assert solution.ramped is not None
    a, s = (np.arange(400) + 0.5) * 0.015 / 400, (np.arange(200) + 0.5) * 0.02 / 200 - 0.01
    ring = np.meshgrid(a, s)
    for z in (0.0, 0.0105):
        r = np.linspace(0.0165, 0.03, 50)
        exact = [JC * (0.015 / 400) * (0.02 / 200) * loops(x, z, *ring)[1].sum() for x in r]
        found = solution.ramped.field.flux_density(r, np.full_like(r, z))[1]
        assert np.abs(found - exact).max() < 1e-4 * BEAN


def by_integrals(law: JcLaw, cells: tuple[int, int] = (36, 24)) -> float:
    """The centre of the test disc by summing loops: J constant in cells, |B| at their corners."""
    nr, nz = cells
    a = (np.arange(nr) + 0.5) * 0.015 / nr
    s = (np.arange(2 * nz) + 0.5) * 0.02 / (2 * nz) - 0.01
    r = np.arange(1, nr + 1) * 0.015 / nr
    z = np.arange(nz + 1) * 0.01 / nz
    area = (0.015 / nr) * (0.01 / nz)
    place = np.meshgrid(r, z, indexing="ij")
    source = np.meshgrid(a, s, indexing="ij")
    (r_to, z_to), (r_of, z_of) = (
        (m.reshape(-1, 1) for m in place),
        (m.reshape(1, -1) for m in source),
    )
    kernel = area * loops(r_to, z_to, r_of, z_of)
    edge, low = np.arange(nr + 1) * 0.015 / nr, s[:, None] - 0.005 / nz
    up, down = z[:, None, None] - low, z[:, None, None] - low - 0.01 / nz
    at_axis = (
        MU_0
        / 2
        * np.diff(
            up * np.arcsinh(edge / np.abs(up + 1e-12))
            - down * np.arcsinh(edge / np.abs(down + 1e-12))
        )
    )
    j = law(np.full((nr, 2 * nz), 2.0), 0.0)[0]
    for _ in range(60):
        b = np.hypot(*(kernel @ j.ravel())).reshape(nr, nz + 1)
        axis = (at_axis * j.T[None]).sum(axis=(1, 2))
        corners = np.vstack([axis, b])
        quarter = (corners[1:, 1:] + corners[:-1, 1:] + corners[1:, :-1] + corners[:-1, :-1]) / 4
        j = np.sqrt(j * law(np.hstack([quarter[:, ::-1], quarter]), 0.0)[0])
    return float((at_axis[0] * j.T).sum())


@pytest.mark.parametrize("law", [Kim(1e9, 1.0), Exponential(6e8, 4.0)])
def test_laws_of_field_agree_with_an_independent_integral_solver(law: JcLaw) -> None:
    coarse, fine = by_integrals(law, (18, 12)), by_integrals(law)
    extrapolated = fine + (fine - coarse) / 3
    assert centre(law=law) == pytest.approx(extrapolated, rel=2e-3)


TABLE = MeasuredJc(
    np.array([0, 1, 3, 8, 0, 1, 3, 8.0]), np.array([4.0] * 4 + [10.0] * 4),
    np.array([9e8, 6e8, 4e8, 1e8, 6e8, 3e8, 2e8, 4e7]), np.full(8, 2e7),
)  # fmt: skip


@pytest.mark.parametrize(
    "law",
    [
        Kim(1e9, 1.0, sd={"value": 3e7, "b0": 0.1}),
        Pinning(8e9, 40.0, 36.0, 0.5, 2.0, 2.0, 1.5, 0.2, sd={"force": 1e9}),
        TABLE,
    ],
)
def test_the_adjoint_equals_finite_differences(law: JcLaw) -> None:
    ring = Body(0.015, -0.01, 0.01, inner=0.004)
    case = problem(ring, DISC_ABOVE, law=law, protocol=at(7.0), detail=0.2)
    result = solve(case).result
    variance = 0.0
    for name, (value, sd) in law.parameters().items():
        up, down = (
            solve(with_parameter(case, "", name, value * (1 + h))).result.trapped_field_center or 0
            for h in (1e-5, -1e-5)
        )
        slope = (up - down) / (2e-5 * value)
        scale = abs(result.trapped_field_center or 0) / value
        assert result.gradient[name] == pytest.approx(slope, rel=1e-6, abs=1e-6 * scale), name
        variance += (slope * sd) ** 2
    assert result.sigma_T == pytest.approx(np.sqrt(variance), rel=1e-4)


DISC_ABOVE = Body(0.01, 0.011, 0.02)


def at(temperature: float):  # type: ignore[no-untyped-def]
    from models.magnet.problem import Protocol

    return Protocol(temperature=temperature)


def test_a_rotated_uniform_map_equals_the_constant() -> None:
    x = np.linspace(-0.016, 0.016, 33)
    uniform = rotated(x, x, np.array([-0.01, 0.01]), np.ones((33, 33, 2)), np.linspace(0, 0.015, 9))
    case = problem()
    mapped = replace(case, materials={"": replace(case.materials[""], jc_map=uniform)})
    one, other = solve(case).result, solve(mapped).result
    assert one.trapped_field_center == pytest.approx(other.trapped_field_center, rel=1e-12)


def test_a_map_weakens_where_it_says() -> None:
    """Half the current in the outer half is the inner disc plus half of the rest."""
    step = JcMap(
        np.array([0, 0.0075, 0.00750001, 0.015]),
        np.array([-1.0, 1.0]),
        np.array([[1, 1], [1, 1], [0.5, 0.5], [0.5, 0.5]]),
    )
    inner, outer = Body(0.0075, -0.01, 0.01), Body(0.015, -0.01, 0.01, inner=0.0075, material="rim")
    case = problem(inner)
    split = replace(
        case,
        bodies=(inner, outer),
        materials={**case.materials, "rim": Carrier(Constant(JC / 2), case.materials[""].n)},
    )
    mapped = replace(
        problem(inner, replace(outer, material="")),
        materials={"": replace(case.materials[""], jc_map=step)},
    )
    fields = [solve(c).result.trapped_field_center for c in (split, mapped)]
    assert fields[0] == pytest.approx(fields[1], rel=1e-4)


def test_the_field_far_away_is_that_of_the_moment() -> None:
    solution = solve(problem())
    assert solution.ramped is not None
    moment = solution.result.moment_A_m2
    assert moment is not None
    assert moment == pytest.approx(np.pi * JC * 0.015**3 * 0.02 / 3, rel=1e-9)
    far = float(solution.ramped.field.axial(np.array([0.3]))[0])
    assert far == pytest.approx(MU_0 * moment / (2 * np.pi * 0.3**3), rel=0.03)


def test_meshes_fill_the_bodies_exactly() -> None:
    bodies = (Body(0.01, 0.0, 0.01), Body(0.02, 0.0105, 0.02, inner=0.004))
    grid = grid_of(bodies, Spacing(0.2))
    area = np.diff(grid.r)[:, None] * np.diff(grid.z)
    for k, b in enumerate(bodies):
        exact = (b.outer - b.inner) * (b.top - b.bottom)
        assert area[grid.body == k].sum() == pytest.approx(exact, rel=1e-9)
    assert not grid.half
    assert grid_of((DISC,), Spacing(0.2)).half


def test_a_uniform_potential_is_a_uniform_field() -> None:
    grid = grid_of((DISC,), Spacing(0.3))
    field = FieldMap(grid, np.ones([len(x) for x in grid.lattice]), applied=0.5)
    br, bz = field.flux_density(np.array([0.0, 0.01]), np.array([0.003, -0.012]))
    assert br == pytest.approx([0, 0], abs=1e-12)
    assert bz == pytest.approx([2.5, 2.5])


@pytest.mark.parametrize("b0", [0.05, 10.0])
def test_steep_laws_converge(b0: float) -> None:
    for law in (Kim(3e9, b0), Exponential(3e9, b0)):
        result = solved(disc(0.05, 0.05), law=law)
        assert 0 < (result.trapped_field_center or 0) < (result.analytic_bound_T or 0)


def test_a_law_that_rises_with_the_field_has_no_bound() -> None:
    peak = MeasuredJc(np.array([0.0, 3.0]), np.full(2, 4.0), np.array([1e8, 5e8]), np.zeros(2))
    result = solved(law=peak, protocol=at(4.0))
    assert (result.trapped_field_center or 0) > (result.analytic_bound_T or 0)
    assert any("no upper bound" in warning for warning in result.warnings)
    assert not solved(law=Kim(1e9, 1.0)).warnings


def test_a_mesh_that_would_take_for_ever_is_a_typed_failure() -> None:
    needle = solve(problem(disc(2000.0, 0.001))).result
    assert (needle.status, needle.trapped_field_center) == ("mesh", None)
    assert "a larger detail would help" in needle.message


def test_what_a_table_does_not_know_is_flagged() -> None:
    known = solved(law=TABLE, protocol=at(7.0))
    assert known.extrapolated_share == 0
    beyond = solved(law=TABLE, protocol=at(20.0))
    assert beyond.extrapolated_share == pytest.approx(1.0)
    assert "extrapolated in 100.0% of the volume" in beyond.warnings[0]
