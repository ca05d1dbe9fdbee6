"""The entries of a form for a claim, each as the panel shows it."""

from collections.abc import Mapping
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
from planner.campaign.parameter import Choice
from planner.campaign.values import shown
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
            text = st.text_area(label, key=at, height=120, placeholder=example)
            return [_condition(line) for line in text.splitlines() if line.strip()]
        case OutcomeName():
            return st.selectbox(label, [*campaign.outcomes], key=at)
        case NumericParameter():
            numeric = [n for n, p in campaign.free.items() if not isinstance(p, Choice)]
            return st.selectbox(label, numeric, key=at)
        case OneOf():
            return st.selectbox(label, entry.options, key=at)
        case Number():
            return st.slider(label, entry.low, entry.high, entry.start, entry.step, key=at)
        case Text():
            return st.text_input(label, key=at).strip() or None
        case Tick():
            return st.checkbox(label, key=at)
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
            chosen = st.multiselect(label, parameter.values, given, format_func=shown,
                                    key=f"{key}:{name}:values", placeholder="any")  # fmt: skip
            if chosen:
                within[name] = list(chosen)
            continue
        low, high = st.columns(2)
        texts = [
            column.text_input(f"{label} {word}", "" if given is None else f"{given[i]:g}",
                              key=f"{key}:{name}:{word}", placeholder=hint(parameter))
            for i, (column, word) in enumerate(((low, "from"), (high, "to")))
        ]  # fmt: skip
        ends = beliefs.limits_of(here.campaign, name)
        if any(text.strip() for text in texts):
            within[name] = [t.strip() or e for t, e in zip(texts, ends, strict=True)]
    return within


def _settings(here: Visit, key: str) -> dict[str, Any]:
    point: dict[str, Any] = {}
    columns = st.columns(2)
    for i, (name, parameter) in enumerate(here.campaign.free.items()):
        label = plain(heading(name, here.campaign.unit(name)))
        with columns[i % 2]:
            if isinstance(parameter, Choice):
                value = st.selectbox(label, parameter.values, None, format_func=shown,
                                     key=f"{key}:{name}:at", placeholder="any")  # fmt: skip
            else:
                value = st.text_input(label, key=f"{key}:{name}:at",
                                      placeholder=f"any, {hint(parameter)}").strip()  # fmt: skip
        if value not in (None, ""):
            point[name] = value
    return point


def _condition(line: str) -> Any:
    try:
        return parse_yaml("{" + line + "}")
    except CampaignError:
        return {}
