"""What one process makes of one order, whatever the work does."""

import pickle
from typing import Any

import pytest

from executors.computation.worker import Died, WarmProcess, _pickled_answer, attempt
from planner.executor import Abandoned, Finished, WorkOrder

ORDER = WorkOrder("a/1/s", "a", 1, "s", {"x": 0.5}, {"f": "T"}, ("f",))


def finished(order: WorkOrder) -> Finished:
    return Finished(())


def unsendable(order: WorkOrder) -> Any:
    answer = Finished(())
    object.__setattr__(answer, "measurements", lambda: None)
    return answer


def test_an_answer_is_passed_on() -> None:
    assert attempt(finished, ORDER) == Finished(())
    assert pickle.loads(_pickled_answer(pickle.dumps(finished), ORDER)) == Finished(())


def test_an_exception_is_a_technical_fault() -> None:
    assert attempt(lambda order: 1 / 0, ORDER) == Abandoned("ZeroDivisionError: division by zero")


def test_what_is_no_answer_is_said() -> None:
    answer = attempt(lambda order: 3, ORDER)
    assert answer == Abandoned("Finished, Failed or Abandoned was expected, not 3")


def test_an_answer_that_cannot_be_sent_is_abandoned() -> None:
    answer = pickle.loads(_pickled_answer(pickle.dumps(unsendable), ORDER))
    assert isinstance(answer, Abandoned)
    assert "pickle" in answer.why


def test_work_that_cannot_be_loaded_is_abandoned() -> None:
    answer = pickle.loads(_pickled_answer(b"", ORDER))
    assert answer == Abandoned("EOFError: Ran out of input")


def test_a_retired_process_starts_no_more() -> None:
    process = WarmProcess(pickle.dumps(finished))
    process.retire()
    with pytest.raises(Died, match="retired"):
        process.start()
