"""What people answer to the questions of an import."""

import json
from collections.abc import Mapping
from typing import Any

from planner.importing.guess.cells import OPEN, asked_cells, meaning
from planner.importing.guess.guessed import ROLE_OF, GuessedMapping, propose_mapping
from planner.importing.guess.profile import ColumnProfile
from planner.past.mapping import FAILED, LEFT_OUT, NO_VALUE, parse_mapping
from planner.past.mapping_text import mapping_text
from planner.tables.table import HistoryError

ANSWERS = {FAILED, LEFT_OUT, NO_VALUE}


def with_roles(proposal: GuessedMapping, answers: Mapping[str, str]) -> GuessedMapping:
    """The proposal after what was answered to whether columns were set or measured: a column that
    becomes a result has a goal to be asked for."""
    roles = {f.removeprefix("role."): ROLE_OF[a] for f, a in answers.items()
             if f.startswith("role.")}  # fmt: skip
    if not roles:
        return proposal
    corrected = {**proposal.corrected, **roles}
    return propose_mapping(proposal.guess.table, proposal.content["name"], corrected)


def answered(proposal: GuessedMapping, answers: Mapping[str, str], name: str | None = None) -> str:
    """The proposed mapping with answers by field of the question; what is left open stays asked.

    HistoryError where an answer does not fit.
    """
    proposal = with_roles(proposal, answers)
    content = json.loads(json.dumps(proposal.content))
    content["name"] = name or content["name"]
    fields = {q.field for q in proposal.questions}
    for field, answer in answers.items():
        if field in fields:
            _enter(proposal, content, field, answer)
    left = [q for q in proposal.questions if answers.get(q.field, OPEN) == OPEN]
    parse_mapping(content, "the answers")
    return mapping_text(content, left)


def undecided(proposal: GuessedMapping, answers: Mapping[str, str]) -> list[str]:
    """Questions without whose answer the table cannot be replayed."""
    return [q.text for q in with_roles(proposal, answers).questions
            if q.guess == OPEN == answers.get(q.field, OPEN)]  # fmt: skip


def _enter(proposal: GuessedMapping, content: dict[str, Any], field: str, answer: str) -> None:
    section, _, rest = field.partition(".")
    if section == "failure" and answer not in ("no", "not applied"):
        content.setdefault("failure", {})[rest] = answer
    elif section == "outcomes":
        content["outcomes"][rest.removesuffix(".goal")]["goal"] = answer
    elif field == "order.trust":
        content["order"]["trust"] = answer
    elif field == "only":
        ((column, _),) = content["only"].items()
        content["only"][column] = float(answer)
    elif field == "ragged_rows" and answer == LEFT_OUT:
        content["ragged_rows"] = LEFT_OUT
    elif field == "pool":
        content["pool"] = answer
    elif section in ("cells", "marks", "value") and (said := _cells(proposal, field, answer)):
        content.setdefault("cells", {}).setdefault(rest, {}).update(said)
        _without(content["parameters"].get(rest, {}), said, proposal.guess.columns[rest])


def _cells(proposal: GuessedMapping, field: str, answer: str) -> dict[str, str | float]:
    """What the column's cells stand for. HistoryError where a number is needed and none came."""
    column = field.partition(".")[2]
    said = meaning(answer, asked_cells(proposal.guess, field))
    given = {v for v in said.values() if isinstance(v, str)} - ANSWERS
    if given and proposal.guess.columns[column].is_numeric:
        raise HistoryError(f"{column}: {answer!r} is no number")
    return said


def _without(parameter: dict[str, Any], said: Mapping[str, str | float], p: ColumnProfile) -> None:
    """Kinds that were no kinds, and numbers that were slips, are no values of the parameter; what
    they stand for is one."""
    new = [v for v in said.values() if v not in ANSWERS]
    if p.is_numeric and parameter.get("kind") in ("range", "ordered"):
        kept = [float(c) for c in p.levels if c.strip() not in said]
        values: list[float] = sorted({*kept, *(float(v) for v in new)})
        values = [int(v) if v.is_integer() else v for v in values]
        ends = {"low": values[0], "high": values[-1]}
        parameter.update(ends if parameter["kind"] == "range" else {"values": values})
    elif parameter.get("kind") == "choice":
        kinds = [v for v in parameter["values"] if v not in said]
        parameter["values"] = sorted({*kinds, *new}, key=str)
