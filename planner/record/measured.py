"""What was measured, and how a sample was really made, in the words of the campaign."""

from collections.abc import Mapping, Sequence
from typing import Any

from planner.campaign.campaign import Campaign
from planner.campaign.parameter import Choice, Derived
from planner.campaign.values import Point, Value
from planner.executor import Measurement
from planner.record.completion import completed_point


def in_campaign_units(
    campaign: Campaign, stage: str, measurements: Sequence[Measurement]
) -> list[Measurement]:
    """Measurements in the campaign's units. ValueError names the outcome and its fault."""
    gives = campaign.stage(stage).gives
    read = []
    for m in measurements:
        if m.outcome not in gives:
            raise ValueError(
                f"{m.outcome}: stage {stage!r} does not give it; it gives {', '.join(gives)}"
            )
        try:
            outcome = campaign.outcomes[m.outcome]
            value, error = outcome.read(m.value, m.standard_error, m.unit)
        except ValueError as problem:
            raise ValueError(f"{m.outcome}: {problem}") from problem
        read.append(Measurement(m.outcome, value, outcome.unit, error, m.method, m.source))
    return read


def check_as_run(campaign: Campaign, planned: Point, given: Mapping[str, Any]) -> Point | None:
    """As-run values of some parameters, with what derives from them: type and unit count, bounds
    and lists of categories do not."""
    checked = {name: _as_run(campaign, name, value) for name, value in given.items()}
    if not checked:
        return None
    before = completed_point(campaign, planned)
    derived = {n for n, p in campaign.parameters.items() if isinstance(p, Derived)}
    real = {n: v for n, v in before.items() if n not in derived} | checked
    if problems := campaign.add_derived(real, {}):
        raise ValueError("; ".join(problems))
    return checked | {n: real[n] for n in derived if real[n] != before.get(n)}


def _as_run(campaign: Campaign, name: str, value: Any) -> Value:
    parameter = campaign.parameters.get(name)
    if parameter is None or isinstance(parameter, Derived):
        raise ValueError(
            f"as-run: {name!r} is not a parameter that is set ({', '.join(campaign.free)})"
        )
    try:
        if isinstance(parameter, Choice):
            return parameter.as_run(value)
        return parameter.check(value, within=False)
    except ValueError as error:
        raise ValueError(f"as-run: {name}: {error}") from error
