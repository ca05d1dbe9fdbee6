"""How a stack is read and mended on its way to classes: flags, and messages that name them."""

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import tifffile

from executors.imaging.writers import write_stack
from flows.cli import app
from flows.cli.complaint import Complaint
from models.imaging.volume import ImageStack

GREYS = np.random.default_rng(0).integers(0, 255, (4, 40, 40)).astype(np.uint8)


def _segment(*words: object) -> Any:
    app(["segment", *map(str, words), "--json", "told.json"], standalone_mode=False)
    return json.loads(Path("told.json").read_text())


@pytest.fixture(autouse=True)
def _in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_given_voxel_holds_where_it_is_trusted() -> None:
    write_stack(Path("a.tif"), ImageStack((GREYS / 255).astype(np.float32), (3e-8, 1e-8, 1e-8)))
    with pytest.raises(Complaint, match=r"z is 30 nm .* 20 nm was given \(with --trust-voxel"):
        _segment("a.tif", "--voxel", "20nm,10nm,10nm")
    told = _segment("a.tif", "--voxel", "20nm,10nm,10nm", "--trust-voxel")
    assert told["voxel_m"] == [2e-8, 1e-8, 1e-8]


def test_one_of_several_arrays_is_named() -> None:
    with h5py.File("a.h5", "w") as file:
        file["raw"], file["other"] = GREYS, GREYS[:2]
    with pytest.raises(Complaint, match=r"say which dataset: .*with --dataset"):
        _segment("a.h5", "--voxel", "20nm")
    assert _segment("a.h5", "--voxel", "20nm", "--dataset", "other")["shape"] == [2, 40, 40]


def test_one_of_several_channels_is_named() -> None:
    tifffile.imwrite("a.tif", GREYS[:2], imagej=True, metadata={"axes": "CYX"})
    with pytest.raises(Complaint, match="say which one, from 1 to 2, with --channel"):
        _segment("a.tif", "--voxel", "20nm")
    assert _segment("a.tif", "--voxel", "20nm", "--channel", 2)["shape"] == [1, 40, 40]


def test_a_stack_is_mended_before_and_the_report_says_how() -> None:
    write_stack(Path("a.tif"), ImageStack((GREYS / 255).astype(np.float32), (3e-8, 1e-8, 1e-8)))
    told = _segment("a.tif", "--repair", "brightness,light")
    assert [step["step"] for step in told["repair"]] == ["brightness", "light"]
    assert _segment("a.tif")["repair"] == []
    with pytest.raises(Complaint, match="'polish' is no repair; there are brightness"):
        _segment("a.tif", "--repair", "polish")
    with pytest.raises(Complaint, match=r"--labels: a\.png is no TIFF"):
        _segment("a.tif", "--labels", "a.png")
