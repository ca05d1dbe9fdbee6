"""Outcomes that follow from others: a cost of parts, a weighted sum of what was measured."""

import math
from functools import partial
from pathlib import Path

from executors.computation import pool
from planner.campaign.expression import Formula, parse_formula
from planner.campaign.parameter import is_number
from planner.executor import Finished, Measurement, WorkOrder


class ComputedOutcomes(pool.Computation):
    """Gives each outcome by its formula over parameters and outcomes of earlier stages, with the
    standard error that theirs leave. An outcome of which a part did not come stays missing."""

    def __init__(self, folder: Path, outcomes: dict[str, str]) -> None:
        self.outcomes = outcomes
        super().__init__(folder, partial(computed, outcomes), pool.Options(inline=True))

    def check(self, order: WorkOrder) -> None:
        """ValueError where an outcome has no formula, or one that cannot be read."""
        for name in order.gives:
            _formula(self.outcomes, name, order)


def computed(outcomes: dict[str, str], order: WorkOrder) -> Finished:
    """The answer to one order."""
    found = []
    for name in order.gives:
        try:
            formula = _formula(outcomes, name, order)
        except ValueError:  # ``check`` has read it: a part of it did not come
            continue
        found.append(_measurement(name, formula, order))
    return Finished(tuple(found))


def _formula(outcomes: dict[str, str], name: str, order: WorkOrder) -> Formula:
    if name not in outcomes:
        raise ValueError(f"outcomes: there is no formula for {name!r}")
    return parse_formula(outcomes[name], _values(order))


def _values(order: WorkOrder) -> dict[str, float]:
    set_values = {n: float(v) for n, v in order.point.items() if is_number(v)}
    return set_values | {n: m.value for n, m in order.inputs.items()}


def _measurement(name: str, formula: Formula, order: WorkOrder) -> Measurement:
    values = _values(order)
    unit = order.units.get(name, "")
    error = _standard_error(formula, order, values)
    return Measurement(name, formula(values), unit, error, "formula", formula.text)


def _standard_error(formula: Formula, order: WorkOrder, values: dict[str, float]) -> float | None:
    """By what the formula changes when an input moves by its own error; None where one of them is
    not known. Exact for sums."""
    inputs = [order.inputs[n] for n in formula.names if n in order.inputs]
    if not inputs or any(m.standard_error is None for m in inputs):
        return None
    return math.hypot(*(_moved(formula, values, m) for m in inputs))


def _moved(formula: Formula, values: dict[str, float], m: Measurement) -> float:
    error = m.standard_error or 0.0
    low, high = ({**values, m.outcome: m.value + way * error} for way in (-1, 1))
    return (formula(high) - formula(low)) / 2
