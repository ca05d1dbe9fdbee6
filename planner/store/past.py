"""A campaign that starts with trials somebody made before: all of it is stored, or nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from planner.campaign.campaign import Campaign
from planner.record.job import Job, JobState
from planner.record.result import Result
from planner.record.status import CampaignHead
from planner.record.trial import Origin, State, Trial
from planner.store import Store
from planner.store.campaigns import add_version
from planner.store.results import draft
from planner.store.rows import Conflict, insert, note

if TYPE_CHECKING:  # the store knows no table of history
    from planner.past.trials import Past

_ENDED = {State.COMPLETED: JobState.COMPLETED, State.FAILED: JobState.FAILED}


def start_from(
    store: Store, campaign: Campaign, past: "Sequence[Past]", author: str, at: datetime
) -> None:
    """Store a new campaign with trials that are over, in one transaction.

    Conflict where a campaign of that name is there; nothing is changed then.
    """
    try:
        with store.database.begin() as db:
            insert(db, [CampaignHead(name=campaign.name, version=1)])
            add_version(db, campaign, 1, author, at)
            note(db, campaign.name, at, "campaign.added", author, version=1)
            insert(db, [_trial(campaign, n, p, author, at) for n, p in enumerate(past, 1)])
            insert(db, [_job(campaign, n, p, at) for n, p in enumerate(past, 1)])
            insert(db, _results(campaign, past, author, at))
            note(db, campaign.name, at, "trials.imported", author, trials=len(past))
    except IntegrityError as error:
        raise Conflict(f"there is a campaign {campaign.name!r} already") from error


def _trial(campaign: Campaign, number: int, past: "Past", author: str, at: datetime) -> Trial:
    return Trial(
        campaign=campaign.name, number=number, origin=Origin.IMPORTED, author=author,
        state=past.state, campaign_version=1, created_at=at, point=past.point,
        generator="history", reason=past.reason,
        message="failed, as the table says" if past.state is State.FAILED else "",
    )  # fmt: skip


def _job(campaign: Campaign, number: int, past: "Past", at: datetime) -> Job:
    stage = campaign.stages[0]
    return Job(
        campaign=campaign.name, trial=number, stage=stage.name, executor=stage.executor,
        state=_ENDED[past.state], created_at=at, ended_at=at, message=past.reason,
    )  # fmt: skip


def _results(campaign: Campaign, past: "Sequence[Past]", author: str, at: datetime) -> list[Result]:
    stage = campaign.stages[0].name
    drafts = [
        result
        for number, p in enumerate(past, 1)
        for result in draft(campaign.name, number, stage, p.measurements, None, author, at)
    ]
    return [r.model_copy(update={"number": i}) for i, r in enumerate(drafts, 1)]
