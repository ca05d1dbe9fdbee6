"""BoFire: the domain (``Domain.model_dump_json``) says what the columns of its experiments are.
In the table of experiments, ``valid_X`` says which values of ``X`` count."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from planner.tables.declaration import Declaration, of_levels, of_setting, weighted
from planner.tables.others.goals import Goals
from planner.tables.table import Finding, Table

WAY_OUT = (
    "is a BoFire domain: it says what the columns of a table mean and holds no experiments; export "
    "them there: experiments.to_csv('experiments.csv', index=False), then here, both together: "
    "kyoso import experiments.csv {name}"
)
_VALID, _INVALID = {"1", "1.0", "true"}, {"0", "0.0", "false"}
_STRAIGHT = {"MaximizeObjective": "maximize", "MinimizeObjective": "minimize"}


def is_domain(content: Mapping[str, Any]) -> bool:
    """Whether JSON is a BoFire domain."""
    return content.get("type") == "Domain" and {"inputs", "outputs"} <= set(content)


def declaration_of(content: Mapping[str, Any]) -> tuple[Declaration, list[Finding]]:
    """What the domain says, and what of it is not kept."""
    read = {str(p["key"]): (p, _parameter(p)) for p in content["inputs"]["features"]}
    parameters = {n: said for n, (_, said) in read.items() if said is not None}
    open_ones = [(n, p.get("type")) for n, (p, said) in read.items() if said is None]
    outputs = [o for o in content["outputs"]["features"] if "categories" not in o]
    words = [o for o in content["outputs"]["features"] if "categories" in o]
    goals = Goals([str(o["key"]) for o in outputs])
    for output in outputs:
        _goal(goals, output)
    constraints, notes = _constraints((content.get("constraints") or {}).get("constraints") or [])
    said = Declaration(parameters, goals.outcomes, constraints, {}, "BoFire", False)
    notes += [Finding("parameter-not-read", f"is a {kind} of BoFire, whose levels are not read; "
                      "they are guessed", column=name) for name, kind in open_ones]  # fmt: skip
    notes += [Finding("goal-not-kept", "is measured in words; outcomes here are numbers",
                      column=str(o["key"])) for o in words]  # fmt: skip
    return said, [*notes, *goals.findings]


def _parameter(p: Mapping[str, Any]) -> dict[str, Any] | None:
    """As a mapping writes it; None where what it may be is not written."""
    unit = p.get("unit") or ""
    if "bounds" in p:
        low, high = p["bounds"]
        said = of_setting(low, high, is_whole=False, is_log=False, unit=unit)
        step = p.get("stepsize")
        return {**said, "step": step} if step and said["kind"] == "range" else said
    if "values" in p:
        return of_levels(list(p["values"]), is_ordered=True, unit=unit)
    if "categories" not in p:
        return None
    allowed = p.get("allowed") or [True] * len(p["categories"])
    levels = [c for c, may in zip(p["categories"], allowed, strict=True) if may]
    return of_levels(levels, is_ordered=False)


def _goal(goals: Goals, output: Mapping[str, Any]) -> None:
    name, objective = str(output["key"]), output.get("objective") or {}
    match objective.get("type"):
        case None:
            goals.goal(name, "none")
        case "MaximizeObjective" | "MinimizeObjective" as kind:
            goals.goal(name, _STRAIGHT[kind])
        case "CloseToTargetObjective":
            goals.goal(name, "target", value=objective["target_value"])
        case "TargetObjective":
            tolerance = {"tolerance": objective["tolerance"]} if objective["tolerance"] else {}
            goals.goal(name, "target", value=objective["target_value"], **tolerance)
        case "MaximizeSigmoidObjective":
            goals.require_of(name, objective["tp"], is_least=True)
        case "MinimizeSigmoidObjective":
            goals.require_of(name, objective["tp"], is_least=False)
        case kind:
            goals.leave_open(name, f"a {kind} of BoFire")
    if unit := output.get("unit"):
        goals.outcomes[name]["unit"] = unit
    if objective.get("w", 1.0) != 1.0:
        text = f"its weight of {objective['w']:g} is not kept: objectives stand side by side here"
        goals.findings.append(Finding("goal-not-kept", text, column=name))


def _constraints(written: list[Mapping[str, Any]]) -> tuple[tuple[str, ...], list[Finding]]:
    found, notes = [], []
    for c in written:
        kind = c.get("type", "constraint")
        if kind in ("LinearEqualityConstraint", "LinearInequalityConstraint"):
            names = dict(zip(c["features"], c["coefficients"], strict=True))
            relation = "==" if "Equality" in kind and "Inequality" not in kind else "<="
            found.append(f"{weighted(names)} {relation} {c['rhs']:.12g}")
        else:
            names_of = ", ".join(c.get("features") or ())
            text = f"a {kind} of BoFire ({names_of}) is not kept"
            notes.append(Finding("constraint-not-kept", text))
    return tuple(found), notes


def as_experiments(table: Table) -> Table | None:
    """A table of experiments: values that ``valid_X`` calls invalid do not count; None where it is
    another table."""
    marked = {n.removeprefix("valid_"): n for n in table.columns if n.startswith("valid_")}
    measured = [n for n in marked if n in table.columns]
    if not measured or not all(_is_mark(table, marked[n]) for n in measured):
        return None
    hints = {n: "outcome" for n in measured} | {marked[n]: "ignore" for n in measured}
    hints |= {n: "parameter" for n in table.columns if n not in hints and "labcode" not in n}
    found = replace(table, hints=hints, format="BoFire experiments",
                    declared=Declaration(chosen_by="BoFire"))  # fmt: skip
    for name in measured:
        found = _without_invalid(found, name, marked[name])
    return found


def _is_mark(table: Table, column: str) -> bool:
    return {c.lower() for c in table.column(column)} <= _VALID | _INVALID


def _without_invalid(table: Table, name: str, mark: str) -> Table:
    value, valid = table.columns.index(name), table.columns.index(mark)
    odd = tuple(n for n, cells in table.rows if cells[valid].lower() in _INVALID and cells[value])
    if not odd:
        return table
    rows = tuple((n, (*c[:value], "", *c[value + 1 :])) if n in odd else (n, c)
                 for n, c in table.rows)  # fmt: skip
    text = f"{mark} says that the value does not count here, so it is left out"
    finding = Finding("marked-invalid", text, "warning", name, odd)
    return replace(table, rows=rows, findings=(*table.findings, finding))
