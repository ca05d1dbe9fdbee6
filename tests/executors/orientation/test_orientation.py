"""Orientation maps as a stage: dropped or handed on, damaged or better ones, outcomes, pictures."""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from executors.files import job_folder
from executors.made_up.ebsd import Ebsd
from executors.orientation.outcomes import UNITS, whole_maps
from executors.orientation.stage import MapFolder, Orientation
from executors.testing import ExecutorContract
from models.orientation.map import OrientationMap
from models.orientation.simulate import biaxial, cells, measure
from models.orientation.symmetry import GROUPS
from planner.executor import Abandoned, Executor, Finished, Running, WorkOrder
from tests.executors.jobs import file_of
from tests.executors.orientation.readers.files import write_ang, write_cpr, write_ctf

LAW: Mapping[str, Any] = {
    "critical_angle_deg": 9, "critical_angle_sd_deg": 1, "decay_deg": 9, "decay_sd_deg": 1,
    "conditions": [{"plateau_A_m2": 2e10, "sd_A_m2": 1e9}],
}  # fmt: skip
JOB = "film/1/network"


def order(job: str = JOB, **files: str) -> WorkOrder:
    return WorkOrder(
        job, "film", 1, "network", {"T": 600.0}, {"jc": "A/m^2"}, tuple(UNITS), files=files
    )


def sample(seed: int = 0, fwhm: float = 15) -> OrientationMap:
    random = np.random.default_rng(seed)
    true, q = cells((40, 50), 30, random), biaxial(30, fwhm, random)
    return measure(true, q, 1e-7, GROUPS["422"], random, noise=0.2, missing=0.02)


OPTIONS: Mapping[str, Any] = {
    "law": LAW, "inline": True, "settle": 0, "threshold": 2, "min_pixels": 5, "draws": 20,
    "pictures": False,
}  # fmt: skip


def station(folder: Path, **options: Any) -> Orientation:
    return Orientation(folder, **{**OPTIONS, **options})


class TestOrientation(ExecutorContract):
    def make(self, folder: Path) -> Orientation:
        self.folder = folder
        return station(folder)

    def order(self, job: str) -> WorkOrder:
        return order(job)

    def answer(self, executor: Executor, order: WorkOrder) -> None:
        place = job_folder(self.folder / "orders", order.job)
        if place.is_dir() and not (place / "map.ctf").exists():
            write_ctf(place / "map.ctf", sample())


class TestMapFolder(TestOrientation):
    def make(self, folder: Path) -> MapFolder:
        self.folder = folder
        return MapFolder(folder, **OPTIONS)


def place_of(folder: Path) -> Path:
    return job_folder(folder / "orders", JOB)


def test_a_link_or_pipe_is_no_map(tmp_path: Path) -> None:
    executor = station(tmp_path)
    executor.submit(order())
    place = job_folder(tmp_path / "orders", JOB)
    (place / "map.ang").symlink_to(write_ang(tmp_path / "other.ang", sample()))
    os.mkfifo(place / "map.ctf")
    answer = executor.poll(JOB)
    assert isinstance(answer, Running)
    assert "map.ang is a link, not a plain file; map.ctf is a pipe" in answer.note


def test_a_dropped_map_becomes_outcomes_with_errors_and_pictures(tmp_path: Path) -> None:
    executor = station(tmp_path, pictures=True)
    executor.submit(order())
    waiting = executor.poll(JOB)
    assert isinstance(waiting, Running)
    assert "waiting for an orientation map (.ang, .ctf" in waiting.note
    told = (place_of(tmp_path) / "order.yaml").read_text()
    assert told.startswith("# Put the orientation map of this sample into this folder")
    assert "result.yaml" not in told
    write_ctf(place_of(tmp_path) / "film 7.ctf", sample())
    answer = executor.poll(JOB)
    assert isinstance(answer, Finished), answer
    found = {m.outcome: m for m in answer.measurements}
    assert found.keys() <= UNITS.keys()
    assert found["jc"].unit == "A/m^2"
    assert 0 < found["jc"].value < 2e10
    assert found["grain_size_whole"].value > found["grain_size"].value, (
        "30 grains, most of them cut"
    )
    for name in found.keys() - {"percolation_angle"}:
        assert found[name].standard_error is not None, name
    assert found["grain_size"].value == pytest.approx(
        np.sqrt(4 * 40 * 50 / 30 / np.pi) * 1e-7, rel=0.1
    )
    assert set(answer.artifacts) == {
        "ipf.png", "misorientations.png", "network.png", "cut.png", "network.json", "film 7.ctf",
    }  # fmt: skip
    told = json.loads(file_of(answer, "network.json").read_text())
    assert told["critical_current_density_A_m2"]["value"] == found["jc"].value


