"""What was measured, and how a sample was really made, in the words of the campaign."""

from collections.abc import Mapping, Sequence
from typing import Any

from planner.campaign.campaign import Campaign
from planner.campaign.parameter import Derived
from planner.campaign.values import Point
from planner.executor import (
    Measurement,
)


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
    do not."""
    checked: Point = {}
    for name, value in given.items():
        parameter = campaign.parameters.get(name)
        if parameter is None or isinstance(parameter, Derived):
            raise ValueError(
                f"as-run: {name!r} is not a parameter that is set ({', '.join(campaign.free)})"
            )
        try:
            checked[name] = parameter.check(value, within=False)
        except ValueError as error:
            raise ValueError(f"as-run: {name}: {error}") from error
    if not checked:
        return None
    derived = {n for n, p in campaign.parameters.items() if isinstance(p, Derived)}
    real = {n: v for n, v in planned.items() if n not in derived} | checked
    whole = campaign.complete(real, within=False)
    return checked | {n: whole[n] for n in derived if whole[n] != planned.get(n)}
