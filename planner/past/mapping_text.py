"""A mapping as a file that people correct: questions as comments where their answer belongs."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.campaign.file import parse_yaml
from planner.door.files import read_text
from planner.past.mapping import Question

_PLAIN = re.compile(r"[A-Za-z_][\w.]*(?:[ -][\w.]+)*")
_RESERVED = {"yes", "no", "true", "false", "null", "on", "off", "y", "n", "none"}
HEADING = """\
# What the columns of this table mean. Guessed where nobody has corrected it;
# correct it, then: kyoso import TABLE (checks it) or kyoso replay TABLE"""
_ASK = "# ASK:"
_CONTROL = re.compile(r"[\x7f-\x9f]")
"""What JSON leaves as it is and YAML does not take."""
_NOT_OF_GOALS = {"pool", "order", "failure"}
_NESTED = ("parameters", "outcomes", "failure", "cells")


def mapping_text(content: Mapping[str, Any], questions: Sequence[Question] = ()) -> str:
    """YAML text that reads back as ``content``. Each question stands above what it asks for."""
    lines = [HEADING]
    for key, value in content.items():
        lines += _asked(questions, key, key + ".trust", indent="")
        if key in _NESTED and isinstance(value, Mapping):
            lines.append(f"{key}:")
            for name, item in value.items():
                fields = f"role.{name}", f"{key}.{name}", f"{key}.{name}.goal"
                lines += _asked(questions, *fields, indent="  ")
                lines.append(f"  {scalar(name)}: {flow(item)}")
        else:
            lines.append(f"{key}: {flow(value)}")
    rules = [q for q in questions if q.field.startswith("failure.")]
    if rules and "failure" not in content:
        lines += ["# failure:                  # which values mean that the sample failed"]
        for q in rules:
            name = q.field.removeprefix("failure.")
            lines += [f"#   # ASK: {q.text}", f"#   {scalar(name)}: {flow(q.allowed[0])}"]
    lines += [*_cells(questions), *_rows(questions)]
    text = "\n".join(lines) + "\n"
    assert parse_yaml(text) == json.loads(json.dumps(content)), "a mapping must read back"
    return text


def open_goals(mapping: Path) -> list[str]:
    """The questions that still stand in a mapping's file and bear on what is optimised over what;
    not those on who chose the conditions, on their order or on failed samples."""
    found, waiting, section = [], "", ""
    for line in read_text(mapping).splitlines():
        text = line.strip()
        if text.startswith(_ASK):
            waiting = text.removeprefix(_ASK).strip()
        elif text and not text.startswith("#"):
            name = text.split(":")[0]
            section = section if line.startswith(" ") else name
            if waiting and section not in _NOT_OF_GOALS:
                found.append(f"{section}.{name}: {waiting}" if line.startswith(" ") else waiting)
            waiting = ""
    return found


def _cells(questions: Sequence[Question]) -> list[str]:
    """What to write about cells that only a person can explain."""
    asked = [q for q in questions if q.field.partition(".")[0] in ("cells", "marks", "value")]
    lines = ["# cells:                    # what cells stand for"] if asked else []
    for q in asked:
        column = scalar(q.field.partition(".")[2])
        lines += [f"#   # ASK: {' '.join(q.text.split())}", f'#   {column}: {{"CELL": left out}}']
    return lines


def _rows(questions: Sequence[Question]) -> list[str]:
    """What to write about rows of another width."""
    return [line for q in questions if q.field == "ragged_rows"
            for line in (f"# ASK: {q.text}", "# ragged_rows: left out")]  # fmt: skip


def _asked(questions: Sequence[Question], *fields: str, indent: str) -> list[str]:
    found = [q for q in questions if q.field in fields]
    return [
        f"{indent}{_ASK} {' '.join(q.text.split())}"
        + (f" ({' | '.join(q.allowed)})" if q.allowed else "")
        for q in found
    ]


def flow(value: Any) -> str:
    """Plain data on one line of YAML."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, value)) + "]"
        case str():
            return scalar(value)
    return json.dumps(value)


def scalar(text: str) -> str:
    """A word as it is where YAML takes it for that word, else in quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED and text.isascii():
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _CONTROL.sub(lambda mark: f"\\x{ord(mark[0]):02x}", quoted)
