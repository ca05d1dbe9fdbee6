"""JSON as a table: lines or lists of objects, columns by name, and the snapshots of Ax."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.door.bounds import DEPTH, check_size
from planner.door.json_text import parse_json
from planner.door.refused import Refused, about
from planner.door.words import said
from planner.tables.baybe import NOT_OPENED, is_baybe
from planner.tables.table import Finding, HistoryError, Table

_AX_STATUS = {"FAILED": "failed", "ABANDONED": "abandoned", "COMPLETED": "completed",
              "EARLY_STOPPED": "abandoned"}  # fmt: skip


def table_of_json(path: Path, text: str) -> Table:
    """A table from JSON. HistoryError where it holds none."""
    try:
        content = parse_json(text)
    except Refused:
        if not text.lstrip().startswith("{"):
            raise
        return _from_objects(path, _lines(path, text), "JSON lines")
    if isinstance(content, Mapping):
        experiment = content.get("experiment")
        if isinstance(experiment, Mapping) and "trials" in experiment:
            return _whole(path, experiment)
        if is_baybe(content):
            raise HistoryError(f"{path.name}: {NOT_OPENED}")
        if content and all(isinstance(v, Mapping | list) for v in content.values()):
            return _from_columns(path, content)
        content = [content]
    if not isinstance(content, list) or not all(isinstance(c, Mapping) for c in content):
        raise HistoryError(f"{path.name}: this JSON is no list of objects, so it is no table")
    return _from_objects(path, list(enumerate(content, 1)), "JSON")


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


def _whole(path: Path, experiment: Mapping[str, Any]) -> Table:
    """An Ax snapshot. HistoryError where parts of it are missing or of another kind."""
    try:
        return _from_ax(path, experiment)
    except (HistoryError, Refused):
        raise
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        lacking = f"{said(error)} is missing" if isinstance(error, LookupError) else said(error)
        raise HistoryError(f"{path.name}: this Ax snapshot is damaged ({lacking})") from error


def _from_ax(path: Path, experiment: Mapping[str, Any]) -> Table:
    """The trials of an Ax snapshot (``Client.save_to_json_file``) with what was observed."""
    settings = [p["name"] for p in experiment["search_space"]["parameters"]]
    observed = _ax_observations(experiment.get("data_by_trial") or {})
    metrics = list(dict.fromkeys(name for found in observed.values() for name, _ in found))
    spreads = [m for m in metrics if any(observed[k][m, "sem"] is not None
               for k in observed if (m, "sem") in observed[k])]  # fmt: skip
    columns = ["trial_index", "status", *settings, *metrics, *(f"{m}_sem" for m in spreads)]
    check_size(len(experiment["trials"]), len(columns))
    rows: list[tuple[int, tuple[str, ...]]] = []
    for key, trial in experiment["trials"].items():
        for arm in _arms(trial):
            check_size(len(rows), len(columns))
            found = observed.get(str(key), {})
            cells = [key, _AX_STATUS.get(trial["status"]["name"], "pending")]
            cells += [arm["parameters"].get(name, "") for name in settings]
            cells += [found.get((m, "mean")) for m in metrics]
            cells += [found.get((m, "sem")) for m in spreads]
            rows.append((len(rows) + 1, tuple("" if c is None else str(c) for c in cells)))
    if not rows:
        raise HistoryError(f"{path.name}: this Ax experiment has no trials")
    goal = (experiment.get("optimization_config") or {}).get("objective", {}).get("expression", "")
    small = [m for m in metrics if f"-{m}" in goal.replace(" ", "").split(",")]
    hints = {"trial_index": "order", "status": "status", **dict.fromkeys(settings, "parameter"),
             **{m: "outcome:minimize" if m in small else "outcome:maximize" if m in goal
                else "outcome" for m in metrics},
             **{f"{m}_sem": f"standard error of {m}" for m in spreads}}  # fmt: skip
    note = Finding("format", f"read as an Ax snapshot: {len(rows)} trials", "note")
    return Table(path.name, tuple(columns), tuple(rows), hints=hints, findings=(note,), format="Ax")


def _arms(trial: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    run = trial.get("generator_run")
    runs = [run] if run else [s["generator_run"] for s in trial.get("generator_run_structs", [])]
    return [arm for run in runs for arm in run["arms"]]


def _ax_observations(data: Mapping[str, Any]) -> dict[str, dict[tuple[str, str], Any]]:
    """By trial, (metric, ``mean`` or ``sem``) and its number."""
    found: dict[str, dict[tuple[str, str], Any]] = {}
    for trial, ordered in data.items():
        for _, entry in ordered.get("value", []):
            frame = parse_json(entry["df"]["value"])
            for i, metric in frame["metric_name"].items():
                for kind in ("mean", "sem"):
                    found.setdefault(str(trial), {})[metric, kind] = frame[kind][i]
    return found
