"""The panel. Start it with ``kyoso panel``."""

from functools import partial

import streamlit as st

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
st.navigation(
    [
        st.Page(
            partial(frame.show, page, title, here),
            title=title,
            icon=icon,
            url_path=title.lower(),
            default=title == "Inbox",
        )
        for title, (page, icon) in PAGES.items()
    ]
    + [
        st.Page(partial(frame.bare, page, title), title=title, icon=icon, url_path=title.lower())
        for title, (page, icon) in PAST.items()
    ]
).run()
