"""Model files: what was written comes back, and what does not fit is refused."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from executors.imaging.model_file import HEAD, read_model, write_model
from executors.imaging.shipped import SHIPPED
from models.imaging.unet.architecture import Architecture
from models.imaging.unet.calibration import ScoreCalibration
from models.imaging.unet.fractions import FractionError
from models.imaging.unet.model import (
    HeldOutScores,
    ModelOrigin,
    SegmentationModel,
    weights_of,
)
from models.imaging.unet.network import built
from planner.door.refused import Refused

NAMES = ("matrix", "pore")


def small_model(seed: int = 0) -> SegmentationModel:
    """A network that has learned nothing."""
    shape = Architecture(2, "2.5-D", 1, width=4, halvings=2)
    error = FractionError(0.0, 1.0, 0.1, 1e5, 0.0, 20.0)
    ones = dict.fromkeys(NAMES, 0.5)
    return SegmentationModel(
        3, NAMES, shape, ScoreCalibration(1.2, (0.1, -0.1)), (error, error),
        HeldOutScores("a stack", ones, 0.5, ones, 0.7, 0.6),
        ModelOrigin(("own",), False, ("a", "b"), "", seed, 5), (3e-8, 2e-8, 2e-8),
        weights_of(built(shape, seed)),
    )  # fmt: skip


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    model = small_model()
    write_model(tmp_path / "m", model)
    again = read_model(tmp_path / "m")
    assert replace(again, weights={}).__dict__ == replace(model, weights={}).__dict__
    assert all((again.weights[name] == part).all() for name, part in model.weights.items())
    write_model(tmp_path / "n", again)
    assert (tmp_path / "m").read_bytes() == (tmp_path / "n").read_bytes()


def _changed(path: Path, **head: object) -> Path:
    write_model(path, small_model())
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[HEAD] = json.dumps(json.loads(parts[HEAD]) | head).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ({"kind": "another"}, "is no segmentation model of Kyoso"),
        ({"format": 9}, "has format 9"),
        ({"names": 5}, "has a head that does not fit"),
        (
            {
                "architecture": {
                    "classes": 3,
                    "kind": "2.5-D",
                    "neighbours": 1,
                    "width": 4,
                    "halvings": 2,
                }
            },
            "is not sound: the weights do not fit",
        ),
        ({"architecture": {"classes": 2, "kind": "5-D"}}, "has a head that does not fit"),
        ({"calibration": {}}, "has a head that does not fit"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(
    tmp_path: Path, head: dict[str, object], told: str
) -> None:
    with pytest.raises(Refused, match=told):
        read_model(_changed(tmp_path / "m", **head))


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m").write_text("weights", encoding="utf-8")
    with pytest.raises(Refused, match="m is damaged, or no zip file"):
        read_model(tmp_path / "m")
    with zipfile.ZipFile(tmp_path / "m", "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(Refused, match="is no segmentation model"):
        read_model(tmp_path / "m")


def test_a_model_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    write_model(tmp_path / "m", small_model())
    content = (tmp_path / "m").read_bytes()
    (tmp_path / "m").write_bytes(content[: len(content) // 2])
    with pytest.raises(Refused, match="is damaged"):
        read_model(tmp_path / "m")


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    model = small_model()
    bad = {name: np.full_like(part, np.nan) for name, part in model.weights.items()}
    write_model(tmp_path / "m", replace(model, weights=bad))
    with pytest.raises(Refused, match="not finite"):
        read_model(tmp_path / "m")


def test_a_mark_that_licences_forbid_is_neither_written_nor_read(tmp_path: Path) -> None:
    model = small_model()
    origin = replace(model.origin, shippable=True, licences=("CC-BY-NC-4.0",))
    with pytest.raises(ValueError, match="non-commercial"):
        write_model(tmp_path / "m", replace(model, origin=origin))
    plain = json.loads(
        json.dumps(
            {
                "licences": ["CC-BY-NC-4.0"],
                "shippable": True,
                "trained_on": [],
                "started_from": "",
                "seed": 0,
                "steps": 1,
            }
        )
    )
    with pytest.raises(Refused, match="non-commercial"):
        read_model(_changed(tmp_path / "m", origin=plain))


def test_the_shipped_model_may_be_handed_on() -> None:
    model = read_model(SHIPPED)
    assert model.origin.shippable
    assert model.origin.licences == ("SYNTHETIC",)
    assert SHIPPED.stat().st_size < 2e6
