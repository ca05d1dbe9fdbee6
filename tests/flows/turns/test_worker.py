"""The worker: one campaign that cannot be loaded stops no other."""

import logging
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from executors.testing.laboratory import START, two_stages
from flows.notify import Notifier
from flows.turns import worker as worker_module
from flows.turns.pulse import Pulse
from flows.turns.worker import LONGEST_TURN, Worker, _live
from planner.campaign.campaign import parse_campaign
from planner.loop.trouble import read_troubles
from planner.loop.turn import Turn
from planner.record.trial import TrialState
from planner.settings import Settings, open_record
from planner.store import Store, StoreError
from planner.store.campaigns import Campaigns
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


@pytest.mark.parametrize(
    ("fault", "state"), [(None, "loaded"), (ImportError("no ax"), "failed: no ax")]
)
def test_the_pulse_tells_how_far_the_model_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: ImportError | None, state: str
) -> None:
    def load(_: str) -> None:
        if fault:
            raise fault

    monkeypatch.setattr("flows.turns.worker.import_module", load)
    pulse = Pulse(settings.data / "pulse")
    worker = Worker(settings, pulse, threading.Event())
    by_model = two_stages(name="m", planner={"generator": "model"})
    with open_record(settings) as store:
        worker._load_model_for(store, "a")
        assert pulse.model == ""  # no campaign wants it yet
        store.campaigns.add(parse_campaign(by_model), author="Aki", at=START)
        worker._load_model_for(store, "m")
    end = time.monotonic() + 20
    while pulse.model in ("", "loading") and time.monotonic() < end:
        time.sleep(0.01)
    assert pulse.model == state


def test_trouble_with_notices_stops_no_turn(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no outbox")

    monkeypatch.setattr(Notifier, "look", broken)
    assert work(settings, 60, until=lambda: done(settings, "a") == 6)
    assert any(r.message == "notices of a" for r in caplog.records)


def test_a_loop_that_ended_by_an_error_ends_the_worker(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulse, stop = Pulse(settings.data / "pulse"), threading.Event()
    worker = Worker(settings, pulse, stop)
    monkeypatch.setattr(worker, "work", lambda: None)
    with pytest.raises(SystemExit, match="the loop ended by an error"):
        _live(worker, pulse, stop)


def test_signs_of_life_end_where_a_turn_hangs(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulse, stop = Pulse(settings.data / "pulse"), threading.Event()
    worker = Worker(settings, pulse, stop)
    monkeypatch.setattr(worker, "work", stop.wait)
    worker.turn_since = time.monotonic() - LONGEST_TURN - 1
    threading.Timer(1.5, stop.set).start()
    _live(worker, pulse, stop)
    assert not (settings.data / "pulse").exists()


def test_what_stands_in_the_way_is_written_down_for_people_until_it_is_gone(
    settings: Settings,
) -> None:
    worker = Worker(settings, Pulse(settings.data / "pulse"), threading.Event())

    def broken(name: str) -> Turn:
        raise LookupError("no executor named 'furnace'")

    worker._turn("a", broken)
    worker._turn("b", lambda name: Turn(problems=("1: too hot", "2: too hot", "3", "4")))
    assert read_troubles(settings.data) == {
        "a": "no executor named 'furnace'",
        "b": "1: too hot; 2: too hot; 3",
    }
    for name in "ab":
        worker._turn(name, lambda name: Turn())
    assert read_troubles(settings.data) == {}


def test_a_record_that_cannot_be_used_is_waited_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker_module, "SECONDS_WITHOUT_RECORD", 0.1)
    opened: list[Settings] = []
    names: list[int] = []

    def full_when_opened(given: Settings) -> Store:
        opened.append(given)
        if len(opened) < 4:
            raise StoreError("the database cannot be used: database or disk is full")
        return open_record(given)

    def full_when_read(campaigns: Campaigns) -> list[str]:
        names.append(1)
        if len(names) < 4:
            raise StoreError("the database cannot be used: disk I/O error")
        return listed(campaigns)

    listed = Campaigns.names
    monkeypatch.setattr(worker_module, "open_record", full_when_opened)
    monkeypatch.setattr(Campaigns, "names", full_when_read)
    with caplog.at_level(logging.INFO):
        assert work(settings, 60, until=lambda: done(settings, "a") == 6)
    told = [r.message for r in caplog.records if r.message.startswith("the record waits")]
    assert len(told) == 2  # each trouble once
