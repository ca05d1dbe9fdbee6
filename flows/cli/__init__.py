"""The command line ``kyoso``: one file a subject; each command is a few lines around the core."""

import logging
import sys
from typing import Annotated

import typer

from flows.cli.complaint import Complaint
from flows.cli.lazy import LazyGroup

COMMANDS = {
    "up": "up:up",
    "add": "up:add",
    "panel": "panel:panel",
    "check": "campaigns:check",
    "new": "campaigns:new",
    "revise": "campaigns:revise",
    "pause": "campaigns:pause",
    "resume": "campaigns:resume",
    "stop": "campaigns:stop",
    "remove": "campaigns:remove",
    "status": "status:status",
    "run": "running:run",
    "approve": "decisions:approve",
    "edit": "decisions:edit",
    "veto": "decisions:veto",
    "take-back": "decisions:take_back",
    "inject": "decisions:inject",
    "hypotheses": "hypotheses:hypotheses",
    "claim": "hypotheses:claim",
    "retract": "hypotheses:retract",
    "record": "results:record_command",
    "correct": "results:correct",
    "export": "transfers:export",
    "import": "imports:import_command",
    "replay": "replays:replay",
    "grains": "grains:grains",
    "train": "imaging:train",
    "segment": "imaging:segment",
    "quantify": "quantify:quantify",
    "network": "network:network",
    "boundary": "network:boundary",
    "magnet": "magnet:magnet",
    "simulate-sem": "simulated:simulate_sem",
    "notify": "notices:notify",
    "doctor": "doctor:doctor",
}
"""Every command: its file in this folder, and its function there. Its words are the function's."""


class _Commands(LazyGroup):
    places = COMMANDS


app = typer.Typer(
    name="kyoso", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"kyoso {version('kyoso')}")
        raise typer.Exit


@app.callback(cls=_Commands)
def _kyoso(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Plan experiments in a closed loop: propose, review, run, learn, again."""


def main() -> None:
    """Entry point: complaints become one message and exit code 1, never a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("planner").setLevel(logging.CRITICAL)  # the commands report it themselves
    try:
        app()
    except Complaint as complaint:
        print(complaint, file=sys.stderr)
        sys.exit(1)
