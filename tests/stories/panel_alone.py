"""A panel by itself in front of a record; whoever starts it drives the loop."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.reach import answers, free_port
from tests.server import KYOSO


@contextmanager
def panel_on(data: Path) -> Iterator[str]:
    """The address of a panel on a data folder."""
    port = free_port()
    command = [*KYOSO, "panel", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(command, env=os.environ | {"KYOSO_DATA": str(data)}) as process:
        try:
            until = time.monotonic() + 60
            while not answers(f"http://127.0.0.1:{port}/_stcore/health"):
                assert time.monotonic() < until
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
