"""Every planner of a replay keeps the contract."""

from executors.testing import ReplayPlannerContract
from planner.replay.planners import MAKERS, FloorPlanner, Kyoso


class TestKyoso(ReplayPlannerContract):
    make = Kyoso


class TestFloor(ReplayPlannerContract):
    make = FloorPlanner


def test_no_planner_is_left_out() -> None:
    assert set(MAKERS.values()) == {TestKyoso.make, TestFloor.make}
