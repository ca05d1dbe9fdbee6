"""The programs that ``kyoso up`` keeps running: how each is started, and how one sees that it is
well."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from flows.reach import answers, is_free
from flows.turns.pulse import PulseWatch
from planner.settings import PASSWORDS, Settings

HOST = "127.0.0.1"
PREFECT = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",  # else a missing server is started in secret
    # its history is for operating; what is worth keeping is in our own record
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(24 * 3600),
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P1D",
    # the worker waits for no dead server: it makes its turns without one
    "PREFECT_API_REQUEST_TIMEOUT": "10",
    "PREFECT_CLIENT_MAX_RETRIES": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
}


@dataclass(frozen=True)
class Program:
    """One program under the supervisor."""

    name: str
    command: tuple[str, ...]
    is_well: Callable[[], bool]
    environment: Mapping[str, str] = field(repr=False)
    """It may hold keys."""
    folder: Path | None = None
    """Where it runs; else where the supervisor does."""
    seconds_to_start: float = 180.0
    """Until it must be well; then again and again."""
    seconds_to_stop: float = 10.0
    comes_last: bool = False
    """It takes long, and nobody waits for it: the first time it lets the others start before."""


def prefect_server(settings: Settings, port: int, key: str) -> Program:
    """Prefect's server with its own small database: pages, logs and history of turns. It answers
    who knows the key, and no pages but its own; whether it is well it tells anybody."""
    own = ",".join(f"http://{host}:{port}" for host in (HOST, "localhost"))
    door = {
        "PREFECT_SERVER_API_AUTH_STRING": key,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": own,
    }
    home = settings.data.resolve() / "prefect"
    arguments = ("server", "start", "--host", HOST, "--port", str(port))
    return Program(
        name="Prefect",
        command=(*_module("prefect"), *arguments),
        is_well=PrefectWell(port, home / "prefect.db", key),
        environment=_without(PASSWORDS, _environment(settings, prefect_api(port), key)) | door,
        folder=home,
        comes_last=True,
    )


def worker(settings: Settings, api: str, key: str) -> Program:
    """The process that makes the turns. It runs where the supervisor was started: paths in campaign
    files may be relative to that."""
    return Program(
        name="worker",
        command=_module("flows.turns.worker"),
        is_well=PulseWatch(settings.data.resolve() / "run" / "worker.json"),
        environment=_environment(settings, api, key) | {"OMP_NUM_THREADS": _threads()},
        seconds_to_stop=25.0,
    )


def panel(settings: Settings, port: int) -> Program | None:
    """The researchers' pages; None where they are not installed. Only this machine sees them: they
    know names, no passwords. ``ui/.streamlit`` beside them says the rest. They answer to names that
    are theirs, so no page from elsewhere can pass for them in a browser here."""
    found = find_spec("ui")
    app = Path(found.origin).with_name("app.py") if found and found.origin else None
    if app is None or not app.exists():
        return None
    options = [("address", HOST), ("port", str(port)), ("headless", "true")]
    options += [("allowedHosts", name) for name in hosts(settings)]
    flags = [word for key, value in options for word in (f"--server.{key}", value)]
    return Program(
        name="panel",
        command=(*_module("streamlit"), "run", str(app), *flags),
        is_well=partial(answers, f"{panel_address(port)}/_stcore/health"),
        environment=_without(PASSWORDS[1:], _environment(settings)),  # it opens the database
        seconds_to_stop=5.0,
    )


def hosts(settings: Settings) -> list[str]:
    """What the panel may be called: this machine, where others reach it, and what people say."""
    told = [name.strip() for name in settings.hosts.split(",")]
    names = [HOST, "localhost", urlsplit(settings.panel).hostname or "", *told]
    return list(dict.fromkeys(filter(None, names)))


def prefect_api(port: int) -> str:
    """Where Prefect's API is."""
    return f"http://{HOST}:{port}/api"


def panel_address(port: int) -> str:
    """Where the panel is."""
    return f"http://{HOST}:{port}"


class PrefectWell:
    """Whether the server answers from its database. One that was deleted is half alive: what was
    opened before still answers; so a server is well only as long as the file is the same."""

    def __init__(self, port: int, database: Path, key: str) -> None:
        self._port = port
        self._key = key
        self._database = database
        self._inode = 0
        """The file that the server of now opened; 0 while there is none."""

    def __call__(self) -> bool:
        if is_free(self._port):  # no server: the next one opens what is there then
            self._inode = 0
            return False
        if not answers(f"{prefect_api(self._port)}/flow_runs/count", b"{}", key=self._key):
            return False
        now = self._database.stat().st_ino if self._database.exists() else -1
        self._inode = self._inode or now
        return now == self._inode


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", name)  # -P: no module of ours is taken from where one is


def _environment(settings: Settings, api: str = "", key: str = "") -> dict[str, str]:
    """Our own settings; a Prefect that the person uses otherwise has no say."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    data = settings.data.resolve()
    local = [value for name in ("NO_PROXY", "no_proxy") if (value := inherited.get(name))]
    hosts = ",".join([*local, "127.0.0.1", "localhost"])
    ours = {"KYOSO_DATA": str(data), "NO_PROXY": hosts, "no_proxy": hosts, "PYTHONUNBUFFERED": "1"}
    ours |= {"KYOSO_PANEL": settings.panel} if settings.panel else {}
    if api:
        ours |= PREFECT | {"PREFECT_HOME": str(data / "prefect")}
        ours |= {"PREFECT_API_URL": api, "PREFECT_API_AUTH_STRING": key}
    return inherited | ours


def _without(names: Sequence[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Who does not need a password does not get it."""
    return {name: value for name, value in environment.items() if name not in names}


def _threads() -> str:
    """Ax is many times slower where its threads fight for few cores."""
    return os.environ.get("OMP_NUM_THREADS", "1")
