"""What Prefect is told of a turn."""

from concurrent.futures import Future

from flows.turns.flow import _state
from planner.loop.turn import Turn


def made(turn: Turn | None = None, error: Exception | None = None) -> Future[Turn]:
    future: Future[Turn] = Future()
    if error:
        future.set_exception(error)
    else:
        future.set_result(turn or Turn())
    return future


def test_a_turn_is_completed_with_its_description() -> None:
    state = _state(made(Turn(proposed=2)))
    assert state.is_completed()
    assert "2 proposed" in state.message


def test_an_error_is_a_failed_state_with_its_name() -> None:
    state = _state(made(error=OSError("the disk is full")))
    assert state.is_failed()
    assert state.message == "OSError: the disk is full"
