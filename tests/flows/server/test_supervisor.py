"""Who starts first. (What the whole supervisor does is told in test_up.)"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.server.programs import Program
from flows.server.supervisor import SECONDS_TO_GO_FIRST, Supervisor

SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture
def well() -> set[str]:
    return set()


@pytest.fixture
def supervisor(tmp_path: Path, well: set[str]) -> Iterator[Supervisor]:
    (tmp_path / "run").mkdir()
    programs = [
        Program("slow", SLEEPS, lambda: "slow" in well, os.environ, comes_last=True),
        Program("quick", SLEEPS, lambda: "quick" in well, os.environ),
    ]
    supervisor = Supervisor(tmp_path, programs, lambda message: None)
    yield supervisor
    for child in supervisor._children:
        child.stop(0.0)


def running(supervisor: Supervisor) -> set[str]:
    return {child.program.name for child in supervisor._children if child.process}


def test_what_nobody_waits_for_lets_the_others_start_before(
    supervisor: Supervisor, well: set[str]
) -> None:
    began = supervisor._began
    supervisor._round(began)
    supervisor._round(began + 1)
    assert running(supervisor) == {"quick"}
    well.add("quick")
    supervisor._round(began + 2)
    supervisor._round(began + 3)
    assert running(supervisor) == {"quick", "slow"}


def test_it_waits_for_a_while_only(supervisor: Supervisor) -> None:
    supervisor._round(supervisor._began + SECONDS_TO_GO_FIRST + 1)
    assert running(supervisor) == {"quick", "slow"}
