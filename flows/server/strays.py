"""Processes that a killed supervisor may have left behind: written down, and ended at the next
start.

On Linux children die with their supervisor; this is for what escaped all the same. A process is
known by its id and the moment it started, so a stranger with a reused id is never touched.
"""

import json
import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from planner.door.whole import whole


def remember(path: Path, processes: Iterable[int]) -> None:
    """Write down who runs now."""
    born = {str(pid): when for pid in processes if (when := started(pid))}
    with whole(path) as file:
        file.write(json.dumps(born).encode())


def end_strays(path: Path, seconds: float = 5.0) -> list[int]:
    """Kill who still runs of those written down, and wait until they are gone."""
    found = [int(pid) for pid, when in _remembered(path).items() if started(int(pid)) == when]
    for pid in found:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    until = time.monotonic() + seconds
    while any(started(pid) for pid in found) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def started(pid: int) -> str | None:
    """When a process started, in ticks since boot; None where there is none that runs."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]


def _remembered(path: Path) -> dict[str, str]:
    with suppress(FileNotFoundError, ValueError):
        content: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return content
    return {}
