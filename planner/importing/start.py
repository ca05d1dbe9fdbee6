"""A live campaign out of a past one: its file, and its rows as trials that have been made."""

from collections.abc import Sequence
from typing import Any

from planner.campaign.campaign import Campaign
from planner.campaign.file import campaign_from_text
from planner.campaign.outcome import Outcome
from planner.campaign.parameter import Free, Parameter, ends
from planner.campaign.values import Point, shown
from planner.executor import Measurement
from planner.past.mapping import TableMapping
from planner.past.mapping_text import flow, scalar
from planner.past.pool import History, Row
from planner.past.trials import PastTrial
from planner.record.trial import TrialState
from planner.space.encoding import key

MORE = 40
"""Trials that the new campaign may make beyond those that were imported."""
STAGE, COMPUTED = "experiment", "computed"


def past_trials(history: History) -> list[PastTrial]:
    """Every row in its order, but for rows without a result and without a failure, and for an
    experiment that stands in two arms (a design that they share), which counts once."""
    return [_past(history, row) for row in _distinct(history) if row.values or row.failed]


def campaign_text(history: History, name: str | None = None) -> str:
    """The campaign's file: parameters, goals and thresholds of the mapping; people carry it out."""
    rules = history.mapping
    behind = rules.campaign()
    parameters = {n: _plain(p) for n, p in behind.parameters.items()}
    outcomes = {n: o.model_dump(mode="json", exclude_defaults=True) for n, o in
                behind.outcomes.items()}  # fmt: skip
    lines = [
        f"# Started from {rules.table}{f' ({rules.source})' if rules.source else ''}",
        f"name: {scalar(name or rules.name)}",
        *([f"title: {scalar(rules.title)}"] if rules.title else []),
        "parameters:",
        *(f"  {scalar(n)}: {flow(p)}" for n, p in parameters.items()),
        *([f"constraints: {flow(list(rules.constraints))}"] if rules.constraints else []),
        "outcomes:",
        *(f"  {scalar(n)}: {flow(o)}" for n, o in outcomes.items()),
        "stages:                             # manual: a person records results; change it freely",
        f"  - {{name: {STAGE}, executor: manual, gives: {flow(rules.measured)}}}",
        *_computed(rules),
        "review: {autonomy: by-hand}         # by-hand | when-safe | automatic",
        f"budget: {{trials: {len(past_trials(history)) + MORE}}}"
        f"              # {MORE} more than were imported",
        "planner: {batch: 3, seed: 1}",
    ]
    return "\n".join(lines) + "\n"


def _computed(rules: TableMapping) -> list[str]:
    """The stage that computes outcomes from what was measured, where there are such."""
    if not (names := rules.formulas):
        return []
    formulas = {name: rules.outcomes[name].formula for name in names}
    return [f"  - {{name: {COMPUTED}, executor: formula, after: [{STAGE}], gives: {flow(names)}, "
            f"options: {{outcomes: {flow(formulas)}}}}}"]  # fmt: skip


def campaign_of(text: str) -> Campaign:
    """The campaign in a file that ``campaign_text`` wrote. CampaignError lists what is wrong."""
    return campaign_from_text(text)


def plan_in_words(campaign: Campaign) -> list[str]:
    """What becomes large or small, what has to be kept, and over which settings."""
    goals = [_goal(n, o) for n, o in campaign.objectives.items()]
    kept = [f"{n} {_limits(o)}" for n, o in campaign.outcomes.items() if _limits(o)]
    settings = [f"{n} ({_settings(p)})" for n, p in campaign.free.items()]
    rules = list(campaign.constraints)
    return [
        f"goals: {', '.join(goals)}",
        *([f"to be kept: {', '.join(kept)}"] if kept else []),
        f"over: {', '.join(settings)}",
        *([f"where: {', '.join(rules)}"] if rules else []),
    ]


def _goal(name: str, outcome: Outcome) -> str:
    unit = f" {outcome.unit}" if outcome.unit else ""
    target = f" {outcome.value:g}{unit}" if outcome.value is not None else ""
    worst = (
        f" (of interest from {outcome.threshold:g}{unit})" if outcome.threshold is not None else ""
    )
    return f"{outcome.goal} {name}{target}{worst}"


def _limits(outcome: Outcome) -> str:
    limits = (("at least", outcome.at_least), ("at most", outcome.at_most))
    return " and ".join(f"{words} {v:g} {outcome.unit}".rstrip() for words, v in limits
                        if v is not None)  # fmt: skip


def _settings(parameter: Free) -> str:
    if parameter.kind == "choice":
        return ", ".join(map(shown, parameter.values))
    low, high = ends(parameter)
    scale = ", log" if parameter.kind == "range" and parameter.scale == "log" else ""
    return f"{low:g} to {high:g} {parameter.unit}".rstrip() + scale


def warnings(history: History, campaign: Campaign, past: Sequence[PastTrial]) -> list[str]:
    """What a researcher should know before going on from these data."""
    outside = sum(not _is_plan(campaign, trial.point) for trial in past)
    found = [f"{outside} imported trials lie outside the campaign; they count as they were run"]
    failed = sum(trial.state is TrialState.FAILED for trial in past)
    notes = [f"{failed} imported trials are failed samples"] if failed else []
    twice = len(history.rows) - len(_distinct(history))
    notes += (
        [f"{twice} rows repeat an experiment of another arm; each counts once"] if twice else []
    )
    return [*(found if outside else []), *notes, *history.notes]


def _distinct(history: History) -> list[Row]:
    kept: list[Row] = []
    first: dict[tuple[object, ...], str] = {}
    for row in history.rows:
        mark = (key(history.campaign, row.point), tuple(sorted(row.values.items())))
        if not row.values or first.setdefault(mark, row.arm) == row.arm:
            kept.append(row)
    return kept


def _past(history: History, row: Row) -> PastTrial:
    mapping = history.mapping
    measured = [
        Measurement(
            outcome=name,
            value=value,
            unit=history.campaign.unit(name),
            standard_error=_error(row, name),
            source=f"{mapping.table}, row {row.line}",
        )
        for name, value in row.values.items()
        if not row.failed
    ]
    state = TrialState.FAILED if row.failed else TrialState.COMPLETED
    arm = f", arm {row.arm}" if row.arm else ""
    return PastTrial(row.point, state, tuple(measured), f"{mapping.table}, row {row.line}{arm}")


def _error(row: Row, name: str) -> float | None:
    """Standard error of the row's value; a deviation without a count is one measurement's."""
    sd = row.sd.get(name)
    return None if sd is None else float(sd / max(row.n.get(name, 1.0), 1.0) ** 0.5)


def _is_plan(campaign: Campaign, point: Point) -> bool:
    try:
        campaign.complete({n: point[n] for n in campaign.free})
    except ValueError:
        return False
    return True


def _plain(parameter: Parameter) -> dict[str, Any]:
    return {"kind": parameter.kind, **parameter.model_dump(mode="json", exclude_defaults=True)}
