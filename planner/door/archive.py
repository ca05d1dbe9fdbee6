"""Zip archives: what they promise is looked at before anything is unpacked, and never exceeded."""

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from models.error import KyosoError
from planner.door.bounds import MB, size
from planner.door.files import Inside, check_bytes, opened
from planner.door.refused import Refused
from planner.door.words import said

DIRECTORY = 20 * MB
"""Bytes of the list of an archive's entries; about 150,000 of them."""
RATIO = 200
"""How much larger than its packed form a part may be; text of zeros has 1000."""
SMALL = 1 * MB
"""Bytes of a part whose ratio does not matter."""
_END, _END64 = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError,
    IndexError, OSError, struct.error,
)  # fmt: skip
"""What ``zipfile`` raises when it meets a broken archive, or one with a password."""


@contextmanager
def unpacked(source: Path | Inside, most: int) -> Iterator[zipfile.ZipFile]:
    """An archive whose parts may be read. Refused where it is damaged, or where what it promises
    is more than ``most`` bytes in all or is packed beyond reason."""
    with opened(source) as file:
        check_bytes(os.fstat(file.fileno()).st_size, most)
        _check_directory(file)
        with broken_named():
            archive = zipfile.ZipFile(file)
        with archive:
            check_parts(archive.infolist(), most)
            yield archive


@contextmanager
def broken_named() -> Iterator[None]:
    """Whatever a damaged archive leads to becomes one Refused."""
    try:
        yield
    except KyosoError:
        raise
    except _DAMAGED as error:
        raise Refused(f"is damaged, or no zip file: {said(error)}") from error


def check_parts(parts: list[zipfile.ZipInfo], most: int) -> None:
    """Refused where parts are larger together than ``most`` bytes, unpacked, or one of them is
    packed beyond reason. ``zipfile`` reads no more of a part than it promises here."""
    if (total := sum(part.file_size for part in parts)) > most:
        raise Refused(f"unpacks to {size(total)}; at most {size(most)} are read")
    names = [part.filename for part in parts]
    if len(set(names)) < len(names):
        raise Refused("holds two parts of one name")
    for part in parts:
        if part.file_size > max(SMALL, RATIO * part.compress_size):
            raise Refused(
                f"holds {part.filename[:60]!r}, packed to less than a part in {RATIO}; that much "
                "is not unpacked"
            )


def _check_directory(file: IO[bytes]) -> None:
    """Refused where the list of entries alone would fill the memory, or there is none."""
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - _END.size - (1 << 16)))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        raise Refused("is damaged, or no zip file: it has no end")
    listed = _END.unpack_from(tail, at)[5]
    before = at - _LOCATOR.size
    if before >= 0 and tail[before : before + 4] == b"PK\x06\x07":
        file.seek(min(_LOCATOR.unpack_from(tail, before)[2], length))
        record = file.read(_END64.size)
        listed = _END64.unpack(record)[8] if len(record) == _END64.size else listed
    if listed > DIRECTORY:
        raise Refused(f"lists {size(listed)} of parts; at most {size(DIRECTORY)} are read")
    file.seek(0)
