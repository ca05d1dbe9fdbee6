"""Notices on their way to people. Each is put down once, and stays until its channel took it."""

import builtins
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from planner.record.letter import Letter, Posted
from planner.record.notice import Notice
from planner.store.engine import Database
from planner.store.rows import change, find, insert, readable, table_of

LONGEST_PAUSE = timedelta(hours=1)
"""Between two attempts at a letter."""


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
            known = _put_down(db, campaign, keys)
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
        """The oldest letters for these channels that were not sent and may be tried now. One that
        is damaged keeps no other waiting. No pause is longer than ``LONGEST_PAUSE``: one that seems
        so was begun by a clock that was wrong."""
        letters = table_of(Posted)
        may_be_tried = (letters.c.next_at <= at) | (letters.c.next_at > at + LONGEST_PAUSE)
        wanted = sa.select(letters).where(letters.c.sent_at.is_(None), may_be_tried)
        wanted = wanted.where(letters.c.channel.in_(channels)).order_by(letters.c.id)
        with self._database.read() as db:
            found, faults = readable(db, Posted, wanted.limit(most))
            return readable(db, Posted, wanted)[0][:most] if faults else found

    def damage(self) -> builtins.list[str]:
        """What is wrong with letters that cannot be read."""
        with self._database.read() as db:
            return readable(db, Posted, sa.select(table_of(Posted)))[1]

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


def _put_down(db: sa.Connection, campaign: str, keys: Sequence[str]) -> set[tuple[str, str]]:
    """The channels and keys of these notices that are there already."""
    letters = table_of(Letter)
    wanted = sa.select(letters.c.channel, letters.c.key)
    wanted = wanted.where(letters.c.campaign == campaign, letters.c.key.in_(keys))
    return {(channel, key) for channel, key in db.execute(wanted)}
