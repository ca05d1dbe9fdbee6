"""The entries of a form for a claim, each as the panel shows it."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from planner.campaign.campaign import CampaignError
from planner.campaign.file import parse_yaml
from planner.campaign.hypotheses.form import (
    ClaimField,
    Conditions,
    Limits,
    Number,
    NumericParameter,
    OneOf,
    OutcomeName,
    SettingsField,
    Text,
    Tick,
)
from planner.campaign.parameter import Choice, Integer, Ordered, Range
from planner.campaign.values import shown
from ui.parts.entry import KEPT
from ui.parts.frame import Visit
from ui.views import beliefs
from ui.views.words import heading, hint, plain


def value_of(here: Visit, entry: ClaimField, key: str) -> Any:
    """What is typed or chosen for an entry of a kind's form; None where it is left blank."""
    campaign, label, at = here.campaign, entry.label, f"{key}:{entry.name}"
    match entry:
        case SettingsField():
            return _settings(here, key)
        case Limits():
            return region_fields(here, key)
        case Conditions():
            example = ", ".join(f"{n}: ..." for n in campaign.free)
            text = st.text_area(label, key=at, height=120, placeholder=example, **KEPT)
            return [_condition(line) for line in text.splitlines() if line.strip()]
        case OutcomeName():
            return st.selectbox(label, [*campaign.outcomes], key=at, **KEPT)
        case NumericParameter():
            numeric = [n for n, p in campaign.free.items() if not isinstance(p, Choice)]
            return st.selectbox(label, numeric, key=at, **KEPT)
        case OneOf():
            return st.selectbox(label, entry.options, key=at, **KEPT)
        case Number():
            ends = entry.low, entry.high
            return st.slider(label, *ends, entry.start, entry.step, key=at, **KEPT)
        case Text():
            return st.text_input(label, key=at, **KEPT).strip() or None
        case Tick():
            return st.checkbox(label, key=at, **KEPT)
    raise TypeError(f"{entry.name}: the panel knows no entry {type(entry).__name__}")


def region_fields(
    here: Visit, key: str, start: Mapping[str, Any] | None = None
) -> dict[str, list[Any]]:
    """Limits of a region: low and high of numbers, values of choices; blank ones are left out."""
    within: dict[str, list[Any]] = {}
    for name, parameter in here.campaign.free.items():
        label = plain(heading(name, here.campaign.unit(name)))
        given = (start or {}).get(name)
        if isinstance(parameter, Choice):
            at = f"{key}:{name}:values"
            chosen = st.multiselect(label, parameter.values, given, format_func=shown, key=at,
                                    placeholder="any", **KEPT)  # fmt: skip
            if chosen:
                within[name] = list(chosen)
            continue
        typed = _ends(parameter, label, f"{key}:{name}", given)
        ends = beliefs.limits_of(here.campaign, name)
        if any(typed):
            within[name] = [t or e for t, e in zip(typed, ends, strict=True)]
    return within


def _ends(
    parameter: Range | Integer | Ordered, label: str, key: str, given: Sequence[Any] | None
) -> list[str]:
    """Low and high as they stand in two fields, empty where blank: of levels, one of them each."""
    typed = []
    for i, (column, word) in enumerate(zip(st.columns(2), ("from", "to"), strict=True)):
        at, start = f"{key}:{word}", "" if given is None else shown(given[i])
        if isinstance(parameter, Ordered):
            levels = [*map(shown, parameter.values)]
            chosen = column.selectbox(f"{label} {word}", levels,
                                      levels.index(start) if start in levels else None, key=at,
                                      placeholder="any", **KEPT)  # fmt: skip
            typed.append(chosen or "")
        else:
            text = column.text_input(f"{label} {word}", start, key=at, placeholder=hint(parameter),
                                     **KEPT)  # fmt: skip
            typed.append(text.strip())
    return typed


def _settings(here: Visit, key: str) -> dict[str, Any]:
    point: dict[str, Any] = {}
    columns = st.columns(2)
    for i, (name, parameter) in enumerate(here.campaign.free.items()):
        label = plain(heading(name, here.campaign.unit(name)))
        with columns[i % 2]:
            if isinstance(parameter, Choice):
                value = st.selectbox(label, parameter.values, None, format_func=shown,
                                     key=f"{key}:{name}:at", placeholder="any", **KEPT)  # fmt: skip
            else:
                typed = st.text_input(label, key=f"{key}:{name}:at",
                                      placeholder=f"any, {hint(parameter)}", **KEPT)  # fmt: skip
                value = typed.strip()
        if value not in (None, ""):
            point[name] = value
    return point


def _condition(line: str) -> Any:
    try:
        return parse_yaml("{" + line + "}")
    except CampaignError:
        return {}
