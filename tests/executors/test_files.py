import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executors.files import (
    append_line,
    job_folder,
    keep_order,
    kept_order,
    locked,
    write_whole,
)
from planner.executor import Measurement, WorkOrder

ORDER = WorkOrder(
    "Ba122 バルク/7/焼結", "Ba122 バルク", 7, "焼結", {"T": 850.0, "route": "HIP", "hot": True},
    {"T": "degC"}, ("density",), {"porosity": Measurement("porosity", 0.1, "")}, 3,
)  # fmt: skip


@pytest.mark.parametrize(
    ("job", "place"),
    [
        ("bulk MgB2/7/synthesis", "bulk MgB2/7/synthesis"),
        ("Ba122 バルク/7/焼結", "Ba122 バルク/7/焼結"),
        ("../..", "%2E%2E/%2E%2E"),
        ("a:b/%41/", "a%3Ab/%2541/%"),
    ],
)
def test_a_job_has_a_readable_place(job: str, place: str) -> None:
    assert job_folder(Path("jobs"), job) == Path("jobs") / place


@given(st.text(max_size=20), st.text(max_size=20))
def test_different_jobs_have_different_places_inside(one: str, other: str) -> None:
    places = [job_folder(Path("jobs"), job) for job in (one, other)]
    assert (places[0] == places[1]) == (one == other)
    assert all(p.parts[0] == "jobs" and ".." not in p.parts for p in places)


def test_an_order_is_kept_as_it_is(tmp_path: Path) -> None:
    keep_order(tmp_path, ORDER)
    assert kept_order(tmp_path) == ORDER


@pytest.mark.parametrize("rest", ["", '{"job": "Ba'])
def test_an_order_cut_off_by_a_power_failure_is_no_order(tmp_path: Path, rest: str) -> None:
    (tmp_path / "order.json").write_text(rest)
    assert kept_order(tmp_path) is None


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    for text in ("old", "新しい"):
        write_whole(tmp_path / "deep" / "file", text)
    assert [p.read_text(encoding="utf-8") for p in (tmp_path / "deep").iterdir()] == ["新しい"]


def test_a_file_for_which_there_is_no_room_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write_whole(tmp_path / "order.json", "before")
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "order.json", "after")
    assert [path.name for path in tmp_path.iterdir()] == ["order.json"]
    assert (tmp_path / "order.json").read_text() == "before"


def test_a_line_for_which_there_is_no_room_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(tmp_path / "log") as log:
        append_line(log, "first")
        write = os.write
        monkeypatch.setattr(os, "write", lambda place, content: write(place, content[:3]))
        with pytest.raises(OSError, match="No space"):
            append_line(log, "second")
    assert (tmp_path / "log").read_text() == "first\n"
