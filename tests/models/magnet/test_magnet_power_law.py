"""The power law through time: creep, pinned cores, overcooling, and what half a step changes."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from models.magnet.analytic import MU_0
from models.magnet.laws import Constant, Kim
from models.magnet.measured import MeasuredJc
from models.magnet.power_law import solve_step
from models.magnet.problem import Body, Probes, Protocol
from models.magnet.result import FieldResult
from models.magnet.solve import solve
from tests.magnets import BEAN, DISC, JC, LONG, centre, cooled, needs_fem, problem, solved

pytestmark = [pytest.mark.fem, needs_fem]

FULL = MU_0 * 1e9 * 0.005
"""Penetration field of the long cylinder of the creep table in T."""
CREEP = """
50 0.30 0
50 0.50 0
50 0.70 0
50 0.80 1.8064
50 0.90 10.6902
50 1.00 10.7114
50 1.30 10.7551
100 0.30 0
100 0.50 0
100 0.70 0
100 0.80 0
100 0.90 2.3076
100 1.00 5.5034
100 1.30 5.5160
150 0.30 0
150 0.50 0
150 0.70 0
150 0.80 0
150 0.90 0
150 1.00 3.7036
150 1.30 3.7093
"""
"""n, applied over penetration field, loss in percent from 300 s to 24 h: a one-dimensional finite
volume solution with 125 cells, told in the middle of the innermost cell, at R / 250."""
FIRST_CELL = 0.005 / 250


def power(*bodies: Body, **options: Any) -> FieldResult:
    return solved(*bodies, fidelity="power-law", **options)


def at(result: FieldResult, time: float) -> float:
    """The field at a time; the times of a result stand close enough for straight lines in log."""
    t, b = np.array([(p.time_s, p.field_T) for p in result.decay if p.time_s > 0]).T
    return float(np.exp(np.interp(np.log(time), np.log(t), np.log(b))))


@pytest.mark.parametrize("n", [10, 20, 40, 100, 200, 300])
def test_creep_has_its_exact_slope(n: float) -> None:
    """Fully penetrated, J goes as t^(-1/(n-1))."""
    result = power(n=n, protocol=cooled(8.0, hold=1e6), detail=0.2)
    slope = np.log(at(result, 1e6) / at(result, 1e5)) / np.log(10)
    assert slope == pytest.approx(-1 / (n - 1), rel=0.01)
    hours = 0.9e6 / 3600
    rate = (at(result, 1e5) - at(result, 1e6)) / at(result, 1e5) / hours * 1e6
    assert result.decay_ppm_per_hour == pytest.approx(rate, rel=1e-3)
    assert result.decay[0].time_s == 0
    assert result.decay[0].field_T == result.trapped_field_center


@pytest.mark.parametrize("n", [20, 100, 300])
def test_a_core_that_the_flux_did_not_reach_keeps_the_applied_field(n: float) -> None:
    result = power(
        n=n, protocol=cooled(2.0, hold=1e6 if n > 50 else 0), probes=Probes(homogeneity_sphere=2e-3)
    )
    assert result.trapped_field_center == pytest.approx(2.0, rel=1e-3)
    assert (result.homogeneity_ppm or 0) < 1000
    assert any("under-magnetised" in w for w in result.warnings)
    if n > 50:
        assert result.after_hold is not None
        assert result.after_hold["trapped_field_center"] == pytest.approx(2.0, rel=1e-3)


@pytest.mark.parametrize(
    ("n", "law", "applied"),
    [
        (10, Constant(JC), 8.0),
        (20, Constant(JC), 2.5),
        (100, Kim(1e9, 1.0), 8.0),
        (200, Constant(JC), 8.0),
    ],
)
def test_half_the_mesh_and_half_the_step_change_little(n: float, law: Any, applied: float) -> None:
    case = problem(n=n, law=law, fidelity="power-law", protocol=cooled(applied, hold=1e5))
    usual = solve(case).result
    finer = solve(replace(case, detail=0.075)).result
    slower = solve(replace(case, time_step=0.2)).result
    for other in (finer, slower):
        assert other.trapped_field_center == pytest.approx(usual.trapped_field_center, rel=2e-3)
        assert at(other, 1e5) == pytest.approx(at(usual, 1e5), rel=2e-3)


def fields_at(applied: float, n: float, time: float, r: float) -> float:
    case = problem(
        LONG,
        n=n,
        law=Constant(1e9),
        fidelity="power-law",
        protocol=cooled(applied, ramp=3600, hold=time),
    )
    held = solve(case).held
    assert held is not None
    return float(held.field.flux_density(np.array([r]), np.zeros(1))[1][0])


@pytest.mark.parametrize(
    "row", [r for r in CREEP.split("\n") if r], ids=lambda row: row.replace(" ", "-")
)
def test_the_creep_table(row: str) -> None:
    n, fill, loss = map(float, row.split())
    early, late = (fields_at(fill * FULL, n, t, FIRST_CELL) for t in (300.0, 86400.0))
    found = 100 * (1 - late / early)
    assert found == pytest.approx(loss, rel=0.05, abs=0.01 if loss == 0 else 0)


def test_three_percent_in_a_day_means_n_between_170_and_200() -> None:
    def loss(n: float) -> float:
        result = power(
            LONG, n=n, law=Constant(1e9), protocol=cooled(1.3 * FULL, ramp=3600, hold=86400)
        )
        return 1 - at(result, 86400) / at(result, 300)

    assert loss(170) > 0.03 > loss(200)


def test_a_large_n_comes_near_the_critical_state() -> None:
    assert centre(fidelity="power-law", n=300, protocol=cooled(8.0)) == pytest.approx(
        BEAN, rel=0.01
    )
    assert centre(fidelity="power-law", n=20, protocol=cooled(8.0)) == pytest.approx(
        0.9215 * BEAN, rel=2e-3
    )


def test_overcooling_stops_the_creep() -> None:
    law = Constant(5e8, tc=30.0, exponent=1.5)
    warm = power(law=law, n=50, protocol=cooled(8.0, hold=1e6, temperature=20.0))
    cold = power(
        law=law,
        n=50,
        protocol=cooled(8.0, hold=1e6, temperature=20.0, hold_temperature=15.0, cooling=600.0),
    )
    assert warm.trapped_field_center == cold.trapped_field_center
    assert (warm.decay_ppm_per_hour or 0) > 100
    assert 0 < (cold.decay_ppm_per_hour or 0) < 1e-3
    assert at(cold, 1e6) < (cold.trapped_field_center or 0), "some was lost before it was cold"


def test_zero_field_cooling_needs_twice_the_field() -> None:
    def trapped(kind: Any, applied: float) -> float:
        return centre(
            fidelity="power-law", n=100, protocol=Protocol(kind, applied, 200.0 * applied)
        )

    full = trapped("field-cooling", 6.0)
    assert trapped("zero-field-cooling", 12.0) == pytest.approx(full, rel=5e-3)
    assert trapped("zero-field-cooling", 3.0) < 0.3 * full


def test_fully_magnetised_begins_in_the_critical_state() -> None:
    result = power(n=30, protocol=Protocol(hold=1e5))
    assert result.trapped_field_center == pytest.approx(BEAN, rel=2e-3)
    assert all(a.field_T > b.field_T for a, b in pairwise(result.decay))


def test_touching_discs_creep_as_one() -> None:
    halves = (Body(0.015, -0.01, 0.0), Body(0.015, 0.0, 0.01))
    one, two = (power(*b, n=30, protocol=cooled(8.0, hold=1e5)) for b in ((DISC,), halves))
    assert at(one, 1e5) == pytest.approx(at(two, 1e5), rel=1e-3)


def test_a_ring_and_a_stack_of_two_materials_creep() -> None:
    ring = power(Body(0.015, -0.01, 0.01, inner=0.005), n=40, protocol=cooled(8.0))
    assert ring.trapped_field_center == pytest.approx(2.616, rel=3e-3), "reference: 2.616 T"
    case = problem(Body(0.01, 0, 0.01), fidelity="power-law", protocol=cooled(6.0))
    weak = replace(case.materials[""], jc=Constant(1e8))
    both = (*case.bodies, Body(0.01, 0.01, 0.02, material="weak"))
    mixed = solve(replace(case, bodies=both, materials={**case.materials, "weak": weak}))
    assert mixed.ramped is not None
    above, below = (mixed.ramped.field.axial(np.array([z]))[0] for z in (0.018, 0.002))
    assert 0.1 < above / below < 0.7


def test_failures_are_typed_and_tell_the_last_time(monkeypatch: pytest.MonkeyPatch) -> None:
    case = problem(fidelity="power-law", protocol=cooled(8.0, hold=1e5), detail=0.3)
    late = solve(replace(case, time_limit=1e-9)).result
    assert (late.status, late.trapped_field_center) == ("timeout", None)
    assert late.last_time_s == -1000

    def stuck(carriers: Any, conductor: Any, guess: Any, step: Any) -> Any:
        return None if step.applied < 1.0 else solve_step(carriers, conductor, guess, step)

    monkeypatch.setattr("models.magnet.transient.solve_step", stuck)
    failed = solve(case).result
    assert (failed.status, failed.trapped_field_center) == ("not-converged", None)
    assert -126 < (failed.last_time_s or 0) < -100, "down to 1 T of 8 T, after seven eighths"


def test_an_unfilled_magnet_is_no_result_of_the_critical_state() -> None:
    result = solve(problem(protocol=cooled(3.0))).result
    assert (result.status, result.trapped_field_center, result.at_most_T) == (
        "under-magnetised",
        None,
        3.0,
    )


def test_a_hold_at_a_temperature_that_no_table_knows_is_flagged() -> None:
    table = MeasuredJc(
        np.array([0, 9.0, 0, 9.0]),
        np.array([8, 8, 20, 20.0]),
        np.array([4e8, 2e8, 2e8, 1e8]),
        np.zeros(4),
    )
    case = {"law": table, "detail": 0.3}
    known = power(protocol=cooled(8.0, hold=1e4, temperature=15.0, hold_temperature=10.0), **case)
    beyond = power(protocol=cooled(8.0, hold=1e4, temperature=15.0, hold_temperature=5.0), **case)
    assert known.extrapolated_share == 0
    assert beyond.extrapolated_share == pytest.approx(1.0)
    assert "extrapolated in 100.0% of the volume" in beyond.warnings[-1]


def test_a_result_is_kept_when_time_is_over_before_its_error_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("models.magnet.errors._left", lambda problem, spent: 0.0)
    result = power(protocol=cooled(8.0), detail=0.3, estimate_error=True)
    assert result.trapped_field_center is not None
    assert result.error_estimate_T is None
    assert "no error estimate: timeout on a coarser mesh" in result.warnings


def test_the_error_estimate_covers_the_error() -> None:
    result = power(n=20, protocol=cooled(8.0), estimate_error=True)
    fine = centre(fidelity="power-law", n=20, protocol=cooled(8.0), detail=0.05)
    assert abs(fine - (result.trapped_field_center or 0)) < 2 * (result.error_estimate_T or 0)
    assert (result.error_estimate_T or 1) < 0.01 * fine
