"""panel: the web page for people."""

import os
import signal
import subprocess
from typing import Annotated

import typer

from flows.cli.common import (
    Complaint,
    DataFolder,
    Hosts,
    complaints,
    console,
    settings,
    with_hosts,
)
from flows.server import programs

Port = Annotated[int, typer.Option(min=1, max=65535, help="Where the panel listens.")]


def panel(data: DataFolder = None, port: Port = 8501, host: Hosts = None) -> None:
    """Show campaigns in the browser, to decide, to inject, to enter results. Ctrl-C ends it."""
    with complaints():
        chosen = with_hosts(settings(data), host)
        program = programs.panel(chosen, port)
        if program is None:
            raise Complaint("the panel is not installed; run make setup")
    for number in (signal.SIGTERM, signal.SIGHUP):  # or the page would outlive its command
        signal.signal(number, signal.default_int_handler)
    console.print(f"the panel is at {programs.panel_address(port)} (Ctrl-C ends it)")
    os.umask(chosen.umask)
    try:
        run = subprocess.run(program.command, env=program.environment, check=False)
    except KeyboardInterrupt:
        return
    if run.returncode:
        raise Complaint(f"the panel ended with code {run.returncode}; is port {port} taken?")
