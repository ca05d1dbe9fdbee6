"""What people type as a measurement: ``0.83 T``, ``0.83 +- 0.02 T``, or value and error apart."""

import re

from planner.campaign.units import split_quantity
from planner.executor import Measurement

_PLUS_MINUS = re.compile(r"±|\+/?-")


def measurement(
    outcome: str, value: str, error: str = "", unit: str = "", method: str = "", source: str = ""
) -> Measurement:
    """What was typed, as a measurement; the standard error may stand behind the value or apart, and
    a unit that was typed holds rather than ``unit``. ValueError names the outcome and the fault."""
    try:
        number, spread, own = _read(value)
        if error.strip():
            if spread is not None:
                raise ValueError(f"{value.strip()!r} came with another standard error, {error!r}")
            spread, of_spread = split_quantity(error)
            _same(own or unit.strip(), of_spread)
    except ValueError as problem:
        raise ValueError(f"{outcome}: {problem}") from problem
    return Measurement(outcome, number, own or unit.strip(), spread, method, source)


def _read(text: str) -> tuple[float, float | None, str]:
    """Value, standard error and unit of ``0.83 +- 0.02 T``; the unit may stand behind either."""
    first, *errors = _PLUS_MINUS.split(text)
    number, unit = split_quantity(first)
    if not errors:
        return number, None, unit
    if len(errors) > 1:
        raise ValueError(f"{text.strip()!r} has two standard errors")
    if not errors[0].strip():
        raise ValueError(f"{text.strip()!r} lacks the standard error")
    spread, of_spread = split_quantity(errors[0])
    _same(unit, of_spread)
    return number, spread, unit or of_spread


def _same(unit: str, of_spread: str) -> None:
    if unit and of_spread and unit != of_spread:
        raise ValueError(f"value and standard error have two units, {unit!r} and {of_spread!r}")
