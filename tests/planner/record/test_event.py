from enum import StrEnum

from planner.record.decision import Verdict
from planner.record.event import EventKind
from planner.record.job import JobState
from planner.record.status import CampaignStatus
from planner.record.trial import TrialState


def test_every_verdict_status_and_end_is_a_kind_of_event() -> None:
    moves: list[StrEnum] = [*Verdict, *(set(TrialState) - {TrialState.PROPOSED})]
    assert all(EventKind.trial(move) for move in moves)
    assert all(EventKind.job(state) for state in JobState if not state.is_open)
    assert all(EventKind.campaign(status) for status in CampaignStatus)
