"""Ten campaigns under ``kyoso up``; one is damaged in the database. Nine go on, and the panel says
which one does not, and why."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from executors.testing.laboratory import two_stages
from flows.server.campaign_files import put_in
from planner.campaign.campaign import parse_campaign
from planner.loop.trouble import read_troubles
from planner.record.trial import TrialState
from planner.settings import Settings, open_record
from tests.damage import damage
from tests.server import serving

NAMES = [f"bulk-{number}" for number in range(1, 11)]
DAMAGED = NAMES[3]
PAGE = """
from ui.pages import inbox
from ui.parts import frame
frame.show(inbox.page, "Inbox", frame.visit())
"""
OTHERS = [name for name in NAMES if name != DAMAGED]


def done(settings: Settings) -> dict[str, int]:
    """Completed trials of each sound campaign."""
    with open_record(settings) as store:
        return {n: store.snapshot(n).count(TrialState.COMPLETED) for n in OTHERS}


def text(app: AppTest) -> str:
    return " ".join(part.value for part in (*app.error, *app.sidebar.caption, *app.caption))


@pytest.mark.timeout(400)
def test_nine_go_on_and_the_panel_says_which_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path / "data")
    with open_record(settings) as store:
        for name in NAMES:
            campaign = parse_campaign(two_stages(name=name, budget={"trials": 500}))
            assert "is added" in put_in(store, campaign, "Aki")
    with serving(settings.data) as server:
        server.wait(lambda: all(done(settings).values()), 120)
        damage(settings.data / "kyoso.db", DAMAGED, "trial")
        server.wait(lambda: DAMAGED in read_troubles(settings.data))
        before = done(settings)
        server.wait(lambda: all(n > before[name] for name, n in done(settings).items()), 120)

        assert list(read_troubles(settings.data)) == [DAMAGED]
        log = (settings.data / "logs/worker.log").read_text()
        assert log.count(f"'{DAMAGED}' cannot be loaded") == 1
        assert "Traceback" not in log

        monkeypatch.setenv("KYOSO_DATA", str(settings.data))
        app = AppTest.from_string(PAGE, default_timeout=60)
        app.session_state.who = "Aki"
        for name in (OTHERS[0], DAMAGED):
            app.session_state.campaign = name
            app.run()
            assert not app.exception
            assert f"does not go on: {DAMAGED}" in text(app)
        assert f"campaign '{DAMAGED}' cannot be loaded: trial: 'dreaming'" in text(app)
        assert "kyoso remove bulk-4" in app.code[0].value
        st.cache_resource.clear()
