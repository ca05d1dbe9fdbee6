from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from executors.made_up.process import Options, Process, sample_of, synthesise
from executors.testing import ExecutorContract
from planner.executor import Abandoned, Failed, Finished, WorkOrder

POINT = {"milling_energy": 75.0, "first_heat": 750.0, "second_heat": 600.0, "hold_time": 10}
UNITS = {
    "milling_energy": "MJ/kg", "first_heat": "degC", "second_heat": "degC", "hold_time": "h",
    "density": "percent", "jc": "kA/cm^2",
}  # fmt: skip


def order(trial: int = 1, seed: int = 0, stage: str = "synthesis", **point: float) -> WorkOrder:
    job = f"bulk/{trial}/{stage}"
    gives = ("density", "jc")
    return WorkOrder(job, "bulk", trial, stage, {**POINT, **point}, UNITS, gives, {}, seed)


class TestProcess(ExecutorContract):
    def make(self, folder: Path) -> Process:
        return Process(folder, inline=True)

    def order(self, job: str) -> WorkOrder:
        return replace(order(), job=job)


def test_every_stage_sees_the_same_sample() -> None:
    """The hidden state follows from point, seed and trial alone: it need not travel."""
    here, there = sample_of("ba122", order(3)), sample_of("ba122", order(3, stage="imaging"))
    assert here == there
    assert sample_of("ba122", order(4)).jc != here.jc, "another sample has other oxygen"
    assert sample_of("ba122", order(3, seed=1)).jc != here.jc


def test_the_errors_are_honest() -> None:
    z = []
    for trial in range(200):
        answer = synthesise(Options(), order(trial))
        assert isinstance(answer, Finished)
        true = sample_of("ba122", order(trial))
        for m, truth in zip(answer.measurements, (100 * (1 - true.porosity), true.jc), strict=True):
            assert m.standard_error
            assert "synthetic" in m.method
            z.append((m.value - truth) / m.standard_error)
    assert np.mean(np.abs(z) < 2) > 0.9
    assert np.std(z) == pytest.approx(1, abs=0.15)


def test_hot_pellets_crack_and_that_is_data() -> None:
    cracked = [
        isinstance(synthesise(Options(), order(t, first_heat=845.0)), Failed) for t in range(200)
    ]
    assert np.mean(cracked) == pytest.approx(0.5, abs=0.1)
    assert not any(isinstance(synthesise(Options(), order(t)), Failed) for t in range(20))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"point": {"first_heat": 750.0}}, "no number 'milling_energy'"),
        ({"units": UNITS | {"hold_time": "K"}}, "'K' cannot be turned into 's'"),
        ({"gives": ("hardness",)}, "'hardness' is not given here"),
    ],
)
def test_wrong_orders_are_abandoned(tmp_path: Path, change: dict[str, Any], why: str) -> None:
    process = Process(tmp_path, inline=True)
    process.submit(replace(order(), **change))
    answer = process.poll("bulk/1/synthesis")
    assert isinstance(answer, Abandoned)
    assert why in answer.why


def test_an_unknown_material_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no material pack"):
        Process(tmp_path, material="unobtainium")
