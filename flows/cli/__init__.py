"""The command line ``kyoso``: one file a subject; each command is a few lines around the core."""

import logging
import sys

import typer

from flows.cli import (
    campaigns,
    decisions,
    doctor,
    grains,
    hypotheses,
    imports,
    magnet,
    network,
    notices,
    panel,
    replays,
    results,
    running,
    status,
    transfers,
    up,
)
from flows.cli.common import Complaint

app = typer.Typer(
    name="kyoso",
    help="Plan experiments in a closed loop: propose, review, run, learn, again.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_SUBJECTS = (
    up,
    panel,
    campaigns,
    status,
    running,
    decisions,
    hypotheses,
    results,
    transfers,
    imports,
    replays,
    grains,
    network,
    magnet,
    notices,
    doctor,
)
for subject in _SUBJECTS:
    subject.register(app)


def main() -> None:
    """Entry point: complaints become one message and exit code 1, never a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("planner").setLevel(logging.CRITICAL)  # the commands report it themselves
    try:
        app()
    except Complaint as complaint:
        print(complaint, file=sys.stderr)
        sys.exit(1)
