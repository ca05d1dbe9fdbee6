"""A ``kyoso up`` as people use it, in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from flows.reach import answers, free_port
from flows.server.strays import started
from planner.record.record import Record
from planner.record.trial import TrialState
from planner.settings import Settings, open_record

KYOSO = [sys.executable, "-c", "from flows.cli import main; main()"]


class Server:
    """Starts at once; whoever makes one stops it."""

    def __init__(
        self,
        data: Path,
        *files: Path,
        port: int = 0,
        kyoso: Sequence[str] = KYOSO,
        **place: Any,
    ) -> None:
        self.data = data
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = data.with_suffix(".log")
        arguments = ["up", *files, "--data", data, "--port", self.port]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*kyoso, *map(str, arguments)], stdout=log, stderr=subprocess.STDOUT, **place
            )

    def children(self) -> list[int]:
        with suppress(FileNotFoundError):
            return [int(pid) for pid in json.loads((self.data / "run/children.json").read_text())]
        return []

    def record(self, name: str = "test") -> Record:
        """What is known of a campaign; nothing before it is there."""
        with open_record(Settings(data=self.data)) as store:
            return store.snapshot(name) if name in store.campaigns.names() else Record()

    def goes_on(self, name: str = "test", more: int = 3) -> None:
        """Wait until so many more trials are completed."""
        before = self.record(name).count(TrialState.COMPLETED)
        self.wait(lambda: self.record(name).count(TrialState.COMPLETED) >= before + more)

    def has_panel(self) -> bool:
        return answers(f"{self.address}/_stcore/health")

    def wait(self, condition: Callable[[], object], seconds: float = 90.0) -> None:
        until = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text() + self.logs()
            time.sleep(0.2)

    def logs(self) -> str:
        return "".join(p.read_text()[-3000:] for p in (self.data / "logs").glob("*.log"))

    def stop(self, signal_number: int = signal.SIGTERM) -> int:
        """End the supervisor, and wait until its children are gone."""
        children = self.children()
        self.process.send_signal(signal_number)
        code = self.process.wait(60)
        until = time.monotonic() + 10
        while any(map(started, children)) and time.monotonic() < until:
            time.sleep(0.1)
        assert not any(map(started, children))
        return code

    def kill_all(self) -> None:
        """Kill -9 of every process of it at once, whoever its parent is."""
        for pid in {self.process.pid, *processes_of(self.data)}:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(60)


@contextmanager
def serving(data: Path, *files: Path, **how: Any) -> Iterator[Server]:
    """A server that is stopped in order at the end."""
    server = Server(data, *files, **how)
    try:
        server.wait(server.has_panel)
        yield server
    finally:
        code = server.stop()
    assert code == 0


def processes_of(data: Path) -> list[int]:
    """Processes whose environment names these data, whoever their parent is."""
    mark, found = f"KYOSO_DATA={data}\0".encode(), []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended, or is another user's
            if mark in (place / "environ").read_bytes() and started(int(place.name)):
                found.append(int(place.name))
    return found
