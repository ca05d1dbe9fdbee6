"""Who may act: people, by the names that stand beside what they do.

What the program itself writes into the record has names too. Nobody may borrow one: a decision by
``policy`` would pass for one that the review policy made. An action is a function with the mark
``@action``; it sees only names that were checked here, whatever surface called it.
"""

import inspect
import re
import unicodedata
from collections.abc import Callable
from functools import wraps
from typing import Any

from planner.executor import installed

PROGRAM = ("planner", "policy", "loop", "replay", "veto", "campaign folder")
"""What parts of the program are called in the record; so are the installed executors, the commands
(``kyoso run``) and the processes of the loop (``host:4711:0a1b2c3d``)."""
LONGEST = 64
"""Characters of a name."""
ACTIONS: dict[str, Callable[..., Any]] = {}
"""Every action of a person, by its name. What one surface can, all can: a test walks them."""
_COMMAND = re.compile(r"kyoso\b.*")
_PROCESS = re.compile(r".+:\d+:[0-9a-f]{8}")


def person(who: str) -> str:
    """The name of a person, without blanks at its ends. ValueError where none came, where it cannot
    be printed on one short line, or where it is a name of the program, in whatever spelling."""
    name = who.strip()
    if not name:
        raise ValueError("a name is missing; it stands beside what you do")
    if len(name) > LONGEST or not name.isprintable():
        raise ValueError(
            f"the name {name[:LONGEST]!r} is not allowed; take up to {LONGEST} characters that can "
            "be printed on a line"
        )
    if _is_program(name):
        raise ValueError(
            f"{name!r} is what the program calls itself in the record; take another name than "
            f"kyoso, {', '.join(PROGRAM)}, and those of executors and processes"
        )
    return name


def action[**P, R](do: Callable[P, R]) -> Callable[P, R]:
    """Mark an action of a person: it has an argument ``who``, and is refused with a ValueError
    where that is not the name of a person."""
    signature = inspect.signature(do)
    if "who" not in signature.parameters:
        raise TypeError(f"{do.__name__} is no action: it has no argument 'who'")
    act: Callable[..., R] = do

    @wraps(do)
    def by_person(*args: P.args, **kwargs: P.kwargs) -> R:
        given = signature.bind(*args, **kwargs)
        given.arguments["who"] = person(given.arguments["who"])
        return act(*given.args, **given.kwargs)

    ACTIONS[do.__name__] = by_person
    return by_person


def _is_program(name: str) -> bool:
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    if _COMMAND.fullmatch(plain) or _PROCESS.fullmatch(plain):
        return True
    return plain in PROGRAM or plain in [executor.casefold() for executor in installed()]
