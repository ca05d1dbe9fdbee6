"""The SYNTHETIC FIB-SEM leaves a stack of the order's sample, and nothing of the truth."""

from dataclasses import replace
from pathlib import Path

import pytest
from tifffile import TiffFile

from executors.imaging.readers import read_stack
from executors.made_up.process import sample_of
from executors.made_up.sem import Options, Sem, recipe_of
from executors.testing import ExecutorContract
from planner.campaign.values import Value
from planner.executor import Abandoned, Finished, WorkOrder

POINT: dict[str, Value] = {
    "milling_energy": 75.0,
    "first_heat": 750.0,
    "second_heat": 600.0,
    "hold_time": 10,
}
UNITS = {"milling_energy": "MJ/kg", "first_heat": "degC", "second_heat": "degC", "hold_time": "h"}


def order() -> WorkOrder:
    return WorkOrder("bulk/1/sem", "bulk", 1, "sem", POINT, UNITS, ())


class TestSem(ExecutorContract):
    def make(self, folder: Path) -> Sem:
        return Sem(folder, inline=True, slices=6, size=64)

    def order(self, job: str) -> WorkOrder:
        return replace(order(), job=job)


def test_the_stack_is_of_the_sample_and_can_be_read(tmp_path: Path) -> None:
    scope = Sem(tmp_path, inline=True, slices=6, size=64)
    scope.submit(order())
    answer = scope.poll(order().job)
    assert isinstance(answer, Finished), answer
    assert set(answer.artifacts) == {"stack.tif"}
    path = answer.artifacts["stack.tif"]
    assert isinstance(path, Path)
    stack = read_stack(path)
    recipe = recipe_of(Options(), order())
    assert stack.shape == (6, 64, 64)
    assert stack.voxel_m == pytest.approx(recipe.voxel_m)
    with TiffFile(path) as file:
        assert "SYNTHETIC" in (file.imagej_metadata or {})["Info"]


def test_magnification_follows_the_grains() -> None:
    sample, recipe = sample_of("ba122", order()), recipe_of(Options(), order())
    assert recipe.porosity == pytest.approx(float(sample.porosity))
    assert recipe.grain_m == pytest.approx(1.33 * float(sample.grain_size))
    assert recipe.grain_m / recipe.voxel_m[1] == pytest.approx(50)


def test_it_gives_no_outcome(tmp_path: Path) -> None:
    scope = Sem(tmp_path, inline=True)
    with pytest.raises(ValueError, match="'porosity' is not given here"):
        scope.check(replace(order(), gives=("porosity",)))
    assert not isinstance(scope.poll("bulk/1/sem"), Abandoned)


def test_a_family_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"family is one of usual, .*, not 'pretty'"):
        Sem(tmp_path, family="pretty")
