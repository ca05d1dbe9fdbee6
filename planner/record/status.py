"""Campaigns as the record keeps them: which version holds, and what the loop does with it."""

from enum import StrEnum
from typing import Any

from planner.record.entry import Entry, Time


class CampaignStatus(StrEnum):
    """What the loop does with a campaign.

    ``active``: everything. ``paused``: collect and learn only. ``finishing``: bring the trials that
    run to their end, begin none, then stop. ``stopped``: nothing. ``removed``: nothing, and it is
    not shown; its record stays, and adding it again brings it back.
    """

    ACTIVE = "active"
    PAUSED = "paused"
    FINISHING = "finishing"
    STOPPED = "stopped"
    REMOVED = "removed"

    @property
    def is_at_rest(self) -> bool:
        """Whether the loop leaves the campaign alone."""
        return self in (CampaignStatus.STOPPED, CampaignStatus.REMOVED)


class CampaignHead(Entry):
    """Which version of a campaign holds, and whether the loop works on it."""

    name: str
    version: int
    status: CampaignStatus = CampaignStatus.ACTIVE


class CampaignVersion(Entry):
    """A campaign as somebody wrote it."""

    campaign: str
    version: int
    content: dict[str, Any]
    author: str
    at: Time
