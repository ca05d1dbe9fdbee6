"""Orders as a campaign will give them, before there is a trial: what its executors are asked about
when it is checked."""

from collections.abc import Iterator

from planner.campaign.campaign import Campaign
from planner.campaign.parameter import Free
from planner.campaign.stage import Stage
from planner.campaign.values import Value
from planner.executor import Measurement, WorkOrder


def sample_orders(campaign: Campaign, stage: Stage) -> Iterator[WorkOrder]:
    """Orders of a stage in which every listed value occurs. Values and results are in the right
    units and mean nothing."""
    listed = [len(p.values) for p in campaign.free.values() if p.kind in ("choice", "ordered")]
    units = {n: u for n in (*campaign.parameters, *campaign.outcomes) if (u := campaign.unit(n))}
    earlier = [
        name for other in campaign.stages if other.name != stage.name for name in other.gives
    ]
    for number in range(max(listed, default=1)):
        try:
            point = campaign.complete(
                {name: _value(p, number) for name, p in campaign.free.items()}, within=False
            )
        except ValueError:  # no derived value there: elsewhere in the space there is
            continue
        yield WorkOrder(
            job=f"{campaign.name}/{number}/{stage.name}", campaign=campaign.name, trial=number,
            stage=stage.name, point=point, units=units, gives=stage.gives,
            inputs={name: Measurement(name, 1.0, campaign.unit(name)) for name in earlier},
            seed=campaign.planner.seed,
        )  # fmt: skip


def _value(parameter: Free, number: int) -> Value:
    match parameter.kind:
        case "range":
            return (parameter.low + parameter.high) / 2
        case "integer":
            return (parameter.low + parameter.high) // 2
    return parameter.values[number % len(parameter.values)]
