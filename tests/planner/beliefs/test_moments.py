"""Claims that are made after results: what these say for them counts once, in their author's mind."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from planner.beliefs.credence import weigh
from planner.beliefs.ledger import ledger
from planner.beliefs.moments import known_when_made
from planner.beliefs.weighing import Weighing
from planner.campaign.campaign import Campaign
from planner.record.record import Observation, Record
from tests.planner.beliefs.test_credence import THERE, bowl, record_of_observations, seen

MORNING = datetime(2026, 1, 1, tzinfo=UTC)
NOON = MORNING + timedelta(hours=12)
"""Results of the tests came in the morning."""


def record(campaign: Campaign, results: list[Observation], late: int = 0) -> Record:
    """The last ``late`` results came in the evening."""
    found = record_of_observations(campaign, results)
    evening = {o.trial for o in results[len(results) - late :]}
    return Record(
        found.trials,
        results=tuple(
            r.model_copy(update={"at": NOON + timedelta(hours=9)}) if r.trial in evening else r
            for r in found.results
        ),
    )


def around_the_best(results: list[Observation], **more: Any) -> Campaign:
    """The claim of someone who has looked at the results."""
    top = max(results, key=lambda o: o.values["good"][0]).point
    within = {n: [max(float(u) - 0.15, 0), min(float(u) + 0.15, 1)] for n, u in top.items()}
    return bowl({"kind": "region", "within": within, **more})


def noise(n: int, seed: int) -> list[Observation]:
    rng = np.random.default_rng(seed)
    return [
        Observation(o.trial, o.point, {"good": (float(v), None), "bad": (0.1 * float(w), None)})
        for o, v, w in zip(seen(n, seed), *rng.standard_normal((2, n)), strict=True)
    ]


@pytest.mark.parametrize("results", [seen(12), noise(12, 1), noise(12, 2)])
def test_results_do_not_reward_a_claim_that_they_suggested(results: list[Observation]) -> None:
    early, late = around_the_best(results), around_the_best(results, made=NOON)
    (one,), (other,) = (weigh(c, record(c, results)) for c in (early, late))
    assert one.credence > 0.5
    assert other.credence == pytest.approx(0.5)
    assert other.made_after == 12


def test_later_results_count() -> None:
    results = seen(30)
    campaign = around_the_best(results, made=NOON)
    (before,), (after,) = (
        weigh(campaign, record(campaign, results[:n], late=n - 12)) for n in (12, 30)
    )
    assert before.credence == pytest.approx(0.5)
    assert after.credence > 0.55


def test_what_spoke_against_a_claim_when_it_was_made_counts() -> None:
    early, late = bowl(THERE), bowl({**THERE, "made": NOON})
    (one,), (other,) = (weigh(c, record(c, seen(20))) for c in (early, late))
    assert other.credence == one.credence < 0.2


def test_without_a_moment_the_morning_of_the_first_day_stands_for_it() -> None:
    for start, known in ((date(2026, 1, 1), 8), (date(2025, 12, 31), 0), (None, 0)):
        campaign = bowl({**THERE, "start": start})
        (trials,) = known_when_made(campaign, record(campaign, seen(8))).values() or [()]
        assert len(trials) == known


def test_a_corrected_value_is_no_new_result() -> None:
    campaign = bowl({**THERE, "made": NOON})
    found = record(campaign, seen(8), late=8)
    corrected = [r.model_copy(update={"supersedes": 1}) for r in found.results]
    for results, known in ((found.results, 0), (tuple(corrected), 8)):
        (trials,) = known_when_made(campaign, Record(found.trials, results=results)).values()
        assert len(trials) == known


def test_the_ledger_says_after_how_many_results_a_claim_was_made() -> None:
    results = seen(12)
    campaign = around_the_best(results, made=NOON)
    (entry,) = ledger(campaign, record(campaign, results), MORNING.date()).hypotheses
    assert entry.made_after == 12
    assert entry.probability_when_made is not None
    assert entry.evidence.startswith(
        f"made after 12 results ({entry.probability_when_made:.0%} by the model then), which may "
        "have suggested it: only what came later counts for it"
    )


def test_what_is_taken_off_does_not_come_back_with_results_that_say_nothing_more() -> None:
    (claim,) = bowl(THERE).hypotheses
    early = Weighing(claim, results=5, before=0.1, after=0.4)
    later = Weighing(claim, results=20, before=0.1, after=0.4, early=early)
    assert later.trust > early.trust
    assert later.credence == pytest.approx(later.prior)
    assert later.support == 0.0
