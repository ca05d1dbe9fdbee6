"""A table that somebody pasted, or keeps in a file, as conditions to inject: every row is checked
before any is added. Pure."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from planner.campaign.campaign import Campaign
from planner.campaign.values import Point, Value
from planner.record.record import Record
from planner.tables.formulas import meant

REASON = ("reason", "note", "comment", "because")
"""Headings of a column that says why."""
_WITH_UNIT = re.compile(r"(.+?)\s*[(\[](.+)[)\]]\s*")


@dataclass(frozen=True)
class PastedLine:
    """One line of the table, checked."""

    line: int
    """Counted from 1, the heading included."""
    cells: dict[str, str]
    reason: str = ""
    point: Point | None = None
    """None where something is wrong."""
    problem: str = ""
    twin: int | None = None
    """A trial of the same point; to repeat it may well be meant."""


def read_conditions(campaign: Campaign, record: Record, text: str) -> list[PastedLine]:
    """The lines below the heading, separated by tabs, semicolons or commas.

    ValueError where the heading is not understood.
    """
    from planner.space.encoding import keeps_fixed, key  # numpy, only where it is needed

    lines = [(i, line) for i, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) < 2:
        raise ValueError("a heading and at least one line below it are needed")
    mark = next((m for m in "\t;," if m in lines[0][1]), ",")
    reader = csv.reader(io.StringIO("\n".join(line for _, line in lines)), delimiter=mark)
    parsed = [[meant(cell.strip()) for cell in cells] for cells in reader]
    columns = _columns(campaign, parsed[0])
    here = [t for t in record.trials if _fits(campaign, t.point) and keeps_fixed(campaign, t.point)]
    known = {key(campaign, t.point): t.number for t in here}
    return [
        _row(campaign, columns, number, cells, known)
        for (number, _), cells in zip(lines[1:], parsed[1:], strict=False)
    ]


def _columns(campaign: Campaign, headings: list[str]) -> list[tuple[str, str]]:
    """Name and unit of each column."""
    columns = [_column(campaign, text.strip().lstrip("\ufeff")) for text in headings]
    names = [name for name, _ in columns]
    missing = [name for name in campaign.free if name not in names]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"the heading has {', '.join(sorted(doubled))} twice")
    if missing:
        raise ValueError(f"the heading lacks {', '.join(missing)}")
    return columns


def _column(campaign: Campaign, text: str) -> tuple[str, str]:
    if text in campaign.parameters:
        return text, ""
    if text.lower() in REASON:
        return "reason", ""
    match = _WITH_UNIT.fullmatch(text)
    if match and match.group(1) in campaign.parameters:
        same = match.group(2) == campaign.unit(match.group(1)).strip("[]")
        return match.group(1), "" if same else match.group(2)
    allowed = ", ".join(campaign.free)
    raise ValueError(f"the heading {text!r} is not a parameter; there are {allowed} (and 'reason')")


def _row(
    campaign: Campaign,
    columns: list[tuple[str, str]],
    line: int,
    cells: list[str],
    known: Mapping[tuple[Value, ...], int],
) -> PastedLine:
    from planner.space.encoding import key

    pairs = dict(zip((name for name, _ in columns), cells, strict=False))
    if len(cells) > len(columns):
        return PastedLine(
            line, pairs, problem=f"{len(cells)} cells came for {len(columns)} columns"
        )
    values = {
        name: f"{cell} {unit}".rstrip()
        for (name, unit), cell in zip(columns, cells, strict=False)
        if cell and name in campaign.parameters
    }
    reason = "" if "reason" in campaign.parameters else pairs.get("reason", "")
    try:
        point = campaign.complete(values)
    except ValueError as error:
        return PastedLine(line, pairs, reason, problem=str(error))
    return PastedLine(line, pairs, reason, point, twin=known.get(key(campaign, point)))


def _fits(campaign: Campaign, point: Point) -> bool:
    return set(campaign.free) <= set(point)
