"""The claim builder: a claim in fields, and beside it what it says and how much of the space."""

from typing import Any

import streamlit as st

from planner import desk
from planner.campaign.campaign import Campaign, CampaignError, parse_campaign
from planner.campaign.file import parse_yaml
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypothesis import kinds
from ui.parts.claim_entries import draw, value_of
from ui.parts.claim_picture import picture
from ui.parts.entry import KEPT, TYPED, form
from ui.parts.frame import Visit, attempt, fault
from ui.views import beliefs
from ui.views.words import plain

WRITTEN = "written"
"""A claim of any kind, in the words of a campaign file."""


@form
def tab(here: Visit, count: int) -> None:
    """The builder. A fresh one after each claim; until then it keeps what is typed."""
    key = f"build:{here.campaign.name}:{count}"
    fields, seen = st.columns([1, 1], gap="medium")
    with fields:
        kind = st.selectbox("What kind of claim", [*kinds(), WRITTEN], key=f"{key}:kind",
                            format_func=_kind_line, **KEPT)  # fmt: skip
        if kind == WRITTEN:
            _written_field(key)
        else:
            for entry in kinds()[kind].form:
                draw(here, entry, key)
            _common_fields(key)
        fault(key)
        st.button("Enter the claim", key=f"{key}:add", type="primary", icon=":material/add:",
                  on_click=_add, args=(here, key, count))  # fmt: skip
    with seen:
        try:
            content = _content(here.campaign, key)
        except CampaignError as error:
            st.warning(plain("; ".join(error.problems)))
        else:
            _preview(here, content, key)


def _common_fields(key: str) -> None:
    st.slider("How sure", 0.0, 1.0, 0.5, 0.05, key=f"{key}:strength", **KEPT,
              help="the probability that it is true, before any data")  # fmt: skip
    st.text_input("Why", key=f"{key}:because", placeholder="kept with the claim", **TYPED)
    st.date_input("Counts until", None, key=f"{key}:expiry", **KEPT)


def _content(campaign: Campaign, key: str) -> dict[str, Any]:
    """The claim that the fields hold now; empty where none is written yet. CampaignError where what
    is written cannot be read."""
    kind = st.session_state[f"{key}:kind"]
    if kind == WRITTEN:
        written = parse_yaml(st.session_state[f"{key}:written"])
        return written if isinstance(written, dict) else {}
    own = {entry.name: value_of(campaign, entry, key) for entry in kinds()[kind].form}
    parts = ("strength", "because", "expiry")
    strength, because, expiry = (st.session_state[f"{key}:{part}"] for part in parts)
    found = {"kind": kind} | {name: value for name, value in own.items() if value is not None}
    found |= {"strength": strength, "because": because.strip()}
    return found | ({"expiry": expiry} if expiry else {})


def _kind_line(kind: str) -> str:
    about = "any of these, as in a campaign file" if kind == WRITTEN else kinds()[kind].about
    return f"{kind}: {about}"


def _written_field(key: str) -> None:
    """A claim in the words of a campaign file."""
    st.text_area("The claim", key=f"{key}:written", height=120,
                 placeholder="{kind: near, point: {T: 650}, strength: 0.7}", **KEPT)  # fmt: skip


def _preview(here: Visit, content: dict[str, Any], key: str) -> None:
    """What is claimed so far: a picture, or what is still missing."""
    known = kinds().get(str(content.get("kind")))
    waiting = [entry.name for entry in known.form if entry.waits] if known else []
    if not content or (waiting and not any(content.get(name) for name in waiting)):
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


def _parsed(here: Visit, content: dict[str, Any]) -> Claim:
    plain_campaign = here.campaign.model_dump()
    claim = {"author": here.who, **content}
    return parse_campaign({**plain_campaign, "hypotheses": [claim]}).hypotheses[0]


def _add(here: Visit, key: str, count: int) -> None:
    def act() -> None:
        content = _content(here.campaign, key)
        desk.claim(here.store, here.campaign.name, content, here.who)

    is_first_click = count == st.session_state.claims
    if is_first_click and attempt(act, "the claim is entered; see Hypotheses", key):
        st.session_state.claims += 1
