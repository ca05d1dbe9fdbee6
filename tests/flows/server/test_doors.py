"""Who may come in: asked of a running server, as a stranger on this machine would."""

import os
import stat
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from executors.testing.laboratory import two_stages
from flows.server.keys import new_key
from flows.server.programs import hosts
from planner.campaign.file import write_yaml
from planner.settings import Settings
from tests.ports import beyond_loopback, heard
from tests.server import Server, serving

pytestmark = pytest.mark.timeout(400)  # whoever comes first starts the server
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
"""How a browser asks for a websocket; 101 is yes."""

type Answered = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("doors")
    file = folder / "test.yaml"
    file.write_text(write_yaml(two_stages(options={"delay": 1}, budget={"trials": 1000})))
    told = {"KYOSO_HOSTS": "lab.example", "KYOSO_SMTP": "smtp://u:geheim@mail.example"}
    with serving(folder / "data", file, env=os.environ | told) as server:
        server.wait(lambda: "Prefect is ready" in server.log.read_text(), 180)
        yield server


@pytest.fixture(scope="module")
def prefect(server: Server) -> str:
    line = next(x for x in server.log.read_text().splitlines() if x.startswith("Prefect: "))
    return line.split()[1]


def key_of(server: Server) -> str:
    return (server.data / "run/prefect.key").read_text()


def asked(url: str, method: str = "GET", body: str | None = None, **headers: str) -> Answered:
    """Status, headers and content of an answer."""
    place = urlsplit(url)
    with closing(HTTPConnection(str(place.hostname), place.port, timeout=20)) as connection:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, place.path, body, names)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


def counted(server: Server, prefect: str, key: str) -> Answered:
    """Prefect's answer to how many turns it has seen."""
    authorization = f"Basic {b64encode(key.encode()).decode()}"
    head = {"Content_Type": "application/json", "Authorization": authorization}
    return asked(f"{prefect}/api/flow_runs/count", "POST", "{}", **head)


def test_everything_listens_on_this_machine_alone(server: Server) -> None:
    assert heard([server.process.pid])
    assert beyond_loopback([server.process.pid]) == set()


def test_prefect_answers_only_who_knows_its_key(server: Server, prefect: str) -> None:
    json = {"Content_Type": "application/json"}
    assert asked(f"{prefect}/api/flow_runs/count", "POST", "{}", **json)[0] == 401
    assert counted(server, prefect, "kyoso:guessed")[0] == 401
    assert counted(server, prefect, key_of(server))[0] == 200
    assert asked(f"{prefect}/api/events/out", **UPGRADE)[0] == 403
    assert asked(f"{prefect}/api/health")[0] == 200  # a probe needs no key


def test_prefect_is_open_to_no_other_page(prefect: str) -> None:
    name = "access-control-allow-origin"
    assert name not in asked(f"{prefect}/api/health", Origin="http://elsewhere.example")[1]
    own = prefect.replace("127.0.0.1", "localhost")
    assert asked(f"{prefect}/api/health", Origin=own)[1][name] == own


def test_turns_are_shown_by_prefect_all_the_same(server: Server, prefect: str) -> None:
    server.wait(lambda: int(counted(server, prefect, key_of(server))[2]) > 0, 180)
    log = (server.data / "logs/worker.log").read_text()
    assert "Unauthorized" not in log
    assert "401" not in log


def test_the_key_stands_nowhere_else(server: Server) -> None:
    file = server.data / "run/prefect.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = file.read_text().removeprefix("kyoso:")
    assert len(key) >= 43
    assert key not in subprocess.check_output(["ps", "-eo", "args"], text=True)
    for log in (server.log, *(server.data / "logs").glob("*.log")):
        assert key not in log.read_text()


def test_each_start_has_a_key_of_its_own(tmp_path: Path) -> None:
    keys = {new_key(tmp_path / "prefect.key") for _ in range(3)}
    assert len(keys) == 3
    assert (tmp_path / "prefect.key").read_text() in keys
    assert os.listdir(tmp_path) == ["prefect.key"]


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1", "http://127.0.0.1", 101),
        ("localhost", "http://localhost", 101),
        ("lab.example", "https://lab.example", 101),  # as KYOSO_HOSTS says
        ("elsewhere.example", "http://elsewhere.example", 403),  # a name that leads here
        ("127.0.0.1", "http://elsewhere.example", 403),  # a page from elsewhere
        ("", "http://127.0.0.1", 403),
    ],
)
def test_the_panel_answers_to_its_own_names_and_pages(
    server: Server, host: str, origin: str, status: int
) -> None:
    head = UPGRADE | {"Host": f"{host}:{server.port}", "Origin": f"{origin}:{server.port}"}
    assert asked(f"{server.address}/_stcore/stream", **head)[0] == status


def test_the_panel_may_be_called_as_people_say() -> None:
    settings = Settings(panel="https://kyoso.example:444/lab", hosts="lab.example, 10.0.0.5")
    names = ["127.0.0.1", "localhost", "kyoso.example", "lab.example", "10.0.0.5"]
    assert hosts(settings) == names


def test_nobody_else_reads_the_data_folder(server: Server) -> None:
    data = server.data
    files = [data, *data.iterdir(), *(data / "logs").iterdir(), *(data / "prefect").iterdir()]
    modes = {str(f.relative_to(data)): stat.S_IMODE(f.stat().st_mode) for f in files}
    assert {"kyoso.db", "logs/worker.log", "prefect/prefect.db"} <= modes.keys()
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
    assert "others can read" not in server.log.read_text()


def test_passwords_reach_only_the_program_that_sends_mail(server: Server) -> None:
    children = psutil.Process(server.process.pid).children(recursive=True)
    knowing = [p for p in children if "geheim" in str(p.environ())]
    assert len(children) > 2
    assert ["flows.turns.worker" in p.cmdline() for p in knowing] == [True]
