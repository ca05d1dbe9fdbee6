"""Nobody can call a process that computes a magnet: shown by the ports it listens at."""

import os
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import pytest

from executors.computation.pool import Computation, Options
from executors.magnet.stage import Options as MagnetOptions
from executors.magnet.stage import WarmMagnet
from models.magnet.alone import ALONE, alone
from planner.executor import Finished, Running, WorkOrder
from tests.magnets import needs_fem
from tests.ports import beyond_loopback, heard

BULK = {"bodies": [{"shape": "disc", "radius": "15 mm", "thickness": "10 mm"}],
        "jc": {"model": "constant", "value": 2e8}, "estimate_error": False}  # fmt: skip


@pytest.mark.fem
@needs_fem
def test_a_warm_worker_that_computed_a_magnet_listens_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UCX_TLS", "tcp")  # what a cluster may have set for other programs
    options = MagnetOptions(magnet=BULK, pictures="none")
    magnet = Computation(tmp_path, WarmMagnet(options, tmp_path), Options())
    order = WorkOrder("b/1/m", "b", 1, "m", {}, {"trapped_field": "T"}, ("trapped_field",), {})
    magnet.submit(order)
    while isinstance(answer := magnet.poll("b/1/m"), Running):
        time.sleep(0.1)
    assert isinstance(answer, Finished)
    warm = [process.pid for process in active_children() if process.pid]
    assert warm
    assert heard(warm) == set()
    magnet.close()


@pytest.mark.fem
@needs_fem
def test_kyoso_magnet_listens_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "bulk.yaml"
    file.write_text(
        "bodies: [{shape: disc, radius: 15 mm, thickness: 10 mm}]\njc: {model: constant, value: 2e8}\n"
    )
    program = (
        "import os, sys, typer\nfrom pathlib import Path\nfrom flows.cli.magnet import magnet\n"
        "from tests.ports import heard\nmagnet(Path(sys.argv[1]), None, Path(sys.argv[2]))\n"
        "print('mpi4py' in sys.modules, heard([os.getpid()]))"
    )
    run = [sys.executable, "-c", program, str(file), str(tmp_path / "plots")]
    told = subprocess.check_output(run, text=True, cwd=Path(__file__).parents[3])
    assert told.endswith("True set()\n")


def test_a_port_that_everybody_may_call_is_seen() -> None:
    import socket

    with socket.socket() as door:
        door.bind(("0.0.0.0", 0))
        door.listen()
        assert beyond_loopback([os.getpid()]) == {"0.0.0.0"}
    assert beyond_loopback([os.getpid()]) == set()


def test_other_programs_get_the_settings_of_mpi_that_were_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UCX_TLS", "rc")
    monkeypatch.delenv("FI_PROVIDER", raising=False)
    with alone():
        assert {name: os.environ[name] for name in ALONE} == ALONE
    assert os.environ["UCX_TLS"] == "rc"
    assert "FI_PROVIDER" not in os.environ
