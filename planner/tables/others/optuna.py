"""Optuna: the table of a study (``Study.trials_dataframe``), and its journal of JSON lines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from planner.door.bounds import check_size
from planner.door.json_text import parse_json
from planner.door.words import said
from planner.tables.declaration import Declaration, of_levels, of_setting
from planner.tables.others.rows import own_name, with_states
from planner.tables.table import Finding, HistoryError, Table

STATES = {"COMPLETE": "completed", "FAIL": "failed", "PRUNED": "abandoned", "RUNNING": "pending",
          "WAITING": "pending"}  # fmt: skip
_BY_NUMBER = ("RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING")
"""States as the journal counts them, from 0."""
_DIRECTIONS = {1: "minimize", 2: "maximize"}
_VALUE = re.compile(r"value|values_.+")
_CREATE_STUDY = 0


def as_trials(table: Table) -> Table | None:
    """The table of a study, with what its columns are; None where it is another."""
    if not {"number", "state"} <= set(table.columns) or not any(
        map(_VALUE.fullmatch, table.columns)
    ):
        return None
    renamed = _plainly(table)
    hints = dict(zip(renamed.columns, map(_role, table.columns), strict=True))
    if "outcome" not in hints.values() or "parameter" not in hints.values():
        return None
    text = (
        "read as trials of Optuna; the table holds no bounds (those of the rows are taken) and no "
        "directions (asked); a journal (JournalStorage) has both"
    )
    notes = [Finding("format", text, "note")]
    if "system_attrs_constraints" in table.columns:
        text = "the study had constraints; write them into the mapping as at_least or at_most"
        notes.append(Finding("goal-not-kept", text, column="system_attrs_constraints"))
    declared = Declaration(chosen_by="Optuna", is_in_order=True)
    return with_states(renamed, "state", STATES, hints, notes, "Optuna", declared)


def _role(column: str) -> str:
    if _VALUE.fullmatch(column):
        return "outcome"
    if column.startswith("params_"):
        return "parameter"
    known = {"number": "order", "state": "status"}
    return known.get(column, "context" if column.startswith("user_attrs_") else "ignore")


def _plainly(table: Table) -> Table:
    """Settings and results by their own names: ``params_rate`` is ``rate``."""
    names = [re.sub(r"^(params|values|user_attrs)_(?!\d+$)", "", n) for n in table.columns]
    names = [n if names.count(n) == 1 else old
             for n, old in zip(names, table.columns, strict=True)]  # fmt: skip
    told = dict(zip(table.columns, names, strict=True))
    units = {told[n]: u for n, u in table.units.items()}
    notes = tuple(replace(f, column=told.get(f.column, f.column)) for f in table.findings)
    return replace(table, columns=tuple(names), units=units, findings=notes)


@dataclass
class _JournalTrial:
    state: str
    values: list[Any] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)


@dataclass
class _JournalStudy:
    """What a journal says of one study."""

    name: str
    directions: list[int]
    trials: list[_JournalTrial] = field(default_factory=list)
    space: dict[str, dict[str, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def is_journal(lines: Sequence[tuple[int, Mapping[str, Any]]]) -> bool:
    """Whether lines of JSON are a journal of Optuna."""
    return bool(lines) and all({"op_code", "worker_id"} <= set(line) for _, line in lines)


def table_of_journal(source: str, lines: Sequence[tuple[int, Mapping[str, Any]]]) -> Table:
    """The trials of the one study in a journal, with its bounds and directions. HistoryError where
    it is damaged, or holds several."""
    try:
        return _table(source, _read(source, lines))
    except HistoryError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise HistoryError(f"{source}: this Optuna journal is damaged ({said(error)})") from error


def _read(source: str, lines: Sequence[tuple[int, Mapping[str, Any]]]) -> _JournalStudy:
    studies = [line for _, line in lines if line["op_code"] == _CREATE_STUDY]
    if len(studies) != 1:
        names = ", ".join(str(s.get("study_name")) for s in studies) or "none"
        raise HistoryError(
            f"{source}: this Optuna journal holds {len(studies)} studies ({names}); one is read. "
            "Export one there: study.trials_dataframe().to_csv('trials.csv', index=False)"
        )
    study = _JournalStudy(str(studies[0].get("study_name")), list(studies[0]["directions"]))
    for _, line in lines:
        _take_in(study, line)
    return study


def _take_in(study: _JournalStudy, line: Mapping[str, Any]) -> None:
    match line["op_code"]:
        case 4:  # a trial begins
            state = _BY_NUMBER[line.get("state", 0)]
            study.trials.append(_JournalTrial(state, _values(line)))
            for name, text in (line.get("distributions") or {}).items():
                _set(study, study.trials[-1], name, line["params"][name], text)
            _fix(study.trials[-1], line.get("system_attrs"))
        case 5:  # a setting is drawn
            trial = study.trials[line["trial_id"]]
            _set(study, trial, line["param_name"], line["param_value_internal"],
                 line["distribution"])  # fmt: skip
        case 6:  # a trial gets its state and its values
            trial = study.trials[line["trial_id"]]
            trial.state, trial.values = _BY_NUMBER[line["state"]], _values(line) or trial.values
        case 9:  # something is noted of a trial
            noted = line.get("system_attr") or {}
            _fix(study.trials[line["trial_id"]], noted)
            if "constraints" in noted:
                text = "the study had constraints; write them into the mapping: at_least, at_most"
                study.findings.append(Finding("goal-not-kept", text))


def _fix(trial: _JournalTrial, attributes: Mapping[str, Any] | None) -> None:
    """Settings that somebody asked for (``enqueue_trial``) before they are drawn."""
    for name, value in ((attributes or {}).get("fixed_params") or {}).items():
        trial.settings.setdefault(str(name), _cell(value))


def _values(line: Mapping[str, Any]) -> list[Any]:
    return list(line.get("values") or ([] if line.get("value") is None else [line["value"]]))


def _set(study: _JournalStudy, trial: _JournalTrial, name: str, internal: float, text: str) -> None:
    """A setting, and the distribution that it was drawn from."""
    name, told = str(name), parse_json(text)
    about = told["attributes"]
    if told["name"] == "CategoricalDistribution":
        choices = about["choices"]
        trial.settings[name] = _cell(choices[int(internal)])
        said_here = of_levels([_cell(c) for c in choices], is_ordered=False)
    else:
        is_whole = told["name"] == "IntDistribution"
        trial.settings[name] = _cell(int(internal) if is_whole else internal)
        said_here = _numbers(about, is_whole)
    before = study.space.setdefault(name, said_here)
    if before != said_here:
        study.space[name] = _joined(before, said_here)
        text = "its bounds changed in the course of the study; the widest are taken"
        study.findings.append(Finding("bounds-changed", text, column=name))


def _numbers(about: Mapping[str, Any], is_whole: bool) -> dict[str, Any]:
    low, high, step = about["low"], about["high"], about.get("step")
    if step and not (is_whole and step == 1):
        count = round((high - low) / step) + 1
        check_size(count, 1)
        return of_levels([low + i * step for i in range(count)], is_ordered=True)
    return of_setting(low, high, is_whole=is_whole, is_log=bool(about.get("log")))


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    if one["kind"] != other["kind"] or "low" not in one:
        return other
    return {**one, "low": min(one["low"], other["low"]), "high": max(one["high"], other["high"])}


def _table(source: str, study: _JournalStudy) -> Table:
    if not study.trials:
        raise HistoryError(f"{source}: the Optuna study {study.name!r} has no trials")
    settings = list(dict.fromkeys(n for t in study.trials for n in t.settings))
    number, state, *results = (own_name(n, settings) for n in ("number", "state", *_results(study)))
    columns = (number, state, *settings, *results)
    check_size(len(study.trials), len(columns))
    rows = tuple((i + 1, _row(i, t, settings, results)) for i, t in enumerate(study.trials))
    goals = dict(zip(results, (_DIRECTIONS.get(d, "") for d in study.directions), strict=True))
    hints = {number: "order", state: "status", **dict.fromkeys(settings, "parameter"),
             **{n: f"outcome:{goal}" for n, goal in goals.items()}}  # fmt: skip
    outcomes = {n: {"goal": goal} for n, goal in goals.items() if goal}
    declared = Declaration(study.space, outcomes, (), {}, "Optuna", True)
    read = Finding("format", f"read as the Optuna study {study.name!r}: {len(rows)} trials", "note")
    return with_states(Table(source, columns, rows), state, STATES, hints,
                       [read, *dict.fromkeys(study.findings)], "Optuna", declared)  # fmt: skip


def _results(study: _JournalStudy) -> list[str]:
    count = len(study.directions)
    return ["value"] if count == 1 else [f"value {i}" for i in range(count)]


def _row(
    number: int, trial: _JournalTrial, settings: list[str], results: list[str]
) -> tuple[str, ...]:
    values = [_cell(v) for v in trial.values] or [""] * len(results)
    return (str(number), trial.state, *(trial.settings.get(n, "") for n in settings), *values)


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
