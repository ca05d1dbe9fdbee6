"""Settings from the environment, and the record they lead to. Command line, loop and panel share
them."""

import os
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from planner.store import Store, open_store


class Settings(BaseSettings):
    """``KYOSO_DATA``: the data folder. ``KYOSO_DATABASE``: a database URL in place of the file
    in it."""

    model_config = SettingsConfigDict(env_prefix="KYOSO_", frozen=True)

    data: Path = Path("kyoso-data")
    database: str | None = None

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
