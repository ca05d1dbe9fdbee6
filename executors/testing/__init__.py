"""What tests of plug-ins are written with: a contract for each kind, and a small laboratory.

A contract is a class of tests. A plug-in's own tests inherit it and say how to make the thing::

    from executors.testing import ExecutorContract

    class TestFurnace(ExecutorContract):
        def make(self, folder):
            return Furnace(folder, port=8000)

``pytest.register_assert_rewrite("executors.testing")`` in conftest.py gives messages with values.
Nothing here may be imported at run time.
"""

from executors.testing.executor import ExecutorContract
from executors.testing.hypothesis import HypothesisContract
from executors.testing.learner import LearnerContract
from executors.testing.map_reader import MapReaderContract
from executors.testing.replay_planner import ReplayPlannerContract
from executors.testing.stack_reader import StackReaderContract
from executors.testing.table_reader import TableReaderContract

__all__ = [
    "ExecutorContract",
    "HypothesisContract",
    "LearnerContract",
    "MapReaderContract",
    "ReplayPlannerContract",
    "StackReaderContract",
    "TableReaderContract",
]
