"""Which results were there when a claim was made, and may have suggested it. Pure."""

from collections.abc import Mapping
from datetime import datetime

from planner.campaign.campaign import Campaign
from planner.record.record import Record

type Known = Mapping[str, frozenset[int]]
"""By title of a claim, the trials whose results were there when it was made."""


def known_when_made(campaign: Campaign, record: Record) -> dict[str, frozenset[int]]:
    """The trials that had given a result, or failed, when each claim of a campaign was made."""
    return {
        claim.title: frozenset(
            o.trial for o in record.observations if _had_come_back(record, o.trial, claim.moment)
        )
        for claim in campaign.hypotheses
        if claim.moment
    }


def _had_come_back(record: Record, number: int, moment: datetime) -> bool:
    """A value that was corrected later had come back when the trial was made: a correction is no
    new result."""
    trial, results = record.trial(number), record.results_of.get(number, [])
    ends = [job.ended_at for job in record.jobs_of(number).values() if job.ended_at]
    came = [trial.created_at if r.supersedes else r.at for r in results] or ends
    return min(came, default=trial.created_at) <= moment
