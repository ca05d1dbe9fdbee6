"""add, panel, up and notify in this process: what they say, and what they refuse. (That the server
works is told in tests of ``kyoso up``.)"""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from flows.cli import notices
from flows.server import programs
from planner.settings import Settings, open_record
from tests.flows.cli.test_cli import Desk


@pytest.fixture
def kyoso(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(tmp_path, monkeypatch, capsys)


def test_a_campaign_is_added_and_it_is_said_that_nobody_works_on_it(kyoso: Desk) -> None:
    seen = kyoso("add", "bench.yaml")
    assert seen.splitlines() == [
        "campaign 'bench' is added",
        "nobody works on these data now; 'kyoso up' would",
    ]
    assert "in version 1" in kyoso("add", "bench.yaml", "--as", "Aki")
    with open_record(Settings(data=kyoso.data)) as store:
        assert store.campaigns.names() == ["bench"]


@pytest.mark.parametrize("command", ["up", "add"])
def test_a_file_that_is_no_campaign_is_refused_before_anything_starts(
    kyoso: Desk, command: str
) -> None:
    kyoso.file.write_text("name: bench\n")
    code, seen = kyoso.type(command, "bench.yaml")
    assert code == 1
    assert "bench.yaml" in seen
    assert not kyoso.data.exists()


@pytest.mark.parametrize(("end", "code"), [(0, 0), (1, 1), (KeyboardInterrupt(), 0)])
def test_the_panel_says_where_it_is_and_how_it_ended(
    kyoso: Desk, monkeypatch: pytest.MonkeyPatch, end: int | KeyboardInterrupt, code: int
) -> None:
    def run(command: tuple[str, ...], **_: Any) -> subprocess.CompletedProcess[bytes]:
        if isinstance(end, KeyboardInterrupt):
            raise end
        return subprocess.CompletedProcess(command, end)

    monkeypatch.setattr(subprocess, "run", run)
    found, seen = kyoso.type("panel", "--port", "8777")
    assert found == code
    assert "the panel is at http://127.0.0.1:8777" in seen
    assert ("is port 8777 taken?" in seen) is (code == 1)


def test_where_there_are_no_pages_there_is_no_panel(
    kyoso: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "panel", lambda *_: None)
    code, seen = kyoso.type("panel")
    assert (code, "the panel is not installed" in seen) == (1, True)


def test_without_a_channel_nothing_can_be_sent(kyoso: Desk) -> None:
    code, seen = kyoso.type("notify")
    assert (code, "no channel is configured" in seen) == (1, True)


def test_every_channel_is_tried_and_a_fault_is_named(
    kyoso: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def away(_: object) -> None:
        raise OSError("nobody answers")

    monkeypatch.setattr(
        notices, "channels", lambda _: {"mail": away, "webhook": lambda p: sent.append(p.channel)}
    )
    code, seen = kyoso.type("notify")
    assert code == 1
    assert sent == ["webhook"]
    assert "webhook took a test notice" in seen
    assert "mail: nobody answers" in seen
