"""Settings from the environment, and the record they lead to. Command line, loop and panel share
them."""

import os
from pathlib import Path
from typing import Any

from planner.campaign.values import Frozen
from planner.store import Store, open_store


class Settings(Frozen):
    """``KYOSO_DATA``: the data folder. ``KYOSO_DATABASE``: a database URL in place of the file
    in it.

    Notices go to ``KYOSO_WEBHOOK`` (an address that takes JSON), and by mail to ``KYOSO_MAIL_TO``
    (addresses with commas) from ``KYOSO_MAIL_FROM`` through ``KYOSO_SMTP``
    (``smtp://user:password@host:port``, or ``smtps://``). ``KYOSO_PANEL`` is the panel's address
    in them, where others reach it; it and ``KYOSO_HOSTS`` (names with commas) are what the panel
    may be called besides ``localhost``.
    """

    data: Path = Path("kyoso-data")
    database: str | None = None
    webhook: str | None = None
    mail_to: str | None = None
    mail_from: str = "kyoso@localhost"
    smtp: str = "smtp://localhost:25"
    panel: str = ""
    hosts: str = ""

    def __init__(self, **given: Any) -> None:
        names = {f"KYOSO_{name.upper()}": name for name in type(self).model_fields}
        found = {name: os.environ[word] for word, name in names.items() if word in os.environ}
        super().__init__(**found | given)

    @property
    def url(self) -> str:
        """Where the record is."""
        return self.database or f"sqlite:///{self.data.resolve() / 'kyoso.db'}"


def open_record(settings: Settings) -> Store:
    """The store of the data folder, made where it is not there yet. OSError names a folder that
    cannot be written."""
    settings.data.mkdir(parents=True, exist_ok=True)
    if not os.access(settings.data, os.W_OK):
        raise PermissionError(f"the data folder {settings.data} cannot be written")
    return open_store(settings.url, settings.data / "files")
