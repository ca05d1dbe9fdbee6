"""Campaigns: every version that was ever in force, and whether the loop works on it."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from planner.campaign.campaign import Campaign, CampaignError, parse_campaign
from planner.record.event import EventKind
from planner.record.status import CampaignHead, CampaignStatus, CampaignVersion
from planner.store.engine import Database, get_head, no_campaign, statuses
from planner.store.rows import (
    Conflict,
    NotFound,
    Unreadable,
    change,
    first,
    insert,
    note,
    table_of,
)


class Campaigns:
    """The campaigns of one database, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[int, Campaign]] = {}
        self._verdicts: dict[str, tuple[object, str]] = {}
        """What was stored of each campaign at the last look, and what is wrong with it."""

    def add(self, campaign: Campaign, author: str, at: datetime) -> int:
        """Store a new campaign: its version, 1. The same again changes nothing; Conflict where
        another campaign has the name."""
        with suppress(IntegrityError), self._database.begin() as db:
            insert(db, [CampaignHead(name=campaign.name, version=1)])
            add_version(db, campaign, 1, author, at)
            note(db, campaign.name, at, EventKind.ADDED, author, version=1)
            return 1
        with self._database.read() as db:
            head = get_head(db, campaign.name)
            if _is(_current(db, head), campaign):
                return head.version
        raise Conflict(
            f"there is another campaign {campaign.name!r} (version {head.version}); "
            "revise it, or take another name"
        )

    def revise(self, campaign: Campaign, version: int, author: str, at: datetime) -> int:
        """Put a new version in force. ``version`` is the one it was made from: Conflict where
        another holds by now. Without a difference nothing changes."""
        with self._database.write(campaign.name) as db:
            head = get_head(db, campaign.name)
            if head.version != version:
                now = _current(db, head)
                raise Conflict(
                    f"campaign {head.name!r}: version {version} was expected, but {now.author} "
                    f"stored version {head.version} at {now.at:%Y-%m-%d %H:%M} UTC"
                )
            if _is(_current(db, head), campaign):
                return version
            add_version(db, campaign, version + 1, author, at)
            change(db, head, version=version + 1)
            note(db, head.name, at, EventKind.REVISED, author, version=version + 1)
            return version + 1

    def get(self, name: str, version: int | None = None) -> Campaign:
        """The campaign as it holds now, or as it was in one of its versions. Unreadable where it
        is damaged."""
        with self._database.read() as db:
            head = get_head(db, name)
            if version is None or version == head.version:
                return self.current(db, head)
            found = first(db, CampaignVersion, campaign=name, version=version)
        if found is None:
            raise NotFound(
                f"campaign {name!r} has no version {version}; there are 1 to {head.version}"
            )
        return _campaign(found)

    def current(self, db: sa.Connection, head: CampaignHead) -> Campaign:
        """The campaign that a head names, inside a transaction; a version is read once."""
        known = self._known.get(head.name)
        if known is None or known[0] != head.version:
            known = self._known[head.name] = head.version, self.read(db, head)
        return known[1]

    def read(self, db: sa.Connection, head: CampaignHead) -> Campaign:
        """The same, whatever was read before."""
        return _campaign(_current(db, head))

    def version(self, name: str) -> int:
        """The version that holds now."""
        with self._database.read() as db:
            return get_head(db, name).version

    def names(self, *, removed: bool = False) -> list[str]:
        """All campaigns, in alphabetical order, damaged ones too; ``removed`` ones only if
        wanted."""
        with self._database.read() as db:
            known = statuses(db)
        gone = CampaignStatus.REMOVED.value
        return sorted(name for name, status in known.items() if removed or status != gone)

    def damaged(self) -> dict[str, str]:
        """Why campaigns cannot be loaded, by name; nothing is said of removed ones. Their trials
        and results are not looked at. What is stored as it was at the last look is not parsed
        again."""
        with self._database.read() as db:
            stored = _as_stored(db)
            for name, content in stored.items():
                if self._verdicts.get(name, (None, ""))[0] != content:
                    self._verdicts[name] = content, self._fault(db, name)
        return {name: fault for name in stored if (fault := self._verdicts[name][1])}

    def _fault(self, db: sa.Connection, name: str) -> str:
        try:
            self.read(db, get_head(db, name))
        except Unreadable as error:
            return str(error)
        return ""

    def status(self, name: str) -> CampaignStatus:
        """Whether the loop works on it."""
        with self._database.read() as db:
            return get_head(db, name).status

    def set_status(
        self, name: str, status: CampaignStatus, author: str, at: datetime, because: str = ""
    ) -> None:
        """Let the loop go on with a campaign, wait, end it, or leave it alone: a damaged one too,
        so only this part of its row is looked at. ``because`` stands beside it in the events."""
        heads = table_of(CampaignHead)
        other = sa.type_coerce(heads.c.status, sa.String) != status.value
        change = sa.update(heads).where(heads.c.name == name, other).values(status=status)
        with self._database.begin() as db:
            if name not in statuses(db):
                raise no_campaign(db, name)
            if db.execute(change).rowcount:
                data: dict[str, Any] = {"because": because} if because else {}
                note(db, name, at, EventKind.campaign(status), author, **data)


def _as_stored(db: sa.Connection) -> dict[str, tuple[object, ...]]:
    """Status, version and content in force of every campaign that is shown, as they are stored."""
    heads, versions = table_of(CampaignHead), table_of(CampaignVersion)
    same = (versions.c.campaign == heads.c.name) & (versions.c.version == heads.c.version)
    raw = [sa.type_coerce(column, sa.String) for column in (heads.c.status, heads.c.version)]
    content = sa.cast(versions.c.content, sa.Text)
    wanted = sa.select(heads.c.name, *raw, content).join(versions, same, isouter=True)
    found = {name: tuple(rest) for name, *rest in db.execute(wanted)}
    return {name: row for name, row in found.items() if row[0] != CampaignStatus.REMOVED.value}


def _is(stored: CampaignVersion, campaign: Campaign) -> bool:
    """Whether both say the same; fields that came with a newer Kyoso have their defaults."""
    return _content(_campaign(stored)) == _content(campaign)


def _current(db: sa.Connection, head: CampaignHead) -> CampaignVersion:
    found = first(db, CampaignVersion, campaign=head.name, version=head.version)
    if found is None:
        raise Unreadable(head.name, f"its version {head.version} is not there")
    return found


def _campaign(stored: CampaignVersion) -> Campaign:
    try:
        campaign = parse_campaign(stored.content)
    except CampaignError as error:
        why = f"its version {stored.version} is not valid: {'; '.join(error.problems)}"
        raise Unreadable(stored.campaign, why) from error
    if campaign.name != stored.campaign:
        why = f"its version {stored.version} is that of a campaign {campaign.name!r}"
        raise Unreadable(stored.campaign, why)
    return campaign


def _content(campaign: Campaign) -> dict[str, object]:
    return campaign.model_dump(mode="json")


def add_version(
    db: sa.Connection, campaign: Campaign, version: int, author: str, at: datetime
) -> None:
    """Put a version of a campaign into a transaction."""
    content = _content(campaign)
    row = CampaignVersion(
        campaign=campaign.name, version=version, content=content, author=author, at=at
    )
    insert(db, [row])
