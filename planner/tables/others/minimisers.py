"""Logs of programs that only minimise: Nevergrad, scikit-optimize, pymoo."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from planner.door.bounds import check_size
from planner.tables.declaration import Declaration, Said, of_levels, of_setting
from planner.tables.table import Finding, Table

_LOSS, _LOSSES = "#loss", re.compile(r"#losses#\d+")
_ABOUT, _APART = "parametrization", re.compile(r";|,")
_NUMBER = r"([-+\d.e]+)"
_SCALAR = re.compile(r"([\w.]+)=Scalar\{Cl\(" + _NUMBER + "," + _NUMBER + r",[^)]*\)(,Int)?[^}]*\}")
_ARRAY = re.compile(r"Array\{\([^)]*\),Cl\(" + _NUMBER + "," + _NUMBER + r"[^)]*\)[^}]*\}")
_CHOICE = re.compile(r"([\w.]+)=(?:Transition)?Choice\(choices=Tuple\(([^()]*)\)")
_PYMOO = re.compile(r"([XFGH])(\d+)")


def as_nevergrad(table: Table) -> Table | None:
    """A log of ``ParametersLogger``: names with ``#`` are its own; None where it is none."""
    if not {_LOSS, "#num-ask", "#num-tell"} <= set(table.columns):
        return None
    losses = [n for n in table.columns if _LOSSES.fullmatch(n)] or [_LOSS]
    table = _with_arrays_apart(_with_sessions_apart(table))
    settings = [n for n in table.columns if "#" not in n and not _is_inner(n, table.columns)]
    settings = [n for n in settings if n != _ABOUT]
    hints = {n: "ignore" for n in table.columns}
    hints |= {"#num-tell": "order"} | dict.fromkeys(settings, "parameter")
    hints |= dict.fromkeys(losses, "outcome:minimize")
    text = "read as a log of Nevergrad, which minimises; names with # are its own"
    notes = [Finding("format", text, "note")]
    about = next((n for n in (f"#{_ABOUT}", _ABOUT) if n in table.columns), "")
    space = _space(table.column(about)[0] if about else "", settings)
    if open_bounds := [n for n in settings if n not in space]:
        text = f"the log has no exact bounds of {', '.join(open_bounds)}: those of the rows"
        notes.append(Finding("bounds-of-the-rows", text))
    outcomes = {n: {"goal": "minimize"} for n in losses}
    declared = Declaration(space, outcomes, (), {}, "Nevergrad", True)
    return replace(table, hints=hints, format="Nevergrad", declared=declared,
                   findings=(*table.findings, *notes))  # fmt: skip


def _with_arrays_apart(table: Table) -> Table:
    """An array of settings as a column for each: ``x.0``, ``x.1``; argument 0 is ``arg0``."""
    made: dict[str, list[str]] = {}
    for name in table.columns:
        plain = f"arg{name}" if name.isdigit() else name
        parts = [_APART.split(cell.strip("[]")) for cell in table.column(name)]
        count = len(parts[0])
        if "#" in name or name == _ABOUT or count < 2 or any(len(p) != count for p in parts):
            made[plain] = table.column(name)
        else:
            made |= {f"{plain}.{i}": [p[i].strip() for p in parts] for i in range(count)}
    check_size(len(table.rows), len(made))
    rows = zip(table.lines, zip(*made.values(), strict=True), strict=True)
    return replace(table, columns=tuple(made), rows=tuple(rows))


def _with_sessions_apart(table: Table) -> Table:
    sessions = set(table.column("#session")) if "#session" in table.columns else set()
    if len(sessions) < 2:
        return table
    text = f"{len(sessions)} sessions stand in one log; each of them begins to count anew"
    return replace(table, findings=(*table.findings, Finding("several-sessions", text)))


def _is_inner(name: str, names: Sequence[str]) -> bool:
    """Whether a column is how Nevergrad keeps a choice (``route.indices`` beside ``route``)."""
    head, _, tail = name.partition(".")
    return tail == "indices" and head in names


def _space(text: str, settings: Sequence[str]) -> Said:
    """What the name of a parametrization says exactly: bounds of scalars, levels of choices."""
    told: Said = {}
    if (array := _ARRAY.fullmatch(text)) is not None:
        low, high = float(array[1]), float(array[2])
        return {n: of_setting(low, high, is_whole=False, is_log=False) for n in settings}
    for name, low, high, whole in _SCALAR.findall(text):
        told[name] = of_setting(float(low), float(high), is_whole=bool(whole), is_log=False)
    for name, levels in _CHOICE.findall(text):
        told[name] = of_levels(levels.split(","), is_ordered=False)
    return {n: p for n, p in told.items() if n in settings}


def as_skopt(table: Table) -> Table | None:
    """A table with ``func_val`` of scikit-optimize in its last column; None where it is none."""
    if not table.columns or table.columns[-1] not in ("func_val", "func_vals"):
        return None
    return _minimised(table, {table.columns[-1]: {"goal": "minimize"}}, "scikit-optimize")


def as_pymoo(table: Table) -> Table | None:
    """A table of settings, F1, F2, ... and constraints G1, ... (kept at 0 or below) of pymoo."""
    marks: Mapping[str, Any] = {n: m[1] for n in table.columns if (m := _PYMOO.fullmatch(n))}
    if not {"X", "F"} <= set(marks.values()) or len(marks) < len(table.columns) - 1:
        return None
    goals: Said = {n: {"goal": "minimize"} for n, mark in marks.items() if mark == "F"}
    goals |= {n: {"goal": "none", "at_most": 0.0} for n, mark in marks.items() if mark == "G"}
    goals |= {n: {"goal": "none"} for n, mark in marks.items() if mark == "H"}
    found = _minimised(table, goals, "pymoo", is_sure=False)
    if "H" not in marks.values():
        return found
    text = "an equality of pymoo (H) cannot be asked of an outcome here: it has no goal"
    return replace(found, findings=(*found.findings, Finding("goal-not-kept", text)))


def _minimised(table: Table, goals: Said, program: str, *, is_sure: bool = True) -> Table:
    """All other columns are settings, in the order in which they were tried."""
    hints = {n: f"outcome:{g['goal']}" for n, g in goals.items()}
    hints |= {n: "ignore" if n == "index" else "parameter" for n in table.columns if n not in hints}
    text = f"read as a table of {program}, which minimises; bounds are those of the rows"
    findings = (*table.findings, Finding("format", text, "note"))
    said = Declaration({}, goals, (), {}, program, is_sure=is_sure)
    return replace(table, hints=hints, format=program, declared=said, findings=findings)
