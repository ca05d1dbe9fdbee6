"""A mapping proposed for a table, and the questions that no table can answer."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.campaign.units import check_unit
from planner.importing.declared import as_declared
from planner.importing.guess import lexicon as words
from planner.importing.guess.cells import cell_questions, row_questions, slip_questions
from planner.importing.guess.guessing import guess_roles
from planner.importing.guess.marks import floor_rule
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.roles import Guess
from planner.past.mapping import Question, TableMapping, parse_mapping
from planner.tables.table import HistoryError, Table
from planner.tables.units import plain_unit

SHOWN_NAMES = 20
"""Columns that a message lists."""
ROLE_OF = {"set": "parameter", "measured": "outcome"}
"""What a column is after the answer to whether it was set or measured."""


@dataclass(frozen=True)
class GuessedMapping:
    """What an import makes of a table before anybody has corrected it."""

    guess: Guess
    content: dict[str, Any]
    """The mapping as plain data."""
    questions: tuple[Question, ...]
    mapping: TableMapping
    corrected: Mapping[str, str]
    """Roles that a person gave."""


def propose_mapping(
    table: Table, name: str, corrected: Mapping[str, str] | None = None
) -> GuessedMapping:
    """Roles, kinds, units, goals and questions; ``corrected`` are roles that a person gave.

    HistoryError where no experiment can be made out of the table.
    """
    guess = guess_roles(table)
    given = [(c, r) for c, r in (corrected or {}).items() if guess.roles[c].role != r]
    for column, role in sorted(given, key=lambda pair: pair[1] in ("sd", "n", "replicate")):
        guess.correct(column, role)  # outcomes first: a spread belongs to one of them
    only = _last_age(guess)
    outcomes, parameters = guess.named("outcome"), guess.named("parameter")
    if not outcomes or not parameters:
        lacking = "no column of numbers could be a result" if not outcomes else (
            "no column could be a setting"
        )  # fmt: skip
        raise HistoryError(f"{table.source}: {lacking}; there are {_few(table.columns)}")
    questions: list[Question] = []
    content: dict[str, Any] = {"mapping": 1, "name": name, "table": table.source}
    content |= _pool(guess, questions) | _order(guess, questions)
    content |= {
        role: found[0] for role in ("batch", "arm", "status") if (found := guess.named(role))
    }
    if context := guess.named("context"):
        content["context"] = context
    if only:
        content["only"] = only
        ((column, value),) = only.items()
        questions.append(Question("only", f"The table is long: one row for each {column}. Which "
                                  "one is the goal?", f"{value:g}"))  # fmt: skip
    parts = {name for c in guess.compositions for name in c.columns}
    content["parameters"] = {n: _parameter(guess.columns[n], n in parts) for n in parameters}
    exact = [c for c in guess.compositions if c.exact and set(c.columns) <= set(parameters)]
    if exact:
        content["constraints"] = [f"{' + '.join(map(_term, c.columns))} == {c.total:g}"
                                  for c in exact]  # fmt: skip
    content["outcomes"] = {n: _outcome(guess, n, questions) for n in outcomes}
    _failure(guess, outcomes, questions)
    questions += [*_roles(guess, corrected or {}), *cell_questions(guess), *slip_questions(guess),
                  *row_questions(guess)]  # fmt: skip
    content, questions = as_declared(content, questions, table)
    mapping = parse_mapping(content, table.source)
    return GuessedMapping(guess, content, tuple(questions), mapping, dict(corrected or {}))


def _roles(guess: Guess, corrected: Mapping[str, str]) -> list[Question]:
    """What may have been set or measured, for all that the table says."""
    return [
        Question(f"role.{name}", f"Was {name} set or measured? The table does not tell "
                 f"({guess.roles[name].why}).", taken, tuple(ROLE_OF))
        for name, taken in guess.doubtful.items()
        if name not in corrected and guess.roles[name].role in ROLE_OF.values()
    ]  # fmt: skip


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    return ", ".join(names[:SHOWN_NAMES]) + more


def _pool(guess: Guess, questions: list[Question]) -> dict[str, Any]:
    found, why = "unknown", "Nothing in the table says how these conditions came to be measured."
    points = {tuple(guess.columns[n].cells[i] for n in guess.named("parameter"))
              for i in range(len(guess.table.rows))}  # fmt: skip
    full = math.prod(float(len(guess.columns[n].levels)) for n in guess.named("parameter"))
    listed = all(guess.columns[n].is_few for n in guess.named("parameter"))
    arms = {c.lower() for name in guess.named("arm") for c in guess.columns[name].levels}
    spoken = {word for arm in arms for word in re.split(r"[^a-z]+", arm)}
    grown = {"mobo", "bo", "ai", "bayesian", "bayes", "ei", "ucb", "model", "initial", "train"}
    if spoken & grown:
        found, why = "adaptive", f"The arms are called {', '.join(sorted(arms))}."
    elif len(points) >= (0.5 if listed and not guess.named("order", "batch") else 1.0) * full >= 8:
        found = "factorial"
        why = f"{len(points)} of the {full:.0f} combinations of their levels are there."
    allowed = ("factorial", "adaptive", "random", "literature", "unknown")
    questions.append(Question("pool", f"Who chose these conditions? {why}", found, allowed))
    return {"pool": found}


def _order(guess: Guess, questions: list[Question]) -> dict[str, Any]:
    columns, batch = guess.named("order"), guess.named("batch")
    if not columns and not batch:
        return {"order": {"trust": "none"}}
    column = columns[0] if columns else batch[0]
    dated = columns and not guess.columns[column].is_numeric
    trust = "known" if dated else "nominal" if columns else "batch"
    text = f"Is {column!r} the order in which the experiments were made?"
    questions.append(Question("order.trust", text, trust, ("known", "nominal", "batch", "none")))
    return {"order": {"column": column, "trust": trust}}


def _parameter(p: ColumnProfile, is_part: bool = False) -> dict[str, Any]:
    """Kind, values or bounds, unit; a part of a composition is always a range."""
    if len(p.levels) == 1:
        value = _short(float(p.levels[0])) if p.is_numeric else p.levels[0]
        return {"kind": "fixed", "value": value}
    if not p.is_numeric:
        return {"kind": "choice", "values": sorted(p.levels)}
    values = sorted({float(c) for c in p.levels})
    if is_code(p) and not is_part:
        return {"kind": "choice", "values": [int(v) for v in values]}
    unit = {"unit": _unit(p.unit)} if p.unit else {}
    if p.is_few and not is_part:
        return {"kind": "ordered", "values": [_short(v) for v in values], **unit}
    return {"kind": "range", "low": _short(values[0]), "high": _short(values[-1]), **unit}


def is_code(p: ColumnProfile) -> bool:
    """Whether whole numbers from 0 or 1 on are names: a few, without gaps, under a name that
    counts kinds and no amount."""
    values = sorted({float(c) for c in p.levels}) if p.is_whole else []
    if not values or values[0] not in (0, 1) or len(values) > 30:
        return False
    gapless = values == [values[0] + i for i in range(len(values))]
    return gapless and p.named.has(words.NOMINAL) and not p.unit


def _outcome(guess: Guess, name: str, questions: list[Question]) -> dict[str, Any]:
    p = guess.columns[name]
    hint = guess.table.hints.get(name, "").partition(":")[2]
    goal = hint or ("minimize" if p.named.has(words.SMALL) else "maximize")
    if not hint:
        questions.append(Question(f"outcomes.{name}.goal", f"Is {name} to become large or small?",
                                  goal, ("maximize", "minimize", "target", "none")))  # fmt: skip
    found: dict[str, Any] = {"goal": goal}
    if p.unit:
        found["unit"] = _unit(p.unit)
    for role in ("sd", "n"):
        columns = [c for c in guess.named(role) if guess.roles[c].of == name]
        if columns:
            found[role] = columns[0]
    return found


def _failure(guess: Guess, outcomes: list[str], questions: list[Question]) -> None:
    """Rules are asked for, never applied by themselves: a zero may be a measurement."""
    for name in outcomes:
        if rule := floor_rule(guess.columns[name].numbers):
            text = f"{rule.size} values of {name} are {rule.rule}: {rule.why}. Failed samples?"
            questions.append(Question(f"failure.{name}", text, "not applied", (rule.rule, "no")))


def _last_age(guess: Guess) -> dict[str, float]:
    """The last age of a long table (one row a sample and age), as a rule for rows; else empty."""
    for name in guess.named("parameter"):
        p = guess.columns[name]
        if not (p.named.has(words.AGE) and p.is_few and p.is_numeric):
            continue
        for sample in guess.named("ignore"):
            ids = guess.columns[sample].cells
            if len(set(ids)) < len(ids) and len(set(zip(ids, p.cells, strict=True))) == len(ids):
                guess.give(name, "context", f"the age at which each {sample} was measured")
                return {name: _short(float(np.nanmax(p.numbers)))}
    return {}


def _term(name: str) -> str:
    return name if name.isidentifier() else f"`{name}`"


def _unit(unit: str) -> str:
    unit = plain_unit(unit)
    try:
        return check_unit(unit)
    except ValueError:
        return f"[{unit}]"


def _short(value: float) -> int | float:
    return int(value) if value.is_integer() else value
