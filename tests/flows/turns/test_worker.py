"""The worker: one campaign that cannot be loaded stops no other."""

import logging
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from executors.testing.laboratory import START, two_stages
from flows.turns.pulse import Pulse
from flows.turns.worker import Worker
from planner.campaign.campaign import parse_campaign
from planner.loop.turn import Turn
from planner.record.trial import TrialState
from planner.settings import Settings, open_record
from planner.store.events import Events
from tests.damage import DAMAGES, damage


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Three campaigns, of which ``b`` has a trial already."""
    settings = Settings(data=tmp_path)
    with open_record(settings) as store:
        for name in "abc":
            store.campaigns.add(parse_campaign(two_stages(name=name)), author="Aki", at=START)
    return settings


def work(settings: Settings, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
    """A worker at work for so long: whether it went on to the end."""
    stop = threading.Event()
    thread = threading.Thread(
        target=Worker(settings, Pulse(settings.data / "pulse"), stop).work, daemon=True
    )
    thread.start()
    end = time.monotonic() + seconds
    while thread.is_alive() and time.monotonic() < end and not until():
        time.sleep(0.1)
    went_on = thread.is_alive()
    stop.set()
    thread.join(20)
    return went_on


def done(settings: Settings, name: str) -> int:
    with open_record(settings) as store:
        return store.snapshot(name).count(TrialState.COMPLETED)


@pytest.mark.parametrize("what", [what for what in DAMAGES if what != "event"])
def test_a_damaged_campaign_is_written_down_once_and_passed_over(
    settings: Settings, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    if what in ("trial", "point"):
        assert work(settings, 20, until=lambda: done(settings, "b") >= 1)
    damage(settings.data / "kyoso.db", "b", what)
    with caplog.at_level(logging.INFO):
        assert work(settings, 60, until=lambda: done(settings, "a") == done(settings, "c") == 6)
        assert work(settings, 3)
    assert (done(settings, "a"), done(settings, "c")) == (6, 6)
    told = [r.message for r in caplog.records if "'b' cannot be loaded" in r.message]
    assert len(told) == 2, told  # one for each worker
    assert all(text.endswith("the others go on") for text in told)


def test_a_damaged_event_stops_no_turn(settings: Settings) -> None:
    """Turns do not read what happened long ago; ``kyoso doctor`` and the audit page name it."""
    damage(settings.data / "kyoso.db", "b", "event")
    assert work(settings, 60, until=lambda: done(settings, "b") == 6)


def test_a_campaign_of_which_not_even_events_can_be_read_is_tried_at_pauses(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def broken(events: Events, name: str) -> int:
        if name == "b":
            asked.append(time.monotonic())
            raise OSError("no such page")
        return newest(events, name)

    newest = Events.newest
    monkeypatch.setattr(Events, "newest", broken)
    assert work(settings, 60, until=lambda: done(settings, "a") == done(settings, "c") == 6)
    assert 1 <= len(asked) < 12
    assert all(later - sooner > 0.9 for sooner, later in pairwise(asked))


def test_trouble_that_comes_back_is_written_down_in_full_again(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Worker(settings, Pulse(settings.data / "pulse"), threading.Event())

    def broken(name: str) -> Turn:
        raise OSError("no such page")

    for make in (broken, broken, lambda name: Turn(), broken):
        worker._turn("a", make)
    assert [bool(r.exc_info) for r in caplog.records] == [True, False, True]
