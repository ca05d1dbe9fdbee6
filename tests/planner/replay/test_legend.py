"""What the report of a replay says of its own words."""

from planner.replay.legend import LEGEND
from planner.replay.page import POOL, WALKED
from planner.replay.values import PlannerComparison


def test_every_heading_of_the_figures_has_a_sentence() -> None:
    assert {*POOL, *WALKED} == set(LEGEND)


def test_an_interval_of_shares_stays_within_one() -> None:
    found = PlannerComparison(
        planner="kyoso", against="random", measure="share_of_top", experiments=9,
        difference=0.5, interval_95=(-0.4, 1.4), verdict="no difference shown",
    )  # fmt: skip
    assert found.interval_95 == (-0.4, 1.0)
