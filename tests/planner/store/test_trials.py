import pytest

from planner.campaign.values import Point
from planner.record.decision import Verdict
from planner.record.trial import Origin, TrialState
from planner.store import Conflict, NotFound, Ruling, Store
from tests.planner.store.bench import NOON, Bench, later, proposal

POINT: Point = {"second_heat": 650.0, "hold_time": 24, "route": "HIP"}


def test_a_trial_comes_back_bit_for_bit(bench: Bench) -> None:
    trial = bench.proposed()
    assert bench.store.trials.get("ba122", 1) == trial
    assert trial.prediction == {"trapped_field": (0.1 + 0.2, 1e-17)}
    assert trial.created_at == NOON


def test_numbers_go_on(bench: Bench) -> None:
    bench.proposed(2)
    assert bench.proposed().number == 3


@pytest.mark.parametrize("last_seen", [0, 2])
def test_proposals_made_without_knowing_the_last_trial_are_refused(
    bench: Bench, last_seen: int
) -> None:
    bench.proposed()
    with pytest.raises(Conflict, match="there is trial 1 by now"):
        bench.store.trials.add(
            "ba122",
            [proposal()],
            origin=Origin.PLANNER,
            author="planner",
            at=NOON,
            campaign_version=1,
            last_seen=last_seen,
        )
    assert len(bench.store.snapshot("ba122").trials) == 1


def test_a_trial_of_an_unknown_version_of_the_campaign_is_refused(store: Store) -> None:
    with pytest.raises(NotFound, match="no version 9"):
        store.trials.add(
            "ba122",
            [proposal()],
            origin=Origin.PLANNER,
            author="planner",
            at=NOON,
            campaign_version=9,
        )


def test_an_unknown_trial_is_named_with_those_there_are(bench: Bench) -> None:
    with pytest.raises(NotFound, match="no trial 5; there is none"):
        bench.store.trials.get("ba122", 5)
    bench.proposed(2)
    with pytest.raises(NotFound, match="no trial 5; there are 1 to 2"):
        bench.store.trials.get("ba122", 5)


def test_a_decision_keeps_what_the_reviewer_saw(bench: Bench) -> None:
    before = bench.proposed()
    trial = bench.store.trials.decide(
        "ba122", 1, version=1, verdict=Verdict.APPROVED, author="mika", at=later(1), reason="yes"
    )
    assert (trial.state, trial.version) == (TrialState.APPROVED, 2)
    (decision,) = bench.store.snapshot("ba122").decisions
    assert (decision.author, decision.at, decision.trial_version) == ("mika", later(1), 1)
    assert decision.seen["point"] == before.point
    assert decision.seen["prediction"] == {"trapped_field": [0.1 + 0.2, 1e-17]}


def test_an_edit_replaces_the_point_and_drops_what_was_predicted_of_the_old_one(
    bench: Bench,
) -> None:
    bench.proposed()
    trial = bench.store.trials.decide(
        "ba122", 1, version=1, verdict=Verdict.EDITED, author="mika", at=NOON, point=POINT
    )
    assert trial == bench.store.trials.get("ba122", 1)
    assert (trial.point, trial.state, trial.version) == (POINT, TrialState.PROPOSED, 2)
    assert (trial.prediction, trial.feasibility, trial.acquisition) == ({}, None, None)


def test_a_veto_keeps_its_reason_and_an_approved_trial_can_be_vetoed(bench: Bench) -> None:
    bench.approved()
    trial = bench.store.trials.decide(
        "ba122", 1, version=2, verdict=Verdict.VETOED, author="riku", at=NOON, reason="too hot"
    )
    assert (trial.state, trial.message) == (TrialState.VETOED, "too hot")


def test_a_stale_decision_is_refused_and_nothing_changes(bench: Bench) -> None:
    bench.approved()
    before = bench.store.snapshot("ba122"), bench.store.events.list("ba122")
    with pytest.raises(Conflict, match=r"version 1 was expected.*approved by mika at 2026-01-05"):
        bench.store.trials.decide(
            "ba122", 1, version=1, verdict=Verdict.VETOED, author="riku", at=NOON
        )
    assert (bench.store.snapshot("ba122"), bench.store.events.list("ba122")) == before


def test_a_decision_that_the_state_does_not_allow_names_who_decided(bench: Bench) -> None:
    bench.approved()
    for verdict, point in ((Verdict.APPROVED, None), (Verdict.EDITED, POINT)):
        with pytest.raises(Conflict, match=r"is approved and cannot be .*: approved by mika"):
            bench.store.trials.decide(
                "ba122", 1, version=2, verdict=verdict, author="riku", at=NOON, point=point
            )


def test_a_point_belongs_to_an_edit_and_to_nothing_else(bench: Bench) -> None:
    bench.proposed()
    for verdict, point in ((Verdict.APPROVED, POINT), (Verdict.EDITED, None)):
        with pytest.raises(ValueError, match="a point belongs to the verdict 'edited'"):
            bench.store.trials.decide(
                "ba122", 1, version=1, verdict=verdict, author="riku", at=NOON, point=point
            )


def test_legal_moves_are_made_and_others_refused(bench: Bench) -> None:
    bench.approved()

    def move(version: int, state: TrialState) -> None:
        bench.store.trials.move(
            "ba122", 1, version=version, state=state, author="planner", at=NOON, message="why"
        )

    for illegal in (
        TrialState.APPROVED,
        TrialState.VETOED,
        TrialState.COMPLETED,
        TrialState.PROPOSED,
    ):
        with pytest.raises(Conflict, match=f"it cannot just become {illegal}"):
            move(2, illegal)
    move(2, TrialState.RUNNING)
    with pytest.raises(Conflict, match="version 2 was expected, but it is running in version 3"):
        move(2, TrialState.ABANDONED)
    move(3, TrialState.FAILED)
    assert bench.store.trials.get("ba122", 1).message == "why"


def test_an_edit_says_who_made_it_and_from_which_point(bench: Bench) -> None:
    bench.proposed()
    edit = Ruling(1, 1, Verdict.EDITED, "cooler", POINT)
    both = bench.store.trials.decide_all(
        "ba122", [edit, Ruling(1, 2, Verdict.APPROVED, "cooler")], author="mika", at=NOON
    )
    assert (both[1].state, both[1].version, both[1].generator) == (
        TrialState.APPROVED,
        3,
        "researcher",
    )
    assert both[1].reason == (
        "edited by mika, from {second_heat: 700, hold_time: 12, route: SPS}: cooler"
    )
    assert len(bench.store.snapshot("ba122").decisions) == 2


def test_several_decisions_are_made_together_or_not_at_all(bench: Bench) -> None:
    bench.proposed(2)
    before = bench.store.snapshot("ba122")
    with pytest.raises(Conflict, match="trial 2: version 7 was expected"):
        bench.store.trials.decide_all(
            "ba122",
            [Ruling(1, 1, Verdict.APPROVED), Ruling(2, 7, Verdict.APPROVED)],
            author="mika",
            at=NOON,
        )
    assert bench.store.snapshot("ba122") == before
