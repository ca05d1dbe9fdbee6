"""A cluster ends with the process that started it, also where that is killed."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.server.strays import started
from tests import postgres

ROOT = Path(__file__).parents[1]
KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests import postgres
with postgres.cluster(*postgres.NOT_FOR_KEEPS) as url:
    print(Path(url.partition("host=")[2], "data/postmaster.pid").read_text().split()[0], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux binds children to their parent")
def test_a_cluster_does_not_outlive_whoever_started_it() -> None:
    if reason := postgres.why_not():
        pytest.skip(reason)
    command = [sys.executable, "-c", KILLED, str(ROOT)]
    pid = int(subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout)
    until = time.monotonic() + 30
    while started(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not started(pid)
