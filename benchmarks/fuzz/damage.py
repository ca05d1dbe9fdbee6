"""Damage to a file: the same random numbers give the same damage."""

import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

ODD = ["", "-1", "0", "nan", "inf", "1e999", "-1e-999", "9" * 400, "null", "true", "[]", "{}", "*a",
       "&a", "=1+1", "<b>", "../x", "\u0000", "\u202e", "温", "1,5", "1e5 T", "1/0", "__proto__",
       "%s", "0x" + "f" * 300, "2026-99-99", "~", "- - -", "'", '"', "#", "a" * 5000]  # fmt: skip
"""Words that programs stumble over."""


type Change = Callable[[bytes, random.Random], bytes]


def damaged(content: bytes, dice: random.Random) -> bytes:
    """The content with one to four damages of its kind."""
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        content = _once(content, dice)
    return content


def _once(content: bytes, dice: random.Random) -> bytes:
    if len(content) < 2:
        return content + b"\n"
    if content[:2] == b"PK" and dice.random() < 0.7:
        return _in_archive(content, dice)
    if content[:1] in b"[{" and dice.random() < 0.6:
        return _in_json(content, dice)
    is_text = b"\0" not in content[:1000]
    change: Change = dice.choice(TEXT if is_text and dice.random() < 0.7 else BYTES)
    return change(content, dice)


def _flip(content: bytes, dice: random.Random) -> bytes:
    raw = bytearray(content)
    for _ in range(dice.choice((1, 3, 20))):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    return bytes(raw)


def _cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(1, len(content))]


def _repeat(content: bytes, dice: random.Random) -> bytes:
    start, length = dice.randrange(len(content)), dice.choice((1, 10, 100))
    part = content[start : start + length]
    return content[:start] + part * dice.choice((2, 10, 200)) + content[start:]


def _leave_out(content: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(content))
    return content[:start] + content[start + dice.choice((1, 4, 50)) :] or b"\n"


def _number(content: bytes, dice: random.Random) -> bytes:
    """Another four or eight bytes somewhere: what a size or a place may be in a binary file."""
    start, size = dice.randrange(len(content)), dice.choice((4, 8))
    value: int = dice.choice((0, 1, 2**31 - 1, 2**32 - 1, 2**63, 2**64 - 1)) % 256**size
    return content[:start] + value.to_bytes(size, "little") + content[start + size :]


def _word(content: bytes, dice: random.Random) -> bytes:
    text = content.decode("utf-8", "replace")
    words = list(re.finditer(r"[\w.+-]+", text))
    if not words:
        return _flip(content, dice)
    place, other = dice.choice(words), dice.choice([*ODD, dice.choice(words)[0]])
    return (text[: place.start()] + other + text[place.end() :]).encode()


def _line(content: bytes, dice: random.Random) -> bytes:
    lines = content.split(b"\n")
    at, other = dice.randrange(len(lines)), dice.choice(lines)
    changed = dice.choice(([], [other], [lines[at]] * 2, [lines[at], other], [b"  " + lines[at]]))
    return b"\n".join([*lines[:at], *changed, *lines[at + 1 :]]) or b"\n"


def _between(content: bytes, dice: random.Random) -> bytes:
    marks = [i for i, byte in enumerate(content) if byte in b",;:\t=[]{}"] or [0]
    at = dice.choice(marks)
    return content[:at] + dice.choice(b",;:\t=[]{}\n").to_bytes() + content[at + 1 :]


BYTES: list[Change] = [_flip, _cut, _repeat, _leave_out, _number]
TEXT: list[Change] = [_word, _word, _line, _between, _cut, _repeat]


def _in_archive(content: bytes, dice: random.Random) -> bytes:
    """Damage in one part of an archive that is sound again afterwards."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as old:
            parts = {name: old.read(name) for name in old.namelist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError):
        return _flip(content, dice)
    name = dice.choice([n for n, part in parts.items() if part] or [""])
    if not name:
        return _flip(content, dice)
    parts[name] = _once(parts[name], dice)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", dice.choice((0, 8))) as new:
        for part, inside in parts.items():
            if dice.random() > 0.02:
                new.writestr(part, inside)
    return stream.getvalue()


def _in_json(content: bytes, dice: random.Random) -> bytes:
    """Another value somewhere in a tree."""
    try:
        tree = json.loads(content)
    except ValueError:
        return _flip(content, dice)
    places: list[tuple[Any, Any]] = []
    _walk(tree, places)
    if not places:
        return _flip(content, dice)
    holder, key = dice.choice(places)
    other: Any = dice.choice(
        [*ODD, None, True, -1, 0, 1e308, 2**70, [], {}, [[1]], {"a": 1}, holder]
    )
    if dice.random() < 0.2:
        del holder[key]
    else:
        holder[key] = json.loads(json.dumps(other))
    return json.dumps(tree).encode()


def _walk(tree: Any, places: list[tuple[Any, Any]]) -> None:
    keys = list(tree) if isinstance(tree, dict) else range(len(tree))
    for key in keys:
        places.append((tree, key))
        if isinstance(tree[key], dict | list):
            _walk(tree[key], places)
