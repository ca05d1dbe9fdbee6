"""The step of a turn that fills the batch, and what the record keeps where the model fails or
nothing comes."""

import logging

from planner.beliefs.vetoes import in_force
from planner.campaign.campaign import Campaign
from planner.loop.laboratory import Laboratory
from planner.proposals.failure import PlanningError
from planner.proposals.proposer import design, propose, room
from planner.record.event import EventKind
from planner.record.moment import Moment
from planner.record.record import Record
from planner.record.summary import model_trouble, nothing_proposed
from planner.record.trial import Origin, Proposal
from planner.space.design import NoPoint
from planner.store import Conflict

LOG = logging.getLogger(__name__)
FELL_BACK = "the model failed"
"""How the reason of a proposal begins that was made in place of the model's."""


def propose_next(lab: Laboratory, now: Moment, problems: list[str]) -> int:
    """Fill the batch. Where the model fails, a space-filling point comes instead, and says so.
    Where nothing comes at all, the record says that, too."""
    if not room(now.campaign, now.record):
        return 0
    campaign, record = in_force(now.campaign, now.record, lab.now().date())
    wanted = room(campaign, record)
    try:
        proposals = _planned(lab, campaign, record, wanted, problems)
    except NoPoint as error:
        _note_idle(lab, campaign, record, str(error))
        return 0
    try:
        added = lab.store.trials.add(
            campaign.name,
            proposals,
            origin=Origin.PLANNER,
            author="planner",
            at=lab.now(),
            campaign_version=now.version,
            last_seen=record.next_number - 1,
        )
    except Conflict:  # another loop or a person was faster: the next turn looks again
        return 0
    return len(added)


def _planned(
    lab: Laboratory, campaign: Campaign, record: Record, wanted: int, problems: list[str]
) -> list[Proposal]:
    """By the model, or by the design where it fails. NoPoint where nothing comes."""
    seed = campaign.planner.seed
    try:
        proposals = propose(campaign, record, wanted, seed)
    except PlanningError as error:
        LOG.exception("%s: the model failed", campaign.name)
        problems.append(f"the model failed: {error}")
        _note_failure(lab, campaign, record, str(error))
        reason = f"{FELL_BACK} ({error}); a space-filling point instead"
        proposals = design(campaign, record, wanted, seed, reason)
    if not proposals:
        raise NoPoint("every point of the space is planned, tried or vetoed")
    return proposals


def _note_idle(lab: Laboratory, campaign: Campaign, record: Record, error: str) -> None:
    """An event where it does not stand yet."""
    last = lab.store.events.last(campaign.name, EventKind.NOTHING_PROPOSED)
    if nothing_proposed(campaign, record, last) != error:
        last_trial = record.next_number - 1
        lab.note(campaign.name, EventKind.NOTHING_PROPOSED, error=error, last_trial=last_trial)


def _note_failure(lab: Laboratory, campaign: Campaign, record: Record, error: str) -> None:
    """An event for an error that does not stand yet."""
    last = lab.store.events.last(campaign.name, EventKind.MODEL_FAILED)
    if model_trouble(campaign, record, last) != error:
        lab.note(
            campaign.name, EventKind.MODEL_FAILED, error=error, last_trial=record.next_number - 1
        )
