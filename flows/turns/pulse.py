"""Signs of life from the worker to the supervisor: a small file that is touched again and again."""

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from planner.door.whole import whole

SECONDS = 15.0
"""For which a worker that is well may give no sign of life."""


class Pulse:
    """The worker's side. ``model`` says how far the model is: nothing, loading, loaded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = ""
        self.model = ""

    def beat(self) -> None:
        """I am alive. Without news the file is only touched, for which a full disk has room too."""
        with suppress(OSError):
            self._write(json.dumps({"pid": os.getpid(), "model": self.model}))
        with suppress(OSError):
            self._path.touch()

    def _write(self, content: str) -> None:
        if content != self._written:
            with whole(self._path) as file:
                file.write(content.encode())
            self._written = content


class PulseWatch:
    """The supervisor's side. It counts by a clock of its own from the last change that it saw, so a
    clock on the wall that is set, back or ahead, makes nobody look well."""

    def __init__(self, path: Path, now: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._now = now
        self._stamp: int | None = None
        self._changed = float("-inf")

    def __call__(self) -> bool:
        """Whether the last sign of life is fresh."""
        with suppress(OSError):
            stamp = self._path.stat().st_mtime_ns
            if stamp != self._stamp:
                self._stamp, self._changed = stamp, self._now()
        return self._now() - self._changed < SECONDS


def model_state(path: Path) -> str:
    """What the worker says of its model; nothing before it said anything."""
    with suppress(OSError, ValueError):
        return str(json.loads(path.read_text(encoding="utf-8"))["model"])
    return ""
