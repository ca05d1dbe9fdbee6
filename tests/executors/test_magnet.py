import dataclasses
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import models.disc_fem
from executors.jc_law import NAME, JcLaw, state_of
from executors.magnet import Magnet, Options, critical_current, magnetise
from executors.testing import ExecutorContract
from models.disc_fem import why_not
from models.linear import prior
from models.trapped_field import disc_on_axis
from planner.executor import Abandoned, Measurement, WorkOrder

COUPON = {"jc": Measurement("jc", 20.0, "kA/cm^2", 1.0)}
SEEN = {
    "boundary_density": Measurement("boundary_density", 10.0, "1/um", 0.2),
    "porosity": Measurement("porosity", 0.0, "", 0.01),
}
SHAPE = {"radius": 0.015, "thickness": 0.01}


@dataclass(frozen=True)
class WithModels(WorkOrder):
    """An order that brings model versions."""

    models: dict[str, Any] = field(default_factory=dict)


def order(inputs: dict[str, Measurement] | None = None) -> WorkOrder:
    gives = ("trapped_field", "surface_field")
    units = dict.fromkeys(gives, "T")
    return WorkOrder(
        "bulk/1/magnet", "bulk", 1, "magnet", {"x": 1.0}, units, gives, inputs or COUPON
    )


def with_law(inputs: dict[str, Measurement], jc: float, spread: float) -> WorkOrder:
    """An order with a law that says ``jc`` (A/m^2) for whatever was seen."""
    tight = [1e-9, 1e-9, 1e-9]
    belief = prior([np.log(jc), 0.0, 0.0], tight, spread, shape=1e6)
    state = state_of(JcLaw(("boundary_density", "porosity"), belief), 9)
    told = {f.name: getattr(order(inputs), f.name) for f in dataclasses.fields(WorkOrder)}
    return WithModels(**told, models={NAME: state})


class TestMagnet(ExecutorContract):
    def make(self, folder: Path) -> Magnet:
        return Magnet(folder, inline=True, finite_elements=False)

    def order(self, job: str) -> WorkOrder:
        return replace(order(), job=job)


@pytest.mark.fem
@pytest.mark.timeout(180)
@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_the_magnet_stage_solves_a_disc_by_finite_elements(tmp_path: Path) -> None:
    """In a warm process of its own: within 0.01 % of the closed form, with its map."""
    magnet = Magnet(tmp_path, **SHAPE)
    contract = TestMagnet()
    contract.patience = 110  # the first time, the forms are compiled
    answer = contract.carry_out(magnet, order())
    magnet.close()
    found = {m.outcome: m for m in answer.measurements}  # type: ignore[union-attr]
    exact = float(disc_on_axis(0.015, 0.01, 2e8))
    assert found["trapped_field"].value == pytest.approx(exact, rel=1e-4)
    assert found["trapped_field"].standard_error == pytest.approx(0.05 * exact)
    assert "finite elements, tier 0" in found["trapped_field"].method
    assert answer.artifacts["field.png"].stat().st_size > 10_000  # type: ignore[union-attr]


def test_without_dolfinx_it_is_the_closed_form_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models.disc_fem, "why_not", lambda: "dolfinx is not installed")
    answer = magnetise(Options(**SHAPE), tmp_path, order())
    assert answer.measurements[0].value == pytest.approx(float(disc_on_axis(0.015, 0.01, 2e8)))
    assert "closed form" in answer.measurements[0].method
    assert "dolfinx is not installed" in answer.measurements[0].method
    assert answer.artifacts == {}


def test_a_coupon_and_the_law_are_weighed_by_their_uncertainty() -> None:
    jc, spread, source = critical_current(with_law(COUPON | SEEN, jc=4e8, spread=0.05))
    assert jc == pytest.approx(np.sqrt(2e8 * 4e8), rel=1e-3), (
        "equally certain: the middle of the logs"
    )
    assert spread == pytest.approx(0.05 / np.sqrt(2), rel=1e-3)
    assert source == "coupon and law"


def test_the_law_stands_in_where_no_coupon_was_measured() -> None:
    jc, spread, source = critical_current(with_law(SEEN, jc=4e8, spread=0.2))
    assert (jc, spread, source) == (pytest.approx(4e8), pytest.approx(0.2, rel=1e-3), "law")


def test_a_law_whose_features_were_not_seen_is_left_out() -> None:
    assert critical_current(with_law(COUPON, jc=4e8, spread=0.05))[2] == "coupon"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"inputs": SEEN}, "neither a measured 'jc' nor a Jc law"),
        ({"inputs": {"jc": Measurement("jc", -1.0, "A/m^2")}}, "jc must be above 0"),
        ({"inputs": {"jc": Measurement("jc", 1.0, "T")}}, "'T' cannot be turned into 'A/m"),
        ({"gives": ("decay",)}, "'decay' is not given here"),
    ],
)
def test_wrong_orders_are_abandoned(tmp_path: Path, change: dict, why: str) -> None:
    magnet = Magnet(tmp_path, inline=True, finite_elements=False)
    magnet.submit(replace(order(), **change))
    answer = magnet.poll("bulk/1/magnet")
    assert isinstance(answer, Abandoned)
    assert why in answer.why


def test_wrong_options_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="radius"):
        Magnet(tmp_path, radius=-1)
