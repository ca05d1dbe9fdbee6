"""One proposal as a card: what, why, what is expected; approve, edit, veto.

Keys carry the trial's number and version, and callbacks what was seen: a click on a card that is
out of date is refused by the store with the name of who was faster.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from planner import desk
from planner.desk import Seen
from planner.record.decision import VetoCode
from planner.record.trial import Guidance, Trial
from ui.parts.claim_entries import region_fields, region_of
from ui.parts.entry import KEPT, TYPED, form
from ui.parts.fields import point_fields, read_point
from ui.parts.frame import Visit, attempt, fault
from ui.parts.sheet import table
from ui.views import beliefs, charts, tables, waiting
from ui.views.words import in_badge, in_lines, plain

TEACHES = {
    VetoCode.UNSAFE: "The region is forbidden for everyone.",
    VetoCode.IMPOSSIBLE: "The region is forbidden for everyone.",
    VetoCode.NOT_IN_STOCK: "The region is closed until that day.",
    VetoCode.ALREADY_KNOWN: "The planner takes the region as tried.",
    VetoCode.NOT_INTERESTING: "A soft belief that nothing is to be found there, which is weighed.",
    VetoCode.OTHER: "A soft belief that nothing is to be found there, which is weighed.",
}
"""What a veto of a region leads to."""


def card(here: Visit, proposed: waiting.Proposed) -> None:
    """A proposal with its three answers."""
    trial = proposed.trial
    key = f"{trial.campaign}:{trial.number}:{trial.version}"
    with st.container(border=True, key=f"card:{key}"):  # the browser tells cards apart by it
        _head(proposed, here.note)
        what, expected, answer = st.columns([3, 5, 2], gap="medium")
        with what:
            table(tables.point_table(here.campaign, trial.point), hide_header=True)
        with expected:
            _expectation(proposed, key)
        with answer:
            seen = Seen(trial.campaign, trial.number, trial.version)
            st.button(
                "Approve",
                key=f"approve:{key}",
                type="primary",
                width="stretch",
                icon=":material/check:",
                on_click=_approve,
                args=(here, seen),
            )
            with st.popover(
                "Edit", width="stretch", icon=":material/edit:", key=f"open-edit:{key}"
            ):
                _edit_form(here, proposed, seen, key)
            with st.popover(
                "Veto", width="stretch", icon=":material/block:", key=f"open-veto:{key}"
            ):
                veto_form(here, trial, key)
            if trial.guidance:
                with st.popover(
                    "What moved it",
                    width="stretch",
                    icon=":material/psychology:",
                    key=f"open-moved:{key}",
                ):
                    _moved(here, trial.guidance)


def several(here: Visit, proposed: Sequence[waiting.Proposed]) -> None:
    """Approve or veto many at once, after a look at what speaks against them. A fresh form after
    each decision; until then it keeps what is chosen and typed, whatever else is proposed."""
    by_seen = {Seen(p.trial.campaign, p.trial.number, p.trial.version): p for p in proposed}
    key = f"several:{here.campaign.name}:{st.session_state.setdefault('several', 0)}"
    with st.popover("Decide on several", icon=":material/done_all:", key=f"open-{key}"):
        _several_form(here, by_seen, key)


@form
def _several_form(here: Visit, by_seen: Mapping[Seen, waiting.Proposed], key: str) -> None:
    chosen = st.session_state.get(f"{key}:chosen", by_seen)  # none that came since
    st.session_state[f"{key}:chosen"] = [seen for seen in chosen if seen in by_seen]
    st.multiselect("Trials", list(by_seen), key=f"{key}:chosen",
                   format_func=lambda seen: f"trial {seen.number}", **KEPT)  # fmt: skip
    for seen, p in by_seen.items():
        if p.flags:
            st.caption(f":orange[trial {seen.number}]: {plain('; '.join(p.flags))}")
    st.text_input("Why", key=f"{key}:why", placeholder="kept with the decisions", **TYPED)
    st.selectbox("Reason of a veto", [*waiting.VETO_REASONS], None, key=f"{key}:kind", **KEPT)
    st.date_input("A veto holds until", None, key=f"{key}:until", **KEPT)
    fault(key)
    with st.container(horizontal=True):
        st.button("Approve these", key=f"{key}:approve", type="primary", on_click=_approve_chosen,
                  args=(here, key))  # fmt: skip
        st.button("Veto these", key=f"{key}:veto", on_click=_veto_chosen, args=(here, key))


def _head(proposed: waiting.Proposed, note: str) -> None:
    trial = proposed.trial
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**Trial {trial.number}**", width="content")
        is_person = trial.generator == "researcher"
        icon = ":material/person:" if is_person else ":material/smart_toy:"
        st.badge(
            in_badge(proposed.origin),
            icon=icon,
            color="violet" if is_person else "blue",
            help=f"made by {plain(trial.generator)}",
        )
        if trial.feasibility is not None:
            st.badge(
                proposed.feasible,
                color="green" if trial.feasibility >= 0.9 else "orange",
                help="probability that the sample survives and every requirement holds, and the "
                "trials of which that was known when it was predicted",
            )
        if note:
            st.badge(note, icon=":material/science:", color="orange")
        for flag in proposed.flags:
            st.badge(in_badge(flag), icon=":material/flag:", color="orange")
        st.caption(f"{trial.created_at:%Y-%m-%d %H:%M} UTC", width="content")
    if trial.reason:
        st.caption(f":material/lightbulb: {plain(trial.reason)}")


def _expectation(proposed: waiting.Proposed, key: str) -> None:
    if not proposed.expectations:
        st.caption("No prediction: no model stands behind these values.")
        return
    if wanted := [e for e in proposed.expectations if e.matters]:
        figure = charts.expected(wanted)
        st.plotly_chart(figure, key=f"chart:{key}", config={"displayModeBar": False})
    if others := [e for e in proposed.expectations if not e.matters]:
        st.caption(f"also expected: {plain(' · '.join(e.in_words for e in others))}")


@form
def _edit_form(here: Visit, proposed: waiting.Proposed, seen: Seen, key: str) -> None:
    point_fields(here.campaign, f"edit:{key}", proposed.trial.point)
    st.text_input("Why", key=f"edit:{key}:why", placeholder="kept with the decision", **TYPED)
    fault(f"edit:{key}")
    with st.container(horizontal=True):
        st.button("Change and approve", key=f"edit:{key}:both", type="primary", on_click=_edit,
                  args=(here, proposed, seen, key, True))  # fmt: skip
        st.button("Change only", key=f"edit:{key}:only", on_click=_edit,
                  args=(here, proposed, seen, key, False))  # fmt: skip


@form
def veto_form(here: Visit, trial: Trial, key: str) -> None:
    """Why not, until when, and whether a region goes with it."""
    key, seen = f"veto:{key}", Seen(trial.campaign, trial.number, trial.version)
    st.selectbox("Reason", [*waiting.VETO_REASONS], None, key=f"{key}:kind", placeholder="choose",
                 **KEPT)  # fmt: skip
    st.text_area("In your words", key=f"{key}:why", height=90, **KEPT)
    kind = waiting.VETO_REASONS.get(st.session_state[f"{key}:kind"], VetoCode.OTHER)
    st.date_input("Holds until", None, key=f"{key}:until", **KEPT)
    region = st.checkbox("Not only this point: a region around it", key=f"{key}:region", **KEPT)
    if region:
        region_fields(here, key, beliefs.around(here.campaign, trial.point))
        st.text_area(
            "Inequalities, one a line",
            key=f"{key}:where",
            height=70,
            placeholder="T + 2*x >= 90",
            **KEPT,
        )
    st.caption(TEACHES[kind] if region else "The point goes; nothing near it is affected.")
    if region and st.button("Dry run", key=f"{key}:dry", icon=":material/search:"):
        try:
            scope = _scope(here, key) or {}
            st.info(plain(desk.dry_run(here.store, here.campaign.name, scope, kind)))
        except ValueError as error:
            st.error(in_lines(error))
    fault(key)
    st.button(
        f"Veto trial {seen.number}", key=f"{key}:do", type="primary", on_click=_veto,
        args=(here, seen, key),
    )  # fmt: skip


def _scope(here: Visit, key: str) -> dict[str, Any] | None:
    """The region that the fields of a veto hold now; None where only the point is meant."""
    if not st.session_state.get(f"{key}:region"):
        return None
    where = st.session_state.get(f"{key}:where", "").splitlines()
    lines = [line.strip() for line in where if line.strip()]
    return {"within": region_of(here.campaign, key)} | ({"where": lines} if lines else {})


def _moved(here: Visit, guidance: Guidance) -> None:
    """What hypotheses did to a proposal."""
    table(beliefs.moved_table(guidance))
    st.caption(f"Without hypotheses: {plain(beliefs.without_line(here.campaign, guidance))}.")
    st.caption("Numbers above 0 speak for this proposal rather than for that one.")


def _approve(here: Visit, seen: Seen) -> None:
    act = partial(desk.approve, here.store, [seen], here.who)
    attempt(act, f"trial {seen.number} is approved")


def _approve_chosen(here: Visit, key: str) -> None:
    chosen, why = (st.session_state[f"{key}:{part}"] for part in ("chosen", "why"))
    act = partial(desk.approve, here.store, chosen, here.who, why)
    if attempt(act, f"approved: {', '.join(f'trial {s.number}' for s in chosen)}", key):
        st.session_state.several += 1


def _veto_chosen(here: Visit, key: str) -> None:
    chosen, until = (st.session_state[f"{key}:{part}"] for part in ("chosen", "until"))
    reason, code = _reason(key)
    act = partial(desk.veto, here.store, chosen, here.who, reason, code, None, until)
    if attempt(act, f"vetoed: {', '.join(f'trial {s.number}' for s in chosen)}", key):
        st.session_state.several += 1


def _edit(here: Visit, proposed: waiting.Proposed, seen: Seen, key: str, approve: bool) -> None:
    values = read_point(here.campaign, f"edit:{key}", proposed.trial.point)
    why = st.session_state[f"edit:{key}:why"]
    act = partial(desk.edit, here.store, {seen: values}, here.who, why, approve)
    attempt(act, f"trial {seen.number} is changed{' and approved' * approve}", f"edit:{key}")


def _veto(here: Visit, seen: Seen, key: str) -> None:
    reason, code = _reason(key)
    scope, until = _scope(here, key), st.session_state[f"{key}:until"]
    act = partial(desk.veto, here.store, [seen], here.who, reason, code, scope, until)
    done = f"trial {seen.number} is vetoed" + (
        ", and all that waits in the region" if scope else ""
    )
    attempt(act, done, key)


def _reason(key: str) -> tuple[str, VetoCode]:
    """What was chosen and written as the reason of a veto, in one line, and its code."""
    kind, why = (st.session_state[f"{key}:{part}"] for part in ("kind", "why"))
    reason = ": ".join(filter(None, (kind, why.strip())))
    return reason, waiting.VETO_REASONS.get(kind, VetoCode.OTHER)
