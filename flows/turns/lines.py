"""How the worker's log is written: where an error came from, and what it is in our words. What a
library says of it may hold a statement of the database with all its values."""

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType

from planner.door.words import in_a_line

type _Caught = tuple[type[BaseException], BaseException, TracebackType | None]


class Lines(logging.Formatter):
    """Writes the places of a traceback as usual, and the error itself in a line."""

    def formatException(self, ei: "_Caught | tuple[None, None, None]") -> str:
        """The places, the error, and before it what led to it."""
        return "" if ei[1] is None else "".join(_told(ei[1])).rstrip("\n")


def _told(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "which led to\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{in_a_line(error)}\n"
