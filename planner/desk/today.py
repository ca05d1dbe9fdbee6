"""A campaign as people meet it on a day."""

from datetime import date

from planner.beliefs.vetoes import in_force
from planner.campaign.campaign import Campaign
from planner.record.record import Record
from planner.record.summary import MODEL_FAILED, model_trouble
from planner.store import Store


def campaign_today(store: Store, name: str, day: date) -> Campaign:
    """The campaign as it binds people on this day: hard hypotheses and vetoed regions included."""
    campaign = store.campaigns.get(name)
    return in_force(campaign, store.snapshot(name), day, people=True)[0]


def trouble_of(store: Store, campaign: Campaign, record: Record) -> str:
    """Why the model of a campaign does not plan at present; empty where it does, or where nothing
    more is to be planned."""
    if store.campaigns.status(campaign.name).is_at_rest:
        return ""
    return model_trouble(campaign, record, store.events.last(campaign.name, MODEL_FAILED))
