"""A PostgreSQL of our own for tests: a new cluster in a temporary folder, on a socket there.

It belongs to an unprivileged user, listens on no port, and ends with who started it, even killed.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from flows.server.child import bound_to

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
"""Where distributions put the programs that are not on the PATH."""
NOT_FOR_KEEPS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""A cluster of minutes has no power cut to fear."""


def why_not() -> str:
    """Why no cluster can be made here; empty where it can."""
    if _program("initdb") is None:
        return "PostgreSQL is not installed (initdb was looked for)"
    if os.geteuid() == 0 and _user() is None:
        return "PostgreSQL refuses to run as root, and there is no user 'postgres' or 'nobody'"
    return ""


@contextmanager
def cluster(*settings: str) -> Iterator[str]:
    """A running cluster: the URL of its first database."""
    with tempfile.TemporaryDirectory(prefix="kyoso-pg-") as folder:
        if (user := _user()) is not None:
            shutil.chown(folder, user)
        data = f"{folder}/data"
        _run("initdb", "-D", data, "-U", "kyoso", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = [w for s in ("listen_addresses=", *settings) for w in ("-c", s)]
        with (
            open(f"{folder}/log", "wb") as log,
            subprocess.Popen(
                [str(_program("postgres")), "-D", data, "-k", folder, *options],
                user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=bound_to(os.getpid(), end=signal.SIGQUIT),
            ) as server,
        ):  # fmt: skip
            try:
                _wait_for(folder, server)
                yield f"postgresql://kyoso@/postgres?host={folder}"
            finally:
                server.send_signal(signal.SIGQUIT)  # at once; nothing in it is to be kept


@contextmanager
def database(server: str, template: str = "template1") -> Iterator[str]:
    """A database in a cluster, like the template: its URL."""
    name = f"test_{uuid4().hex}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as db:
        db.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as db:
        db.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


def _program(name: str) -> str | None:
    found = [str(place / name) for p in PLACES for place in sorted(Path("/").glob(p[1:]))]
    return shutil.which(name) or next((p for p in reversed(found) if os.access(p, os.X_OK)), None)


def _user() -> str | None:
    """Who runs it where we are root; None: we ourselves, or nobody."""
    if os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


def _wait_for(folder: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while subprocess.run([str(_program("pg_isready")), "-q", "-h", folder]).returncode != 0:
        log = Path(folder, "log")
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)


def _run(name: str, *arguments: str) -> None:
    command = [str(_program(name)), *arguments]
    done = subprocess.run(
        command, user=_user(), cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
