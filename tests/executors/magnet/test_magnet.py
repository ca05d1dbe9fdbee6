import dataclasses
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import models.magnet.discrete
from executors.learners.jc_law import NAME, MicrostructureLaw, state_of
from executors.magnet.stage import OUTCOMES, Magnet, Options, critical_current, magnetise
from executors.testing import ExecutorContract
from flows.server.campaign_files import read_runnable
from models.magnet.analytic import disc_on_axis
from models.statistics.linear import prior
from planner.executor import (
    Abandoned,
    Failed,
    Finished,
    Measurement,
    WorkOrder,
    build_executor,
)
from tests.executors.jobs import file_of
from tests.magnets import needs_fem

COUPON = {"jc": Measurement("jc", 20.0, "kA/cm^2", 1.0)}
SEEN = {
    "boundary_density": Measurement("boundary_density", 10.0, "1/um", 0.2),
    "porosity": Measurement("porosity", 0.0, "", 0.01),
}


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
    belief = prior([np.log(jc), 0.0, 0.0], tight, noise=spread, spread=1e-6)
    state = state_of(MicrostructureLaw(("boundary_density", "porosity"), belief), 9)
    told = {f.name: getattr(order(inputs), f.name) for f in dataclasses.fields(WorkOrder)}
    return WithModels(**told, models={NAME: state})


def options(**words: Any) -> Options:
    """The usual disc, with other words on top."""
    return Options(magnet=Options().magnet | words, pictures="none")


class TestMagnet(ExecutorContract):
    def make(self, folder: Path) -> Magnet:
        return Magnet(folder, inline=True, magnet=Options().magnet | {"fidelity": "analytic"})

    def order(self, job: str) -> WorkOrder:
        return replace(order(), job=job)


@pytest.mark.fem
@pytest.mark.timeout(180)
@needs_fem
def test_two_cold_workers_solve_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no form compiled before, and the mark of a killed compiler in the way."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    stale = tmp_path / "cache" / "kyoso-forms" / "libffcx_forms_of_somebody.c"
    stale.parent.mkdir(parents=True)
    stale.touch()
    magnet, contract = Magnet(tmp_path / "jobs", workers=2), TestMagnet()
    contract.patience = 150
    orders = [replace(order(), job=f"bulk/{k}/magnet") for k in (1, 2)]
    for one in orders:
        magnet.submit(one)
    answers = [contract.carry_out(magnet, one) for one in orders]
    magnet.close()
    exact = float(disc_on_axis(0.015, 0.01, 2e8))
    for answer in answers:
        assert isinstance(answer, Finished), answer
        found = {m.outcome: m for m in answer.measurements}
        assert found["trapped_field"].value == pytest.approx(exact, rel=1e-4)
        assert found["trapped_field"].standard_error == pytest.approx(0.05 * exact, rel=1e-2)
        assert "finite elements, critical-state" in found["trapped_field"].method
        assert file_of(answer, "field.png").stat().st_size > 10_000
    assert not stale.exists()


@pytest.mark.fem
@needs_fem
def test_parameters_of_the_campaign_fill_places_of_the_description(tmp_path: Path) -> None:
    told = Options(
        magnet={
            "bodies": [{"shape": "stack", "radius": "10 mm", "count": 2, "thickness": "5 mm"}],
            "jc": {"model": "constant", "value": "3e8 A/m^2"}, "n": 50, "detail": 0.25,
            "protocol": {"kind": "field-cooling", "ramp": "1000 s", "hold": "1e5 s"},
            "probes": {"homogeneity_sphere": "2 mm"}, "fidelity": "power-law",
        },
        set={"field": "protocol.applied_field", "gap": "bodies.0.gap"}, pictures="none",
    )  # fmt: skip
    gives = ("held_field", "decay", "held_homogeneity")
    filled, half = (
        magnetise(
            told, tmp_path,
            replace(order(), gives=gives, point={"field": b, "gap": 1.0}, units={"field": "T", "gap": "mm"}),
        )
        for b in (4.0, 1.2)
    )  # fmt: skip
    assert isinstance(filled, Finished)
    assert isinstance(half, Finished)
    full, part = ({m.outcome: m.value for m in a.measurements} for a in (filled, half))
    assert full["held_field"] > part["held_field"]
    assert full["decay"] > 10 * abs(part["decay"])
    assert file_of(filled, "magnet.json").stat().st_size > 500


@pytest.mark.fem
@needs_fem
def test_a_number_that_does_not_exist_fails_with_its_reason_and_keeps_the_others(
    tmp_path: Path,
) -> None:
    """Relative to a centre that no flux reached: a planner would love any decay of it."""
    cold = {
        "kind": "zero-field-cooling", "applied_field": "0.3 T", "ramp": "1000 s", "hold": "1e4 s"
    }  # fmt: skip
    probes = {"homogeneity_sphere": "2 mm"}
    told = options(fidelity="power-law", n=100, detail=0.4, protocol=cold, probes=probes)
    gives = ("held_field", "surface_field", "decay", "homogeneity", "held_homogeneity")
    answer = magnetise(told, tmp_path, replace(order(), gives=gives))
    assert isinstance(answer, Failed)
    for name in ("decay", "homogeneity", "held_homogeneity"):
        assert f"{name}: the field at the centre" in answer.why
    field, surface = answer.measurements
    assert (field.outcome, surface.outcome) == ("held_field", "surface_field")
    assert field.standard_error is not None
    assert field.standard_error > abs(field.value)
    assert file_of(answer, "magnet.json").stat().st_size > 500


