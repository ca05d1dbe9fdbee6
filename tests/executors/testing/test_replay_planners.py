"""Every planner of a replay keeps the contract."""

from executors.testing import ReplayPlannerContract
from planner.replay.planners import MAKERS, Floor, Kyoso


class TestKyoso(ReplayPlannerContract):
    make = Kyoso


class TestFloor(ReplayPlannerContract):
    make = Floor


def test_no_planner_is_left_out() -> None:
    assert set(MAKERS.values()) == {TestKyoso.make, TestFloor.make}
