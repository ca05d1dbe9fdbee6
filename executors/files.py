"""Where executors keep a job on disk. Files appear whole or not at all; a kill harms none."""

import errno
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

from planner.door.whole import whole
from planner.executor import Abandoned, Answer, Lost, Measurement, Running, WorkOrder

ORDER = "order.json"
CANCELLED = "cancelled"
_UNSAFE = re.compile(r"[^\w\-+=,@(). ]|\A[. ]|[. ]\Z")


def job_folder(folder: Path, job: str) -> Path:
    """A place for each job below ``folder``: ``bulk MgB2/7/synthesis``, one level for each part.

    Letters of any script stay readable, what a file system might not like becomes ``%XX``.
    Different jobs have different places, and none leads out of ``folder``.
    """
    return folder.joinpath(*(_UNSAFE.sub(_quoted, part) or "%" for part in job.split("/")))


def _quoted(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "surrogatepass"))


def write_whole(path: Path, text: str) -> None:
    """Write a UTF-8 file in one step: a reader sees the old content or the new, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as file:
        file.write(text.encode())


def keep_order(place: Path, order: WorkOrder) -> None:
    """Remember an order in the folder of its job; the first one stays."""
    if kept_order(place) is None:
        write_whole(place / ORDER, json.dumps(asdict(order), ensure_ascii=False))


def kept_order(place: Path) -> WorkOrder | None:
    """The order that is remembered in the folder of its job; none where none can be read."""
    try:
        told = json.loads((place / ORDER).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    inputs = {name: Measurement(**told_of) for name, told_of in told.pop("inputs").items()}
    return WorkOrder(**{**told, "gives": tuple(told["gives"])}, inputs=inputs)


def mark_cancelled(place: Path) -> None:
    """Remember that a job was cancelled; nothing happens to a job that is not known."""
    if kept_order(place) is not None:
        (place / CANCELLED).touch()


def is_cancelled(place: Path) -> bool:
    """Whether the job was cancelled."""
    return (place / CANCELLED).exists()


def answer_kept(place: Path, shown: Path, look: Callable[[WorkOrder], Answer]) -> Answer:
    """What ``look`` finds of the order kept in ``place``. While ``shown``, where people bring
    things, cannot be reached, the job goes on with a note that says so."""
    order = kept_order(place)
    if order is None:
        return Lost()
    if is_cancelled(place):
        return Abandoned("cancelled")
    try:
        return look(order)
    except OSError as error:
        return Running(note=f"{shown}: {error.strerror or error}")


def append_line(file: IO[str], line: str) -> None:
    """Add a line to a file that is open for appending: all of it, or, on a full disk, nothing."""
    place, content = file.fileno(), f"{line}\n".encode()
    size = os.fstat(place).st_size
    if os.write(place, content) < len(content):
        os.ftruncate(place, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), file.name)


@contextmanager
def locked(path: Path) -> Iterator[IO[str]]:
    """A text file open for reading and appending by one process alone; a killed process lets go."""
    import fcntl  # not on Windows, where the rest of this file works

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
