"""The checksum of an exported record: whether it is what was exported, and where it is not.

It tells a change by mistake or by hand. It is no signature: who changes the record may write a new
checksum too.
"""

import hashlib
import json
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

_SHOWN = 5
"""Records that a message names of one kind."""


def checksum(content: Mapping[str, Any]) -> dict[str, Any]:
    """SHA-256 of every record by kind, and of all of them together."""
    records = {
        kind: [_digest(record) for record in (told if isinstance(told, list) else [told])]
        for kind, told in content.items()
    }
    return {"sha256": _digest(records), "records": records}


def differences(content: Mapping[str, Any], told: Any) -> list[str]:
    """What is not as the checksum says, in words; nothing where all is."""
    found = checksum(content)
    if not isinstance(told, Mapping) or not isinstance(told.get("records"), Mapping):
        return ["the checksum itself"]
    kinds = dict.fromkeys([*told["records"], *found["records"]])
    changed = [
        _difference(kind, found["records"].get(kind, []), told["records"].get(kind, []))
        for kind in kinds
    ]
    if lines := [line for line in changed if line]:
        return lines
    return [] if found["sha256"] == told.get("sha256") else ["the checksum itself"]


def _difference(kind: str, found: list[str], told: Any) -> str:
    told = told if isinstance(told, list) else []
    if len(found) != len(told):
        return f"{kind}: {len(found)} came, {len(told)} were exported"
    pairs = enumerate(zip_longest(found, told), 1)
    places = [str(i) for i, (now, before) in pairs if now != before]
    if not places:
        return ""
    if len(found) == 1:
        return kind
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    return f"{kind}: record {', '.join(places[:_SHOWN])}{more} of {len(found)}"


def _digest(content: Any) -> str:
    """Of the content and not of its spelling: the order of the keys of a point counts, blanks do
    not."""
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
