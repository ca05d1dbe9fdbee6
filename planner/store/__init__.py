"""The store: the only memory, and the only SQL. Everything else may be stopped at any moment.

It takes and returns what ``planner.record`` holds. What changes a record is one transaction with
its decision or results and its event; it fails with Conflict where somebody was faster.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from planner.record.decision import Choice, Decision
from planner.record.event import LoggedEvent
from planner.record.job import Job
from planner.record.letter import Posted
from planner.record.record import Record
from planner.record.result import ModelVersion, Result
from planner.record.status import CampaignStatus
from planner.record.trial import Trial
from planner.store.campaigns import Campaigns
from planner.store.engine import Database, get_head, holds_record
from planner.store.events import Events
from planner.store.files import Files
from planner.store.jobs import Jobs
from planner.store.outbox import Outbox
from planner.store.results import Results, current
from planner.store.rows import Conflict, Differs, NotFound, StoreError, Unreadable, find
from planner.store.trials import Trials
from planner.store.versions import Versions

__all__ = [
    "CampaignStatus",
    "Choice",
    "Conflict",
    "Differs",
    "LoggedEvent",
    "NotFound",
    "Posted",
    "Store",
    "StoreError",
    "Unreadable",
    "holds_record",
    "open_store",
]


class Store:
    """All campaigns of one database, and the files that belong to them."""

    def __init__(self, database: Database, files: Files) -> None:
        self.database = database
        self.files = files
        self.campaigns = Campaigns(database)
        self.trials = Trials(database)
        self.jobs = Jobs(database, files)
        self.results = Results(database)
        self.versions = Versions(database)
        self.events = Events(database)
        self.outbox = Outbox(database)

    def snapshot(self, name: str) -> Record:
        """Everything about a campaign at one moment. Unreadable where a part of it is damaged."""
        with self.database.read() as db:
            get_head(db, name)
            return Record(
                trials=tuple(find(db, Trial, campaign=name)),
                jobs=tuple(find(db, Job, campaign=name)),
                results=tuple(current(find(db, Result, campaign=name))),
                decisions=tuple(find(db, Decision, campaign=name)),
                versions=tuple(find(db, ModelVersion, campaign=name)),
            )

    def check(self) -> list[str]:
        """What is wrong with the database as a whole, and which campaigns cannot be loaded with
        all that belongs to them; nothing for a sound one."""
        found = self.database.faults()
        for name in self.campaigns.names():
            try:
                self.campaigns.get(name)
                self.snapshot(name)
                self.events.list(name)
            except Unreadable as error:
                found.append(str(error))
        return found

    def close(self) -> None:
        """Let go of the database."""
        self.database.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(url: str, files: Path) -> Store:
    """Open a database (``sqlite:///path`` or ``postgresql://...``) and the folder of its files.

    It is made or brought up to date where needed; ValueError where a newer Kyoso wrote it,
    StoreError where it cannot be opened.
    """
    return Store(Database(url), Files(files))
