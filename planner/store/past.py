"""A campaign that starts with trials somebody made before: all of it is stored, or nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from planner.campaign.campaign import Campaign
from planner.record.event import EventKind
from planner.record.job import Job, JobState
from planner.record.result import Result
from planner.record.status import CampaignHead
from planner.record.trial import Origin, Trial, TrialState
from planner.store import Store
from planner.store.campaigns import add_version
from planner.store.results import draft
from planner.store.rows import Conflict, insert, note

if TYPE_CHECKING:  # the store knows no table of history
    from planner.past.trials import PastTrial

_ENDED = {TrialState.COMPLETED: JobState.COMPLETED, TrialState.FAILED: JobState.FAILED}


def start_from(
    store: Store, campaign: Campaign, past: "Sequence[PastTrial]", author: str, at: datetime
) -> None:
    """Store a new campaign with trials that are over, in one transaction.

    Conflict where a campaign of that name is there; nothing is changed then.
    """
    try:
        with store.database.begin() as db:
            insert(db, [CampaignHead(name=campaign.name, version=1)])
            add_version(db, campaign, 1, author, at)
            note(db, campaign.name, at, EventKind.ADDED, author, version=1)
            insert(db, [_trial(campaign, n, p, author, at) for n, p in enumerate(past, 1)])
            insert(db, [_job(campaign, n, p, at) for n, p in enumerate(past, 1)])
            insert(db, _results(campaign, past, author, at))
            note(db, campaign.name, at, EventKind.IMPORTED, author, trials=len(past))
    except IntegrityError as error:
        raise Conflict(f"there is a campaign {campaign.name!r} already") from error


def _trial(campaign: Campaign, number: int, past: "PastTrial", author: str, at: datetime) -> Trial:
    return Trial(
        campaign=campaign.name, number=number, origin=Origin.IMPORTED, author=author,
        state=past.state, campaign_version=1, created_at=at, point=past.point,
        generator="history", reason=past.reason,
        message="failed, as the table says" if past.state is TrialState.FAILED else "",
    )  # fmt: skip


def _job(campaign: Campaign, number: int, past: "PastTrial", at: datetime) -> Job:
    stage = campaign.stages[0]
    return Job(
        campaign=campaign.name, trial=number, stage=stage.name, executor=stage.executor,
        state=_ENDED[past.state], created_at=at, ended_at=at, message=past.reason,
    )  # fmt: skip


def _results(
    campaign: Campaign, past: "Sequence[PastTrial]", author: str, at: datetime
) -> list[Result]:
    stage = campaign.stages[0].name
    drafts = [
        result
        for number, p in enumerate(past, 1)
        for result in draft(campaign.name, number, stage, p.measurements, None, author, at)
    ]
    return [r.model_copy(update={"number": i}) for i, r in enumerate(drafts, 1)]
