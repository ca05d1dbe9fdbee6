"""Who starts first, how all end, what is in the way, and what a full disk does not end. (The whole
server is told in test_up and in tests/stories.)"""

import errno
import json
import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.server.programs import Program
from flows.server.supervisor import (
    MODEL,
    SECONDS_TO_GO_FIRST,
    Supervisor,
    _alone,
    _programs,
    is_up,
)
from flows.turns.pulse import Pulse
from planner.settings import Settings

SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture
def well() -> set[str]:
    return set()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, well: set[str], said: list[str]) -> Iterator[Supervisor]:
    (tmp_path / "run").mkdir()
    programs = [
        Program("slow", SLEEPS, lambda: "slow" in well, os.environ, comes_last=True),
        Program("quick", SLEEPS, lambda: "quick" in well, os.environ),
    ]
    supervisor = Supervisor(tmp_path, programs, said.append)
    yield supervisor
    for child in supervisor._children:
        child.stop(0.0)


def running(supervisor: Supervisor) -> set[str]:
    return {child.program.name for child in supervisor._children if child.process}


def test_what_nobody_waits_for_lets_the_others_start_before(
    supervisor: Supervisor, well: set[str]
) -> None:
    began = supervisor._began
    supervisor._round(began)
    supervisor._round(began + 1)
    assert running(supervisor) == {"quick"}
    well.add("quick")
    supervisor._round(began + 2)
    supervisor._round(began + 3)
    assert running(supervisor) == {"quick", "slow"}


def test_it_waits_for_a_while_only(supervisor: Supervisor) -> None:
    supervisor._round(supervisor._began + SECONDS_TO_GO_FIRST + 1)
    assert running(supervisor) == {"quick", "slow"}


def test_it_runs_until_it_is_asked_to_stop_and_leaves_nothing_running(
    supervisor: Supervisor, tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: dict[int, Callable[[], None]] = {}
    monkeypatch.setattr(signal, "signal", heard.__setitem__)
    seen: list[set[str]] = []

    def errand() -> None:
        seen.append(running(supervisor))
        for _ in range(2):  # a second signal lets nobody finish
            heard[signal.SIGTERM]()

    monkeypatch.setattr(supervisor, "_errands", [errand])
    supervisor.run()
    assert seen == [{"quick"}]
    assert said[-1] == "stopping ..."
    assert json.loads((tmp_path / "run" / "children.json").read_text()) == {}
    assert not running(supervisor)


def test_it_says_once_how_far_the_model_is(
    supervisor: Supervisor, tmp_path: Path, said: list[str]
) -> None:
    pulse = Pulse(tmp_path / "run" / "worker.json")
    for pulse.model in ("", "loading", "loading", "loaded", "failed: no ax"):
        pulse.beat()
        supervisor._tell_of_model()
    assert said == [MODEL["loading"], MODEL["loaded"], "the model: failed: no ax"]


def test_data_have_one_supervisor_at_a_time(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    with _alone(settings, 8501):
        assert is_up(settings)
        refused = pytest.raises(OSError, match=r"already works on .*panel http://127\.0\.0\.1:8501")
        with refused, _alone(settings, 8502):
            pass
    assert not is_up(settings)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = pytest.raises(OSError, match=r"the data folder .* cannot be written: Not a directory")
    with refused, _alone(Settings(data=tmp_path / "file" / "data"), 8501):
        pass


def test_a_taken_port_is_named_with_the_next_one(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"port {port} is taken .* --port {port + 1}"):
            _programs(Settings(data=tmp_path), port)


def test_trouble_with_its_own_affairs_is_said_once_and_ends_nothing(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    answers: list[OSError | None] = [full, full, None]
    said: list[str] = []

    def errand() -> None:
        if (error := answers.pop(0)) is not None:
            raise error

    def say(message: str) -> None:
        said.append(message)
        raise full  # the screen is a file on the same disk

    (tmp_path / "run").mkdir()
    program = Program("quick", SLEEPS, lambda: True, os.environ)
    supervisor = Supervisor(tmp_path, [program], say, [errand])
    try:
        shutil.rmtree(tmp_path / "run")  # nothing can be written down there
        for second in range(3):
            supervisor._round(supervisor._began + second)
        assert running(supervisor) == {"quick"}
        told = [line.split(":")[0] for line in said]
        assert told.count("the list of processes") == 1
        assert told.count("the folder of campaign files") == 2
        assert said[-1] == "the folder of campaign files: in order again"
        (tmp_path / "run").mkdir()
        supervisor._remember()
        assert (tmp_path / "run/children.json").exists()
    finally:
        for child in supervisor._children:
            child.stop(0.0)


def test_a_program_that_cannot_be_started_is_tried_again(tmp_path: Path) -> None:
    said: list[str] = []
    program = Program("gone", ("/no/such/program",), lambda: True, os.environ)
    (tmp_path / "run").mkdir()
    supervisor = Supervisor(tmp_path, [program], said.append)
    for second in range(2):
        supervisor._round(supervisor._began + second / 2)
    (line,) = said
    assert "gone cannot be started" in line
    assert "it is started again in 1 s" in line
