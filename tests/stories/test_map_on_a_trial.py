"""A person uploads an orientation map at the panel; its network is on the trial a turn later."""

from pathlib import Path
from typing import Any

import pytest

from executors.testing.laboratory import inject, laboratory, turns
from flows.turns.run import drive
from planner import desk
from planner.campaign.file import read_yaml
from planner.loop.laboratory import Laboratory
from planner.loop.turn import advance
from planner.record.job import JobState
from planner.record.trial import TrialState
from tests.executors.orientation.readers.files import write_ctf
from tests.executors.orientation.test_orientation import LAW, sample

EXAMPLE = Path(__file__).parents[2] / "examples" / "grain-network.yaml"
OPTIONS = {"inline": True, "settle": 0, "draws": 10, "threshold": 2, "min_pixels": 5, "law": LAW}
CAMPAIGN: dict[str, Any] = {
    "name": "films",
    "parameters": {"T": {"kind": "range", "low": 500, "high": 650, "unit": "degC"}},
    "outcomes": {"jc": {"goal": "maximize", "unit": "MA/cm^2"}, "grain_size": {"goal": "none", "unit": "um"}},
    "stages": [
        {"name": "microscopy", "executor": "manual"},
        {"name": "network", "executor": "orientation", "after": ["microscopy"], "gives": ["jc", "grain_size"], "options": OPTIONS},
    ],
    "review": {"autonomy": "automatic"},
    "budget": {"trials": 1},
    "planner": {"batch": 1, "generator": "sobol"},
}  # fmt: skip


def hand_in(lab: Laboratory, path: Path) -> None:
    job = next(
        j for j in lab.store.jobs.list("films") if j.stage == "microscopy" and j.state.is_open
    )
    with path.open("rb") as stream:
        desk.hand_in(lab.store, job, [], {}, [desk.Upload(path.name, stream)], "Aki")


def test_an_uploaded_map_becomes_results_and_pictures(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, CAMPAIGN)
    turns(lab, "films", 8)
    hand_in(lab, write_ctf(tmp_path / "film.ctf", sample()))
    turns(lab, "films", 8)
    record = lab.store.snapshot("films")
    assert record.trials[0].state is TrialState.COMPLETED
    found = {r.outcome: r for r in record.results_of[1]}
    assert found["jc"].unit == "MA/cm^2"
    assert 0 < found["jc"].value < 2
    assert found["jc"].standard_error
    assert found["grain_size"].value == pytest.approx(0.9, abs=0.1)
    kept = {a.name for a in lab.store.jobs.artifacts("films", 1)}
    assert kept == {
        "film.ctf",
        "ipf.png",
        "misorientations.png",
        "network.png",
        "cut.png",
        "network.json",
    }


def test_a_damaged_upload_stores_nothing_and_says_where_a_better_map_goes(tmp_path: Path) -> None:
    microscopy, network = CAMPAIGN["stages"]
    plain = network | {"options": OPTIONS | {"pictures": False}}
    lab = laboratory(tmp_path, CAMPAIGN | {"stages": [microscopy, plain]})
    turns(lab, "films", 8)
    bad = write_ctf(tmp_path / "film.ctf", sample())
    bad.write_text(bad.read_text()[:3000])
    hand_in(lab, bad)
    turns(lab, "films", 8)
    job = next(j for j in lab.store.jobs.list("films") if j.stage == "network")
    assert job.state is JobState.RUNNING
    assert job.message.startswith("film.ctf: ")
    heard: list[str] = []
    stop = drive(lab, "films", 1, patience=0, hear=lambda job, why: heard.append(job.message))
    assert (stop.why, heard) == ("no news from running jobs for 0 s", [job.message])
    assert not lab.store.snapshot("films").results
    place = Path(job.message.rpartition("may be put into ")[2])
    place.mkdir(parents=True, exist_ok=True)
    write_ctf(place / "better.ctf", sample())
    turns(lab, "films", 8)
    assert lab.store.snapshot("films").trials[0].state is TrialState.COMPLETED


def test_the_example_runs_and_sharper_textures_carry_more(tmp_path: Path) -> None:
    content = read_yaml(EXAMPLE)
    for stage in content["stages"]:
        stage["options"] |= {"inline": True}
    content["stages"][0]["options"] |= {"grains": 60, "size": 60}
    content["stages"][1]["options"] |= {"draws": 10, "pictures": False}
    lab = laboratory(
        tmp_path,
        content
        | {
            "review": {"autonomy": "automatic"},
            "budget": {"trials": 2},
            "planner": {"batch": 2, "generator": "sobol"},
        },
    )
    campaign = lab.campaign("grain-network")
    for celsius in (577, 510):
        inject(lab.store, campaign, substrate=celsius)
    for _ in range(12):
        advance(lab, "grain-network")
    record = lab.store.snapshot("grain-network")
    jc = {
        t.point["substrate"]: next(
            r.value for r in record.results_of[t.number] if r.outcome == "jc"
        )
        for t in record.trials
        if t.state is TrialState.COMPLETED
    }
    assert jc[577] > 1.3 * jc[510]
    assert content["synthetic"] is True
