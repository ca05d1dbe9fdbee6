"""The panel. Start it with ``kyoso panel``."""

from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ui.pages import audit, campaign, hypotheses, imports, inbox, inject, replay, start, trials
from ui.parts import frame

st.set_page_config(page_title="Kyoso", page_icon="🎼", layout="wide")
here = frame.visit()
PAGES = {
    "Inbox": (inbox.page, ":material/inbox:"),
    "Inject": (inject.page, ":material/add_circle:"),
    "Hypotheses": (hypotheses.page, ":material/psychology:"),
    "Trials": (trials.page, ":material/scatter_plot:"),
    "Campaign": (campaign.page, ":material/flag:"),
    "Audit": (audit.page, ":material/history:"),
}
PAST = {
    "Start": (start.page, ":material/rocket_launch:"),
    "Import": (imports.page, ":material/upload_file:"),
    "Replay": (replay.page, ":material/replay:"),
}
FIRST = "Inbox"


def _page(title: str, *, address: str, hidden: bool = False) -> StreamlitPage:
    page, icon = PAGES[title]
    return st.Page(
        partial(frame.show, page, title, here),
        title=title,
        icon=icon,
        url_path=address,
        default=not address,
        visibility="hidden" if hidden else "visible",
    )


st.navigation(
    [_page(title, address="" if title == FIRST else title.lower()) for title in PAGES]
    + [
        st.Page(partial(frame.bare, page, title), title=title, icon=icon, url_path=title.lower())
        for title, (page, icon) in PAST.items()
    ]
    + [_page(FIRST, address=FIRST.lower(), hidden=True)]
).run()
