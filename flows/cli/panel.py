"""panel: the web page for people."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.common import Complaint, DataFolder, complaints, console, settings

ADDRESS = "127.0.0.1"
"""Only this machine: the panel knows names, no passwords."""
Port = Annotated[int, typer.Option(min=1, max=65535, help="Where the panel listens.")]


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("panel")(panel)


def panel(data: DataFolder = None, port: Port = 8501) -> None:
    """Show campaigns in the browser, to decide, to inject, to enter results. Ctrl-C ends it."""
    with complaints():
        command, environment = panel_command(port), panel_environment(data)
    console.print(f"the panel is at http://{ADDRESS}:{port} (Ctrl-C ends it)")
    try:
        code = subprocess.run(command, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return
    if code:
        raise Complaint(f"the panel ended with code {code}; is port {port} taken?")


def panel_command(port: int) -> list[str]:
    """What starts the panel's process; ``ui/.streamlit`` holds everything else."""
    found = importlib.util.find_spec("ui")
    if found is None or found.origin is None:
        raise LookupError("the panel is not installed; run make setup")
    app = Path(found.origin).with_name("app.py")
    flags = {
        "server.address": ADDRESS,
        "server.port": port,
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
    }
    options = [f"--{name}={value}" for name, value in flags.items()]
    return [sys.executable, "-m", "streamlit", "run", str(app), *options]


def panel_environment(data: Path | None) -> dict[str, str]:
    """The environment of the panel's process: it finds the same record as we do."""
    chosen = settings(data)
    environment = {**os.environ, "KYOSO_DATA": str(chosen.data.resolve())}
    return environment | ({"KYOSO_DATABASE": chosen.database} if chosen.database else {})
