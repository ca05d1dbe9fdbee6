import hashlib
import os
from pathlib import Path

import pytest

from planner.door.files import Inside
from planner.door.refused import Refused
from planner.store import NotFound
from planner.store.files import Files


def test_a_file_is_kept_under_its_hash(tmp_path: Path) -> None:
    source = tmp_path / "image.tif"
    source.write_bytes(b"pixels")
    files = Files(tmp_path / "files")
    sha256, size = files.put(source)
    assert (sha256, size) == (hashlib.sha256(b"pixels").hexdigest(), 6)
    assert files.path(sha256) == tmp_path / "files" / sha256[:2] / sha256
    assert files.path(sha256).read_bytes() == b"pixels"


def test_the_same_content_is_kept_once_and_nothing_else_lies_about(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"pixels")
        sha256, _ = files.put(tmp_path / name)
    kept = [path.name for path in files.folder.rglob("*") if path.is_file()]
    assert kept == [sha256]


def test_a_file_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    with pytest.raises(FileNotFoundError):
        files.put(tmp_path / "missing")
    assert [*tmp_path.rglob("*")] == []


def test_only_plain_files_are_kept(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    files = Files(tmp_path / "files")
    with pytest.raises(Refused, match="pipe is a pipe, not a plain file"):
        files.put(tmp_path / "pipe")
    with pytest.raises(Refused, match="link is a link, and links are not followed"):
        files.put(Inside(tmp_path, ("link",)))


def test_what_killed_uploads_left_goes_once_it_is_old(tmp_path: Path) -> None:
    files = Files(tmp_path)
    (tmp_path / ".incoming-old").touch()
    os.utime(tmp_path / ".incoming-old", (0, 0))
    (tmp_path / ".incoming-new").touch()
    assert files.sweep() == [".incoming-old"]
    assert [path.name for path in tmp_path.iterdir()] == [".incoming-new"]
    assert Files(tmp_path / "missing").sweep() == []


def test_an_unknown_hash_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file abc"):
        Files(tmp_path).path("abc")