@pytest.mark.fem
@needs_fem
def test_homogeneity_comes_with_an_error(tmp_path: Path) -> None:
    told = options(probes={"homogeneity_sphere": "4 mm"})
    answer = magnetise(told, tmp_path, replace(order(), gives=("homogeneity",)))
    assert isinstance(answer, Finished)
    (found,) = answer.measurements
    assert 0 < (found.standard_error or 0) < 0.1 * found.value


@pytest.mark.fem
@needs_fem
def test_a_sphere_that_does_not_fit_has_no_homogeneity(tmp_path: Path) -> None:
    told = options(probes={"homogeneity_sphere": "11 mm"})
    answer = magnetise(told, tmp_path, replace(order(), gives=("trapped_field", "homogeneity")))
    assert isinstance(answer, Failed)
    assert answer.why == (
        "homogeneity: a sphere of 11 mm is larger than the magnet, 30 mm across and 10 mm high"
    )
    assert [m.outcome for m in answer.measurements] == ["trapped_field"]


def test_without_dolfinx_it_is_the_closed_form_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models.magnet.discrete, "why_not", lambda: "dolfinx is not installed")
    answer = magnetise(options(), tmp_path, order())
    assert isinstance(answer, Finished)
    assert answer.measurements[0].value == pytest.approx(float(disc_on_axis(0.015, 0.01, 2e8)))
    assert "closed form" in answer.measurements[0].method
    assert "dolfinx is not installed" in answer.measurements[0].method
    needs_time = options(fidelity="power-law", protocol={"hold": "1 h"})
    refused = magnetise(needs_time, tmp_path, order())
    assert isinstance(refused, Abandoned)
    assert refused.why == "no-compiler: dolfinx is not installed"


def test_what_cannot_be_told_is_missing_and_never_zero(tmp_path: Path) -> None:
    cooling = {"kind": "field-cooling", "applied_field": "0.5 T", "ramp": "1000 s"}
    weak = magnetise(options(protocol=cooling, fidelity="analytic"), tmp_path, order())
    assert isinstance(weak, Failed)
    assert "under-magnetised" in weak.why
    assert weak.measurements == ()


def test_the_operating_point_example_is_a_campaign_that_can_run(tmp_path: Path) -> None:
    campaign = read_runnable(Path(__file__).parents[3] / "examples" / "operating-point.yaml")
    assert campaign.synthetic
    magnet = build_executor(campaign.stages[0], tmp_path)
    assert isinstance(magnet, Magnet)
    assert set(campaign.stages[0].gives) <= OUTCOMES.keys()


def test_a_coupon_and_the_law_are_weighed_by_their_uncertainty() -> None:
    jc, spread, source = critical_current(with_law(COUPON | SEEN, jc=4e8, spread=0.05))
    assert jc == pytest.approx(np.sqrt(2e8 * 4e8), rel=1e-3), (
        "equally certain: the middle of the logs"
    )
    assert spread == pytest.approx(0.05 / np.sqrt(2), rel=1e-3)
    assert source == "coupon and law"


def test_the_law_stands_in_where_no_coupon_was_measured() -> None:
    jc, spread, source = critical_current(with_law(SEEN, jc=4e8, spread=0.2))
    assert jc == pytest.approx(4e8)
    assert spread == pytest.approx(0.2, rel=1e-3)
    assert source == "law"


def test_a_law_whose_features_were_not_seen_is_left_out() -> None:
    assert critical_current(with_law(COUPON, jc=4e8, spread=0.05))[2] == "coupon"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"inputs": SEEN}, "neither a measured 'jc' nor a Jc law"),
        ({"inputs": {"jc": Measurement("jc", -1.0, "A/m^2")}}, "jc must be above 0"),
        ({"inputs": {"jc": Measurement("jc", 1.0, "T")}}, "'T' cannot be turned into 'A/m"),
        ({"gives": ("strength",)}, "'strength' is not given here"),
        ({"gives": ("decay",)}, "decay was not computed"),
    ],
)
def test_wrong_orders_are_abandoned(tmp_path: Path, change: dict[str, Any], why: str) -> None:
    magnet = TestMagnet().make(tmp_path)
    magnet.submit(replace(order(), **change))
    answer = magnet.poll("bulk/1/magnet")
    assert isinstance(answer, Abandoned)
    assert why in answer.why


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"radius": 0.01}, "radius"),
        (
            {"magnet": {"bodies": [{"shape": "disc", "radius": "-1 mm", "thickness": "1 mm"}]}},
            "radius",
        ),
        ({"magnet": {"bodies": []}, "set": {"x": "bodies.0.radius"}}, "no place 'bodies.0.radius'"),
    ],
)
def test_wrong_options_are_named(tmp_path: Path, wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Magnet(tmp_path, **wrong)
