"""Writing a file so that it appears whole or not at all, also where the power fails."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of ``path`` when the block ends well. Two that are written at
    once do not know of each other; the later one holds."""
    draft = path.with_name(f".{uuid4().hex}.part")
    try:
        with _made(draft, path) as file:
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


def sync(folder: Path) -> None:
    """Make sure that a new name in a folder survives a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
