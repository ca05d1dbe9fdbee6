"""Settings from the environment, and the record they lead to. Command line, loop and panel share
them. What we write into the data folder is for its owner alone, and so are passwords."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from planner.campaign.values import Frozen
from planner.store import Store, open_store

PASSWORDS = ("KYOSO_DATABASE", "KYOSO_SMTP", "KYOSO_WEBHOOK")
"""Settings that may hold one."""


class Settings(Frozen):
    """``KYOSO_DATA``: the data folder. ``KYOSO_DATABASE``: a database URL in place of the file
    in it.

    Notices go to ``KYOSO_WEBHOOK`` (an address that takes JSON), and by mail to ``KYOSO_MAIL_TO``
    (addresses with commas) from ``KYOSO_MAIL_FROM`` through ``KYOSO_SMTP``
    (``smtp://user:password@host:port``, or ``smtps://``). ``KYOSO_PANEL`` is the panel's address
    in them, where others reach it; it and ``KYOSO_HOSTS`` (names with commas) are what the panel
    may be called besides ``localhost``.

    ``KYOSO_ACCESS``: who may read and write what is made in the data folder: its ``owner`` alone,
    or also the folder's ``group``, where a laboratory shares a machine.
    """

    data: Path = Path("kyoso-data")
    database: str | None = Field(default=None, repr=False)
    webhook: str | None = Field(default=None, repr=False)
    mail_to: str | None = None
    mail_from: str = "kyoso@localhost"
    smtp: str = Field(default="smtp://localhost:25", repr=False)
    panel: str = ""
    hosts: str = ""
    access: Literal["owner", "group"] = "owner"

    def __init__(self, **given: Any) -> None:
        names = {f"KYOSO_{name.upper()}": name for name in type(self).model_fields}
        found = {name: os.environ[word] for word, name in names.items() if word in os.environ}
        super().__init__(**found | given)

    @property
    def url(self) -> str:
        """Where the record is."""
        return self.database or f"sqlite:///{self.data.resolve() / 'kyoso.db'}"

    @property
    def umask(self) -> int:
        """The rights that new files do not get."""
        return 0o007 if self.access == "group" else 0o077

    def is_open(self) -> bool:
        """Whether others than were meant can look into the data folder."""
        return self.data.exists() and bool(self.data.stat().st_mode & self.umask)


def forget_passwords() -> None:
    """Take the passwords out of the environment of this program, which has read them: those that it
    starts from now on, and their plug-ins, do not get them."""
    for name in PASSWORDS:
        os.environ.pop(name, None)


def private_folder(settings: Settings, *parts: str) -> Path:
    """The data folder or one in it, made where it is missing. One that is there stays as it is."""
    folder = settings.data
    for part in (".", *parts):
        folder /= part
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o2770 if settings.access == "group" else 0o700)
    return folder


@contextmanager
def privately(settings: Settings) -> Iterator[None]:
    """What is written inside is for the owner alone, or for the group."""
    before = os.umask(settings.umask)
    try:
        yield
    finally:
        os.umask(before)


def open_record(settings: Settings) -> Store:
    """The store of the data folder, made where it is not there yet. OSError names a folder that
    cannot be written."""
    private_folder(settings)
    if not os.access(settings.data, os.W_OK):
        raise PermissionError(f"the data folder {settings.data} cannot be written")
    with privately(settings):
        if settings.database is None and not (file := settings.data / "kyoso.db").exists():
            file.touch()  # SQLite would give the group no right to write
        return open_store(settings.url, private_folder(settings, "files"))
