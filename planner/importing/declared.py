"""What a file declares of its campaign, put in the place of what was guessed of its columns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from planner.campaign.values import shown
from planner.past.mapping import Question
from planner.tables.declaration import Declaration
from planner.tables.numbers import is_number
from planner.tables.table import HistoryError, Table


def as_declared(
    content: Mapping[str, Any], questions: Sequence[Question], table: Table
) -> tuple[dict[str, Any], list[Question]]:
    """The mapping with what the file says, and the questions that this leaves. A column to which
    a person gave another role stays out of it."""
    said = table.declared
    if said is None:
        return dict(content), list(questions)
    mapping = {**content, **_space(content, said, table)}
    mapping["outcomes"] = _outcomes(content["outcomes"], said)
    goals = {n for n, o in mapping["outcomes"].items() if "goal" in said.outcomes.get(n, {})}
    if worst := {n: v for n, v in said.reference_point.items() if n in mapping["outcomes"]}:
        mapping["reference_point"] = worst
    left = [q for q in questions if q.field not in {f"outcomes.{n}.goal" for n in goals}]
    if not said.is_sure:
        left += [_whether(n, mapping["outcomes"][n]["goal"], said.chosen_by) for n in sorted(goals)
                 if mapping["outcomes"][n]["goal"] != "none"]  # fmt: skip
    if said.is_in_order and "column" in mapping["order"]:
        mapping["order"] = {**mapping["order"], "trust": "known"}
        left = [q for q in left if q.field != "order.trust"]
    if said.chosen_by:
        mapping["pool"] = "adaptive"
        left = [_who_chose(q, said.chosen_by) if q.field == "pool" else q for q in left]
    return mapping, left


def declared_by(declaration: Declaration, table: Table, source: str) -> Table:
    """A table of which another file says what its columns are. HistoryError where it lacks some."""
    settings, measured = list(declaration.parameters), _measured(declaration)
    needed = [n for n in settings if declaration.parameters[n]["kind"] != "fixed"] + measured
    if lacking := [n for n in needed if n not in table.columns]:
        raise HistoryError(
            f"{table.source}: column {', '.join(map(repr, lacking))} of {source} is missing; "
            f"there are {', '.join(table.columns)}"
        )
    told = dict.fromkeys([n for n in settings if n in table.columns], "parameter")
    told |= {n: f"outcome:{declaration.outcomes[n].get('goal', '')}" for n in measured}
    return replace(table, hints={**table.hints, **told}, declared=declaration)


def _measured(said: Declaration) -> list[str]:
    return [n for n, o in said.outcomes.items() if "formula" not in o]


def _space(content: Mapping[str, Any], said: Declaration, table: Table) -> dict[str, Any]:
    """Parameters and constraints; a fixed one may have no column."""
    guessed = content["parameters"]
    fixed = {n: p for n, p in said.parameters.items() if p["kind"] == "fixed"}
    told = {n: _spelled(p, table, n) for n, p in said.parameters.items() if n in guessed}
    if not said.parameters:
        return {}
    space: dict[str, Any] = {"parameters": {**guessed, **told, **fixed}}
    is_whole = set(said.parameters) <= set(space["parameters"])
    if said.constraints and is_whole:
        space["constraints"] = list(said.constraints)
    elif is_whole and "constraints" in content:
        space["constraints"] = []  # a sum that is the same in all rows is no rule of the file
    return space


def _outcomes(guessed: Mapping[str, Any], said: Declaration) -> dict[str, Any]:
    kept = {n: {**o, **said.outcomes.get(n, {})} for n, o in guessed.items()}
    computed = {n: o for n, o in said.outcomes.items() if "formula" in o}
    return kept | (computed if set(_measured(said)) <= set(kept) else {})


def _spelled(parameter: dict[str, Any], table: Table, name: str) -> dict[str, Any]:
    """The kinds of a choice as the table writes them: ``True`` for true, ``1.0`` for 1."""
    if parameter["kind"] != "choice":
        return parameter
    cells = dict.fromkeys(table.column(name))
    return {**parameter, "values": [_as_written(v, cells) for v in parameter["values"]]}


def _as_written(value: Any, cells: Mapping[str, Any]) -> Any:
    if shown(value) in cells:
        return value
    return next((cell for cell in cells if _is_same(cell, value)), value)


def _is_same(cell: str, value: Any) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool) and is_number(cell):
        return float(cell) == float(value)
    return cell.casefold() == shown(value).casefold()


def _whether(name: str, goal: str, program: str) -> Question:
    text = f"Is {name} to become large or small? The columns are called as in {program}."
    return Question(f"outcomes.{name}.goal", text, goal, ("maximize", "minimize", "target", "none"))


def _who_chose(question: Question, program: str) -> Question:
    text = f"Who chose these conditions? The file is of {program}, which proposes them."
    return replace(question, text=text, guess="adaptive")
