"""Files that belong to jobs, each kept once under the hash of its content."""

import hashlib
import math
import os
import shutil
import time
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from planner.door.bounds import ARTIFACT
from planner.door.files import Inside, check_bytes, opened
from planner.door.refused import about
from planner.door.whole import STALE, sync
from planner.store.rows import NotFound

_INCOMING = ".incoming-"


class Files:
    """A folder ``ab/abcdef...``. Files in it are never changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, source: Path | Inside) -> tuple[str, int]:
        """Keep a copy of a plain file: its SHA-256 and its size in bytes. Refused where it is
        none, or too large."""
        with about(source.name), opened(source) as stream:
            check_bytes(os.fstat(stream.fileno()).st_size, ARTIFACT)
            return self.put_stream(stream)

    def put_stream(self, stream: IO[bytes]) -> tuple[str, int]:
        """Keep what is read from ``stream``. Either the whole file appears, or nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, prefix=_INCOMING, delete_on_close=False) as kept:
            shutil.copyfileobj(stream, kept)
            kept.flush()
            os.fsync(kept.fileno())
            size = kept.tell()
            kept.close()
            with open(kept.name, "rb") as written:
                sha256 = hashlib.file_digest(written, "sha256").hexdigest()
            self._keep(Path(kept.name), sha256)
        return sha256, size

    def sweep(self) -> list[str]:
        """Remove what uploads left that were killed, once they are old; their names."""
        old = time.time() - STALE
        left = [p for p in self.folder.glob(f"{_INCOMING}*") if _changed_at(p) < old]
        for path in left:
            path.unlink(missing_ok=True)
        return [path.name for path in left]

    def path(self, sha256: str) -> Path:
        """Where the file with this hash lies; NotFound where it is not kept."""
        if not self.holds(sha256):
            raise NotFound(f"no file {sha256} in {self.folder}")
        return self._place(sha256)

    def holds(self, sha256: str) -> bool:
        """Whether the file with this hash is kept."""
        return self._place(sha256).is_file()

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def _keep(self, written: Path, sha256: str) -> None:
        place = self._place(sha256)
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            written.chmod(0o444)
            written.replace(place)
            sync(place.parent)
            sync(self.folder)


def _changed_at(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:  # its upload has just ended
        return math.inf
