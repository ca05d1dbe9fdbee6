"""Locks between processes: a file that the kernel unlocks when its holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def held(path: Path, note: str = "") -> Iterator[bool]:
    """Whether the lock is ours until the end of the block; it never waits.

    ``note`` is what others may read in the file meanwhile; on a full disk it is left out.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        with suppress(OSError):
            file.truncate(0)
            os.write(file.fileno(), note.encode())  # no buffer, which would be written again later
        yield True


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock."""
    if not path.exists():
        return False
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
