"""The entries of a form for a claim: each as the panel shows it, and what it holds now.

A button's callback reads for itself (``value_of``, ``region_of``): what it is given was computed
when the form was drawn last, which may be before the last key.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from planner.campaign.campaign import Campaign, CampaignError
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
from ui.parts.entry import KEPT, TYPED
from ui.parts.fields import in_pairs
from ui.parts.frame import Visit
from ui.views import beliefs
from ui.views.words import heading, hint, plain

ENDS = ("from", "to")
"""The two fields of a limit."""


def draw(here: Visit, entry: ClaimField, key: str) -> None:
    """An entry of a kind's form."""
    campaign, label, at = here.campaign, entry.label, f"{key}:{entry.name}"
    match entry:
        case SettingsField():
            _settings_fields(here, key)
        case Limits():
            region_fields(here, key)
        case Conditions():
            example = ", ".join(f"{n}: ..." for n in campaign.free)
            st.text_area(label, key=at, height=120, placeholder=example, **KEPT)
        case OutcomeName():
            st.selectbox(label, [*campaign.outcomes], key=at, **KEPT)
        case NumericParameter():
            numeric = [n for n, p in campaign.free.items() if not isinstance(p, Choice)]
            st.selectbox(label, numeric, key=at, **KEPT)
        case OneOf():
            st.selectbox(label, entry.options, key=at, **KEPT)
        case Number():
            st.slider(label, entry.low, entry.high, entry.start, entry.step, key=at, **KEPT)
        case Text():
            st.text_input(label, key=at, **TYPED)
        case Tick():
            st.checkbox(label, key=at, **KEPT)
        case _:
            raise TypeError(f"{entry.name}: the panel knows no entry {type(entry).__name__}")


def value_of(campaign: Campaign, entry: ClaimField, key: str) -> Any:
    """What is typed or chosen for an entry; None where it is left blank."""
    match entry:
        case SettingsField():
            return _settings(campaign, key)
        case Limits():
            return region_of(campaign, key)
    held = st.session_state.get(f"{key}:{entry.name}")
    match entry:
        case Conditions():
            return [_condition(line) for line in (held or "").splitlines() if line.strip()]
        case Text():
            return (held or "").strip() or None
    return held


def region_fields(here: Visit, key: str, start: Mapping[str, Any] | None = None) -> None:
    """Limits of a region: low and high of numbers, values of choices."""
    for name, parameter in here.campaign.free.items():
        label = plain(heading(name, here.campaign.unit(name)))
        given = (start or {}).get(name)
        if isinstance(parameter, Choice):
            at = f"{key}:{name}:values"
            st.multiselect(label, parameter.values, given, format_func=shown, key=at,
                           placeholder="any", **KEPT)  # fmt: skip
        else:
            _ends(parameter, label, f"{key}:{name}", given)


def region_of(campaign: Campaign, key: str) -> dict[str, list[Any]]:
    """The limits that the fields of a region hold; blank ones are left out."""
    within: dict[str, list[Any]] = {}
    for name, parameter in campaign.free.items():
        if isinstance(parameter, Choice):
            found = [*st.session_state.get(f"{key}:{name}:values", ())]
        else:
            typed = [_text(f"{key}:{name}:{word}") for word in ENDS]
            ends = beliefs.limits_of(campaign, name)
            found = [t or e for t, e in zip(typed, ends, strict=True)] if any(typed) else []
        if found:
            within[name] = found
    return within


def _text(key: str) -> str:
    return (st.session_state.get(key) or "").strip()


def _ends(
    parameter: Range | Integer | Ordered, label: str, key: str, given: Sequence[Any] | None
) -> None:
    """Low and high in two fields: of levels, one of them each."""
    for i, (column, word) in enumerate(zip(st.columns(2), ENDS, strict=True)):
        at, start = f"{key}:{word}", "" if given is None else shown(given[i])
        if isinstance(parameter, Ordered):
            levels = [*map(shown, parameter.values)]
            column.selectbox(f"{label} {word}", levels,
                             levels.index(start) if start in levels else None, key=at,
                             placeholder="any", **KEPT)  # fmt: skip
        else:
            column.text_input(f"{label} {word}", start, key=at, placeholder=hint(parameter),
                              **TYPED)  # fmt: skip


def _settings_fields(here: Visit, key: str) -> None:
    for column, (name, parameter) in in_pairs(here.campaign.free.items()):
        label = plain(heading(name, here.campaign.unit(name)))
        with column:
            if isinstance(parameter, Choice):
                st.selectbox(label, parameter.values, None, format_func=shown,
                             key=f"{key}:{name}:at", placeholder="any", **KEPT)  # fmt: skip
            else:
                st.text_input(label, key=f"{key}:{name}:at",
                              placeholder=f"any, {hint(parameter)}", **TYPED)  # fmt: skip


def _settings(campaign: Campaign, key: str) -> dict[str, Any]:
    held = {name: st.session_state.get(f"{key}:{name}:at") for name in campaign.free}
    values = {name: v.strip() if isinstance(v, str) else v for name, v in held.items()}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _condition(line: str) -> Any:
    try:
        return parse_yaml("{" + line + "}")
    except CampaignError:
        return {}
