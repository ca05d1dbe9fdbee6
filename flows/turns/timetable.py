"""When a campaign has its next turn: soon after news, else at pauses that grow. Pure: the time is
an argument.

News are events in our own record, whoever wrote them: the panel and the command line poke the loop
by what they do, and know nothing of it.
"""

from dataclasses import dataclass

from planner.loop.turn import Turn

SOON = 0.5
"""Seconds between two turns at least, and the first pause after something happened."""
LONGEST = 20.0
"""Seconds between two turns at most; well below a job's lease of 60 s."""


@dataclass(frozen=True)
class Appointment:
    """The place of one campaign in the timetable; a new one is due at once."""

    seen: int = 0
    """The last event that its turns have taken into account."""
    pause: float = SOON
    earliest: float = 0.0
    """Before this time not even news bring a turn."""
    latest: float = 0.0
    """At this time there is a turn without any news."""


def is_due(slot: Appointment, last_event: int, now: float) -> bool:
    """Whether it is time for a turn."""
    return now >= slot.latest or (last_event > slot.seen and now >= slot.earliest)


def after_turn(
    slot: Appointment, turn: Turn | None, before: int, after: int, now: float
) -> Appointment:
    """The next slot, from the last events before and after a turn; ``turn`` is None if it raised.

    What others wrote during a turn it may not have seen, so it counts as news. After trouble it
    does not: the complaints of the loop itself would bring the next turn at once, for ever.
    """
    trouble = turn is None or bool(turn.problems)
    moved = turn is not None and turn.moved and not trouble
    pause = SOON if moved else min(2 * slot.pause, LONGEST)
    return Appointment(after if trouble else before, pause, now + SOON, now + pause)
