"""Notices on their way to people. Each is put down once, and stays until its channel took it."""

import builtins
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from planner.record.letter import Letter, Posted
from planner.record.notice import Notice
from planner.store.engine import Database
from planner.store.rows import change, find, insert, loaded, table_of


class Outbox:
    """The letters of all campaigns: sent at least once, in order as far as channels allow."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, campaign: str) -> int:
        """The last event of a campaign that its letters take into account; 0 before the first."""
        letters = table_of(Letter)
        highest = sa.select(sa.func.max(letters.c.up_to)).where(letters.c.campaign == campaign)
        with self._database.read() as db:
            return db.scalar(highest) or 0

    def put(
        self, campaign: str, notices: Iterable[Notice], channels: Sequence[str], at: datetime
    ) -> None:
        """Put down each notice for each channel, all in one go; what is there already stays."""
        notices = list(notices)
        keys = [notice.key for notice in notices]
        with self._database.write(campaign) as db:
            found = find(db, Letter, campaign=campaign, key=keys)
            known = {(letter.channel, letter.key) for letter in found}
            letters = [
                Letter(
                    campaign=campaign,
                    channel=channel,
                    key=notice.key,
                    up_to=notice.up_to,
                    content=notice.content(),
                    created_at=at,
                    next_at=at,
                )
                for notice in notices
                for channel in channels
                if (channel, notice.key) not in known
            ]
            insert(db, letters)

    def due(self, at: datetime, channels: Sequence[str], most: int = 20) -> builtins.list[Posted]:
        """The oldest letters for these channels that were not sent and may be tried now."""
        letters = table_of(Posted)
        wanted = sa.select(letters).where(letters.c.sent_at.is_(None), letters.c.next_at <= at)
        wanted = wanted.where(letters.c.channel.in_(channels))
        with self._database.read() as db:
            rows = db.execute(wanted.order_by(letters.c.id).limit(most))
            return loaded(Posted, rows, "of these letters")

    def sent(self, letter: Posted, at: datetime) -> None:
        """The channel took it."""
        with self._database.begin() as db:
            change(db, letter, sent_at=at, attempts=letter.attempts + 1, error="")

    def failed(self, letter: Posted, error: str, next_at: datetime) -> None:
        """The channel did not take it; it is tried again."""
        with self._database.begin() as db:
            change(db, letter, next_at=next_at, attempts=letter.attempts + 1, error=error)

    def list(self, campaign: str) -> builtins.list[Posted]:
        """All letters of a campaign, by number."""
        with self._database.read() as db:
            return find(db, Posted, campaign=campaign)
