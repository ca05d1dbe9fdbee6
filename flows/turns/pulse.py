"""Signs of life from the worker to the supervisor: a small file that is touched again and again."""

import json
import os
import time
from contextlib import suppress
from pathlib import Path


class Pulse:
    """The worker's side. ``model`` says how far the model is: nothing, loading, loaded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.model = ""

    def beat(self) -> None:
        """I am alive."""
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps({"pid": os.getpid(), "model": self.model}), encoding="utf-8")
        part.replace(self._path)


def seconds_since_beat(path: Path) -> float:
    """How long ago the last sign of life came."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def model_state(path: Path) -> str:
    """What the worker says of its model; nothing before it said anything."""
    with suppress(OSError, ValueError):
        return str(json.loads(path.read_text(encoding="utf-8"))["model"])
    return ""
