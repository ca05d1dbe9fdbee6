"""A program kept alive: started again after growing pauses, stopped whatever it does."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from flows.server import child as child_module
from flows.server.child import Child, pause_after
from flows.server.programs import Program
from flows.server.strays import end_strays, remember, started

SLEEPS = "import time; print('here', flush=True); time.sleep(60)"
IS_DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}"
DIES = "raise SystemExit(3)"


type Nurse = Callable[..., Child]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def nurse(tmp_path: Path, said: list[str]) -> Iterator[Nurse]:
    """Makes children, and ends them after the test."""
    children: list[Child] = []

    def make(code: str, is_well: Callable[[], bool] = lambda: True, **more: Any) -> Child:
        program = Program("thing", (sys.executable, "-c", code), is_well, os.environ, **more)
        children.append(Child(program, tmp_path / "thing.log", said.append))
        return children[-1]

    yield make
    for one in children:
        one.stop(0.0)


def wait(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def ended(child: Child) -> None:
    wait(lambda: child.process is not None and child.process.poll() is not None)


def number_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def running(child: Child, tmp_path: Path) -> int:
    wait(lambda: "here" in (tmp_path / "thing.log").read_text())
    return number_of(child)


def test_pauses_between_starts_grow_up_to_a_minute() -> None:
    assert [pause_after(n) for n in range(9)] == [1, 1, 2, 4, 8, 16, 32, 60, 60]


def test_it_says_once_that_it_is_ready(nurse: Nurse, said: list[str]) -> None:
    child = nurse(SLEEPS)
    for now in range(10):
        child.tend(float(now))
    assert said == ["thing is ready (1 s)"]


def test_a_dead_one_is_started_again_after_its_pause(nurse: Nurse, said: list[str]) -> None:
    child = nurse(DIES, is_well=lambda: False)
    child.tend(10.0)
    first = number_of(child)
    ended(child)
    child.tend(11.0)
    assert "thing has ended (exit code 3); it is started again in 1 s" in said[-1]
    child.tend(11.9)
    assert child.process is None
    child.tend(12.0)
    assert number_of(child) != first
    ended(child)
    child.tend(13.0)
    assert "in 2 s" in said[-1]


def test_one_that_gives_no_answer_is_killed(nurse: Nurse, said: list[str], tmp_path: Path) -> None:
    child = nurse(SLEEPS, is_well=lambda: False, seconds_to_start=30.0)
    child.tend(0.0)
    pid = running(child, tmp_path)
    child.tend(29.0)
    assert started(pid)
    child.tend(31.0)
    assert not started(pid)
    assert "gives no answer" in said[-1]


def test_one_that_ignores_the_request_to_stop_is_killed(nurse: Nurse, tmp_path: Path) -> None:
    child = nurse(IS_DEAF, seconds_to_stop=0.3)
    child.tend(0.0)
    pid = running(child, tmp_path)
    child.stop()
    assert child.process is None
    assert not started(pid)


def test_a_long_log_is_put_aside_while_it_is_written(
    nurse: Nurse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_module, "LOG_BYTES", 1000)
    child = nurse("import time\nwhile True: print('x' * 99, flush=True); time.sleep(0.001)")
    log = tmp_path / "thing.log"
    child.tend(0.0)
    wait(lambda: log.stat().st_size > 2000)
    child.trim_log()
    assert log.with_name("thing.log.1").stat().st_size > 2000
    wait(lambda: log.stat().st_size > 0 and log.read_bytes()[:1] == b"x")


def test_a_long_log_is_cut_also_where_its_older_half_has_no_room(
    nurse: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(child_module, "LOG_BYTES", 1000)
    monkeypatch.setattr("flows.server.child.shutil.copyfile", full_disk)
    log = tmp_path / "thing.log"
    log.write_text("x" * 2000)
    nurse(SLEEPS).trim_log()
    assert log.stat().st_size == 0
    assert not log.with_name("thing.log.1").exists()


PARENT = """
import os, sys, time
from flows.server.child import Child
from flows.server.programs import Program
from pathlib import Path
child = Child(Program("thing", (sys.executable, "-c", "import time; time.sleep(60)"),
                      lambda: True, os.environ), Path(sys.argv[1]), print)
child.tend(0.0)
print(child.process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux binds children to their parent")
def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "thing.log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert started(pid)
        parent.kill()
    wait(lambda: not started(pid))


def test_strays_are_ended_and_strangers_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "children.json"
    command = [sys.executable, "-c", SLEEPS]
    stray, stranger = (subprocess.Popen(command, stdout=-3, start_new_session=True) for _ in "ab")
    try:
        remember(path, [stray.pid, stranger.pid])
        born = started(stranger.pid)
        path.write_text(path.read_text().replace(f'"{born}"', '"1"'))  # its id was another's
        if started(stray.pid) == born:
            remember(path, [stray.pid])
        assert end_strays(path) == [stray.pid]
        assert stray.wait(5) == -signal.SIGKILL
        assert started(stranger.pid)
        assert end_strays(path) == []
    finally:
        for one in (stray, stranger):
            with suppress(ProcessLookupError):
                one.kill()
            one.wait()


def test_there_are_no_strays_without_a_list(tmp_path: Path) -> None:
    assert end_strays(tmp_path / "children.json") == []
    (tmp_path / "children.json").write_text("{")  # half written: the machine lost power
    assert end_strays(tmp_path / "children.json") == []
