"""Form fields for parameters. They hold text; what it means is decided when the form is sent."""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

import streamlit as st

from planner.campaign.campaign import Campaign
from planner.campaign.parameter import Choice, Derived, Fixed, Ordered, Parameter
from planner.campaign.values import Point, shown
from ui.parts.entry import KEPT, TYPED
from ui.views.words import exact, heading, hint, plain

_OTHER = "or type what it was: it is kept, and nothing is learned from it until the list has it"


def point_fields(
    campaign: Campaign, key: str, point: Point | None = None, as_run: bool = False
) -> None:
    """A field for each parameter that can be set; ``as_run`` lets fixed ones differ, and any
    number stand for an ordered one."""
    for column, name in in_pairs(_names(campaign, as_run)):
        with column:
            value = (point or {}).get(name)
            _field(campaign.parameters[name], name, f"{key}:{name}", value, as_run)


def in_pairs[T](items: Iterable[T]) -> Iterator[tuple[Any, T]]:
    """A column for each, two beside each other; in their order also where columns wrap, and for
    the tabulator."""
    for pair in batched(items, 2):
        yield from zip(st.columns(2), pair, strict=False)


def read_point(
    campaign: Campaign, key: str, point: Point | None = None, as_run: bool = False
) -> dict[str, Any]:
    """What the fields hold now. Blank ones are left out, untouched ones keep their exact value."""
    values: dict[str, Any] = {}
    for name in _names(campaign, as_run):
        given = st.session_state.get(f"{key}:{name}")
        before = (point or {}).get(name)
        if before is not None and given in (exact(before), before):
            values[name] = before
        elif given is not None and str(given).strip():
            values[name] = given
    return values


def changed(values: dict[str, Any], point: Point) -> dict[str, Any]:
    """Those values that differ from the plan."""
    return {name: value for name, value in values.items() if value != point.get(name)}


def _names(campaign: Campaign, as_run: bool) -> list[str]:
    left_out = (Derived,) if as_run else (Derived, Fixed)
    return [n for n, p in campaign.parameters.items() if not isinstance(p, left_out)]


def _field(parameter: Parameter, name: str, key: str, value: Any, as_run: bool) -> None:
    label = plain(heading(name, getattr(parameter, "unit", "")))
    if isinstance(parameter, Choice) or (isinstance(parameter, Ordered) and not as_run):
        options = list(parameter.values)
        if as_run and value is not None and value not in options:
            options.append(value)
        index = options.index(value) if value in options else None
        st.selectbox(
            label, options, index, format_func=shown, key=key, placeholder="choose",
            accept_new_options=as_run, help=_OTHER if as_run else None, **KEPT,
        )  # fmt: skip
    else:
        text = "" if value is None else exact(value)
        st.text_input(
            label, text, key=key, placeholder=hint(parameter), help=plain(hint(parameter)), **TYPED
        )
