"""Ax: a snapshot (``Client.save_to_json_file``) with its space and goals, and the table that
``Client.summarize`` makes."""

from collections.abc import Mapping
from typing import Any

from planner.campaign.expression import parse_formula
from planner.door.bounds import check_size
from planner.door.json_text import parse_json
from planner.door.refused import Refused
from planner.door.words import said
from planner.tables.declaration import Declaration, of_levels, of_setting, term, weighted
from planner.tables.others.goals import Goals
from planner.tables.others.rows import own_name, with_states
from planner.tables.table import Finding, HistoryError, Table

STATES = {"FAILED": "failed", "ABANDONED": "abandoned", "EARLY_STOPPED": "abandoned",
          "COMPLETED": "completed"}  # fmt: skip
_NOT_KEPT = {
    "dependents": "its value decides in Ax which other settings there are",
    "logit_scale": "is on a logit scale in Ax",
    "digits": "is rounded by Ax",
    "is_fidelity": "is a fidelity of Ax",
    "is_task": "tells tasks of Ax apart",
}
"""By field of a parameter, what it says beyond bounds, levels and scale."""
_SUMMARY = ("trial_index", "arm_name", "trial_status")


def is_snapshot(content: Mapping[str, Any]) -> bool:
    """Whether JSON is a snapshot of Ax."""
    return isinstance(_experiment(content).get("trials"), Mapping)


def _experiment(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The experiment of a client, or one that was saved by itself (``save_experiment``)."""
    if "search_space" in content:
        return content
    inside = content.get("experiment")
    return inside if isinstance(inside, Mapping) else {}


def table_of_snapshot(name: str, content: Mapping[str, Any]) -> Table:
    """The trials with what was observed. HistoryError where parts of the snapshot are missing or
    of another kind."""
    try:
        return _table(name, _experiment(content))
    except (HistoryError, Refused):
        raise
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        lacking = f"{said(error)} is missing" if isinstance(error, LookupError) else said(error)
        raise HistoryError(f"{name}: this Ax snapshot is damaged ({lacking})") from error


def _table(source: str, experiment: Mapping[str, Any]) -> Table:
    settings = [str(p["name"]) for p in experiment["search_space"]["parameters"]]
    observed = _observations(experiment.get("data_by_trial") or {})
    metrics = list(dict.fromkeys(name for found in observed.values() for name, _ in found))
    spreads = [m for m in metrics if any(found.get((m, "sem")) is not None
               for found in observed.values())]  # fmt: skip
    index, state = (own_name(n, [*settings, *metrics]) for n in ("trial_index", "status"))
    columns = (index, state, *settings, *metrics, *(f"{m}_sem" for m in spreads))
    asked = [*((m, "mean") for m in metrics), *((m, "sem") for m in spreads)]
    rows = _rows(experiment["trials"], settings, asked, observed)
    if not rows:
        raise HistoryError(f"{source}: this Ax experiment has no trials")
    goals = _goals(experiment.get("optimization_config") or {}, metrics)
    space, notes = _space(experiment["search_space"])
    declared = Declaration(
        space, goals.outcomes, _constraints(experiment), goals.reference_point, "Ax", True
    )
    hints = {index: "order", state: "status", **dict.fromkeys(settings, "parameter"),
             **{m: f"outcome:{goals.outcomes.get(m, {}).get('goal', '')}" for m in metrics},
             **{f"{m}_sem": f"standard error of {m}" for m in spreads}}  # fmt: skip
    read = Finding("format", f"read as an Ax snapshot: {len(rows)} trials", "note")
    return Table(source, columns, tuple(rows), hints=hints, format="Ax", declared=declared,
                 findings=(read, *notes, *goals.findings))  # fmt: skip


def _rows(
    trials: Mapping[str, Any], settings: list[str], asked: list[tuple[str, str]],
    observed: "Observed",
) -> list[tuple[int, tuple[str, ...]]]:  # fmt: skip
    """A row for each arm: its trial and state, its settings, and what was observed."""
    width = 2 + len(settings) + len(asked)
    check_size(len(trials), width)
    rows: list[tuple[int, tuple[str, ...]]] = []
    for key, trial in trials.items():
        for arm in _arms(trial):
            check_size(len(rows), width)
            found = observed.get((str(key), arm.get("name")), observed.get((str(key), None), {}))
            cells = [key, STATES.get(trial["status"]["name"], "pending")]
            cells += [arm["parameters"].get(name, "") for name in settings]
            rows.append((len(rows) + 1, tuple(map(_cell, [*cells, *map(found.get, asked)]))))
    return rows


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _arms(trial: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The points of a trial: one, or those of a batch."""
    if run := trial.get("generator_run"):
        return list(run["arms"])
    runs = [*trial.get("generator_runs", ()),
            *(s["generator_run"] for s in trial.get("generator_run_structs", ()))]  # fmt: skip
    return [arm for run in runs for arm in run["arms"]]


type Observed = dict[tuple[str, str | None], dict[tuple[str, str], Any]]
"""By trial and arm (None: the file does not tell arms), (metric, ``mean`` or ``sem``)."""


def _observations(data: Mapping[str, Any]) -> Observed:
    found: Observed = {}
    for trial, ordered in data.items():
        for _, entry in ordered.get("value", []):
            frame = parse_json(entry["df"]["value"])
            arms = frame.get("arm_name") or {}
            for i, metric in frame["metric_name"].items():
                here = found.setdefault((str(trial), arms.get(i)), {})
                for kind in ("mean", "sem"):
                    here[str(metric), kind] = frame[kind][i]
    return found


def _space(space: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], list[Finding]]:
    """Parameters by name, and what of them is not kept."""
    told: dict[str, dict[str, Any]] = {}
    notes = []
    for p in space["parameters"]:
        name, whole = str(p["name"]), (p.get("parameter_type") or {}).get("name") == "INT"
        notes += [
            Finding("rule-not-kept", f"{text}; that is not kept", column=name)
            for key, text in _NOT_KEPT.items()
            if p.get(key) or (key == "digits" and p.get(key) == 0)
        ]
        if "lower" in p:
            log = bool(p.get("log_scale"))
            told[name] = of_setting(p["lower"], p["upper"], is_whole=whole, is_log=log)
            if whole and log:
                text = "is whole and on a log scale in Ax; here it is whole, on a linear scale"
                notes.append(Finding("scale-not-kept", text, column=name))
        elif "values" in p:
            numbers = all(isinstance(v, int | float) and not isinstance(v, bool)
                          for v in p["values"])  # fmt: skip
            ordered = bool(p.get("is_ordered")) and numbers
            told[name] = of_levels(list(p["values"]), is_ordered=ordered)
        elif "value" in p:
            told[name] = {"kind": "fixed", "value": p["value"]}
        elif _can_be_read(text := str(p.get("expression_str", "")), [*told]):
            told[name] = {"kind": "derived", "formula": text}
        elif "__type" in p:  # one of a kind that is newer than this reader
            text = f"is a {p['__type']} of Ax, whose rule is not read; its kind is guessed"
            notes.append(Finding("parameter-not-read", text, column=name))
    return told, notes


