"""Hypotheses that people enter and take back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from planner.campaign.campaign import CampaignError, parse_campaign
from planner.campaign.hypothesis import Hypothesis
from planner.desk.people import action, person
from planner.loop.laboratory import utc_now
from planner.store import NotFound, Store


@action
def claim(
    store: Store, name: str, content: Any, who: str, at: datetime | None = None
) -> Hypothesis:
    """Enter a hypothesis (plain data, as in a campaign file), in a new version of the campaign; it
    counts from the next proposal on.

    Its author is ``who`` and it starts today, where it does not say otherwise; results that are
    there by now are no evidence for it. CampaignError says what is wrong with it.
    """
    if not isinstance(content, Mapping):
        raise ValueError("a claim has fields such as 'kind', as in a campaign file")
    now, version = at or utc_now(), store.campaigns.version(name)
    before = store.campaigns.get(name, version)
    entered = {"author": who, "start": now.date(), **content, "made": now}
    plain = before.model_dump()
    place = f"hypotheses.{len(before.hypotheses)}"
    try:
        after = parse_campaign({**plain, "hypotheses": [*plain["hypotheses"], entered]})
    except CampaignError as error:  # nobody typed the number of the claim
        told = [p.removeprefix(f"{place}.").removeprefix(f"{place}: ") for p in error.problems]
        raise CampaignError(told) from error
    person(after.hypotheses[-1].author)
    store.campaigns.revise(after, version, author=who, at=now)
    return after.hypotheses[-1]


@action
def retract(store: Store, name: str, title: str, who: str, at: datetime | None = None) -> None:
    """Take a hypothesis out of a campaign, by its title. NotFound where there is none."""
    version = store.campaigns.version(name)
    before = store.campaigns.get(name, version)
    left = [h for h in before.hypotheses if h.title != title]
    if len(left) == len(before.hypotheses):
        there = "; ".join(h.title for h in before.hypotheses) or "none"
        raise NotFound(f"{name} has no claim {title!r}; there are: {there}")
    store.campaigns.revise(before.holding(left), version, author=who, at=at or utc_now())
