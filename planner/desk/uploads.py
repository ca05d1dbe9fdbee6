"""Files that people hand in: written down under a safe name, for as long as they are read."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from planner.door.names import file_name

_BLOCK = 1 << 20
"""Bytes that are copied at once."""


class Upload(NamedTuple):
    """A file that somebody hands in."""

    name: str
    stream: BinaryIO


@contextmanager
def on_disk(files: Sequence[Upload]) -> Iterator[dict[str, Path]]:
    """The files by their safe names, in a folder that goes away afterwards. ValueError where two
    have one name."""
    names = [file_name(file.name) for file in files]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two files have the name {', '.join(sorted(doubled))}")
    with tempfile.TemporaryDirectory() as folder:
        places = [_written(Path(folder) / str(i), file.stream) for i, file in enumerate(files)]
        yield dict(zip(names, places, strict=True))


def _written(path: Path, stream: BinaryIO) -> Path:
    with path.open("wb") as file:
        while block := stream.read(_BLOCK):
            file.write(block)
    return path
