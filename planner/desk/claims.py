"""Hypotheses that people enter and take back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from planner.campaign.campaign import parse_campaign
from planner.campaign.hypothesis import Hypothesis
from planner.loop.laboratory import utc_now
from planner.store import NotFound, Store


def add_claim(store: Store, name: str, content: Any, who: str, at: datetime) -> Hypothesis:
    """Add a hypothesis (plain data, as in a campaign file) to a campaign, in a new version of it.

    Its author is ``who`` and it starts today, where it does not say otherwise. CampaignError says
    what is wrong with it.
    """
    if not isinstance(content, Mapping):
        raise ValueError("a claim has fields such as 'kind', as in a campaign file")
    version = store.campaigns.version(name)
    before = store.campaigns.get(name, version)
    claim = {"author": who, "start": at.date(), **content}
    plain = before.model_dump()
    after = parse_campaign({**plain, "hypotheses": [*plain["hypotheses"], claim]})
    store.campaigns.revise(after, version, author=who, at=at)
    return after.hypotheses[-1]


def remove_claim(store: Store, name: str, title: str, who: str, at: datetime) -> None:
    """Take a hypothesis out of a campaign, by its title. NotFound where there is none."""
    version = store.campaigns.version(name)
    before = store.campaigns.get(name, version)
    left = [h for h in before.hypotheses if h.title != title]
    if len(left) == len(before.hypotheses):
        there = "; ".join(h.title for h in before.hypotheses) or "none"
        raise NotFound(f"{name} has no claim {title!r}; there are: {there}")
    store.campaigns.revise(before.holding(left), version, author=who, at=at)


def claim(store: Store, name: str, content: Mapping[str, Any], who: str) -> Hypothesis:
    """Enter a hypothesis; it counts from the next proposal on."""
    return add_claim(store, name, content, who, utc_now())


def retract(store: Store, name: str, title: str, who: str) -> None:
    """Take a hypothesis out of the campaign."""
    remove_claim(store, name, title, who, utc_now())
