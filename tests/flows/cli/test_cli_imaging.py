"""train and segment, from folder to numbers and pictures."""

import json
from pathlib import Path

import numpy as np
import pytest

from executors.imaging.readers import read_labels
from executors.imaging.writers import write_labels, write_stack
from flows.cli import app
from flows.cli.complaint import Complaint
from flows.cli.imaging import _LogProgress, in_time
from models.imaging.volume import ImageStack, LabelledVolume
from tests.models.imaging.unet.phantom import blobs

VOXEL = (3e-8, 2e-8, 2e-8)
NAMES = ("solid", "pore")


def _run(*words: object) -> None:
    app([str(word) for word in words], standalone_mode=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stack with labels, another without, and a model."""
    place = tmp_path_factory.mktemp("imaging")
    for seed, name in ((0, "train/a.tif"), (1, "b.tif")):
        (place / name).parent.mkdir(exist_ok=True)
        grey, classes = blobs((5, 64, 64), seed)
        write_stack(place / name, ImageStack(np.clip(grey, 0, 1), VOXEL))
        labels = place / name.replace(".tif", "_labels.tif")
        write_labels(labels, LabelledVolume(classes, NAMES, VOXEL))
    _run(
        "train",
        place / "train",
        "--out",
        place / "m",
        "--steps",
        15,
        "--licence",
        "own",
        "--json",
        place / "train.json",
    )
    return place


def test_train_says_how_good_the_model_is(folder: Path) -> None:
    told = json.loads((folder / "train.json").read_text())
    assert told["classes"] == list(NAMES)
    assert told["licence"] == ["SYNTHETIC", "own"]
    assert told["started_from"].startswith("U-Net 2.5-D")
    assert told["version"] == 2
    assert 0.6 < told["mean_iou"] <= 1
    assert told["log_loss"] < told["log_loss_of_class_shares"]


def test_segment_writes_labels_numbers_and_pictures(folder: Path) -> None:
    out = folder / "out"
    _run(
        "segment",
        folder / "b.tif",
        "--voxel",
        "30nm,20nm,20nm",
        "--model",
        folder / "m",
        "--labels",
        folder / "b_out.tif",
        "--json",
        folder / "b.json",
        "--plots",
        out,
    )
    told = json.loads((folder / "b.json").read_text())
    assert told["voxel_m"] == pytest.approx(VOXEL)
    assert told["licence"] == "SYNTHETIC, own"
    assert told["model"] == "U-Net 2.5-D, version 2 of a"
    pore = told["phases"]["pore"]
    assert pore["interval90"][0] < pore["fraction"] < pore["interval90"][1]
    assert 0 < pore["in_stack"]["sd"] < pore["sd"]
    assert sum(phase["fraction"] for phase in told["phases"].values()) == pytest.approx(1)
    assert {"surface_density_1_m", "mean_chord_m", "grain_size_m", "method"} <= told.keys()
    found, truth = read_labels(folder / "b_out.tif"), read_labels(folder / "b_labels.tif")
    assert found.names == NAMES
    assert (found.classes == truth.classes).mean() > 0.8
    assert sorted(path.name for path in out.iterdir()) == ["b-classes.png", "b-doubt.png"]
    assert not (folder / ".b_out.tif.unfinished").exists()


def test_without_a_model_a_threshold_decides_and_says_so(folder: Path) -> None:
    _run("segment", folder / "b.tif", "--json", folder / "o.json", "--labels", folder / "o.tif")
    told = json.loads((folder / "o.json").read_text())
    assert told["method"].startswith("Otsu; ")
    assert told["model"] is told["licence"] is None
    assert told["phases"]["pore"]["in_stack"]["reason"]


def test_a_model_that_may_not_be_handed_on_is_refused_before_training(folder: Path) -> None:
    with pytest.raises(Complaint, match=r"'CC-BY-NC-4.0' \(non-commercial\)"):
        _run(
            "train",
            folder / "train",
            "--out",
            folder / "n",
            "--licence",
            "CC-BY-NC-4.0",
            "--shippable",
        )
    with pytest.raises(Complaint, match="'not said'"):
        _run("train", folder / "train", "--out", folder / "n", "--shippable")
    assert not (folder / "n").exists()


def test_places_that_cannot_be_are_named_first(folder: Path) -> None:
    with pytest.raises(Complaint, match="--out: there is no folder"):
        _run("train", folder / "train", "--out", folder / "no" / "m")
    with pytest.raises(Complaint, match=r"--labels: .* is a folder"):
        _run("segment", folder / "b.tif", "--labels", folder)
    (folder / "b.json").write_text("{}")
    with pytest.raises(Complaint, match=r"b\.json is damaged, or no zip file"):
        _run("segment", folder / "b.tif", "--model", folder / "b.json")
    with pytest.raises(
        Complaint, match=r"there is no model simulted: a model file, or 'simulated'"
    ):
        _run("segment", folder / "b.tif", "--model", "simulted")
    with pytest.raises(Complaint, match="--held-out z: one of several stacks, which are a"):
        _run("train", folder / "train", "--out", folder / "n", "--held-out", "z")


def test_time_left_does_not_count_what_went_before(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = iter((0.0, 50.0, 60.0))
    monkeypatch.setattr("flows.cli.imaging.time.monotonic", lambda: next(times))
    progress = _LogProgress("training")
    progress.tell(1, 100)
    progress.tell(11, 100)
    assert capsys.readouterr().err == "training: 11%, about 89 s left\n"


def test_durations_are_for_people() -> None:
    assert [in_time(s) for s in (40, 300, 9000)] == ["40 s", "5 min", "2.5 h"]
