"""A small file system is filled under ``kyoso up`` and freed: the server goes on by itself, nothing
is lost, and nothing happens twice."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from executors.testing.laboratory import two_stages
from planner.campaign.file import write_yaml
from planner.record.trial import TrialState
from planner.settings import Settings, open_record
from planner.store import CampaignStatus
from tests.server import Server, processes_of
from tests.stories.aftermath import twice

MEGABYTES = 24
FULL_FOR = 30.0
"""Seconds: long enough for every program of the server to meet with it, again and again."""


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A file system in memory; the test is skipped where none can be mounted."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(mount).returncode != 0:
        pytest.skip("a file system may not be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(file: Path) -> None:
    """Write until nothing more fits."""
    with file.open("ab", buffering=0) as out:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    out.write(bytes(size))
            except OSError:
                continue


@pytest.mark.timeout(600)
def test_it_goes_on_by_itself_when_there_is_room_again(tmp_path: Path) -> None:
    content = two_stages(
        options={"delay": [0, 2], "twice": True},
        budget={"trials": 2000},
        planner={"batch": 4, "generator": "sobol"},
    )
    file = tmp_path / "test.yaml"
    file.write_text(write_yaml(content))
    with small_disk(tmp_path / "disk") as disk:
        server = Server(disk / "data", file)
        try:
            server.wait(server.has_panel)
            server.wait(lambda: "Prefect is ready" in server.log.read_text(), 180)
            server.goes_on()
            filler = disk / "filler"
            until = time.monotonic() + FULL_FOR
            while time.monotonic() < until:  # what others free meanwhile is taken as well
                fill(filler)
                time.sleep(0.5)
            during = server.record()
            assert server.process.poll() is None, server.log.read_text()

            filler.unlink()
            freed = time.monotonic()
            server.goes_on()
            print(f"three more trials {time.monotonic() - freed:.0f} s after there was room")
            server.wait(server.has_panel)
        finally:
            print(server.log.read_text()[-3000:], server.logs())
            code = server.stop()
        assert code == 0
        assert processes_of(server.data) == []
        with open_record(Settings(data=server.data)) as store:
            assert store.check() == []
            assert store.campaigns.status("test") is CampaignStatus.ACTIVE
            record = store.snapshot("test")
        assert record.count(TrialState.FAILED, TrialState.ABANDONED) == 0
        assert {t.number for t in during.trials} <= {t.number for t in record.trials}
        assert {r.number for r in during.results} <= {r.number for r in record.results}
        assert twice(record, server.data / "executors/test") == []
