"""What a file itself says of its campaign: bounds, kinds, scales, limits and goals, in the words
of a mapping. It is taken at its word; what it does not say is guessed or asked as of any table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.campaign.expression import LinearForm, parse_formula

type Said = dict[str, dict[str, Any]]
"""By name, a parameter or an outcome as a mapping writes it."""


@dataclass(frozen=True)
class Declaration:
    """Parts of a mapping that are not guessed."""

    parameters: Said = field(default_factory=dict)
    """By column; each with its kind, and what its kind needs."""
    outcomes: Said = field(default_factory=dict)
    """By column, or by a name of its own where there is a ``formula``."""
    constraints: tuple[str, ...] = ()
    reference_point: dict[str, float] = field(default_factory=dict)
    """By objective, the worst value that is of interest."""
    chosen_by: str = ""
    """The program that proposed the conditions; empty: nobody knows."""
    is_in_order: bool = False
    """Whether the file says in which order the experiments were begun."""
    is_sure: bool = True
    """Whether the goals are the file's; else they are asked, with these as a guess."""


def term(name: str) -> str:
    """A name as it stands in a formula."""
    return name if name.isidentifier() else f"`{name}`"


def weighted(coefficients: Mapping[str, float]) -> str:
    """``2*a - b``.

    >>> weighted({"a": 2.0, "b": -1.0, "melt time": 0.5})
    '2*a - b + 0.5*`melt time`'
    """
    text = ""
    for name, weight in coefficients.items():
        sign = ("-" if weight < 0 else "") if not text else (" - " if weight < 0 else " + ")
        size = "" if abs(weight) == 1 else f"{abs(weight):.12g}*"
        text += f"{sign}{size}{term(name)}"
    return text


def weights(text: str, names: list[str]) -> tuple[dict[str, float], float]:
    """The weights of a linear formula and its constant. ValueError where it is none.

    >>> weights("2*strength - 3*cost + 1", ["strength", "cost"])
    ({'strength': 2.0, 'cost': -3.0}, 1.0)
    """
    read = parse_formula(text, names).linear({name: LinearForm({name: 1.0}) for name in names})
    return dict(read.coefficients), read.constant


def of_setting(
    low: Any, high: Any, *, is_whole: bool, is_log: bool, unit: str = ""
) -> dict[str, Any]:
    """A number between two bounds; ``fixed`` where they are equal."""
    more = {"unit": unit} if unit else {}
    if low == high:
        return {"kind": "fixed", "value": low, **more}
    if is_whole:
        return {"kind": "integer", "low": int(low), "high": int(high), **more}
    scale = {"scale": "log"} if is_log else {}
    return {"kind": "range", "low": low, "high": high, **scale, **more}


def of_levels(values: list[Any], *, is_ordered: bool, unit: str = "") -> dict[str, Any]:
    """A list of settings: numbers in order, or kinds; ``fixed`` where it is one."""
    if len(values) == 1:
        return {"kind": "fixed", "value": values[0]}
    if is_ordered:
        return {"kind": "ordered", "values": sorted(values), **({"unit": unit} if unit else {})}
    return {"kind": "choice", "values": list(values)}
