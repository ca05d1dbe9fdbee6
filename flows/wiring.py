"""Puts the parts together: settings from the environment, the store, the executors of a
campaign."""

import os
import socket
from pathlib import Path
from uuid import uuid4

from pydantic_settings import BaseSettings, SettingsConfigDict

from planner.campaign import Campaign, Review
from planner.executor import Executor, build_executor
from planner.laboratory import Laboratory
from planner.learner import installed_learners
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


def open_laboratory(
    settings: Settings, store: Store, campaign: Campaign, review: Review | None = None
) -> Laboratory:
    """Everything a turn of this campaign needs."""
    return Laboratory(
        store=store,
        executors=executors_of(campaign, settings.data),
        learners=installed_learners(),
        review=review,
        holder=f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}",
    )


def executors_of(campaign: Campaign, data: Path) -> dict[str, Executor]:
    """The executor of each stage; each has a folder of its own."""
    return {
        s.name: build_executor(s, data / "executors" / campaign.name / s.name)
        for s in campaign.stages
    }
