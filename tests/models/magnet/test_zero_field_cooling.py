"""Zero-field cooling that does not fill the magnet: against finite volumes and exact profiles, with
told errors, and with null where there is nothing to tell."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.long_cylinder import PUBLISHED, Cylinder, on_axis
from models.magnet.analytic import MU_0
from models.magnet.laws import Constant
from models.magnet.problem import Body, Probes, Problem, Protocol
from models.magnet.result import FieldResult, numbers
from models.magnet.solution import Snapshot
from models.magnet.solve import solve
from tests.magnets import DISC, JC, LONG, cooled, needs_fem, problem

pytestmark = [pytest.mark.fem, needs_fem]

FULL = MU_0 * 1e9 * 0.005
"""Penetration field of the long cylinder in T."""
CLOSE = 0.003


def long(n: float, fill: float, hold: float = 0.0, ramp: float = 1000.0, **more: Any) -> Problem:
    """The cylinder of the judges, zero-field cooled."""
    protocol = Protocol("zero-field-cooling", fill * FULL, ramp, hold)
    options: Mapping[str, Any] = {"law": Constant(1e9), "n": n, "protocol": protocol} | more
    return problem(LONG, fidelity="power-law", **options)


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda c: f"{c.n:g}-{c.fill:g}-{c.hold:g}")
def test_the_centre_is_that_of_finite_volumes(case: Cylinder) -> None:
    result = solve(long(case.n, case.fill, case.hold)).result
    field = numbers(result)["held_field" if case.hold else "trapped_field_center"]
    assert field == pytest.approx(PUBLISHED[case], rel=CLOSE)


def test_the_judge_itself_gives_what_was_published() -> None:
    case = Cylinder(25, 0.9)
    assert on_axis(case, rings=200) == pytest.approx(PUBLISHED[case], rel=1e-3)


@pytest.mark.parametrize("b", [0.6, 1.0, 1.4, 2.2])
def test_a_large_n_leaves_the_exact_remanence(b: float) -> None:
    """Bean: the mean of B over the cross-section, in units of mu0 Jc R. The ramp keeps E near Ec,
    at which J is Jc."""
    exact = b**2 / 2 - b**3 / 4 if b <= 1 else b**2 / 2 - b**3 / 4 + (b - 1) ** 3 / 3
    exact = 1 / 3 if b >= 2 else exact
    ramp = b * FULL * 0.005 / (2 * 1e-4)
    held = solve(long(1000, b, ramp=ramp)).ramped
    assert mean_field(held) / FULL == pytest.approx(exact, rel=0.01)


def mean_field(snapshot: Snapshot | None) -> float:
    """The mean of B_z over the cross-section of the long cylinder, in T."""
    assert snapshot is not None
    rim = snapshot.field.grid.r[-1]
    return float(snapshot.field.flux(np.array([rim]), np.zeros(1))[0] / (np.pi * rim**2))


@pytest.mark.parametrize("case", [(12, 0.6, 86400.0), (25, 0.9, 0.0), (60, 1.2, 1e5)])
def test_told_errors_cover_the_true_ones(case: tuple[float, float, float]) -> None:
    told = solve(long(*case, estimate_error=True)).result
    true = numbers(solve(long(*case, detail=0.075, time_step=0.1)).result)
    for name in ("trapped_field_center", *(["held_field"] if case[2] else [])):
        error = told.errors[name]
        assert abs(numbers(told)[name] - true[name]) <= error.total
        assert error.total < 0.03 * FULL
    assert told.error_estimate_T == told.errors["trapped_field_center"].total


def test_mesh_and_step_of_a_disc_have_errors_of_their_own() -> None:
    protocol = Protocol("zero-field-cooling", 4.5, 1000.0)
    case = problem(n=25, fidelity="power-law", protocol=protocol, detail=0.3, estimate_error=True)
    told = solve(case).result
    finer = solve(replace(case, detail=0.15, estimate_error=False)).result
    error = told.errors["trapped_field_center"]
    assert error.mesh > error.step > 0
    assert abs(numbers(told)["trapped_field_center"] - numbers(finer)["trapped_field_center"]) < (
        error.total
    )


def test_longer_steps_are_compared_with_shorter_ones_where_they_cannot_be_longer() -> None:
    case = long(25, 1.2, detail=1.0, time_step=2.0, estimate_error=True)
    error = solve(case).result.errors["trapped_field_center"]
    assert min(error.mesh, error.step) > 1e-6


def unfilled(**more: Any) -> FieldResult:
    """A disc whose centre the flux does not reach."""
    protocol = Protocol("zero-field-cooling", 1.5, 1000.0, 1e4)
    return solve(
        problem(
            n=100, law=Constant(JC), fidelity="power-law", protocol=protocol, detail=0.3, **more
        )
    ).result


def test_relative_to_a_centre_of_zero_there_is_nothing_to_tell() -> None:
    result = unfilled(probes=Probes(homogeneity_sphere=5e-3))
    assert result.trapped_field_center == pytest.approx(0, abs=1e-4)
    assert (result.homogeneity_ppm, result.decay_ppm_per_hour) == (None, None)
    assert result.missing.keys() == {"homogeneity_ppm", "decay_ppm_per_hour"}
    assert all("is below 1 %" in why for why in result.missing.values())
    assert result.after_hold is not None
    assert "below 1 %" in result.after_hold["missing"]["homogeneity_ppm"]


def test_the_error_of_jc_does_not_vanish_with_the_field_at_the_centre() -> None:
    spread = Constant(1e9, sd={"value": 1e8})
    result = solve(long(100, 1.1, law=spread)).result
    assert result.sigma_T == pytest.approx(0.1 * FULL, rel=0.05), "B = applied - mu0 Jc R"


def test_a_centre_that_fills_has_no_decay() -> None:
    result = solve(long(12, 0.9, hold=86400)).result
    assert result.decay_ppm_per_hour is None
    assert "rises" in result.missing["decay_ppm_per_hour"]


@pytest.mark.parametrize(("body", "sphere"), [(DISC, 31e-3), (Body(0.015, 0, 0.004), 5e-3)])
def test_a_sphere_larger_than_the_magnet_has_no_homogeneity(body: Body, sphere: float) -> None:
    result = solve(problem(body, probes=Probes(homogeneity_sphere=sphere))).result
    assert result.homogeneity_ppm is None
    assert "is larger than the magnet" in result.missing["homogeneity_ppm"]


def test_homogeneity_has_an_error() -> None:
    case = problem(
        n=50, fidelity="power-law", protocol=cooled(8.0), estimate_error=True,
        probes=Probes(homogeneity_sphere=5e-3),
    )  # fmt: skip
    told = solve(case).result
    fine = solve(replace(case, detail=0.075, time_step=0.1, estimate_error=False)).result
    assert abs((told.homogeneity_ppm or 0) - (fine.homogeneity_ppm or 0)) < (
        told.errors["homogeneity_ppm"].total
    )
