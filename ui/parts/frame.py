"""What surrounds every page: who is here, which campaign, what has happened, what is new.

Inputs and buttons that decide something never stand in a fragment that refreshes itself, so a click
or a half-typed reason cannot be lost; what refreshes itself is a line in the sidebar.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from planner.campaign.campaign import Campaign
from planner.desk import idle_because, paused_because, trouble_of
from planner.door.words import plainly
from planner.record.job import JobState
from planner.record.notice import INSTEAD
from planner.record.record import Record
from planner.record.trial import TrialState
from planner.store import (
    CampaignStatus,
    Conflict,
    NotFound,
    Store,
    StoreError,
    Unreadable,
)
from ui.connection import store as open_store
from ui.parts import damage, leaving, who
from ui.parts.damage import Damaged
from ui.views import waiting
from ui.views.words import MEANS, in_lines, news, plain

LIVE_SECONDS = 3
NO_NOTICE = ("", "")
STYLE = """<style>
[data-testid='stMainBlockContainer'] {padding-top: 2.2rem}
@media (max-width: 1150px) {
  [data-testid='stMain'] [data-testid='stHorizontalBlock'] {flex-wrap: wrap}
  [data-testid='stMain'] [data-testid='stColumn'] {min-width: min(14rem, 100%); flex: 1 1 14rem}
}
[data-testid='stTable'] td:first-child :is(div, p) {overflow-wrap: anywhere}
body:has([data-testid='stFileChipIconSpinner'])
  :is([data-testid='stButton'] button, [data-testid='stSidebarNavLink'])
  {pointer-events: none; opacity: 0.5}
