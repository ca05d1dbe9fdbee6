"""The key of Prefect's server: made anew at every start, known to our own programs alone."""

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile


def new_key(file: Path) -> str:
    """A random key, as ``user:password``. It is also in ``file``, which only its owner can read:
    for the person who wants to see Prefect's pages."""
    key = f"kyoso:{secrets.token_urlsafe(32)}"
    with NamedTemporaryFile("w", dir=file.parent, delete=False) as written:  # mode 600
        written.write(key)
    os.replace(written.name, file)
    return key
