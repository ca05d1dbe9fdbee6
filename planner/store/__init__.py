"""The store: the only memory, and the only SQL. Everything else may be stopped at any moment.

It takes and returns what ``planner.record`` holds. What changes a record is one transaction with
its decision or results and its event; it fails with Conflict where somebody was faster.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from planner.campaign.campaign import Campaign
from planner.record.completion import completed
from planner.record.decision import Ruling
from planner.record.event import LoggedEvent
from planner.record.letter import Posted
from planner.record.misfit import misfit
from planner.record.moment import Moment
from planner.record.record import Record
from planner.record.status import CampaignStatus
from planner.record.trial import Trial
from planner.store.campaigns import Campaigns
from planner.store.engine import Database, get_head, holds_record, place_of
from planner.store.events import Events
from planner.store.files import Files
from planner.store.jobs import Jobs
from planner.store.outbox import Outbox
from planner.store.results import Results
from planner.store.rows import Conflict, Differs, NotFound, StoreError, Unreadable
from planner.store.snapshots import read_record
from planner.store.trials import Trials
from planner.store.versions import Versions

__all__ = [
    "CampaignStatus",
    "Conflict",
    "Differs",
    "LoggedEvent",
    "NotFound",
    "Posted",
    "Ruling",
    "Store",
    "StoreError",
    "Unreadable",
    "holds_record",
    "open_store",
    "place_of",
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
        self._seen: dict[str, Record] = {}
        """The record of each campaign as it was read last."""
        self._completed: dict[str, tuple[Campaign, Record, Record]] = {}
        """Campaign and record as they were stored last, and how the one reads the other."""

    def look(self, name: str) -> Moment:
        """A campaign and its record at one moment. Unreadable where a part of it is damaged.

        What cannot have changed since this store looked last is not read again.
        """
        before = self._seen.get(name)  # taken first, so never newer than what is read now
        with self.database.read() as db:
            head = get_head(db, name)
            campaign = self.campaigns.current(db, head)
            stored = self._seen[name] = read_record(db, name, before)
        return Moment(campaign, head.version, head.status, self._as_read(campaign, stored))

    def snapshot(self, name: str) -> Record:
        """What has happened in a campaign up to now; like ``look``."""
        return self.look(name).record

    def trial(self, name: str, number: int) -> Trial:
        """A trial as the campaign that holds now reads it. NotFound where there is none."""
        self.trials.get(name, number)
        return self.snapshot(name).trial(number)

    def why_not(self, campaign: Campaign) -> str:
        """What of the record a new version of its campaign could not read; empty for nothing."""
        with self.database.read() as db:
            stored = read_record(db, campaign.name, self._seen.get(campaign.name))
        return misfit(campaign, completed(campaign, stored))

    def check(self) -> list[str]:
        """What is wrong with the database as a whole, which campaigns cannot be loaded with all
        that belongs to them, and which events, letters and files are lost; nothing for a sound
        one."""
        found = self.database.faults()
        for name in self.campaigns.names():
            try:
                with self.database.read() as db:
                    campaign = self.campaigns.read(db, get_head(db, name))
                    record = read_record(db, name)
                self._as_read(campaign, record)
            except Unreadable as error:
                found.append(str(error))
            found += self.events.damage(name)
            found += self._missing_files(name)
        return found + self.outbox.damage()

    def _as_read(self, campaign: Campaign, stored: Record) -> Record:
        """A record as its campaign reads it; looked at once. Unreadable where it holds what its
        campaign cannot have."""
        known = self._completed.get(campaign.name)
        if known and known[0] is campaign and known[1] is stored:
            return known[2]
        record = completed(campaign, stored)
        if why := misfit(campaign, record):
            raise Unreadable(campaign.name, why)
        self._completed[campaign.name] = campaign, stored, record
        return record

    def _missing_files(self, name: str) -> list[str]:
        try:
            kept = self.jobs.artifacts(name)
        except Unreadable as error:
            return [str(error)]
        return [f"campaign {name!r}: {a.label} is missing: {self.files.folder} does not hold it"
                for a in kept if not self.files.holds(a.sha256)]  # fmt: skip

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