</style>"""
"""Less empty space above the page than Streamlit leaves; in a narrow window columns go below each
other before their numbers are cut, and a long name is broken and pushes no value out of sight.
While a file is on its way nothing is handed in without it."""


@dataclass(frozen=True)
class Visit:
    """A person in front of a campaign, and the record as the page shows it."""

    store: Store
    who: str
    campaign: Campaign
    version: int
    status: CampaignStatus
    record: Record
    trouble: str
    """Why the model does not plan at present; empty where it does."""
    at_last_turn: str
    """What stood in the way of the loop at its last turn; empty where nothing did."""
    paused_because: str
    """Why the loop paused it by itself; empty where it did not."""
    idle_because: str
    """Why nothing can be proposed; empty where it can, or where nothing is wanted."""
    files: Mapping[str, str]
    """What is wrong with files in the folder of campaigns, by their names."""
    seen: int
    """The last event that the page takes into account."""

    @property
    def note(self) -> str:
        """What has to stand on every figure of made-up results."""
        return "synthetic" if self.campaign.synthetic else ""


def visit() -> Visit | Damaged | None:
    """The campaign chosen in the sidebar; None where there is none yet."""
    store = open_store()
    files = damage.tell_files()
    names = store.campaigns.names()
    if not names:
        return None
    name = st.sidebar.selectbox("Campaign", names, key="campaign", bind="query-params")
    troubles = damage.tell(store)
    try:
        return _visit(store, name, troubles.get(name, ""), files)
    except Unreadable as error:
        return Damaged(name, str(error))


def _visit(store: Store, name: str, at_last_turn: str, files: Mapping[str, str]) -> Visit:
    seen = store.events.newest(name)  # before the record: what comes in between is news
    now = store.look(name)
    return Visit(
        store,
        who.who(),
        now.campaign,
        now.version,
        now.status,
        now.record,
        trouble_of(store, now),
        "" if now.status.is_at_rest else at_last_turn,
        paused_because(store, now),
        idle_because(store, now),
        files,
        seen,
    )


def show(page: Callable[[Visit], None], title: str, here: Visit | Damaged | None) -> None:
    """A page in its frame: first the name, then what happened last, then the page itself."""
    if here is None:
        _no_campaign()
    elif isinstance(here, Damaged):
        st.html(STYLE)
        damage.page(here)
    elif not here.who:
        _ask_name()
    else:
        _sidebar(here)
        _top(title, here)
        _whole(page, here)
    with st.sidebar:
        who.keep()
        leaving.hold()


def _whole(page: Callable[[Visit], None], here: Visit) -> None:
    """The page; where it comes upon something that is damaged, what that is."""
    try:
        page(here)
    except (StoreError, NotFound) as error:
        st.error(in_lines(error), icon=":material/error:")


def bare(page: Callable[[], None], title: str) -> None:
    """A page that belongs to no campaign."""
    st.html(STYLE)
    st.header(title, anchor=False)
    with st.sidebar:
        leaving.hold()
    page()


def attempt(action: Callable[[], object], done: str, place: str = "") -> bool:
    """Do something that may be refused, in a callback; the next run says what became of it.

    A callback belongs to the page as it was seen: a click on a page that is out of date reaches the
    store, which answers with Conflict, and is never dropped. ``place`` is where ``fault`` stands.
    """
    try:
        action()
    except Conflict as conflict:
        st.session_state.notice = ("warning", f"Somebody was faster: {conflict}")
    except (ValueError, LookupError, StoreError) as error:
        _tell_fault(place, plainly(error))
    except OSError as error:  # a full disk
        _tell_fault(place, f"it could not be stored: {error}")
    else:
        st.session_state.notice = ("success", done)
        return True
    return False


def _tell_fault(place: str, why: str) -> None:
    """What was done before is told no longer beside it."""
    st.session_state[f"fault:{place}"] = why
    if st.session_state.pop("told", ""):
        st.session_state.notice = NO_NOTICE


def fault(place: str) -> None:
    """Show what was wrong with what came from this form. Its place is always there: nothing below
    it moves, no tab jumps and no popover closes."""
    told = st.container()
    if problem := st.session_state.pop(f"fault:{place}", None):
        told.error(in_lines(problem), icon=":material/error:")


def _top(title: str, here: Visit) -> None:
    st.html(STYLE)
    st.header(title, anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{plain(here.campaign.name)}** {plain(here.campaign.title)}", width="content"
        )
        active = here.status is CampaignStatus.ACTIVE
        st.badge(here.status.value, icon=MEANS[here.status][1], color="green" if active else "red")
        if here.campaign.synthetic:
            st.badge(
                "synthetic results",
                icon=":material/science:",
                color="orange",
                help="A simulation stands in for the laboratory.",
            )
    with st.container():  # always there: see ``fault``
        _banners(here)
    told()


def _banners(here: Visit) -> None:
    if here.paused_because:
        text = f"**Paused by the loop**: {plain(here.paused_because)}"
        st.warning(text, icon=":material/pause:")
    if here.idle_because:
        text = f"**Nothing is proposed**: {plain(here.idle_because)}."
        st.warning(text, icon=":material/hourglass_empty:")
    if here.at_last_turn:
        st.error(f"**At its last turn**: {plain(here.at_last_turn)}", icon=":material/error:")
    if here.trouble:
        why = plain(here.trouble.rstrip("."))
        text = f"**The model does not plan**: {why}. {INSTEAD.capitalize()}."
        st.warning(text, icon=":material/model_training:")


def told() -> None:
    """Say what became of what was just done, once; also where no form has a place for it."""
    fault("")
    kind, text = st.session_state.pop("notice", NO_NOTICE)
    st.session_state.told = text
    with st.container():
        if text:
            {"success": st.success, "warning": st.warning}[kind](in_lines(text))


def _sidebar(here: Visit) -> None:
    count = here.record.count
    with st.sidebar:
        st.caption(
            f"{count(TrialState.PROPOSED)} to decide · "
            f"{len(waiting.tasks(here.campaign, here.record))} to carry out · "
            f"{count(TrialState.APPROVED, TrialState.RUNNING)} under way"
        )
        _live(here)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/person: {plain(here.who)}", width="content")
            st.button("Somebody else", type="tertiary", on_click=who.leave)


@st.fragment(run_every=LIVE_SECONDS)
def _live(here: Visit) -> None:
    """News since the page was drawn. The page itself waits until it is asked."""
    events = here.store.events.list(here.campaign.name, after_id=here.seen)
    running = here.store.jobs.list(here.campaign.name, JobState.READY, JobState.RUNNING)
    remarks = waiting.new_remarks(here.campaign, here.record.jobs, running)
    files = damage.new_complaints(here.files)
    text = news(events, waiting.human_stages(here.campaign), remarks, files)
    if not text:
        st.caption(":material/sync: live, nothing new")
    elif st.button(f"{text} · show", icon=":material/fiber_new:", key="news", width="stretch"):
        st.rerun()


def _ask_name() -> None:
    with st.columns([1, 2, 1])[1], st.form("name"):
        st.subheader("Who is here?", anchor=False)
        st.caption("Your name stands beside everything you decide. It is kept in this "
                   "browser until you leave.")  # fmt: skip
        st.text_input("Your name", key="typed_name", max_chars=64, placeholder="for example Aki")
        fault("name")
        st.form_submit_button("Go on", type="primary", on_click=_take_name)


def _take_name() -> None:
    try:
        who.arrive(st.session_state.typed_name)
    except ValueError as error:
        st.session_state["fault:name"] = str(error)


def _no_campaign() -> None:
    st.title("No campaign yet", anchor=False)
    st.markdown(
        "A campaign is a file that says what may be set, what is measured and what it is for. "
        "Make one, look it over, and start it; it appears here by itself."
    )
    st.code(
        "kyoso new my-campaign --out my-campaign.yaml\n"
        "kyoso check my-campaign.yaml\n"
        "kyoso add my-campaign.yaml    # where no 'kyoso up' runs: kyoso run my-campaign.yaml",
        language="shell",
    )
    st.caption("Or upload it on the page Start.")
    st.caption(
        "To look around first: `kyoso new --example quickstart --out quickstart.yaml`, then "
        "`kyoso run quickstart.yaml` (synthetic results)."
    )
    st.button("Look again", icon=":material/refresh:")
