"""The claim builder: a claim in fields, and beside it what it says and how much of the space."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from planner import desk
from planner.campaign.campaign import CampaignError, parse_campaign
from planner.campaign.file import parse_yaml
from planner.campaign.hypothesis import Hypothesis
from planner.campaign.parameter import Choice
from planner.campaign.values import shown
from ui.parts.claim_picture import picture
from ui.parts.frame import Visit, attempt, fault
from ui.views import beliefs
from ui.views.words import heading, hint, plain

KINDS = {
    "near": "the optimum lies near a point",
    "region": "a region is promising",
    "trend": "an outcome rises or falls with a parameter",
    "avoid": "a region is unsafe, impossible or pointless",
    "candidates": "explicit conditions to try",
    "written": "any of these, as in a campaign file",
}


def tab(here: Visit, count: int) -> None:
    """The builder. A fresh one after each claim; until then it keeps what is typed."""
    key = f"build:{here.campaign.name}:{count}"
    fields, seen = st.columns([1, 1], gap="medium")
    with fields:
        kind = st.selectbox("What kind of claim", [*KINDS], key=f"{key}:kind",
                            format_func=lambda k: f"{k}: {KINDS[k]}")  # fmt: skip
        content = (
            _written(key)
            if kind == "written"
            else {"kind": kind, **_own_fields(here, kind, key), **_common(key)}
        )
        fault(key)
        st.button("Enter the claim", key=f"{key}:add", type="primary", icon=":material/add:",
                  on_click=_add, args=(here, content, key, count))  # fmt: skip
    with seen:
        _preview(here, content, key)


def _own_fields(here: Visit, kind: str, key: str) -> dict[str, Any]:
    campaign = here.campaign
    if kind == "near":
        point = _texts(here, key, "at")
        width = st.slider(
            "Width, as a share of each range", 0.05, 0.5, 0.2, 0.05, key=f"{key}:width"
        )
        return {"point": point, "width": width}
    if kind == "trend":
        outcome = st.selectbox("Outcome", [*campaign.outcomes], key=f"{key}:outcome")
        numeric = [n for n, p in campaign.free.items() if not isinstance(p, Choice)]
        parameter = st.selectbox("Parameter", numeric, key=f"{key}:parameter")
        sign = st.selectbox("It", ["rises", "falls", "peaks", "dips"], key=f"{key}:sign")
        return {"outcome": outcome, "parameter": parameter, "sign": sign}
    if kind == "candidates":
        text = st.text_area("Conditions, one a line", key=f"{key}:points", height=120,
                            placeholder=", ".join(f"{n}: ..." for n in campaign.free))  # fmt: skip
        return {"points": [_condition(line) for line in text.splitlines() if line.strip()]}
    found: dict[str, Any] = {"within": region_fields(here, key)}
    if kind == "avoid":
        found["hard"] = st.checkbox("Hard: nobody may go there", key=f"{key}:hard")
    return found


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


def _texts(here: Visit, key: str, word: str) -> dict[str, Any]:
    point: dict[str, Any] = {}
    columns = st.columns(2)
    for i, (name, parameter) in enumerate(here.campaign.free.items()):
        label = plain(heading(name, here.campaign.unit(name)))
        with columns[i % 2]:
            if isinstance(parameter, Choice):
                value = st.selectbox(label, parameter.values, None, format_func=shown,
                                     key=f"{key}:{name}:{word}", placeholder="any")  # fmt: skip
            else:
                value = st.text_input(label, key=f"{key}:{name}:{word}",
                                      placeholder=f"any, {hint(parameter)}").strip()  # fmt: skip
        if value not in (None, ""):
            point[name] = value
    return point


def _common(key: str) -> dict[str, Any]:
    strength = st.slider("How sure", 0.0, 1.0, 0.5, 0.05, key=f"{key}:strength",
                         help="the probability that it is true, before any data")  # fmt: skip
    because = st.text_input("Why", key=f"{key}:because", placeholder="kept with the claim")
    expiry = st.date_input("Counts until", None, key=f"{key}:expiry")
    found: dict[str, Any] = {"strength": strength, "because": because.strip()}
    return found | ({"expiry": expiry} if expiry else {})


def _written(key: str) -> dict[str, Any]:
    """A claim in the words of a campaign file; empty where it is not one yet."""
    text = st.text_area("The claim", key=f"{key}:written", height=120,
                        placeholder="{kind: near, point: {T: 650}, strength: 0.7}")  # fmt: skip
    try:
        content = parse_yaml(text)
    except CampaignError as error:
        st.warning(plain("; ".join(error.problems)))
        content = None
    return content if isinstance(content, dict) else {}


def _condition(line: str) -> Any:
    try:
        return parse_yaml("{" + line + "}")
    except CampaignError:
        return {}


def _preview(here: Visit, content: dict[str, Any], key: str) -> None:
    """What is claimed so far: a picture, or what is still missing."""
    if not any(content.get(part) for part in ("point", "within", "parameter", "points")):
        st.caption("The picture of the claim appears here.")
        return
    try:
        claim = _parsed(here, content)
    except CampaignError as error:
        st.warning(plain("; ".join(p.split(".", 2)[-1] for p in error.problems)))
        return
    picture(here, here.campaign, here.record, claim, key)
    from planner.beliefs.credence import ground  # scipy, only where it is needed

    share = beliefs.share_affected(here.campaign, claim, ground(here.campaign))
    st.caption(f"{plain(claim.words)}. It speaks for {share:.0%} of the space.")


def _parsed(here: Visit, content: dict[str, Any]) -> Hypothesis:
    plain_campaign = here.campaign.model_dump()
    claim = {"author": here.who, **content}
    return parse_campaign({**plain_campaign, "hypotheses": [claim]}).hypotheses[0]


def _add(here: Visit, content: dict[str, Any], key: str, count: int) -> None:
    act = partial(desk.claim, here.store, here.campaign.name, content, here.who)
    is_first_click = count == st.session_state.claims
    if is_first_click and attempt(act, "the claim is entered; see Hypotheses", key):
        st.session_state.claims += 1
