"""A campaign as people meet it on a day."""

from datetime import date

from planner.campaign.campaign import Campaign
from planner.record.event import EventKind
from planner.record.moment import Moment
from planner.record.status import CampaignStatus
from planner.record.summary import model_trouble, nothing_proposed
from planner.store import Store


def campaign_today(store: Store, name: str, day: date) -> Campaign:
    """The campaign as it binds people on this day: hard hypotheses and vetoed regions included."""
    from planner.beliefs.vetoes import in_force  # scipy, only where it is needed

    now = store.look(name)
    return in_force(now.campaign, now.record, day, people=True)[0]


def paused_because(store: Store, now: Moment) -> str:
    """Why the loop paused a campaign by itself; empty where it did not."""
    if now.status is not CampaignStatus.PAUSED:
        return ""
    pause = store.events.last(now.campaign.name, EventKind.PAUSED)
    return str(pause.data.get("because", "")) if pause else ""


def trouble_of(store: Store, now: Moment) -> str:
    """Why the model of a campaign does not plan at present; empty where it does, or where nothing
    more is to be planned."""
    if now.status.is_at_rest:
        return ""
    failure = store.events.last(now.campaign.name, EventKind.MODEL_FAILED)
    return model_trouble(now.campaign, now.record, failure)


def idle_because(store: Store, now: Moment) -> str:
    """Why nothing can be proposed at present in a campaign that would go on; empty where it can."""
    if now.status is not CampaignStatus.ACTIVE:
        return ""
    idle = store.events.last(now.campaign.name, EventKind.NOTHING_PROPOSED)
    return nothing_proposed(now.campaign, now.record, idle)
