"""What the policy of a campaign approves by itself, and what it leaves to people."""

from datetime import timedelta
from typing import Any

import pytest

from executors.testing.laboratory import START, two_stages
from planner.campaign.campaign import parse_campaign
from planner.loop.review import policy_reason
from planner.record.record import Record
from planner.record.result import ModelVersion, Result
from planner.record.trial import BOTORCH, Origin, Trial, TrialState


def trial(generator: str = BOTORCH, feasibility: float | None = 0.95, number: int = 1) -> Trial:
    return Trial(
        campaign="test", number=number, point={"T": 700.0, "x": 3.0}, generator=generator,
        origin=Origin.PLANNER, author="planner", campaign_version=1, created_at=START,
        feasibility=feasibility,
    )  # fmt: skip


def checked(n: int = 9, coverage: float = 0.95, measured: int = 0) -> Record:
    """A record in which so many predictions were checked, and some trials were measured before."""
    version = ModelVersion(
        campaign="test", learner="model-health", number=1, at=START, results=n,
        scores={"n": n, "coverage_95": coverage},
    )  # fmt: skip
    before = START - timedelta(hours=1)
    trials = [
        trial(number=i).model_copy(update={"state": TrialState.COMPLETED})
        for i in range(1, measured + 1)
    ]
    results = [
        Result(campaign="test", number=i, trial=i, stage="making", outcome="density", value=80,
               unit="percent", author="Mika", at=before)
        for i in range(1, measured + 1)
    ]  # fmt: skip
    return Record(tuple(trials), results=tuple(results), versions=(version,))


def reason(record: Record, trial: Trial, **review: Any) -> str | None:
    return policy_reason(parse_campaign(two_stages(review=review)), record, trial)


def test_a_safe_proposal_of_a_model_that_held_needs_nobody() -> None:
    told = reason(checked(measured=3), trial(number=4), autonomy="when-safe")
    assert told == (
        "safe: feasible 95% by 3 trials, none of them infeasible; "
        "95% of 9 results lay in their 95 % interval"
    )


@pytest.mark.parametrize(
    ("record", "proposed"),
    [
        (checked(), trial("sobol")),  # no model stands behind it
        (checked(), trial(feasibility=None)),
        (checked(), trial(feasibility=0.5)),  # it may well fail
        (Record(), trial()),  # no prediction was checked
        (checked(n=2), trial()),
        (checked(coverage=0.5), trial()),  # predictions have not held
    ],
)
def test_what_is_in_doubt_is_left_to_people(record: Record, proposed: Trial) -> None:
    assert reason(record, proposed, autonomy="when-safe") is None


def test_by_hand_means_everything_but_a_first_design_that_was_let_go() -> None:
    first = trial("sobol")
    assert reason(Record(), first, autonomy="by-hand") is None
    told = reason(Record(), first, autonomy="by-hand", approve_first_design=True)
    assert told == "it belongs to the first design"
    assert reason(checked(), trial(), autonomy="by-hand", approve_first_design=True) is None


def test_automatic_approves_all() -> None:
    assert (
        reason(Record(), trial(feasibility=None), autonomy="automatic") == "autonomy is automatic"
    )
