"""How a campaign stands: what is spent, and on what a promise rests."""

from pathlib import Path

import pytest

from executors.testing.laboratory import (
    BY_HAND,
    START,
    decide,
    inject,
    laboratory,
    turns,
    two_stages,
)
from planner.campaign.campaign import Campaign, parse_campaign
from planner.loop.laboratory import Laboratory
from planner.loop.turn import advance
from planner.proposals.proposer import first_design_reason, room
from planner.record.basis import Basis, by_trials, judged
from planner.record.decision import Verdict
from planner.record.record import Observation, Record
from planner.record.summary import budget
from planner.record.trial import Origin, Proposal, Trial, TrialState


@pytest.fixture
def lab(tmp_path: Path) -> Laboratory:
    return laboratory(tmp_path, two_stages(budget={"trials": 4}), review=BY_HAND)


def test_a_proposal_is_spent_once_it_is_approved_and_the_budget_bounds_both(
    lab: Laboratory,
) -> None:
    advance(lab, "test")
    campaign, record = lab.campaign("test"), lab.store.snapshot("test")
    assert budget(campaign, record).shown == "0 of 4 trials spent, 3 proposed"
    decide(lab.store, record.trials[0], Verdict.APPROVED)
    decide(lab.store, record.trials[1], Verdict.VETOED, reason="no")
    record = lab.store.snapshot("test")
    assert budget(campaign, record).shown == "1 of 4 trials spent, 1 proposed"
    inject(lab.store, campaign, T=700, x=1)
    inject(lab.store, campaign, T=710, x=1)
    record = lab.store.snapshot("test")
    assert record.taken() == 4
    assert room(campaign, record) == 0


def test_a_first_design_counts_its_proposals() -> None:
    campaign = parse_campaign(two_stages(planner={"batch": 5}))
    points = [campaign.complete({"T": 600 + i, "x": 1}) for i in range(campaign.initial)]
    record = Record().with_planned(points)
    assert first_design_reason(campaign, Record().with_planned(points[1:])).startswith(
        "space-filling first design"
    )
    said = "space-filling: when it was proposed, 0 of 3 trials had come back"
    assert first_design_reason(campaign, record) == said


REQUIRED = parse_campaign(
    two_stages(
        outcomes={
            "density": {"goal": "none", "unit": "percent", "at_least": 75},
            "strength": {"goal": "maximize", "unit": "MPa"},
        }
    )
)
SEEN = [
    Observation(1, {}, {"density": (80, None)}, ended=False),
    Observation(2, {}, {"strength": (8, None)}),
    Observation(3, {}, {"density": (70, None)}),
    Observation(4, {}, {}, failed=True),
]


@pytest.mark.parametrize(
    ("campaign", "shown"),
    [
        (REQUIRED, "by 3 trials, 2 of them infeasible"),
        (parse_campaign(two_stages()), "by 3 trials, 1 of them infeasible"),
    ],
)
def test_feasibility_rests_on_the_trials_of_which_it_is_known(
    campaign: Campaign, shown: str
) -> None:
    assert by_trials(campaign, judged(campaign, SEEN)) == shown
    assert by_trials(campaign, []) == "by no trial yet"


def test_a_promise_tells_of_the_trials_that_had_come_back_before_it(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages())
    turns(lab, "test")
    basis = Basis(lab.campaign("test"), lab.store.snapshot("test"))
    made = [basis.shown(t.model_copy(update={"feasibility": 0.96})) for t in basis.record.trials]
    assert made[0] == "feasible 96% by no trial yet"
    assert made[-1] == "feasible 96% by 3 trials, none of them infeasible"
    late = Trial(
        **dict(Proposal(point={}, generator="botorch", feasibility=0.5)), campaign="test", number=9,
        origin=Origin.PLANNER, campaign_version=1, author="planner",
        created_at=START.replace(year=2030),
    )  # fmt: skip
    assert basis.shown(late) == "feasible 50% by 6 trials, none of them infeasible"


def test_failed_samples_are_told_apart_from_results_that_have_not_come() -> None:
    campaign = parse_campaign(two_stages(planner={"batch": 5}))
    points = [campaign.complete({"T": 600 + i, "x": 1}) for i in range(campaign.initial)]
    planned = Record().with_planned(points).trials
    failed = tuple(t.model_copy(update={"state": TrialState.FAILED}) for t in planned)
    assert first_design_reason(campaign, Record(failed)) == (
        "space-filling: when it was proposed, 0 of 2 results of strength had come, which a model "
        "needs (5 samples had failed)"
    )
