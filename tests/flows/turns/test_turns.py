"""Turns outlive Prefect; executors outlive turns."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from executors.made_up.virtual import Virtual
from executors.testing.laboratory import two_stages
from flows.turns.laboratories import Laboratories
from flows.turns.locks import held
from flows.turns.with_prefect import WithPrefect, settle
from planner.campaign.campaign import parse_campaign
from planner.loop.laboratory import utc_now
from planner.loop.turn import Turn, describe
from planner.record.job import JobState
from planner.settings import Settings, open_record
from planner.store import Store


class Healthy(BaseHTTPRequestHandler):
    """A server that is there."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def api() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Counted:
    """An ``advance`` that counts its calls."""

    def __init__(self, error: Exception | None = None) -> None:
        self.calls = 0
        self.error = error

    def __call__(self, name: str) -> Turn:
        self.calls += 1
        if self.error:
            raise self.error
        return Turn(proposed=self.calls)


def flow_that(
    monkeypatch: pytest.MonkeyPatch,
    api: str,
    advance: Counted,
    run_flow: Callable[[str, Callable[[], Turn]], None],
) -> WithPrefect:
    """A ``WithPrefect`` whose flow is this function."""
    make = WithPrefect(advance, api)
    monkeypatch.setattr(make, "_load", lambda: None)
    monkeypatch.setattr(make, "_run_flow", run_flow)
    return make


def test_without_a_server_the_turn_is_made_all_the_same() -> None:
    advance = Counted()
    assert WithPrefect(advance, "http://127.0.0.1:9")("test") == Turn(proposed=1)
    assert advance.calls == 1


@pytest.mark.parametrize("after", [False, True])
def test_where_prefect_fails_the_turn_is_made_once(
    monkeypatch: pytest.MonkeyPatch, api: str, after: bool
) -> None:
    def run_flow(name: str, make: Callable[[], Turn]) -> None:
        if after:
            make()
        raise RuntimeError("database is locked")

    advance = Counted()
    make = flow_that(monkeypatch, api, advance, run_flow)
    monkeypatch.setattr(make, "_loader", threading.current_thread())
    assert make("test") == Turn(proposed=1)
    assert advance.calls == 1
    assert make._ready() is None, "for a minute nobody asks it again"


def test_an_error_of_the_turn_itself_comes_out() -> None:
    made = settle(Future(), Counted(OSError("disk full")), "test")
    with pytest.raises(OSError, match="disk full"):
        made.result()


def test_a_turn_in_words() -> None:
    assert describe(Turn()) == "nothing was due"
    assert describe(Turn(2, 0, 1, 0, 0, ("too hot",))) == "2 collected, 1 proposed; too hot"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_record(settings) as store:
        yield store


def test_one_turn_at_a_time_per_campaign(settings: Settings, store: Store) -> None:
    store.campaigns.add(parse_campaign(two_stages()), author="test", at=utc_now())
    bench = Laboratories(settings, store)
    with held(settings.data / "run/turns/test.lock"):
        assert not bench.advance("test").moved
    assert bench.advance("test").proposed == 3


def test_a_successor_takes_over_at_once_what_its_predecessor_held(
    settings: Settings, store: Store
) -> None:
    content = two_stages(options={"delay": 2})
    store.campaigns.add(parse_campaign(content), author="test", at=utc_now())
    Laboratories(settings, store).advance("test")  # and then it is killed; its leases last a minute
    assert len(store.jobs.list("test", JobState.RUNNING)) == 3
    successor = Laboratories(settings, store)
    for _ in range(4):
        successor.advance("test")
    assert store.jobs.list("test", JobState.COMPLETED)


def test_a_revision_rebuilds_only_the_executors_of_changed_stages(
    settings: Settings, store: Store
) -> None:
    store.campaigns.add(parse_campaign(two_stages()), author="test", at=utc_now())
    bench = Laboratories(settings, store)
    before = dict(bench._laboratory("test").executors)
    revised = parse_campaign(two_stages(options={"delay": 5}))
    store.campaigns.revise(revised, 1, author="test", at=utc_now())
    after = bench._laboratory("test").executors
    assert after["testing"] is before["testing"]
    assert after["making"] is not before["making"]
    assert isinstance(after["making"], Virtual)
    assert after["making"].options.delay == 5
