"""A picture is shown small, and decoded in a child; what is none is said."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from planner.door import pictures
from planner.door.refused import Refused


def test_a_picture_is_shown_no_larger_than_a_screen(tmp_path: Path) -> None:
    Image.new("RGB", (4000, 1000), "red").save(tmp_path / "a.png")
    with Image.open(io.BytesIO(pictures.shown(tmp_path / "a.png"))) as shown:
        assert (shown.format, shown.size) == ("PNG", (1600, 400))
        assert shown.getpixel((0, 0)) == (255, 0, 0, 255)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_picture_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(Refused, match="is no picture that can be shown"):
        pictures.shown(tmp_path / "a.png")


def test_the_pixels_are_counted_before_they_are_unpacked(tmp_path: Path) -> None:
    Image.new("1", (10_000, 6_000)).save(tmp_path / "a.png")
    with pytest.raises(Refused, match="has 10000 x 6000 pixels; at most 50,000,000"):
        pictures.shown(tmp_path / "a.png")
    os.truncate(tmp_path / "a.png", 10**9)
    with pytest.raises(Refused, match="has 1 GB; at most 50 MB"):
        pictures.shown(tmp_path / "a.png")
