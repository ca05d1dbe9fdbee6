"""When the next turn comes."""

from flows.turns.timetable import LONGEST, SOON, Appointment, after_turn, is_due
from planner.loop.turn import Turn

QUIET, MOVED, TROUBLE = Turn(), Turn(proposed=1), Turn(problems=("the furnace is off",))


def quiet_for(turns: int, slot: Appointment | None = None, now: float = 100.0) -> Appointment:
    slot = slot or Appointment()
    for _ in range(turns):
        slot = after_turn(slot, QUIET, 7, 7, now)
    return slot


def test_a_new_campaign_is_due_at_once() -> None:
    assert is_due(Appointment(), last_event=0, now=0.1)


def test_where_something_moved_the_next_turn_comes_soon() -> None:
    slot = after_turn(quiet_for(9), MOVED, before=7, after=9, now=100.0)
    assert not is_due(slot, 9, 100.0 + SOON - 0.01)
    assert is_due(slot, 9, 100.0 + SOON)


def test_pauses_grow_up_to_the_longest() -> None:
    pauses = [quiet_for(n).latest - 100.0 for n in range(1, 9)]
    assert pauses == sorted(pauses)
    assert pauses[0] == 2 * SOON
    assert pauses[-1] == LONGEST


def test_an_event_pokes_a_sleeping_campaign() -> None:
    slot = quiet_for(9)
    assert not is_due(slot, last_event=7, now=101.0)
    assert is_due(slot, last_event=8, now=101.0)


def test_what_was_written_during_a_turn_is_still_news() -> None:
    slot = after_turn(Appointment(), QUIET, before=7, after=8, now=100.0)
    assert is_due(slot, last_event=8, now=100.0 + SOON)


def test_the_complaints_of_the_loop_itself_are_no_news() -> None:
    for turn in (TROUBLE, None, Turn(proposed=1, problems=("the model failed",))):
        slot = after_turn(quiet_for(3), turn, before=7, after=8, now=100.0)
        assert not is_due(slot, last_event=8, now=100.0 + SOON)
        assert is_due(slot, last_event=9, now=100.0 + SOON)  # but a person is heard
