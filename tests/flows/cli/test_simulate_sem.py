"""A SYNTHETIC stack from the command line: its files can be read again, and say what they are."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from executors.imaging.readers import read_labels, read_stack
from flows.cli import app, main


def simulate_sem(monkeypatch: pytest.MonkeyPatch, *words: object) -> None:
    monkeypatch.setattr(sys, "argv", ["kyoso", "simulate-sem", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code, end.value.code


def test_stack_and_truth_are_written_and_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    simulate_sem(monkeypatch, "--out", tmp_path, "--seed", 4, "--shape", "6,64,80")
    assert "SYNTHETIC" in capsys.readouterr().out
    stack, truth = read_stack(tmp_path / "stack.tif"), read_labels(tmp_path / "labels.tif")
    told = json.loads((tmp_path / "recipe.json").read_text(encoding="utf-8"))
    assert stack.shape == truth.classes.shape == (6, 64, 80)
    assert stack.voxel_m == pytest.approx(told["recipe"]["voxel_m"])
    assert truth.names == ("matrix", "pore", "impurity")
    assert told["true_fractions"]["pore"] == pytest.approx(float(np.mean(truth.where("pore"))))
    assert len(told["drift_px"]) == 6
    assert stack.notes[1] == truth.notes[0] == "SYNTHETIC: simulated, no measurement, seed 4"
    with Image.open(tmp_path / "slices.png") as picture:
        assert picture.width == 1200


@pytest.mark.parametrize("command", ["segment stack.tif --labels again.tif", "quantify labels.tif"])
def test_what_is_synthetic_is_called_so_in_every_report(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulate_sem(monkeypatch, "--out", tmp_path, "--seed", 4, "--shape", "3,64,80")
    monkeypatch.chdir(tmp_path)
    app([*command.split(), "--json", "out.json"], standalone_mode=False)
    notes = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["notes"]
    assert sum(note.startswith("SYNTHETIC") for note in notes) == 1
    assert all(read_labels(path).notes for path in tmp_path.glob("again.tif"))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--family", "pretty"), "one of usual"),
        (("--shape", "64,256"), "slices,rows,columns"),
        (("--shape", "64,256,9999"), "1 to 2048 slices of 32 to 2048"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    words: tuple[str, str], why: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out = tmp_path / "none"
    monkeypatch.setattr(sys, "argv", ["kyoso", "simulate-sem", "--out", str(out), *words])
    with pytest.raises(SystemExit):
        main()
    assert why in capsys.readouterr().err
    assert not out.exists()
