"""A stack is dropped into a folder; a turn later its numbers and pictures are on the trial in the
panel, and nobody typed a command."""

from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from executors.files import job_folder
from executors.imaging.writers import write_labels, write_stack
from executors.testing.laboratory import laboratory, turns
from models.imaging.simulated.recipe import StackRecipe
from models.imaging.simulated.simulate import simulate
from planner.campaign.file import read_yaml
from planner.record.trial import TrialState

EXAMPLE = Path(__file__).parents[2] / "examples" / "image-stacks.yaml"
PAGE = """
from ui.pages import trials
from ui.parts import frame
frame.show(trials.page, "Trials", frame.visit())
"""
GIVES = ["porosity", "pore_chord", "surface_density"]
CAMPAIGN: dict[str, Any] = {
    "name": "bulks",
    "synthetic": True,
    "parameters": {"T": {"kind": "range", "low": 500, "high": 650, "unit": "degC"}},
    "outcomes": {
        "porosity": {"goal": "minimize", "unit": "percent"},
        "pore_chord": {"goal": "none", "unit": "nm"},
        "surface_density": {"goal": "none", "unit": "1/um"},
    },
    "stages": [
        {"name": "imaging", "executor": "stack-folder", "gives": GIVES, "options": {"settle": 0}},
    ],
    "review": {"autonomy": "automatic"},
    "budget": {"trials": 1},
    "planner": {"batch": 1, "generator": "sobol"},
}  # fmt: skip


def test_a_dropped_stack_ends_as_numbers_and_pictures_in_the_panel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = laboratory(tmp_path, CAMPAIGN)
    turns(lab, "bulks", 4)
    (job,) = lab.store.jobs.list("bulks")
    place = Path(job.message.rpartition(" in ")[2])
    assert place == job_folder(tmp_path / "executors" / "bulks" / "imaging" / "orders", job.id)
    stack, truth = simulate(StackRecipe(shape=(16, 96, 96)), seed=3)
    write_stack(place / "bulk.tif", stack)
    turns(lab, "bulks", 4)
    record = lab.store.snapshot("bulks")
    assert record.trials[0].state is TrialState.COMPLETED
    found = {r.outcome: r for r in record.results_of[1]}
    true = 100 * float(truth.where("pore").mean())
    assert found["porosity"].value == pytest.approx(true, abs=4), "percent, as the campaign says"
    assert found["porosity"].standard_error
    assert "U-Net" in found["porosity"].method
    assert "trained on data under SYNTHETIC" in found["porosity"].method
    assert 20 < found["pore_chord"].value < 1000
    kept = {a.name for a in lab.store.jobs.artifacts("bulks", 1)}
    assert {"bulk.tif", "labels.tif", "quantities.json", "solid.png", "bulk-classes.png"} < kept

    monkeypatch.setenv("KYOSO_DATA", str(tmp_path))
    monkeypatch.delenv("KYOSO_DATABASE", raising=False)
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.session_state.who = "Aki"
    app.run()
    assert not app.exception
    assert len(app.get("image")) == 3, "classes over a slice, doubt, the solid"
    results = next(d.value for d in app.dataframe if "outcome" in d.value.columns)
    assert set(results["outcome"]) == set(GIVES)
    captions = " ".join(caption.value for caption in app.caption)
    assert "Files" in captions
    st.cache_resource.clear()
    lab.store.close()


def test_what_a_person_labelled_teaches_the_model_that_the_next_trial_is_measured_with(
    tmp_path: Path,
) -> None:
    (stage,) = CAMPAIGN["stages"]
    taught = {
        "stages": [
            stage
            | {"gives": [*GIVES, "held_out_iou", "held_out_iou_before"]}
            | {"options": {"settle": 0, "training_steps": 4, "pictures": False}}
        ],
        "outcomes": CAMPAIGN["outcomes"]
        | {"held_out_iou": {"goal": "none"}, "held_out_iou_before": {"goal": "none"}},
        "budget": {"trials": 2},
    }
    lab = laboratory(tmp_path, CAMPAIGN | taught)
    for number in (1, 2):
        turns(lab, "bulks", 4)
        job = next(j for j in lab.store.jobs.list("bulks") if j.trial == number)
        place = Path(job.message.rpartition(" in ")[2])
        stack, truth = simulate(StackRecipe(shape=(8, 64, 64)), seed=number)
        if number == 1:
            write_labels(place / "bulk_labels.tif", truth)
        write_stack(place / "bulk.tif", stack)
        turns(lab, "bulks", 4)
    record = lab.store.snapshot("bulks")
    (version,) = [v for v in record.versions if v.learner == "segmentation"]
    assert version.scores.keys() == {"mean_iou", "mean_iou_before"}
    assert version.used == (version.scores["mean_iou"] >= version.scores["mean_iou_before"])
    second = next(r for r in record.results_of[2] if r.outcome == "porosity")
    assert f"version {2 if version.used else 1}" in second.method
    lab.store.close()


def test_the_example_runs(tmp_path: Path) -> None:
    content = read_yaml(EXAMPLE)
    sem, imaging = content["stages"]
    sem["options"] = {"inline": True, "slices": 8, "size": 64}
    imaging["options"] |= {"inline": True, "pictures": False}
    changes = {"review": {"autonomy": "automatic"}, "budget": {"trials": 1}}
    lab = laboratory(tmp_path, content | changes | {"planner": {"batch": 1, "generator": "sobol"}})
    turns(lab, "image-stacks", 10)
    record = lab.store.snapshot("image-stacks")
    assert {r.outcome for r in record.results} == set(content["outcomes"])
    assert content["synthetic"] is True
    lab.store.close()
