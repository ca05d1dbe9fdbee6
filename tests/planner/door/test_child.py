"""What a library does to a stranger's file ends with the file: the next one is read as before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from planner.door import child
from planner.door.child import Answer, in_child
from planner.door.hdf5 import read_hdf5
from planner.door.refused import Refused
from tests.planner.door import tasks


def test_arrays_and_texts_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYOSO_SMTP", "smtp://user:password@host")
    told = in_child(tasks.answer, "焼結", "b")
    assert told["texts"] == ["焼結", "b"]
    assert told["numbers"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert told["secret"] == "", "a child is told no passwords"


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (tasks.eat, "needs more than 2 GB of memory"),
        (tasks.die, "the library for it stopped in the middle"),
        (tasks.complain, "^it is damaged$"),
    ],
)
def test_what_goes_wrong_in_a_child_is_said_and_harms_nothing(
    task: Callable[..., Answer], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        in_child(task)
    assert in_child(tasks.answer, "a")["texts"] == ["a"]


def test_a_child_has_so_much_time_and_memory() -> None:
    with pytest.raises(Refused, match="takes more than 1 s to read"):
        in_child(tasks.work, seconds=1)
    with pytest.raises(Refused, match="needs more than 1 GB of memory"):
        in_child(tasks.large, "1000", memory=1_000_000_000)
    answer = in_child(tasks.large, "20", seconds=child.SECONDS + 1)
    assert answer["much"].shape == (20, 1_000_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["secret"] = np.arange(3.0)
    with h5py.File(tmp_path / "map.h5", "w") as file:
        file["1/Euler"] = np.arange(3.0)
        file["1/name"] = "MgB2"
    return tmp_path / "map.h5"


def changed(path: Path, change: Callable[[Any], None]) -> Path:
    with h5py.File(path, "a") as file:
        change(file)
    return path


def test_groups_are_read_as_they_are(path: Path) -> None:
    tree = read_hdf5(path, ["Euler"])
    assert tree["1"]["name"] == "MgB2"
    assert tree["1"]["Euler"].tolist() == [0, 1, 2]


def link(file: Any) -> None:
    file["1/far"] = h5py.ExternalLink("other.h5", "/secret")


def virtual(file: Any) -> None:
    layout = h5py.VirtualLayout((3,), float)
    layout[:] = h5py.VirtualSource("other.h5", "secret", (3,))
    file.create_virtual_dataset("1/far", layout)


def outside(file: Any) -> None:
    file.create_dataset("1/far", (3,), float, external="other.h5")


def huge(file: Any) -> None:
    file.create_dataset("1/far", (10**9,), float, chunks=(1000,))  # nothing is written


def many(file: Any) -> None:
    for i in range(5001):
        file.create_group(f"group {i}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (link, "refers to another file at 1/far; that is not followed"),
        (virtual, "keeps 1/far in another file"),
        (outside, "keeps 1/far in another file"),
        (huge, "holds more than 800 MB of numbers in 1/far"),
        (many, "holds more than 5000 groups"),
    ],
)
def test_nothing_of_other_files_is_read_and_not_too_much(
    path: Path, change: Callable[[Any], None], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        read_hdf5(changed(path, change), ["Euler", "far"])


def test_a_link_within_the_file_is_passed_over(path: Path) -> None:
    def soft(file: Any) -> None:
        file["1/near"] = h5py.SoftLink("/1/Euler")

    assert list(read_hdf5(changed(path, soft), ["Euler"])["1"]) == ["name", "Euler"]


def test_a_large_array_that_nobody_asked_for_is_not_read(path: Path) -> None:
    assert "far" not in read_hdf5(changed(path, huge), ["Euler"])["1"]
