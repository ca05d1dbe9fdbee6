"""JSON from outside: as many values as fit into memory, and complaints in plain words."""

import json
from typing import Any

from planner.door.bounds import LONGEST_NUMBER, VALUES
from planner.door.refused import Refused


def parse_json(text: str, values: int = VALUES) -> Any:
    """Plain data. Refused where the text is none, or holds too much.

    >>> parse_json('{"a": [1, 2]}')
    {'a': [1, 2]}
    """
    most = sum(text.count(mark) for mark in ",[{")  # every value but the first follows one of these
    if most > values:
        raise Refused(f"holds about {most} values; at most {values} are read")
    try:
        return json.loads(text, parse_int=_whole)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Refused(f"is no JSON ({place}: {error.msg.lower()})") from error
    except RecursionError as error:
        raise Refused("is nested too deeply") from error


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER // 4:
        raise Refused("holds a whole number of too many digits")
    return int(digits)
