"""What is made in the data folder is for its owner, and passwords are for who needs them."""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from executors.computation.pool import Computation
from flows.cli import main
from flows.server import programs
from planner.executor import Failed, Running, WorkOrder
from planner.settings import PASSWORDS, Settings, forget_passwords, open_record

CAMPAIGN = """name: small
parameters: {x: {kind: range, low: 0, high: 1}}
outcomes: {y: {goal: maximize}}
stages: [{name: making, executor: virtual, gives: [y], options: {outcomes: {y: x}}}]
planner: {generator: sobol}
budget: {trials: 1}
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def usual() -> Iterator[None]:
    """New files may be read by everybody, as on most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PASSWORDS:
        monkeypatch.setenv(name, "postgresql://u:geheim@h/d")


def test_what_a_command_makes_is_its_owners_alone(
    tmp_path: Path, usual: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small.yaml").write_text(CAMPAIGN)
    words = [
        "kyoso",
        "run",
        "small.yaml",
        "--approve",
        "all",
        "--data",
        "data",
        "--json",
        "out.json",
    ]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code
    data = tmp_path / "data"
    assert mode(data) == 0o700
    assert {p.name: oct(mode(p)) for p in data.iterdir() if mode(p) & 0o077} == {}
    assert mode(tmp_path / "out.json") == 0o644  # asked for by name: that is the person's own


def test_a_laboratory_may_share_its_folder_with_a_group(tmp_path: Path, usual: None) -> None:
    settings = Settings(data=tmp_path / "data", access="group")
    open_record(settings).close()
    assert (mode(settings.data), mode(settings.data / "kyoso.db")) == (0o2770, 0o660)
    assert not settings.is_open()


def test_a_folder_that_is_there_stays_as_it_is_and_is_told(tmp_path: Path, usual: None) -> None:
    (tmp_path / "data").mkdir()
    settings = Settings(data=tmp_path / "data")
    open_record(settings).close()
    assert mode(settings.data) == 0o755
    assert settings.is_open()
    assert mode(settings.data / "kyoso.db") == 0o600


def test_programs_get_the_passwords_that_they_need(tmp_path: Path, told: None) -> None:
    settings = Settings(data=tmp_path)
    prefect = programs.prefect_server(settings, 4242, "a:b").environment
    panel = programs.panel(settings, 8501)
    assert panel
    pages = panel.environment
    turns = programs.worker(settings, "http://127.0.0.1:4242/api", "a:b").environment
    having = [[n for n in PASSWORDS if n in found] for found in (prefect, pages, turns)]
    assert having == [[], ["KYOSO_DATABASE"], list(PASSWORDS)]
    assert "geheim" not in repr(settings)


def names_of_environment(order: WorkOrder) -> Failed:
    return Failed(" ".join(os.environ))


def test_what_computes_gets_none(tmp_path: Path, told: None) -> None:
    forget_passwords()
    computation = Computation(tmp_path, names_of_environment)
    computation.submit(WorkOrder("a/1/b", "a", 1, "b", {}, {}, (), {}))
    while isinstance(answer := computation.poll("a/1/b"), Running):
        time.sleep(0.05)
    computation.close()
    assert isinstance(answer, Failed)
    assert not set(PASSWORDS) & set(answer.why.split())
