"""What is started, and in which environment."""

import errno
import os
import socket
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from executors.testing.laboratory import two_stages
from flows.reach import answers, free_port, is_free
from flows.server import programs
from flows.server.campaign_files import DropFolder, put_in
from flows.turns.pulse import SECONDS, Pulse, PulseWatch, model_state
from planner.campaign.campaign import parse_campaign
from planner.campaign.file import write_yaml
from planner.loop.laboratory import utc_now
from planner.loop.trouble import read_file_troubles
from planner.settings import Settings, open_record
from tests.server import KYOSO


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def test_the_prefect_that_a_person_uses_otherwise_has_no_say(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_KEY", "secret")
    monkeypatch.setenv("PREFECT_API_URL", "https://elsewhere")
    environment = programs.prefect_server(settings, 4242, "a:b").environment
    assert "PREFECT_API_KEY" not in environment
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4242/api"
    assert environment["PREFECT_HOME"] == str(settings.data / "prefect")
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


def test_our_own_servers_are_not_asked_through_a_proxy(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "intranet")
    environment = programs.worker(settings, "http://127.0.0.1:4242/api", "a:b").environment
    assert environment["NO_PROXY"] == "intranet,127.0.0.1,localhost"
    assert environment["KYOSO_DATA"] == str(settings.data)


def test_the_page_ends_with_the_command_that_showed_it(tmp_path: Path) -> None:
    port = free_port()
    page = f"{programs.panel_address(port)}/_stcore/health"
    with subprocess.Popen([*KYOSO, "panel", "--data", tmp_path, "--port", str(port)]) as panel:
        while not answers(page):
            assert panel.poll() is None
            time.sleep(0.2)
        panel.terminate()
    assert panel.returncode == 0
    assert not answers(page)


def test_without_pages_there_is_no_panel(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "find_spec", lambda name: None)
    assert programs.panel(settings, 8501) is None


def test_a_taken_port_is_seen_and_another_one_found() -> None:
    with programs_socket() as taken:
        port = taken.getsockname()[1]
        assert not is_free(port)
        assert free_port(port) != port
        assert not answers(f"http://127.0.0.1:{port}/health", seconds=0.2)


class Prefect(HTTPServer):
    """Prefect's server, as far as the supervisor asks it."""

    def __init__(self, port: int, answers: list[int]) -> None:
        super().__init__(("127.0.0.1", port), Counting)
        self.answers = answers


class Counting(BaseHTTPRequestHandler):
    server: Prefect

    def do_POST(self) -> None:
        self.send_response(self.server.answers.pop(0))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_server_whose_database_was_deleted_is_not_well_until_it_starts_anew(
    tmp_path: Path,
) -> None:
    database = tmp_path / "prefect.db"
    database.touch()
    with Prefect(0, [200, 500, 200]) as server:  # opened before: some connections still answer
        Thread(target=server.serve_forever).start()
        is_well = programs.PrefectWell(server.server_port, database, "a:b")
        assert is_well()
        database.rename(tmp_path / "gone")
        database.touch()
        assert [is_well(), is_well()] == [False, False]
        server.shutdown()
    assert not is_well()
    with Prefect(server.server_port, [200]) as successor:
        Thread(target=successor.serve_forever).start()
        assert is_well()
        successor.shutdown()


def programs_socket() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def test_signs_of_life_tell_of_the_model(tmp_path: Path) -> None:
    path = tmp_path / "worker.json"
    assert model_state(path) == ""
    pulse = Pulse(path)
    pulse.model = "loading"
    pulse.beat()
    assert model_state(path) == "loading"


@pytest.mark.parametrize("set_back", [-3600, 0, 3600])
def test_a_worker_that_hangs_is_not_well_however_the_clock_is_set(
    tmp_path: Path, set_back: int
) -> None:
    path, seconds = tmp_path / "worker.json", iter((0.0, 1.0, 2.0, 1 + SECONDS, 2 + SECONDS, 99.0))
    is_well = PulseWatch(path, lambda: next(seconds))
    assert not is_well()  # at 0 s: no sign of life yet
    Pulse(path).beat()
    stamp = path.stat().st_mtime - set_back
    os.utime(path, (stamp, stamp))  # the last one, by a clock that is then set
    assert is_well()  # its calls take the times 1 s and 2 s
    assert not is_well()
    assert not is_well()


def test_signs_of_life_need_no_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "worker.json"
    pulse, is_well = Pulse(path), PulseWatch(path)
    pulse.beat()
    os.utime(path, (0, 0))
    monkeypatch.setattr(Path, "write_text", full_disk)
    pulse.model = "loading"
    pulse.beat()
    assert path.stat().st_mtime > 0
    assert is_well()


def full_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_dropped_file_joins_once_and_a_broken_one_is_complained_of_once(
    settings: Settings,
) -> None:
    said: list[str] = []
    folder = DropFolder(settings.data / "campaigns", settings, said.append)
    (settings.data / "campaigns/good.yaml").write_text(write_yaml(two_stages()))
    (settings.data / "campaigns/bad.yaml").write_text("name: bad\n")
    (settings.data / "campaigns/gone.yaml").symlink_to("nowhere")
    folder.look()
    folder.look()
    assert any("bad.yaml: parameters: this field is missing" in line for line in said)
    assert said[0].endswith("gone.yaml is a link, not a plain file; it is left alone")
    assert said[-1] == "campaign 'test' is added"
    assert len(said) == 3
    with open_record(settings) as store:
        assert store.campaigns.names() == ["test"]
    shown = read_file_troubles(settings.data)
    assert sorted(shown) == ["bad.yaml", "gone.yaml"]
    assert "parameters: this field is missing" in shown["bad.yaml"]
    (settings.data / "campaigns/bad.yaml").write_text(write_yaml(two_stages(name="bad")))
    folder.look()
    assert list(read_file_troubles(settings.data)) == ["gone.yaml"]


def test_a_campaign_that_people_changed_goes_on_as_it_is(settings: Settings) -> None:
    given = parse_campaign(two_stages())
    with open_record(settings) as store:
        assert put_in(store, given, "Aki") == "campaign 'test' is added"
        assert put_in(store, given, "Aki") == "campaign 'test' goes on"
        changed = parse_campaign(two_stages(review={"autonomy": "by-hand"}))
        store.campaigns.revise(changed, 1, author="Aki", at=utc_now())
        assert "goes on as it is in the record" in put_in(store, given, "Aki")
        assert store.campaigns.get("test").review.autonomy == "by-hand"


def test_the_command_line_loads_no_prefect() -> None:
    program = "import sys, flows.cli, flows.turns.worker; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", program], text=True).split()
    assert {"prefect", "streamlit", "ax", "torch"}.isdisjoint(loaded)
