"""Writing a file so that it appears whole or not at all, also where the power fails; and removing
what a program that was killed while it wrote has left."""

import os
import re
import stat
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

STALE = 3600.0
"""Seconds after which nobody writes to an unfinished file any more."""
_DRAFT = re.compile(r"\.[0-9a-f]{32}\.part")


@contextmanager
def whole(path: Path, mode: int | None = None) -> Iterator[BinaryIO]:
    """A file that takes the place of ``path`` when the block ends well, with the rights ``mode`` or
    the usual ones. Two that are written at once do not know of each other; the later one holds."""
    draft = path.with_name(f".{uuid4().hex}.part")
    try:
        with _made(draft, path) as file:
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync(path.parent)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def _made(draft: Path, path: Path) -> BinaryIO:
    """The draft, open; what is in the way is said of the file that people know."""
    try:
        return draft.open("xb")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def sweep(folder: Path, leave: Collection[str] = ()) -> list[Path]:
    """Remove the drafts in a folder and below it whose writers were killed, once they are old: what
    has such a name, is a plain file, and is ours. Folders called ``leave`` are not looked into."""
    removed = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in leave]
        for name in filter(_DRAFT.fullmatch, names):
            with suppress(OSError):  # somebody else's folder
                if _is_left(draft := Path(place, name)):
                    draft.unlink()
                    removed.append(draft)
    return removed


def _is_left(draft: Path) -> bool:
    status = draft.lstat()
    is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
    return is_ours and status.st_mtime < time.time() - STALE


def sync(folder: Path) -> None:
    """Make sure that a new name in a folder survives a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
