"""kyoso quantify: from a label file to numbers and pictures."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.random_media import balls
from executors.imaging.writers import write_labels
from flows.cli import main
from models.imaging.volume import LabelledVolume

VOXEL = (20e-9, 10e-9, 10e-9)


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    inside = balls((20, 40, 40), VOXEL, 50e-9, 0.3, np.random.default_rng(2))
    path = tmp_path / "labels.tif"
    write_labels(path, LabelledVolume(inside.astype(np.uint8), ("matrix", "pore"), VOXEL))
    return path


def kyoso(monkeypatch: pytest.MonkeyPatch, *words: object) -> None:
    monkeypatch.setattr(sys, "argv", ["kyoso", *map(str, words)])
    main()


def test_a_label_file_becomes_numbers_and_pictures(
    labels: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, plots = tmp_path / "out.json", tmp_path / "pictures"
    words = ("--json", out, "--plots", plots, "--segmentation-sd", "pore=0.01")
    with pytest.raises(SystemExit) as end:
        kyoso(monkeypatch, "quantify", labels, "--voxel", "20nm,10nm,10nm", *words)
    assert end.value.code == 0
    told = json.loads(out.read_text())
    assert told["voxel_m"] == pytest.approx(list(VOXEL))
    pore = told["phases"]["pore"]
    low, high = pore["interval90"]
    assert low < pore["fraction"] < high
    assert pore["in_stack"]["sd"] == 0.01
    assert told["phases"]["matrix"]["in_stack"] == {
        "sd": None, "interval90": None, "reason": "the error of the segmentation was not told",
    }  # fmt: skip
    for one in (told["surface_density_1_m"], told["mean_chord_m"]["pore"]):
        assert 0 < one["sd"] < one["value"]
    assert told["grain_size_m"]["value"] is None
    assert "name the class" in told["grain_size_m"]["reason"]
    assert "too small for a 5 % answer on the fraction of pore" in capsys.readouterr().out
    assert {p.name for p in plots.iterdir()} == {"slice.png", "chords.png"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--voxel", "20nm,10nm,12nm"), "12 nm was given"),
        (("--segmentation-sd", "crack=0.1"), "the classes are matrix, pore"),
        (("--segmentation-sd", "pore"), "not of the form name=value"),
        (("--grains", "crack"), "no class is named 'crack'"),
        (("--connectivity", "18"), "connectivity is 6"),
    ],
)
def test_what_does_not_fit_is_said(
    words: tuple[str, ...], says: str, labels: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with pytest.raises(SystemExit) as end:
        kyoso(monkeypatch, "quantify", labels, *words)
    assert end.value.code == 1
    assert says in capsys.readouterr().err
