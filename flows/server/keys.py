"""The key of Prefect's server: made anew at every start, known to our own programs alone."""

import secrets
from pathlib import Path

from planner.door.whole import whole


def new_key(file: Path) -> str:
    """A random key, as ``user:password``. It is also in ``file``, which only its owner can read:
    for the person who wants to see Prefect's pages."""
    key = f"kyoso:{secrets.token_urlsafe(32)}"
    with whole(file, mode=0o600) as written:
        written.write(key.encode())
    return key
