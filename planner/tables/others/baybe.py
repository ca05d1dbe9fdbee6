"""BayBE: the campaign (``Campaign.to_json``) says what the columns of its measurements are.

The measurements themselves are a pickle there, and a pickle can run any code: it is never opened.
They come as a table beside it.
"""

from collections.abc import Mapping
from typing import Any

from planner.tables.declaration import Declaration, of_levels, of_setting, term, weighted
from planner.tables.others.goals import Goals
from planner.tables.table import Finding

WAY_OUT = (
    "the measurements in this BayBE campaign are a pickle, which can run any code, so they are not "
    "opened; export them there: campaign.measurements.to_csv('measurements.csv', index=False), "
    "then here, both together: kyoso import measurements.csv {name}"
)
_MEASUREMENTS = ("measurements_exp", "_measurements_exp")
_MODES = {"MAX": "maximize", "MIN": "minimize"}


def is_campaign(content: Mapping[str, Any]) -> bool:
    """Whether JSON is a BayBE campaign."""
    return "searchspace" in content and any(key in content for key in _MEASUREMENTS)


def declaration_of(content: Mapping[str, Any]) -> tuple[Declaration, list[Finding]]:
    """What the campaign says, and what of it is not kept."""
    space = content["searchspace"]
    notes: list[Finding] = []
    parameters = {}
    listed = _part(space, "discrete", "parameters")
    for p in [*listed, *_part(space, "continuous", "parameters")]:
        if (parameter := _parameter(p)) is not None:
            parameters[str(p["name"])] = parameter
            continue
        text = f"is a {p.get('type')} of BayBE, whose levels are not read; they are guessed"
        notes.append(Finding("parameter-not-read", text, column=str(p["name"])))
    if len(listed) > 1:
        text = "which combinations BayBE allows is a pickle, and not read: all of them are taken"
        notes.append(Finding("combinations-not-read", text, "note"))
    goals = _goals(content.get("objective") or {})
    for kind in ("constraints_nonlin", "constraints"):
        for c in [*_part(space, "continuous", kind), *_part(space, "discrete", kind)]:
            text = f"a {c.get('type', 'constraint')} of BayBE is not kept"
            notes.append(Finding("constraint-not-kept", text))
    said = Declaration(parameters, goals.outcomes, _constraints(space), {}, "BayBE", False)
    return said, [*notes, *goals.findings]


def _part(space: Mapping[str, Any], half: str, name: str) -> list[Mapping[str, Any]]:
    return list((space.get(half) or {}).get(name) or [])


def _parameter(p: Mapping[str, Any]) -> dict[str, Any] | None:
    """As a mapping writes it; None where what it may be is not written in plain words."""
    unit = (p.get("metadata") or {}).get("unit") or ""
    if "bounds" in p:
        low, high = p["bounds"]["lower"], p["bounds"]["upper"]
        return of_setting(low, high, is_whole=False, is_log=False, unit=unit)
    if p.get("type") == "NumericalDiscreteParameter":
        return of_levels(list(p["values"]), is_ordered=True, unit=unit)
    levels = p.get("values") or p.get("active_values") or p.get("data")
    if not levels or isinstance(levels, str):  # a table of descriptors: a pickle
        return None
    return of_levels(list(levels), is_ordered=False)


def _constraints(space: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    for kind in ("constraints_lin_eq", "constraints_lin_ineq"):
        for c in _part(space, "continuous", kind):
            names = dict(zip(c["parameters"], c["coefficients"], strict=True))
            written = c.get("operator") or ("=" if kind.endswith("_eq") else ">=")
            relation = "==" if written == "=" else written
            found.append(f"{weighted(names)} {relation} {c['rhs']:g}")
    return tuple(found)


def _goals(objective: Mapping[str, Any]) -> Goals:
    targets = objective.get("targets") or objective.get("_targets") or [objective.get("target")]
    goals = Goals([str(t["name"]) for t in targets if t])
    for target in filter(None, targets):
        _goal(goals, target)
    if objective.get("type") == "DesirabilityObjective":
        parts = ", ".join(term(n) for n in goals.measured)
        text = f"BayBE joins {parts} into one desirability; here they are objectives side by side"
        goals.findings.append(Finding("goal-not-kept", text))
    return goals


def _goal(goals: Goals, target: Mapping[str, Any]) -> None:
    name, made = str(target["name"]), target.get("constructor_info") or {}
    if target.get("mode") in _MODES:  # before 0.14
        goals.goal(name, _MODES[target["mode"]])
    elif target.get("mode") == "MATCH":
        goals.goal(name, "target", value=(_bound(target, "lower") + _bound(target, "upper")) / 2)
    elif "match_value" in made and not made.get("mismatch_instead"):
        goals.goal(name, "target", value=made["match_value"])
    elif rises := _slope(target.get("transformation") or {}) * (
        -1 if target.get("minimize") else 1
    ):
        goals.goal(name, "maximize" if rises > 0 else "minimize")
    else:
        goals.leave_open(name, f"a {target.get('type', 'target')} of BayBE with a transformation")
    if unit := (target.get("metadata") or {}).get("unit"):
        goals.outcomes[name]["unit"] = unit
    if made.get("cutoffs"):
        low, high = made["cutoffs"]
        text = f"BayBE takes all values beyond {low:g} to {high:g} for alike; that is not kept"
        goals.findings.append(Finding("goal-not-kept", text, column=name))


def _bound(target: Mapping[str, Any], end: str) -> float:
    return float(target["bounds"][end])


def _slope(transformation: Mapping[str, Any]) -> int:
    """1 where a transformation rises, -1 where it falls, 0 where that is not known."""
    match transformation.get("type"):
        case None | "IdentityTransformation" | "ClampingTransformation":
            return 1
        case "ExponentialTransformation" | "LogarithmicTransformation":
            return 1
        case "AffineTransformation":
            factor = transformation.get("factor", 1)
            return int(factor > 0) - int(factor < 0)
        case "ChainedTransformation":
            slope = 1
            for part in transformation.get("transformations", ()):
                slope *= _slope(part)
            return slope
    return 0
