"""Plain files, and no others: no pipe, no device, and in a folder of strangers no link either."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from planner.door.bounds import TEXT, size
from planner.door.refused import Refused

_KINDS = (
    (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"), (stat.S_ISCHR, "a device"), (stat.S_ISLNK, "a link"),
)  # fmt: skip
MOST_FILES = 50_000
"""Files in a folder of strangers."""
_NO_WAIT = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Inside(NamedTuple):
    """A file below a folder, reached without following any link."""

    folder: Path
    parts: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder.joinpath(*self.parts)

    @property
    def name(self) -> str:
        """Its last part."""
        return self.path.name

    def below(self, *parts: str) -> "Inside":
        """What lies below it."""
        return Inside(self.folder, (*self.parts, *parts))


def opened(source: Path | Inside) -> BinaryIO:
    """A plain file, open for reading. Refused where it is something else; OSError: it cannot be
    opened. A path may be a link, as the person meant who named it; what is inside a folder not."""
    descriptor = _descend(source) if isinstance(source, Inside) else os.open(source, _NO_WAIT)
    try:
        _check_plain(os.fstat(descriptor).st_mode)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_bytes(source: Path | Inside, most: int = TEXT) -> bytes:
    """The content of a plain file. Refused where it is larger than ``most`` bytes."""
    with opened(source) as file:
        check_bytes(os.fstat(file.fileno()).st_size, most)
        content = file.read(most + 1)  # it may have grown
    check_bytes(len(content), most)
    return content


def read_text(source: Path | Inside, most: int = TEXT) -> str:
    """The same as UTF-8 text, without a byte-order mark. Refused where it is none."""
    try:
        return read_bytes(source, most).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"is not UTF-8 text (byte {error.start})") from error


def check_bytes(count: int, most: int) -> None:
    """Refused where something is too large to be read."""
    if count > most:
        raise Refused(f"has {size(count)}; at most {size(most)} are read")


def check_file(source: Path | Inside, most: int) -> os.stat_result:
    """Refused where a library should not open the file: it is not plain, or too large."""
    with opened(source) as file:
        status = os.fstat(file.fileno())
    check_bytes(status.st_size, most)
    return status


def copied(source: Path | Inside, target: Path, most: int) -> Path:
    """A copy of a plain file, for a library that wants a path. Refused like ``check_file``."""
    with opened(source) as file:
        check_bytes(os.fstat(file.fileno()).st_size, most)
        with target.open("xb") as copy:
            shutil.copyfileobj(file, copy)
    return target


def listed(place: Inside, deep: bool = False) -> tuple[list[Inside], list[str]]:
    """The plain files in a folder, with ``deep`` also in those below it, by name; and what is
    passed over, in words: links, pipes, sockets, devices. A folder that is not there is empty."""
    plain: list[Inside] = []
    odd: list[str] = []
    try:
        for part, mode in _entries(place, deep):
            if stat.S_ISREG(mode):
                plain.append(part)
            else:
                odd.append(f"{part.parts[-1]} is {_kind(mode)}, not a plain file")
    except (FileNotFoundError, NotADirectoryError):
        return [], []
    return sorted(plain), sorted(odd)


def _entries(place: Inside, deep: bool) -> Iterator[tuple[Inside, int]]:
    """Everything but folders, with its mode; ``MOST_FILES`` at most."""
    count = 0
    for folder, folders, names, descriptor in os.fwalk(place.path, follow_symlinks=False):
        parts = (*place.parts, *Path(folder).relative_to(place.path).parts)
        links = [n for n in folders if stat.S_ISLNK(_mode(n, descriptor))]
        for name in [*names, *links]:
            yield Inside(place.folder, (*parts, name)), _mode(name, descriptor)
            count += 1
            if count > MOST_FILES:
                raise Refused(f"holds more than {MOST_FILES} files")
        if not deep:
            return


def _mode(name: str, folder: int) -> int:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:  # taken away just now
        return stat.S_IFREG


def below(path: Path, folder: Path) -> Inside:
    """A path in a folder, to be reached from there without links; ValueError where it is not in
    it."""
    return Inside(folder, path.relative_to(folder).parts)


def beside(folder: Path, name: str | Path) -> Path:
    """The file that a stranger's file in ``folder`` names. Refused where the name, or a link of
    that name, leads out of the folder."""
    parts = Path(name).parts
    leads_out = not parts or Path(name).is_absolute() or ".." in parts or "\0" in str(name)
    if leads_out or not (folder / name).resolve().is_relative_to(folder.resolve()):
        raise Refused(f"{str(name)!r} must name a file in the same folder or below it")
    return folder / name


def _descend(file: Inside) -> int:
    """A descriptor, reached folder by folder, so that nobody can put a link in between."""
    at = os.open(file.folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in file.parts[:-1]:
            below = _open_at(part, os.O_RDONLY | os.O_DIRECTORY, at)
            os.close(at)
            at = below
        return _open_at(file.parts[-1], _NO_WAIT, at)
    finally:
        os.close(at)


def _open_at(name: str, flags: int, folder: int) -> int:
    if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise Refused("is a link, and links are not followed")
    return os.open(name, flags | _NO_LINK, dir_fd=folder)


def _check_plain(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise Refused(f"is {_kind(mode)}, not a plain file")


def _kind(mode: int) -> str:
    return next((word for is_kind, word in _KINDS if is_kind(mode)), "something else")
