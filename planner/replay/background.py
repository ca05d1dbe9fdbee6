"""A replay in a process of its own, for whoever cannot wait: its folder tells how it stands.

The folder holds ``request.json``, ``runs.jsonl`` (finished runs: it may be taken up again), and in
the end ``report.json`` and ``report.html``, or ``error.txt``.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from planner.campaign.values import plain_data
from planner.door.whole import whole
from planner.past.mapping import HistoryError
from planner.replay.forecasts import Report
from planner.replay.journal import done

_REPORT: TypeAdapter[Report] = TypeAdapter(Report)
_STARTED: dict[Path, "subprocess.Popen[bytes]"] = {}
"""Our own children: without being asked after they would stand in the process table for ever."""


@dataclass(frozen=True)
class Progress:
    """How a replay stands."""

    state: Literal["running", "done", "failed"]
    done: int
    total: int
    """Runs; 0 while they are not counted yet, and in a walk along the true order."""
    seconds_left: float | None
    message: str = ""


def begin(folder: Path, request: Mapping[str, Any]) -> None:
    """Start a process with the arguments of ``run_replay``, or with ``mode: prequential`` those of
    ``run_prequential``; it outlives this one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("error.txt", "report.json", "report.html"):
        (folder / name).unlink(missing_ok=True)
    (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
    with (folder / "log.txt").open("w") as log:
        process = _STARTED[folder] = subprocess.Popen(
            [sys.executable, "-m", "planner.replay.background", str(folder)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            env={k: v for k, v in os.environ.items() if not k.startswith("KYOSO_")},
        )  # fmt: skip
    (folder / "pid").write_text(str(process.pid))


def standing(folder: Path, now: float | None = None) -> Progress:
    """How the replay in a folder stands; ``now`` in seconds since the epoch."""
    count, total = done(folder / "runs.jsonl")
    if (folder / "report.json").exists():
        return Progress("done", total, total, 0.0)
    if (folder / "error.txt").exists():
        return Progress("failed", count, total, None, (folder / "error.txt").read_text())
    if not _is_alive(folder):
        why = "the process has ended without a report; start it again, it goes on where it was"
        return Progress("failed", count, total, None, why)
    passed = (time.time() if now is None else now) - (folder / "request.json").stat().st_mtime
    left = max(0.0, passed) / count * (total - count) if count else None  # clocks are set back
    return Progress("running", count, total, left)


def request_of(folder: Path) -> dict[str, Any]:
    """What was asked for, to start it again."""
    content: dict[str, Any] = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    return content


def report_of(folder: Path) -> Report:
    """The report of a replay that is done; what an older or newer Kyoso says more is left aside.
    HistoryError where it lacks what this one shows."""
    text = (folder / "report.json").read_text(encoding="utf-8")
    try:
        return _REPORT.validate_json(text, extra="ignore")
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise HistoryError(
            f"{folder.name}: the report is of another version of Kyoso ({place}: "
            f"{error.errors()[0]['msg']}); start the replay again"
        ) from error


def _is_alive(folder: Path) -> bool:
    if (ours := _STARTED.get(folder)) is not None:
        return ours.poll() is None
    try:
        os.kill(int((folder / "pid").read_text()), 0)
    except (OSError, ValueError):
        return False
    return True


def main(folder: Path) -> None:
    """Do what the request says, and leave the report or what went wrong."""
    from planner.replay.page import page

    try:
        report = _run(request_of(folder), folder / "runs.jsonl")
    except (HistoryError, RuntimeError, OSError) as error:
        with whole(folder / "error.txt") as file:
            file.write(str(error).encode())
        return
    (folder / "report.html").write_text(page(report), encoding="utf-8")
    with whole(folder / "report.json") as file:
        file.write(json.dumps(plain_data(report), allow_nan=False).encode())


def _run(request: dict[str, Any], journal: Path) -> Report:
    from planner.replay.replay import run_prequential, run_replay

    mapping = Path(request["mapping"]) if request.get("mapping") else None
    if request.get("mode") == "prequential":
        return run_prequential(request["source"], mapping, request.get("outcome"))
    options = {name: given for name, given in request.items() if name not in ("mode", "mapping")}
    return run_replay(**options, mapping=mapping, journal=journal)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