def _can_be_read(formula: str, names: list[str]) -> bool:
    try:
        parse_formula(formula, names)
    except ValueError:
        return False
    return True


def _constraints(experiment: Mapping[str, Any]) -> tuple[str, ...]:
    written = experiment["search_space"].get("parameter_constraints") or []
    return tuple(str(c["inequality"]) for c in written if "inequality" in c)


def _goals(config: Mapping[str, Any], metrics: list[str]) -> Goals:
    """Objectives, thresholds and requirements in the words of a mapping."""
    goals = Goals(metrics)
    for part in _objectives(config.get("objective") or {}):
        goals.maximise(part)
    for limit in config.get("objective_thresholds") or []:
        goals.threshold(limit["metric"]["name"], limit["bound"], bool(limit.get("relative")))
    for limit in config.get("outcome_constraints") or []:
        text = _sum(limit) or limit["metric"]["name"]
        goals.require(text, limit["op"]["name"], limit["bound"], bool(limit.get("relative")))
        words = "was it asked of this outcome alone? Of a sum Ax writes only the first outcome down"
        goals.findings.append(Finding("limit-of-a-sum", f"has a limit; {words}", "note", text))
    goals.close()
    return goals


def _objectives(objective: Mapping[str, Any]) -> list[str]:
    """What is to become large, a formula each; as this version writes it, and older ones."""
    if "objectives" in objective:
        return [text for part in objective["objectives"] for text in _objectives(part)]
    if text := objective.get("expression") or _sum(objective):
        parts = [part.strip() for part in str(text).split(",")]
    else:
        parts = [term(m["name"]) for m in [objective.get("metric")] if m]
    return [f"-({part})" if objective.get("minimize") else part for part in parts if part]


def _sum(said: Mapping[str, Any]) -> str:
    """A weighted sum of metrics; empty where there is none."""
    names = [m["name"] for m in said.get("metrics") or ()]
    return weighted(dict(zip(names, said["weights"], strict=True))) if names else ""


def as_summary(table: Table) -> Table | None:
    """The table of ``Client.summarize``, with what its columns are; None where it is another."""
    if not set(_SUMMARY) <= set(table.columns):
        return None
    fixed = {"trial_index": "order", "arm_name": "ignore", "trial_status": "status"}
    fixed |= {n: "context" for n in ("generation_node", "trial_type") if n in table.columns}
    metrics = _unmeasured(table, [n for n in table.columns if n not in fixed])
    hints = fixed | dict.fromkeys(metrics, "outcome")
    if metrics:
        left = [n for n in table.columns if n not in hints]
        hints |= dict.fromkeys(left, "parameter")
    text = "read as a summary of Ax; bounds and goals are in the snapshot (save_to_json_file)"
    notes = [Finding("format", text, "note")]
    if not metrics:
        text = ("in this summary outcomes stand before settings and nothing tells them apart: "
                "look at the roles, or bring the snapshot (client.save_to_json_file)")  # fmt: skip
        notes.append(Finding("roles-not-told", text))
    declared = Declaration(chosen_by="Ax", is_in_order=True)
    return with_states(table, "trial_status", STATES, hints, notes, "Ax summary", declared)


def _unmeasured(table: Table, names: list[str]) -> list[str]:
    """The columns that are empty where a trial has not ended well: the outcomes."""
    states = table.column("trial_status")
    open_rows = [i for i, state in enumerate(states) if state != "COMPLETED"]
    return [n for n in names if any(not table.column(n)[i] for i in open_rows)]
