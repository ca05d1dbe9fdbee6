"""What a visit keeps is never older than the record."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from streamlit.testing.v1 import AppTest

from executors.testing.laboratory import START, decide
from planner import desk
from planner.loop.laboratory import Laboratory
from planner.loop.turn import advance
from planner.record.decision import Verdict
from planner.record.event import EventKind
from planner.record.trial import Trial
from planner.settings import Settings, open_record
from planner.store import Store
from tests.damage import damage
from ui.parts.kept import EventLog
from ui.views.tables import event_table

Panel = Callable[..., AppTest]
Propose = Callable[..., Trial]
NEWS = {"audit": "too hot", "trials": "75.0"}
"""What a page shows of it."""


@pytest.fixture
def other(lab: Laboratory, tmp_path: Path) -> Iterator[Store]:
    """Another process at the same record."""
    with open_record(Settings(data=tmp_path)) as other:
        yield other


def read(store: Store, campaign: str = "test") -> EventLog:
    log = EventLog(store.events, campaign)
    log.read_on()
    return log


def at_once(store: Store) -> pd.DataFrame:
    return event_table(store.events.list("test"))


def test_a_log_grows_by_what_other_processes_note(
    lab: Laboratory, other: Store, propose: Propose
) -> None:
    log = read(other)
    assert_frame_equal(log.table, at_once(lab.store))
    decide(lab.store, propose(), Verdict.APPROVED)
    lab.note("test", EventKind.MODEL_FAILED, error="singular")  # of no trial
    log.read_on()
    assert_frame_equal(log.table, at_once(lab.store))
    before = log.table
    log.read_on()
    assert log.table is before


def test_a_log_of_nothing_is_a_table_too(lab: Laboratory) -> None:
    assert_frame_equal(read(lab.store, "none").table, event_table([]))


def test_damaged_events_are_told_once_each_and_hide_no_other(
    lab: Laboratory, propose: Propose, tmp_path: Path
) -> None:
    log = read(lab.store)
    propose()
    damage(tmp_path / "kyoso.db", "test", "event")
    log.read_on()
    lab.note("test", EventKind.MODEL_FAILED, error="singular")
    log.read_on()
    assert len(log.faults) == 1
    assert "campaign 'test': event: data" in log.faults[0]
    assert list(log.table["event"]) == ["planner.failed", "campaign.added"]
    assert read(lab.store).faults == tuple(lab.store.events.damage("test"))


@pytest.mark.parametrize("page", ["audit", "trials"])
def test_a_page_kept_open_shows_what_a_new_one_shows(
    panel: Panel, lab: Laboratory, propose: Propose, page: str
) -> None:
    first, second = propose(650), propose(700)
    decide(lab.store, first, Verdict.APPROVED)
    advance(lab, "test")
    measured = [desk.measurement("density", "74", "1", "percent")]
    desk.hand_in(lab.store, lab.store.jobs.list("test")[0], measured, {}, [], "Aki")
    lab.store.campaigns.add(lab.campaign("test").model_copy(update={"name": "quiet"}), "Aki", START)
    app = opened(panel, page, "test")
    decide(lab.store, second, Verdict.VETOED, reason="too hot")
    desk.correct(lab.store, "test", 1, replace(measured[0], value=75), "Mika", "wrong scale")
    for campaign in ("test", "quiet", "test"):
        app.selectbox(key="campaign").set_value(campaign).run()
        assert shown(app) == shown(opened(panel, page, campaign))
        assert any(NEWS[page] in text for text in shown(app)) is (campaign == "test")


def opened(panel: Panel, page: str, campaign: str) -> AppTest:
    app = panel(page)
    return app.selectbox(key="campaign").set_value(campaign).run()


def shown(app: AppTest) -> list[str]:
    """Tables and captions."""
    return [*(table.value.to_csv() for table in app.dataframe), *(c.value for c in app.caption)]
