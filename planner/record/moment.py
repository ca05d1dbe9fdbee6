"""A campaign and its record at one moment."""

from dataclasses import dataclass

from planner.campaign.campaign import Campaign
from planner.record.record import Record
from planner.record.status import CampaignStatus


@dataclass(frozen=True)
class Moment:
    """What is wanted, whether the loop works on it, and what has happened, all read at once."""

    campaign: Campaign
    version: int
    """Of the campaign, as it holds now."""
    status: CampaignStatus
    record: Record
