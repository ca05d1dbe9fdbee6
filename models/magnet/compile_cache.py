"""Compiled forms on disk, shared by processes that start at the same moment.

FFCx marks a form in work by its source file and gives up when another process takes long; a
process that is killed in the middle leaves the mark for ever. Here one process at a time compiles,
behind a lock that the system frees with its owner, and marks that were left are removed. So many
cold workers compile once, and none fails.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LOCK = "compiling.lock"
_ready: set[int] = set()
"""Processes (this one, unless it was forked) whose forms are loaded."""


def folder() -> Path:
    """Of compiled forms: XDG_CACHE_HOME or ~/.cache, below it kyoso-forms."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "kyoso-forms"


def options() -> dict[str, Any]:
    """Options of the compiler."""
    return {"cache_dir": str(folder()), "timeout": 300}


@contextmanager
def compiling() -> Iterator[None]:
    """Around the first use of all forms in a process; afterwards it does nothing."""
    if os.getpid() in _ready:
        yield
        return
    import fcntl

    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    with (place / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for mark in place.glob("*.c"):
            if not mark.with_suffix(".c.cached").exists():
                mark.unlink(missing_ok=True)
        yield
    _ready.add(os.getpid())
