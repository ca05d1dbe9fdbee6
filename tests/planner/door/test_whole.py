"""A file appears whole or not at all, and nothing else lies about."""

import os
from pathlib import Path

import pytest

from planner.door.whole import sweep, whole


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


def test_a_file_for_one_alone_is_never_open_to_others(tmp_path: Path) -> None:
    with whole(tmp_path / "key", mode=0o600) as file:
        assert os.fstat(file.fileno()).st_mode & 0o777 == 0o600


def test_old_drafts_of_ours_are_swept_and_nothing_else(tmp_path: Path) -> None:
    job = tmp_path / "executors" / "a" / "1"
    job.mkdir(parents=True)
    (tmp_path / "files").mkdir()
    old, new, left = (f".{digit * 32}.part" for digit in "abc")
    for path in (job / old, job / new, job / "scan.part", tmp_path / "files" / left):
        path.write_bytes(b"half")
        os.utime(path, (0, 0))
    os.utime(job / new)
    (job / f".{'d' * 32}.part").symlink_to(tmp_path)
    assert sweep(tmp_path, leave=["files"]) == [job / old]
    assert {p.name for p in job.iterdir()} == {new, "scan.part", f".{'d' * 32}.part"}
