"""JSON as a table: lines or lists of objects, columns by name, and the snapshots of Ax."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from planner.door.bounds import DEPTH, check_size
from planner.door.json_text import parse_json
from planner.door.refused import Refused, about
from planner.door.words import said
from planner.tables.declaration import Declaration
from planner.tables.others import ax, baybe, bofire, optuna
from planner.tables.table import Finding, HistoryError, Table


def table_of_json(path: Path, text: str) -> Table:
    """A table from JSON. HistoryError where it holds none."""
    try:
        content = parse_json(text)
    except Refused:
        if not text.lstrip().startswith("{"):
            raise
        lines = _lines(path, text)
        if optuna.is_journal(lines):
            return optuna.table_of_journal(path.name, lines)
        return _from_objects(path, lines, "JSON lines")
    if isinstance(content, Mapping):
        if ax.is_snapshot(content):
            return ax.table_of_snapshot(path.name, content)
        if (kind := _campaign_alone(content)) is not None:
            raise HistoryError(f"{path.name}: {kind.way_out.format(name=path.name)}")
        if content and all(isinstance(v, Mapping | list) for v in content.values()):
            return _from_columns(path, content)
        content = [content]
    if not isinstance(content, list) or not all(isinstance(c, Mapping) for c in content):
        raise HistoryError(f"{path.name}: this JSON is no list of objects, so it is no table")
    return _from_objects(path, list(enumerate(content, 1)), "JSON")


def declaration_of_json(path: Path, text: str) -> tuple[Declaration, list[Finding]] | None:
    """What a file says of a campaign of which the experiments stand elsewhere; None where it is no
    such file. HistoryError where it is damaged."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        content = parse_json(text)
    except Refused:
        return None  # lines of JSON: a table
    if not isinstance(content, Mapping) or (kind := _campaign_alone(content)) is None:
        return None
    try:
        return kind.declaration_of(content)
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise HistoryError(f"{path.name}: this campaign is damaged ({said(error)})") from error


class _CampaignFile(NamedTuple):
    """A kind of file that says what a campaign is and holds no experiments that can be read."""

    fits: Callable[[Mapping[str, Any]], bool]
    declaration_of: Callable[[Mapping[str, Any]], tuple[Declaration, list[Finding]]]
    way_out: str


_CAMPAIGNS = (
    _CampaignFile(baybe.is_campaign, baybe.declaration_of, baybe.WAY_OUT),
    _CampaignFile(bofire.is_domain, bofire.declaration_of, bofire.WAY_OUT),
)


def _campaign_alone(content: Mapping[str, Any]) -> _CampaignFile | None:
    return next((kind for kind in _CAMPAIGNS if kind.fits(content)), None)


def _lines(path: Path, text: str) -> list[tuple[int, Mapping[str, Any]]]:
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        with about(f"{path.name}: row {number}"):
            content = parse_json(line)
        if not isinstance(content, Mapping):
            raise HistoryError(f"{path.name}: row {number} is no JSON object")
        rows.append((number, content))
    return rows


def _from_objects(path: Path, objects: Sequence[tuple[int, Mapping[str, Any]]], form: str) -> Table:
    flat = [(number, _flat(content)) for number, content in objects]
    if not flat:
        raise HistoryError(f"{path.name}: the table is empty")
    columns = list(dict.fromkeys(name for _, row in flat for name in row))
    check_size(len(flat), len(columns))
    rows = tuple((n, tuple(row.get(name, "") for name in columns)) for n, row in flat)
    lacking = tuple(n for n, row in flat if len(row) < len(columns))
    found = [Finding("missing-keys", "objects lack keys that others have", "note", rows=lacking)]
    return Table(path.name, tuple(columns), rows, findings=tuple(found if lacking else []),
                 format=form)  # fmt: skip


def _from_columns(path: Path, content: Mapping[str, Any]) -> Table:
    """Columns as lists, or as objects by row (the way pandas writes a table)."""
    lists = {n: list(v.values()) if isinstance(v, Mapping) else v for n, v in content.items()}
    sizes = {len(v) for v in lists.values()}
    check_size(max(sizes), len(lists))
    if len(sizes) != 1:
        raise HistoryError(f"{path.name}: the columns of this JSON are of different length")
    rows = [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]
    return _from_objects(path, list(enumerate(rows, 1)), "JSON columns")


def _flat(content: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, str]:
    """``{"a": {"b": 1}}`` as ``{"a.b": "1"}``."""
    if depth > DEPTH:
        raise Refused(f"nests objects more than {DEPTH} levels deep; so deep is not read")
    flat: dict[str, str] = {}
    for name, value in content.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{before}{name}.", depth + 1)
        elif isinstance(value, bool):
            flat[before + name] = str(value).lower()
        elif isinstance(value, list):
            flat[before + name] = "; ".join(map(str, value))
        else:
            flat[before + name] = "" if value is None else str(value)
    return flat
