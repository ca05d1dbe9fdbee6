"""Stacks beyond memory are mapped and segmented in tiles; what was not measured says why."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from executors.imaging import greys_source, large_report
from executors.imaging import segment as segmenting
from executors.imaging.greys_source import open_greys
from executors.imaging.model_file import write_model
from executors.imaging.segment import SegmentOrder, segment
from tests.executors.imaging.test_model_file import NAMES, small_model

VOXEL = (3e-8, 2e-8, 2e-8)


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small stack that is taken for a large one."""
    for place in (large_report, segmenting):
        monkeypatch.setattr(place, "MOST", 1000)
    monkeypatch.setattr(greys_source, "LARGE", 1000)
    grey = np.random.default_rng(0).integers(0, 255, (5, 40, 48)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", grey, photometric="minisblack")
    write_model(tmp_path / "m", small_model())
    return tmp_path / "a.tif"


def test_an_unpacked_stack_is_mapped_and_a_packed_one_read(stack: Path) -> None:
    greys = open_greys(stack, VOXEL)
    assert isinstance(greys.grey, np.memmap)
    assert greys.voxel_m == VOXEL
    packed = stack.with_name("packed.tif")
    tifffile.imwrite(packed, np.asarray(greys.grey), compression="zlib", photometric="minisblack")
    read = open_greys(packed, VOXEL).grey
    assert not isinstance(read, np.memmap)
    assert np.allclose(read, greys.grey / 255, atol=1e-6)


def test_shares_are_told_and_the_rest_says_why_not(stack: Path) -> None:
    order = SegmentOrder(stack, VOXEL, str(stack.with_name("m")), stack.with_name("l.tif"))
    report = segment(order).report
    assert set(report["phases"]) == set(NAMES)
    assert sum(p["fraction"] for p in report["phases"].values()) == pytest.approx(1)
    assert all(p["in_stack"]["sd"] > 0 for p in report["phases"].values())
    assert "not measured at once" in report["surface_density_1_m"]["reason"]
    assert stack.with_name("l.tif").exists()


def test_a_threshold_in_memory_is_refused(stack: Path) -> None:
    with pytest.raises(ValueError, match=r"a\.tif: more than .* a --model segments it in tiles"):
        segment(SegmentOrder(stack, VOXEL))
