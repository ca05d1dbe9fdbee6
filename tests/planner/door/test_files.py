"""Plain files and no others; in a folder of strangers nothing leads out of it."""

import os
import socket
from pathlib import Path

import pytest

from planner.door.files import Inside, beside, copied, listed, opened, read_bytes, read_text
from planner.door.refused import Refused

PIPE = "is a pipe, not a plain file"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one of everything, and a file outside of it."""
    (tmp_path / "secret.csv").write_text("secret")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "map.ctf").write_text("secret")
    folder = tmp_path / "folder"
    (folder / "stack").mkdir(parents=True)
    (folder / "stack" / "01.tif").write_text("pixels")
    (folder / "plain.csv").write_text("a,b")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "away").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(folder / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as heard:
        heard.bind(str(folder / "heard"))
    return folder


def test_only_plain_files_are_listed_and_the_others_named(folder: Path) -> None:
    files, odd = listed(Inside(folder, ()), deep=True)
    assert [file.path.relative_to(folder).as_posix() for file in files] == [
        "plain.csv", "stack/01.tif",
    ]  # fmt: skip
    assert odd == [
        "away is a link, not a plain file", "heard is a socket, not a plain file",
        "link.csv is a link, not a plain file", f"pipe.csv {PIPE}",
    ]  # fmt: skip
    assert listed(Inside(folder / "missing", ())) == ([], [])


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("link.csv",), "is a link, and links are not followed"),
        (("away", "map.ctf"), "is a link, and links are not followed"),
        (("pipe.csv",), PIPE),
        (("stack",), "is a folder, not a plain file"),
    ],
)
def test_nothing_else_in_a_folder_is_opened(
    folder: Path, parts: tuple[str, ...], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        opened(Inside(folder, parts))


def test_a_folder_that_became_a_link_meanwhile_leads_nowhere(folder: Path) -> None:
    (file,) = [f for f in listed(Inside(folder, ()), deep=True)[0] if f.name == "01.tif"]
    (folder / "stack").rename(folder / "old")
    (folder / "stack").symlink_to(folder.parent / "elsewhere")
    with pytest.raises(Refused, match="links are not followed"):
        opened(file)


def test_what_a_person_names_may_be_a_link_but_no_pipe(folder: Path) -> None:
    assert read_bytes(folder / "link.csv") == b"secret"
    with pytest.raises(Refused, match=PIPE):
        read_bytes(folder / "pipe.csv")
    with pytest.raises(Refused, match="is a device"):
        read_bytes(Path("/dev/zero"))


def test_the_size_is_looked_at_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "large").touch()
    os.truncate(tmp_path / "large", 10**12)  # a hole: it takes no room
    for read in (read_bytes, lambda path: copied(path, tmp_path / "copy", 1000)):
        with pytest.raises(Refused, match="has 1000 GB; at most"):
            read(tmp_path / "large")
    assert not (tmp_path / "copy").exists()


def test_text_is_utf8(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("温度".encode("utf-8-sig"))
    assert read_text(tmp_path / "a") == "温度"
    (tmp_path / "a").write_bytes("温度".encode("cp932"))
    with pytest.raises(Refused, match=r"is not UTF-8 text \(byte 0\)"):
        read_text(tmp_path / "a")


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "/etc/hostname", "a/../../b", "", ".", "a\0b", "link.csv", "away/map.ctf"],
)
def test_a_file_that_another_names_lies_beside_it(folder: Path, name: str) -> None:
    with pytest.raises(Refused, match="must name a file in the same folder"):
        beside(folder, name)
    assert beside(folder, "stack/01.tif") == folder / "stack/01.tif"
