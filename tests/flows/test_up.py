"""``kyoso up`` as people use it: started, killed, started again, stopped; and its plain messages."""

import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from executors.testing.laboratory import two_stages
from flows.turns.locks import held
from planner.campaign.file import write_yaml
from planner.settings import Settings, open_record
from tests.server import KYOSO, Server, processes_of


def kyoso(*arguments: object) -> tuple[int, str]:
    """A command that ends by itself: its exit code, and what it says."""
    run = subprocess.run([*KYOSO, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout + run.stderr


@pytest.mark.timeout(400)
def test_it_survives_kills_and_the_loss_of_prefects_database(tmp_path: Path) -> None:
    content = two_stages(options={"delay": 2}, budget={"trials": 1000})
    file, other = tmp_path / "test.yaml", tmp_path / "other.yaml"
    file.write_text(write_yaml(content))
    other.write_text(write_yaml({**content, "name": "other"}))

    first = Server(tmp_path / "data", file)
    try:
        first.wait(lambda: (first.data / "run/children.json").exists())
        first.goes_on()
        code, message = kyoso("up", "--data", first.data)
        assert code == 1
        assert re.search("'kyoso up' already works on .* panel http://127.0.0.1:", message)
    finally:
        first.stop(signal.SIGKILL)

    second = Server(tmp_path / "data", file)
    try:
        second.wait(lambda: "Prefect is ready" in second.log.read_text(), 180)
        second.goes_on()
        for part in (second.data / "prefect").glob("prefect.db*"):
            part.unlink()
        second.goes_on()
        assert kyoso("add", other, "--data", second.data) == (0, "campaign 'other' is added\n")
        second.goes_on("other")
    finally:
        assert second.stop(signal.SIGTERM) == 0
    assert processes_of(second.data) == []
    with open_record(Settings(data=second.data)) as store:
        assert store.check() == []


def test_a_taken_port_gets_a_plain_message(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, message = kyoso("up", "--data", tmp_path, "--port", port)
    assert code == 1
    assert f"port {port} is taken by another program; try: kyoso up --port" in message
    assert "Traceback" not in message


def test_a_data_folder_that_cannot_be_written_gets_a_plain_message(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    code, message = kyoso("up", "--data", tmp_path / "data")
    assert code == 1
    assert re.fullmatch(r"the data folder .*data cannot be written: .*\n", message)


def test_a_broken_campaign_file_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: bad\n")
    code, message = kyoso("up", tmp_path / "bad.yaml", "--data", tmp_path / "data")
    assert code == 1
    assert "bad.yaml: parameters: this field is missing" in message
    assert not (tmp_path / "data").exists()


def test_add_says_whether_anybody_works_on_it(tmp_path: Path) -> None:
    file = tmp_path / "test.yaml"
    file.write_text(write_yaml(two_stages()))
    code, message = kyoso("add", file, "--data", tmp_path / "data")
    assert code == 0
    assert message.splitlines()[0] == "campaign 'test' is added"
    assert "'kyoso up' would" in message
    with held(tmp_path / "data/run/up.lock"):
        assert "'kyoso up' would" not in kyoso("add", file, "--data", tmp_path / "data")[1]
