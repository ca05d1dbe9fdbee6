"""A file appears whole or not at all, and nothing else lies about."""

from pathlib import Path

import pytest

from planner.door.whole import whole


def test_the_old_content_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with whole(path) as file:
        file.write(b"old")
    with whole(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def broken_off(path: Path) -> None:
    with whole(path) as file:
        file.write(b"half")
        raise RuntimeError


def test_what_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        broken_off(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(FileNotFoundError, match="nowhere/a'"),
        whole(tmp_path / "nowhere" / "a") as file,
    ):
        file.write(b"")
