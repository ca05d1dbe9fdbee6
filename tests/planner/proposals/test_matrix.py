"""In no kind of campaign does the planner end outside the model without a reason that is written
down: every two sides of a campaign and its record meet. ``make bench-matrix`` has more of them."""

import random

import pytest

from benchmarks.matrix import Cell, answer, campaign_of, covering, record_of
from planner.proposals.proposer import propose

pytestmark = pytest.mark.timeout(400)


@pytest.mark.parametrize("cell", covering(random.Random(0), together=2), ids=str)
def test_the_model_plans_or_says_why_not(cell: Cell) -> None:
    told = answer(cell)
    if cell.failed == "all but one":
        assert told.startswith("first design: space-filling: ")
        assert " of 2 results of y0 had come, which a model needs (" in told
    else:
        assert told == "model"


def test_points_of_a_pool_are_not_valued_in_all_their_combinations() -> None:
    """Eight at once of two objectives would be 255 joint gains of each candidate."""
    cell = Cell(2, "none", "none", "none", "sampled", "some", "some", "none", 3)
    campaign = campaign_of(cell)
    past = record_of(cell, campaign)
    assert len({str(p.point) for p in propose(campaign, past, 8, seed=1)}) == 8