def test_a_map_of_an_earlier_stage_is_taken_from_where_it_is_kept(tmp_path: Path) -> None:
    write_cpr(tmp_path / "map.cpr", sample())
    kept = {}
    for name in ("map.cpr", "map.crc"):  # the store names files by their hash
        (tmp_path / name).rename(tmp_path / f"{abs(hash(name)):x}")
        kept[f"ebsd/{name}"] = str(tmp_path / f"{abs(hash(name)):x}")
    executor = station(tmp_path / "own")
    executor.submit(order(**kept | {"ebsd/photo.jpg": "nowhere"}))
    answer = executor.poll(JOB)
    assert isinstance(answer, Finished), answer
    assert "map.cpr" not in answer.artifacts, "it is kept already"
    assert answer.measurements[0].source == "map.cpr, map.crc"


def test_a_damaged_map_is_never_taken_and_a_better_one_is(tmp_path: Path) -> None:
    executor = station(tmp_path)
    executor.submit(order())
    path = write_ang(place_of(tmp_path) / "map.ang", sample())
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    for _ in range(2):
        answer = executor.poll(JOB)
        assert isinstance(answer, Running), answer
        assert answer.note.startswith("map.ang: the header promises 2000 points, the file holds")
        assert not answer.measurements
    path.write_text(whole)
    assert isinstance(executor.poll(JOB), Finished)


def test_two_maps_are_a_question_or_sections_of_a_solid(tmp_path: Path) -> None:
    for name, options in (("flat", {}), ("solid", {"spacing": 1e-7})):
        executor = station(tmp_path / name, **options)
        executor.submit(order())
        for n in (1, 2):
            write_ctf(place_of(tmp_path / name) / f"{n}.ctf", sample())
        answer = executor.poll(JOB)
        if options:
            assert isinstance(answer, Finished)
            assert "50 x 40 x 2 points" in answer.measurements[0].method
        else:
            assert isinstance(answer, Running)
            assert answer.note == "1.ctf and 2.ctf: which one holds?"
    assert whole_maps(["b.cpr", "b.crc", "a.ctf", "c.crc"]) == ["a.ctf", "b.cpr", "c.crc"]


def test_a_map_that_is_still_being_written_is_left_alone(tmp_path: Path) -> None:
    executor = station(tmp_path, settle=60)
    executor.submit(order())
    path = write_ctf(place_of(tmp_path) / "map.ctf", sample())
    answer = executor.poll(JOB)
    assert isinstance(answer, Running)
    assert "has just come" in answer.note
    os.utime(path, (1, 1))
    assert isinstance(executor.poll(JOB), Finished)


def test_the_answer_is_the_same_after_a_restart_and_a_cancelled_job_stays_so(
    tmp_path: Path,
) -> None:
    executor = station(tmp_path)
    executor.submit(order())
    write_ctf(place_of(tmp_path) / "map.ctf", sample())
    first = executor.poll(JOB)
    assert station(tmp_path).poll(JOB) == first
    executor.cancel(JOB)
    assert executor.poll(JOB) == Abandoned("cancelled")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"law": {**LAW, "decay_deg": 0}}, "decay_deg"),
        ({"law": "nowhere.yaml"}, "'nowhere.yaml' must be absolute"),
        ({"law": "/nowhere/law.yaml"}, "/nowhere/law.yaml: No such file"),
        ({"field": 9}, "choose one field and temperature among"),
        ({"path": "maps"}, "must be absolute"),
        ({"threshold": 0}, "threshold"),
    ],
)
def test_wrong_options_are_refused_when_the_campaign_starts(
    tmp_path: Path, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        station(tmp_path, **options)


def test_an_outcome_it_does_not_give_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'hardness' is not given here, but jc, grain_size"):
        station(tmp_path).submit(replace(order(), gives=("hardness",)))


def test_the_synthetic_microscope_draws_sharper_textures_near_the_best_temperature(
    tmp_path: Path,
) -> None:
    shares = []
    for celsius in (577.0, 520.0):
        scope = Ebsd(tmp_path / "scope", inline=True, size=60, grains=40)
        job = WorkOrder(
            f"film/{celsius:g}/map",
            "film",
            1,
            "map",
            {"substrate": celsius},
            {"substrate": "degC"},
            (),
        )
        scope.submit(job)
        drawn = scope.poll(job.job)
        assert isinstance(drawn, Finished), drawn
        executor = station(tmp_path / f"{celsius:g}")
        executor.submit(order(**{"map/map.csv": str(drawn.artifacts["map.csv"])}))
        answer = executor.poll(JOB)
        assert isinstance(answer, Finished), answer
        shares.append({m.outcome: m.value for m in answer.measurements}["low_angle_share"])
    assert shares[0] > 2 * shares[1]
