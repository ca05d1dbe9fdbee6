"""What people do with a whole campaign: pause, resume, stop, remove, revise."""

from collections.abc import Mapping
from typing import Any

from planner.campaign.campaign import parse_campaign
from planner.loop.laboratory import utc_now
from planner.record.revision import revision_problems
from planner.store import CampaignStatus, Store


def set_status(store: Store, name: str, status: CampaignStatus, who: str) -> None:
    """Pause, resume, stop or remove a campaign."""
    store.campaigns.set_status(name, status, author=who, at=utc_now())


def revise(store: Store, name: str, version: int, who: str, **changes: Mapping[str, Any]) -> int:
    """Put a version in force in which some fields of ``review``, ``budget`` or ``planner`` differ
    from the version that was seen: its number."""
    old = store.campaigns.get(name, version)
    content = old.model_dump(mode="json")
    new = parse_campaign({**content, **{part: content[part] | changes[part] for part in changes}})
    if problems := revision_problems(old, new, store.snapshot(name)):
        raise ValueError("; ".join(problems))
    if store.campaigns.revise(new, version, author=who, at=utc_now()) == version:
        raise ValueError("nothing was changed")
    return version + 1
