"""A SYNTHETIC stack from the command line: its files can be read again, and say what they are."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from executors.imaging.readers import read_labels, read_stack
from flows.cli import main


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
    with Image.open(tmp_path / "slices.png") as picture:
        assert picture.width == 1200


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
